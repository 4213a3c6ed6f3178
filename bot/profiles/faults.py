"""Looking a profile through as at a start, and what in it is worth a second thought before it is taken into use."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from bot.numbers import refuse_in_profiles
from cases.flow import Flow
from cases.ladder import STILL_OPEN
from dialogs.check import armed_rules, check_words
from reminders.errors import ProfileError, UnknownProfile
from reminders.information import last_review
from reminders.profile import FOLDER, Profile, load_profile
from reminders.rule_facts import Fact

# What the municipality decides and no routine says: left out, Stafett's own default holds.
_OWN_DEFAULTS = {
    "office": "kontorstiden", "retention": "gallringstiderna", "delivery": "när meddelanden hålls inne",
    "lists": "vilka listor som kommer av sig själva", "on_call": "kontrollen av jourschemat",
    "access": "hur länge behörighet gäller", "night_call": "nattliga samtal till jouren",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Checked:
    """`profile` is None where there are faults. `faults` name file, key and what is allowed."""

    file: Path
    profile: Profile | None
    faults: tuple[str, ...]
    warnings: tuple[str, ...]


def checked(file: Path, flows: Mapping[str, Flow], today: date) -> Checked:
    """One profile with every fault there is, or with what is worth knowing of it."""
    try:
        profile = read(file, flows)
    except ProfileError as wrong:
        return Checked(file=file, profile=None, faults=wrong.faults, warnings=())
    return Checked(file=file, profile=profile, faults=(), warnings=tuple(_warnings(file, profile, flows, today)))


def read(file: Path, flows: Mapping[str, Flow]) -> Profile:
    """The profile in a file, checked as at a start. Raises: ProfileError with every fault."""
    if file.suffix != ".toml" or not file.is_file():
        raise UnknownProfile((f"{file}: filen finns inte, eller är ingen profil (.toml).",))
    refuse_in_profiles(file.parent, file.stem)
    profile = load_profile(file.stem, file.parent)
    check_words(profile, flows)
    return profile


def extends(file: Path) -> str:
    """The name of the profile that a file builds on, or nothing."""
    try:
        return str(tomllib.loads(file.read_text(encoding="utf-8")).get("extends", ""))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return ""


def _warnings(file: Path, profile: Profile, flows: Mapping[str, Flow], today: date) -> Iterator[str]:
    said = _said(file)
    on = [flows[name] for name in profile.section("flows").on]
    used = {rule for flow in on for rule in armed_rules(flow)} | {STILL_OPEN}
    own = sorted(name for name in used if name in profile.rules and profile.rules[name].own_default)
    if not on:
        yield "flows.on: inga flöden är på, så ingen kan skicka något"
    if own:
        yield f"rules: {len(own)} regler är Stafetts eget förval, inte ur rutinen: {', '.join(own)}"
    unquoted = [name for name in sorted(used) if _lacks_quote(profile, name)]
    if unquoted:
        yield f"rules: rutinens egna ord (quote) saknas, så «Varför?» kan inte visa dem: {', '.join(unquoted)}"
    idle = sorted(
        name
        for name in said.get("rules", {})
        if name in profile.rules and name not in used and not isinstance(profile.rules[name].kind, Fact)
    )
    if idle:
        yield f"rules: startas inte av något flöde som är på: {', '.join(idle)}"
    left = [what for section, what in _OWN_DEFAULTS.items() if section not in said]
    if left:
        yield f"Det här står inte i filen och är Stafetts eget förval: {', '.join(left)}"
    yield from _reviews(profile, today)
    if not any(day >= today for day in profile.calendar.extra_closed_days):
        yield "calendar.extra_closed_days: inga klämdagar framåt; står en dag inte här räknas den som arbetsdag"
    if not any(sign.isdecimal() for sign in profile.section("privacy").retention_decision_ref):
        yield "privacy.retention_decision_ref: saknas; inget gallras innan kommunen har beslutat om det"


def _reviews(profile: Profile, today: date) -> Iterator[str]:
    """When the routine should have been looked over (`D30`): whoever keeps the profile is asked each time."""
    if not profile.reviews:
        yield "reviews: saknas; här sägs inte när rutinen ska ses över"
    for review in profile.reviews:
        if (day := last_review(review, today)) is not None:
            yield f"reviews: {review.source} skulle ses över senast {day}; är det gjort?"


def _lacks_quote(profile: Profile, name: str) -> bool:
    rule = profile.rules.get(name)
    return rule is not None and not rule.own_default and not rule.quote


def _said(file: Path) -> dict[str, Any]:
    """What stands in the file itself and in those it builds on, but not in what everybody has."""
    found: dict[str, Any] = {}
    here, seen = file, set[Path]()
    while here.stem != "_standard" and here not in seen:
        seen.add(here)
        values = tomllib.loads(here.read_text(encoding="utf-8"))
        found = values | found | {"rules": values.get("rules", {}) | found.get("rules", {})}
        name = f"{values.get('extends', '_standard')}.toml"
        here = file.parent / name if (file.parent / name).exists() else FOLDER / name
    return found
