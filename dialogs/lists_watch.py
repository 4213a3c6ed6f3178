"""Who has opened what is a colleague's: in an emergency, or by stepping in for them. For the manager, the day after.

Who, which message, when and why; nothing of what it is about, nor of whom.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from cases import break_glass, covers, errands
from cases.access import answers_for
from cases.directory import Unit
from cases.errands import LIST
from cases.record import Scene
from cases.thread import thread_ref
from dialogs import parts
from dialogs.glass_words import GLASS_REASON
from dialogs.hand_moves import COVER_REASON
from dialogs.parts import Element
from dialogs.swedish import moment_text
from dialogs.visit import Visit
from reminders.calendar import WorkCalendar
from reminders.localtime import to_local

WATCH = "watch"
_MOST = 30
_DAY = timedelta(days=1)


def tell(tx: Connection, scene: Scene, unit_id: str, who: int, now: datetime) -> None:
    """Have the unit's manager told when the office next opens, once for each day, that `who` has opened something.

    Never that person alone: where the manager is the one, another is told. Both in care time (UTC).
    """
    due = _next_opening(scene.profile_of_unit(unit_id).calendar, now)
    for manager in _told(scene, unit_id, who):
        key = f"list:{WATCH}:{unit_id}:{manager}:{due:%Y%m%d}"
        errands.add(tx, kind=LIST, key=key, not_before=due, person_id=manager, unit_id=unit_id, what=WATCH)


def card(visit: Visit, unit_id: str | None, due_at: datetime) -> Element | None:
    """What has been opened since the office opened the working day before; None when it is no longer this reader's to
    see, and then it is told to whoever answers for the unit now."""
    unit = visit.scene.directory.units.get(unit_id or "")
    if unit is None:
        return None
    calendar = visit.scene.profile_of_unit(unit.id).calendar
    since = calendar.opening(calendar.add_workdays(to_local(due_at).date(), -1))
    found = _rows(visit, unit, since, due_at)
    mine = [(at, who, line) for at, who, line in found if visit.person_id in _told(visit.scene, unit.id, who)]
    for who in {who for _, who, _ in found} - {who for _, who, _ in mine}:
        _tell_others(visit, unit.id, who, due_at)
    if not mine:
        return None
    body = [parts.heading("Åtkomst att kontrollera"), parts.line(unit.name, strong=True)]
    body.append(parts.line("Någon har öppnat det som är en kollegas. Fråga om du undrar varför.", subtle=True))
    body += [line for _, _, line in mine[:_MOST]]
    if len(mine) > _MOST:
        body.append(parts.line(f"… och {len(mine) - _MOST} till. Be den som granskar loggen om hela listan."))
    return parts.card(body, [parts.button("Till start", "start")])


def glass_lines(visit: Visit, unit_id: str, since: datetime) -> list[Element]:
    """What has been opened in an emergency in the unit since an instant (UTC), the latest first."""
    return [line for _, _, line in _opened(visit, unit_id, since, visit.now + _DAY)]


# --- pieces ------------------------------------------------------------------------------------------------------

_Row = tuple[datetime, int, Element]


def _told(scene: Scene, unit_id: str, who: int) -> list[int]:
    unit = scene.directory.units[unit_id]
    return [manager for _, manager in answers_for(unit, {who}, scene.directory, scene.profile_of_unit(unit_id))]


def _tell_others(visit: Visit, unit_id: str, who: int, due_at: datetime) -> None:
    """Whoever was to be told no longer answers for the unit: whoever does is told now."""
    for manager in _told(visit.scene, unit_id, who):
        key = f"list:{WATCH}:{unit_id}:{manager}:{due_at:%Y%m%d}"
        errands.add(
            visit.tx, kind=LIST, key=key, not_before=due_at, person_id=manager, unit_id=unit_id, what=WATCH
        )  # fmt: skip


def _rows(visit: Visit, unit: Unit, since: datetime, until: datetime) -> Sequence[_Row]:
    rows = [*_opened(visit, unit.id, since, until), *_covered(visit, unit.id, since, until)]
    return sorted(rows, key=lambda row: row[0], reverse=True)


def _opened(visit: Visit, unit_id: str, since: datetime, until: datetime) -> list[_Row]:
    reasons = dict(GLASS_REASON.options)
    rows = []
    for one in break_glass.in_unit(visit.tx, unit_id, since, until):
        told = f"{_name(visit, one.person_id)} läste {thread_ref(one.thread_id)} {moment_text(one.at)}."
        rows.append((one.at, one.person_id, parts.labelled("Nödåtkomst", f"{told} {reasons.get(one.reason, '')}.")))
    return rows


def _covered(visit: Visit, unit_id: str, since: datetime, until: datetime) -> list[_Row]:
    reasons, directory = dict(COVER_REASON.options), visit.scene.directory
    people = sorted({who for (where, _), held in directory.roles.items() if where == unit_id for who in held})
    rows = []
    for one in covers.in_unit(visit.tx, unit_id, people, since):
        if one.at >= until:
            continue
        instead = f" för {_name(visit, one.absent)}" if one.absent else ""
        told = f"{_name(visit, one.covering)} gick in{instead} i {thread_ref(one.thread_id)} {moment_text(one.at)}."
        rows.append((one.at, one.covering, parts.labelled("Frånvaro", f"{told} {reasons.get(one.reason, '')}".strip())))
    return rows


def _name(visit: Visit, person_id: int) -> str:
    person = visit.scene.directory.people.get(person_id)
    return person.name if person is not None else "någon som inte längre finns i registret"


def _next_opening(calendar: WorkCalendar, now: datetime) -> datetime:
    """When the office next opens; during the day that is the next working day."""
    today = calendar.first_workday_on_or_after(to_local(now).date())
    opens = calendar.opening(today)
    return opens if opens > now else calendar.opening(calendar.add_workdays(today, 1))
