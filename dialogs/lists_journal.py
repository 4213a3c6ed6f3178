"""What a unit has ended and not journaled, once a week to whoever journals it."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import Connection

from cases import journal
from cases.journal import Behind
from cases.record import Scene
from cases.route import QUEUE
from dialogs import lists_open
from dialogs.occasion import DAY, Occasion, days_between, leaders, section_of, units_of
from dialogs.parts import Element
from dialogs.visit import Visit
from reminders.localtime import at, to_local
from reminders.profile import Profile


def weekly(tx: Connection, scene: Scene, since: datetime, until: datetime) -> Iterable[Occasion]:
    """On the first working day of the week, to everybody whose unit is behind with what they had part in."""
    for profile in scene.record.profiles.values():
        section = section_of(profile)
        days = [day for day in days_between(since, until) if section.journal and _is_first(profile, day)]
        times = [at(day, section.journal_at) for day in days]
        due = [when for when in times if since < when <= until]
        units = units_of(scene, profile)
        if not due or not units:
            continue
        behind = journal.behind(tx, units, journal.looks_from(tx, due[-1]))
        for who in dict.fromkeys(one for seat in behind for one in _responsible(scene, seat)):
            key = f"list:journal:{who}:{to_local(due[-1]):%Y%m%d}"
            yield Occasion(what="journal", person_id=who, unit_id=None, at=due[-1], key=key)


def _is_first(profile: Profile, day: date) -> bool:
    """Whether it is the first working day of its week: Monday, or the day after when Monday is closed."""
    monday = day - DAY * day.weekday()
    return profile.calendar.first_workday_on_or_after(monday) == day


def _responsible(scene: Scene, seat: Behind) -> list[int]:
    """Who journals for a seat: whoever sat there or took it, else those who read it, else those who lead the unit."""
    directory, unit = scene.directory, scene.directory.units.get(seat.unit_id)
    if unit is None:
        return []
    if seat.person_id is not None and seat.unit_id in {one.unit_id for one in directory.memberships(seat.person_id)}:
        return [seat.person_id] if directory.is_active(seat.person_id) else leaders(scene, seat.unit_id)
    if seat.person_id is not None:
        return leaders(scene, seat.unit_id)
    roles = scene.profile_of_unit(unit.id).section("roles")
    readers = roles.queue.get(unit.kind, ()) if seat.role == QUEUE else (seat.role,)
    return directory.holders(unit.id, *readers) or leaders(scene, unit.id)


def draw(visit: Visit, unit_id: str | None, due_at: datetime) -> Element | None:
    lead = "Ni har avslutat det här. Skriv det som är viktigt i er journal, och bocka av (Norrköping 3.1)."
    return lists_open.list_card(visit, "journal", lead=lead) if lists_open.has_any(visit, "journal") else None
