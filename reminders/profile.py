"""A municipality's profile: its calendar, its rules, and the sections that other rooms have registered.

A profile is a TOML file in `rutiner/`. It may extend another one; tables are merged key by key, other values replace,
and a rule's prompts replace those with the same `step`. Every fault is reported at once, with the file it stands in.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time
from functools import cache
from pathlib import Path
from typing import Any

from reminders.calendar import OfficeHours, WorkCalendar
from reminders.clock_time import parse_hh_mm
from reminders.errors import ProfileError, RuleNotInProfile, UnknownProfile, UnknownRule
from reminders.profile_merge import Merged, merge
from reminders.profile_print import Fingerprints, fingerprints
from reminders.profile_schema import Complain, Table, registered_sections
from reminders.rule_spec import CATALOGUE, Rule, read_rule

FOLDER = Path(__file__).resolve().parent.parent / "rutiner"
_LONGEST_NAME = 32


@dataclass(frozen=True, kw_only=True)
class Review:
    """When a routine is to be reviewed (`D30`): information for whoever keeps the profile, never a deadline."""

    source: str
    first: date
    every_months: int | None


@dataclass(frozen=True, kw_only=True, eq=False)
class Profile:
    """One municipality's routine, ready for use."""

    name: str
    title: str
    calendar: WorkCalendar
    rules: Mapping[str, Rule]
    reviews: tuple[Review, ...]
    sections: Mapping[str, Any]
    prints: Fingerprints

    def section(self, name: str) -> Any:
        """What the registered reader made of `[name]`; raises KeyError when no room has registered it."""
        return self.sections[name]

    def rule(self, name: str) -> Rule:
        """A rule by name or id (`feedback`, `D03`); raises `UnknownRule` or `RuleNotInProfile`."""
        found = self.rules.get(CATALOGUE.get(name, name)) or self._by_id(name)
        if found is not None:
            return found
        known = CATALOGUE.get(name, name)
        if known in CATALOGUE.values():
            raise RuleNotInProfile(f"Rutinen för {self.title} har inte regeln {known}.")
        raise UnknownRule(
            f"Det finns ingen regel som heter {name}. I {self.title} finns {', '.join(sorted(self.rules))}."
        )

    def _by_id(self, name: str) -> Rule | None:
        return next((one for one in self.rules.values() if one.id == name), None)


def profile_names(folder: Path | None = None) -> tuple[str, ...]:
    """The profiles there are; files whose name starts with an underscore only lend their values."""
    return tuple(sorted(one.stem for one in (folder or FOLDER).glob("*.toml") if not one.name.startswith("_")))


def load_profile(name: str, folder: Path | None = None, *, only_time: bool = False) -> Profile:
    """Read a profile; raises `UnknownProfile`, or `ProfileError` with every fault.

    `only_time` skips the sections of other rooms, for those who just compute deadlines.
    """
    merged = _merged(name, folder or FOLDER)
    faults: list[str] = []
    complain = Complain(faults=faults, origin=merged.origin, file=f"{name}.toml")
    root = Table(values=merged.values, complain=complain)
    root.take("extends")
    profile = Profile(
        name=name,
        title=root.text("title"),
        calendar=_calendar(root.table("calendar"), _office(root.table("office"))),
        rules=_rules(root.table("rules")),
        reviews=_reviews(root),
        sections={} if only_time else _sections(root),
        prints=fingerprints(name, merged.values),
    )
    if not only_time:
        root.done()
    if faults:
        raise ProfileError(tuple(faults))
    return profile


@cache
def time_profile(name: str, folder: Path | None = None) -> Profile:
    """The calendar and rules of a profile, of those shipped or in the folder, read once."""
    return load_profile(name, folder, only_time=True)


def _merged(name: str, folder: Path) -> Merged:
    if name not in profile_names(folder):
        known = ", ".join(profile_names(folder)) or "inga"
        raise UnknownProfile((f"Det finns ingen profil som heter {name}; de som finns är {known}.",))
    if len(name) > _LONGEST_NAME:
        raise ProfileError((f"{name}.toml: filens namn får ha högst {_LONGEST_NAME} tecken före .toml",))
    chain: list[tuple[str, Mapping[str, Any]]] = []
    following: str | None = name
    while following is not None:
        file = f"{following}.toml"
        values = _read(folder, file, used_by=chain[-1][0] if chain else file)
        chain.append((file, values))
        following = values.get("extends")
        if following is not None and not isinstance(following, str):
            raise ProfileError((f"{file}: extends: ska vara namnet på en profil",))
        if any(f"{following}.toml" == seen for seen, _ in chain):
            raise ProfileError((f"{file}: extends: {following} bygger redan på den här filen",))
    return merge(reversed(chain))


def _read(folder: Path, file: str, *, used_by: str) -> Mapping[str, Any]:
    """A file of the folder; what a municipality's own folder does not have, the profiles that are shipped may lend."""
    path = folder / file
    try:
        return tomllib.loads((path if path.exists() else FOLDER / file).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ProfileError((f"{used_by}: extends: filen {file} finns inte bland profilerna",)) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as wrong:
        raise ProfileError((f"{file}: filen går inte att läsa som TOML: {wrong}",)) from None
    except OSError as wrong:
        raise ProfileError((f"{file}: filen går inte att läsa: {wrong.strerror}",)) from None


def _office(table: Table) -> OfficeHours:
    months = table.take("summer_months")
    if not isinstance(months, list) or not all(type(one) is int and 1 <= one <= 12 for one in months):
        table.refuse("summer_months", "en lista med månader 1 till 12")
        months = []
    office = OfficeHours(
        open=table.clock("open"),
        close=table.clock("close"),
        close_summer=table.clock("close_summer"),
        summer_months=frozenset(months),
    )
    for key in ("close", "close_summer"):
        if getattr(office, key) <= office.open:
            table.complain(key, f"ska vara senare än open ({office.open:%H:%M})")
    table.done()
    return office


def _calendar(table: Table, office: OfficeHours) -> WorkCalendar:
    calendar = WorkCalendar(
        office=office,
        saturday_is_vardag=table.flag("saturday_is_vardag"),
        extra_closed_days=frozenset(_dates(table, "extra_closed_days")),
        short_days=_short_days(table.table("short_days"), office),
    )
    table.done()
    return calendar


def _dates(table: Table, key: str) -> Iterable[date]:
    found = table.take(key)
    if not isinstance(found, list) or not all(type(one) is date for one in found):
        table.refuse(key, "en lista med datum utan citattecken, som 2026-05-15")
        return ()
    return found


def _short_days(table: Table, office: OfficeHours) -> Mapping[date, time]:
    days: dict[date, time] = {}
    for key in table.values:
        value = table.take(key)
        closes = parse_hh_mm(value)
        try:
            day = date.fromisoformat(key)
        except ValueError:
            table.complain(key, "nyckeln ska vara ett datum som 2026-04-02")
            continue
        if closes is None or not office.open < closes <= office.close_on(day):
            table.refuse(key, 'ett klockslag som "14:00", efter öppning och senast vid vanlig stängning')
            continue
        days[day] = closes
    return days


def _rules(table: Table) -> Mapping[str, Rule]:
    rules: dict[str, Rule] = {}
    for name in table.values:
        rule = read_rule(name, table.table(name))
        if rule is not None:
            rules[name] = rule
    return rules


def _reviews(root: Table) -> tuple[Review, ...]:
    return tuple(_review(table) for table in root.tables("reviews"))


def _review(table: Table) -> Review:
    first = table.take("first")
    if type(first) is not date:
        table.refuse("first", "ett datum utan citattecken, som 2026-05-01")
        first = date.min
    every = table.integer("every_months", low=1, high=120) if table.take("every_months") is not None else None
    review = Review(source=table.text("source"), first=first, every_months=every)
    table.done()
    return review


def _sections(root: Table) -> Mapping[str, Any]:
    found: dict[str, Any] = {}
    for name, section in registered_sections().items():
        table = root.table(name)
        found[name] = section.parse(table.values, table.complain)
    return found
