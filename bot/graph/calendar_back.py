"""What people do in their own calendars, taken back into the record: moved, called off, answered."""

import logging
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection

from bot.clock import Clock
from bot.graph.plan import Seen
from cases import calendar, load, meetings
from cases.calendar import Answered
from cases.errors import RecordError
from cases.meeting import INVITED, MAIN
from cases.meetings import Booked
from cases.record import Record
from cases.thread import CALENDAR, Actor, Signal

_LOG = logging.getLogger("stafett.calendar")

_THE_SAME = timedelta(minutes=1)  # calendars know no seconds


def took(tx: Connection, record: Record, clock: Clock, what: str, revision: int, seen: Seen) -> bool:
    """Bring the record to what the calendar showed when it stood at `revision`; whether anything was new.

    Should the row have changed since, nothing is taken: the calendar is on its way to the new row.
    """
    booked = _as_known(tx, what, revision)
    if booked is None:
        return False
    if seen.cancelled:
        return called_off(tx, record, clock, what, revision)
    meeting, now = booked.meeting, clock.care()
    is_moved = abs(seen.starts - meeting.starts_at) >= _THE_SAME
    if is_moved:
        calendar.moved(tx, meeting, seen.starts, seen.ends)
        _tell_moved(tx, record, clock, booked, seen)
    elif abs(seen.ends - meeting.ends_at) >= _THE_SAME:
        calendar.lasts(tx, meeting, seen.ends)
    known = calendar.people(tx, [guest.person_id for guest in meeting.invited]).values()
    people = {one.upn.lower(): one.id for one in known}
    answers = [
        Answered(person_id=people[said.address], answer=said.answer, at=said.at)
        for said in seen.answers
        if said.address in people
    ]
    new = calendar.note_answers(tx, meeting, answers, now)
    if new:
        tell(tx, record, clock, booked.thread_id, "answered_in_calendar", CALENDAR)
    return bool(new) or is_moved


def called_off(tx: Connection, record: Record, clock: Clock, what: str, revision: int) -> bool:
    """The event is no longer in the calendar: whoever convened it took it away there."""
    if what.startswith("series:"):
        found = meetings.series(tx, int(what.partition(":")[2]))
        if found is None or found[1].status != INVITED or found[1].revision != revision:
            return False
        return tell(tx, record, clock, found[0], "called_off_in_calendar", CALENDAR)
    booked = _as_known(tx, what, revision)
    if booked is None:
        return False
    calendar.ended(tx, booked.meeting)
    name = "called_off_in_calendar" if booked.meeting.slot == MAIN else "slot_changed_in_calendar"
    tell(tx, record, clock, booked.thread_id, name, CALENDAR)
    return True


def tell(
    tx: Connection, record: Record, clock: Clock, thread_id: int, name: str, by: Actor,
    values: dict[str, Any] | None = None,
) -> bool:  # fmt: skip
    """Give the thread a signal; False where it does not take it, which is no fault: it may have ended."""
    signal = Signal(thread_id=thread_id, name=name, by=by, values=values or {})
    try:
        with tx.begin_nested():
            record.signal(tx, [signal], clock.care(), clock.machine())
    except RecordError as fault:
        _LOG.info("thread %s does not take %s: %s", thread_id, name, type(fault).__name__)
        return False
    return True


def _tell_moved(tx: Connection, record: Record, clock: Clock, booked: Booked, seen: Seen) -> None:
    """A time that the routine does not allow stands in the calendar all the same: whoever convenes is told."""
    thread_id = booked.thread_id
    if booked.meeting.slot != MAIN:
        tell(tx, record, clock, thread_id, "slot_changed_in_calendar", CALENDAR)
    elif not tell(tx, record, clock, thread_id, "moved_in_calendar", CALENDAR, {"starts": seen.starts.isoformat()}):
        tell(tx, record, clock, thread_id, "moved_wrong_in_calendar", CALENDAR)


def _as_known(tx: Connection, what: str, revision: int) -> Booked | None:
    """The meeting, with its thread locked, if it still stands in the calendar at this revision."""
    number = int(what.partition(":")[2])
    booked = meetings.one(tx, number)
    if booked is None:
        return None
    load.threads(tx, [booked.thread_id], lock=True)
    booked = meetings.one(tx, number)
    if booked is None or booked.meeting.status != INVITED or booked.meeting.revision != revision:
        return None
    return booked
