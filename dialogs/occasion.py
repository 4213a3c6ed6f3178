"""A list that goes to somebody by itself: when it is due, how it is drawn, and whom a unit's lists are for."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from cases.record import Scene
from dialogs.lists_section import Lists
from dialogs.parts import Element
from dialogs.visit import Visit
from reminders.localtime import to_local
from reminders.profile import Profile

DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Occasion:
    """One list to one person at one time (care time, UTC). `key` is the same whoever works it out."""

    what: str
    person_id: int
    unit_id: str | None
    at: datetime
    key: str


@dataclass(frozen=True, kw_only=True)
class SentList:
    """`due` finds the occasions after `since` and until `until` (UTC); `draw` gives the card that `due_at` asked for,
    or None when nobody wants it any longer; `title` is the neutral notification. One that is `at_once` does not wait
    for the morning, and one that `wakes` asks for a toast also of who is off duty."""

    title: str
    due: Callable[[Connection, Scene, datetime, datetime], Iterable[Occasion]]
    draw: Callable[[Visit, str | None, datetime], Element | None]
    at_once: bool = False
    wakes: bool = False


def never(_tx: Connection, _scene: Scene, _since: datetime, _until: datetime) -> Iterable[Occasion]:
    return ()


def leaders(scene: Scene, unit_id: str) -> list[int]:
    kind = scene.directory.units[unit_id].kind
    roles = scene.profile_of_unit(unit_id).section("roles").superiors.get(kind, ())
    chosen = next((role for role in roles if scene.directory.holders(unit_id, role)), None)
    return scene.directory.holders(unit_id, chosen) if chosen else []


def section_of(profile: Profile) -> Lists:
    section: Lists = profile.section("lists")
    return section


def units_of(scene: Scene, profile: Profile) -> list[str]:
    """The units whose messages follow this profile."""
    return [unit for unit in scene.directory.units if scene.profile_of_unit(unit).name == profile.name]


def days_between(since: datetime, until: datetime) -> list[date]:
    """The local dates that the time between touches."""
    first, last = to_local(since).date(), to_local(until).date()
    return [first + DAY * number for number in range((last - first).days + 1)]
