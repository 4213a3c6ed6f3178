"""Help texts of a municipality's routine, as its profile has them in `[guides.NAME]`.

They are data: a municipality writes its own, and one routine's tables are never shown to those who follow another.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reminders.profile import Profile
from reminders.profile_schema import Complain, Table, register_section

SECTION = "guides"


@dataclass(frozen=True, kw_only=True)
class GuideTable:
    """A list under its own heading."""

    title: str
    rows: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Guide:
    """One help text. `words` is what may be typed for it, in lower case; `button` names it on a card."""

    name: str
    title: str
    button: str
    words: tuple[str, ...]
    source: str
    text: tuple[str, ...]
    tables: tuple[GuideTable, ...]


def read_guides(values: Mapping[str, Any], complain: Complain) -> Mapping[str, Guide]:
    """Read `[guides]`. Two guides may not share a word: what is typed must mean one of them."""
    found: dict[str, Guide] = {}
    taken: dict[str, str] = {}
    for name, one in values.items():
        here = complain.at(name)
        if not isinstance(one, dict):
            complain(name, "ska vara en tabell", one)
            continue
        guide = found[name] = _read_guide(name, Table(values=one, complain=here))
        for word in guide.words:
            if word in taken:
                here("words", f"{word} finns redan i {taken[word]}")
            taken[word] = name
    return found


def _read_guide(name: str, table: Table) -> Guide:
    title = table.text("title")
    guide = Guide(
        name=name,
        title=title,
        button=table.text("button", title),
        words=tuple(word.lower() for word in table.names("words")),
        source=table.text("source"),
        text=table.names("text", default=()),
        tables=_read_tables(table),
    )
    table.done()
    return guide


def _read_tables(table: Table) -> tuple[GuideTable, ...]:
    found: list[GuideTable] = []
    for one in table.tables("tables"):
        found.append(GuideTable(title=one.text("title"), rows=one.names("rows")))
        one.done()
    return tuple(found)


def register() -> None:
    """Own the table `[guides]` of every profile."""
    register_section(SECTION, read_guides)


def guides_of(profile: Profile) -> Mapping[str, Guide]:
    """The help texts of a profile, by name."""
    found: Mapping[str, Guide] = profile.section(SECTION)
    return found
