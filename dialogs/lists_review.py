"""Who has which role in a unit, for its manager to go through twice a year: as a card with a tick, and as a sheet.

Staff and roles; nothing of any client. A manager's own roles are another's to go through.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from cases import access_review
from cases.access_review import Held
from cases.directory import BY_REQUEST, Directory
from cases.groups import GROUP
from cases.record import Scene
from cases.thread import thread_ref
from dialogs import parts
from dialogs.access_section import Access
from dialogs.occasion import Occasion, days_between, units_of
from dialogs.parts import Element
from dialogs.role_words import role_name
from dialogs.sheets import Sheet
from dialogs.swedish import full_day_text, month_text
from dialogs.terms import Terms
from dialogs.visit import Desked, Visit
from reminders.localtime import Month, to_local
from reminders.profile import Profile

REVIEW, DONE = "review", "reviewed"
TYPED = ("behörigheter", "behorigheter")
_UNUSED = timedelta(days=90)
_MOST = 60  # rows of one card
_TO_START = parts.button("Till start", "start")
_SOURCES = {GROUP: "grupp i Entra ID", BY_REQUEST: "ansökan"}


def due(tx: Connection, scene: Scene, since: datetime, until: datetime) -> Iterable[Occasion]:
    """At opening on the first working day of the profile's months, and once more to whoever has not ticked by then."""
    for profile in scene.record.profiles.values():
        section: Access = profile.section("access")
        for day in days_between(since, until):
            period = _period(section, day)
            times = _times(profile, section, period) if period is not None else ()
            for number, when in enumerate(times):
                if period is not None and since < when <= until:
                    yield from _occasions(tx, scene, profile, str(period), when, again=number > 0)


def card(visit: Visit, unit_id: str | None, due_at: datetime) -> Element | None:
    """The list that is due; None when it has been gone through, or is no longer this reader's."""
    unit = visit.scene.directory.units.get(unit_id or "")
    if unit is None:
        return None
    period = _period(_section(visit, unit.id), to_local(due_at).date())
    if period is None or visit.person_id in access_review.ticked(visit.tx, unit.id, str(period)):
        return None
    return _card(visit, unit.id)


def show(visit: Visit, data: Mapping[str, Any]) -> Desked:
    """«Behörigheter»: of one unit, or which units this person goes through."""
    directory = visit.scene.directory
    units = [one for one in sorted(directory.units) if _rows(visit, one)]
    wanted = [one for one in units if data.get("unit") in (None, one)]
    if len(wanted) == 1:
        return Desked(card=_card(visit, wanted[0]) or _nothing())
    if not wanted:
        return Desked(card=_nothing())
    buttons = [parts.button(directory.units[one].name, REVIEW, {"unit": one}) for one in wanted[:_MOST]]
    body = [parts.heading("Behörigheter"), parts.line("Välj enhet."), {"type": "ActionSet", "actions": buttons}]
    return Desked(card=parts.card(body, [_TO_START]))


def done(visit: Visit, data: Mapping[str, Any]) -> Desked:
    """«Granskad»: card data is never trusted, so it counts only for a list that is this person's to go through now."""
    unit_id = str(data.get("unit") or "")
    if unit_id not in visit.scene.directory.units or not _rows(visit, unit_id):
        return Desked(card=_nothing())
    period = _period(_section(visit, unit_id), to_local(visit.now).date())
    if period is not None:
        access_review.tick(visit.tx, visit.who, unit_id, str(period))
    return Desked(card=_card(visit, unit_id) or _nothing())


def sheet(tx: Connection, directory: Directory, profile: Profile, unit_id: str) -> Sheet:
    """The whole list, one row for each role."""
    terms: Terms = profile.section("terms")
    rows = tuple(
        (
            directory.people[one.person_id].name, role_name(one.role, terms), directory.units[unit_id].name,
            _source(one), to_local(one.since).date() if one.since else None,
            to_local(one.until).date() if one.until else None,
            to_local(one.seen_at).date() if one.seen_at else None,
        )
        for one in access_review.held_in(tx, directory, unit_id)
    )  # fmt: skip
    headings = ("Namn", "Roll", "Enhet", "Kommer från", "Sedan", "Till och med", "Senast i Stafett")
    return Sheet(title="Behörigheter", headings=headings, rows=rows)


# --- pieces ------------------------------------------------------------------------------------------------------


def _section(visit: Visit, unit_id: str) -> Access:
    section: Access = visit.scene.profile_of_unit(unit_id).section("access")
    return section


def _period(section: Access, day: date) -> Month | None:
    """The latest month, up to this day's, in which the lists were to be gone through."""
    months = (Month.of(day).plus(-back) for back in range(12))
    return next((one for one in months if one.month in section.review_months), None)


def _times(profile: Profile, section: Access, period: Month) -> tuple[datetime, datetime]:
    calendar = profile.calendar
    first = calendar.first_workday_on_or_after(period.day(1))
    again = calendar.add_workdays(first, section.review_again_workdays)
    return calendar.opening(first), calendar.opening(again)


def _occasions(
    tx: Connection, scene: Scene, profile: Profile, period: str, when: datetime, *, again: bool
) -> Iterable[Occasion]:
    directory = scene.directory
    for unit_id in units_of(scene, profile):
        done_by = access_review.ticked(tx, unit_id, period) if again else set()
        for who in access_review.reviewers(unit_id, directory, profile):
            if who not in done_by:
                key = f"list:{REVIEW}:{unit_id}:{who}:{period}{':2' if again else ''}"
                yield Occasion(what=REVIEW, person_id=who, unit_id=unit_id, at=when, key=key)


def _rows(visit: Visit, unit_id: str) -> list[Held]:
    """The roles in the unit that are this person's to go through."""
    directory, profile = visit.scene.directory, visit.scene.profile_of_unit(unit_id)
    if visit.person_id not in access_review.reviewers(unit_id, directory, profile):
        return []
    return [
        one
        for one in access_review.held_in(visit.tx, directory, unit_id)
        if visit.person_id in access_review.goes_through(unit_id, one.person_id, directory, profile)
    ]


def _card(visit: Visit, unit_id: str) -> Element | None:
    rows = _rows(visit, unit_id)
    if not rows:
        return None
    unit, profile = visit.scene.directory.units[unit_id], visit.scene.profile_of_unit(unit_id)
    body = [parts.heading("Behörigheter att gå igenom"), parts.line(unit.name, strong=True)]
    body.append(parts.line("Behöver var och en sin roll? Om inte: säg till den som sköter registret.", subtle=True))
    body += [_row(visit, one, profile) for one in rows[:_MOST]]
    if len(rows) > _MOST:
        body.append(parts.line(f"… och {len(rows) - _MOST} till. Hela listan kan tas ut som fil.", subtle=True))
    if any(one.unit_id == unit_id for one in visit.held()):
        body.append(parts.line("Din egen behörighet går någon annan igenom.", subtle=True))
    period = _period(_section(visit, unit_id), to_local(visit.now).date())
    if period is None:
        return parts.card(body, [_TO_START])
    if visit.person_id in access_review.ticked(visit.tx, unit_id, str(period)):
        body.append(parts.notice(f"Du har gått igenom listan för {month_text(period.day(1))}.", "good"))
        return parts.card(body, [_TO_START])
    return parts.card(body, [parts.button("Granskad", DONE, {"unit": unit_id}, primary=True), _TO_START])


def _row(visit: Visit, one: Held, profile: Profile) -> Element:
    terms: Terms = profile.section("terms")
    told = [role_name(one.role, terms)]
    if one.since is not None:
        told.append(f"sedan {full_day_text(one.since)}")
    if one.until is not None:
        told.append(f"till och med {full_day_text(one.until)}")
    told += [f"från {_source(one)}", _used(one, visit.machine_now)]
    if one.administers:
        told.append("sköter också registret: kontrollera att någon annan har godkänt rollen")
    return parts.labelled(visit.scene.directory.people[one.person_id].name, ", ".join(told))


def _source(one: Held) -> str:
    """«ansökan ST-7F3KQ9», «grupp i Entra ID» or «registret»."""
    name = _SOURCES.get(one.source, "registret")
    return f"{name} {thread_ref(one.thread_id)}" if one.thread_id is not None else name


def _used(one: Held, now: datetime) -> str:
    if one.seen_at is None:
        return "har aldrig använt Stafett"
    said = "har inte använt Stafett sedan" if now - one.seen_at > _UNUSED else "senast i Stafett"
    return f"{said} {full_day_text(one.seen_at)}"


def _nothing() -> Element:
    text = "Det finns ingen behörighet som du ska gå igenom. Listan är för den som godkänner behörighet i en enhet."
    return parts.card([parts.heading("Behörigheter"), parts.line(text)], [_TO_START])
