"""The rows of a weekly series: which series run, and one week's meeting that gets a thread of its own."""

from datetime import datetime

from sqlalchemy import Connection, delete, select

from cases import meetings
from cases import tables as t
from cases.meeting import INVITED, MAIN
from cases.thread import ThreadNow

_S = t.meeting_series.c


def running(tx: Connection, kind: str) -> list[int]:
    """The threads of the series of a kind that are not cancelled and not over."""
    open_ones = select(_S.thread_id).join(t.thread, t.thread.c.id == _S.thread_id)
    query = open_ones.where(_S.kind == kind, _S.status == INVITED, t.thread.c.closed_at.is_(None))
    return list(tx.execute(query.order_by(_S.thread_id)).scalars())


def join(tx: Connection, series: ThreadNow, thread: ThreadNow, original_start: datetime, now: datetime) -> None:
    """Let the meeting of a thread be the occurrence that the series has at `original_start` (UTC).

    What is known of that occurrence in the calendar, because it was moved beforehand, goes over to it: the calendar
    has one event of it and no second one. `now` is care time (UTC).
    """
    row, meeting = series.series, thread.meetings.get(MAIN)
    if row is None or row.id is None or meeting is None:
        return
    known = meetings.of_occurrence(tx, row.id, original_start)
    if known is not None and known.meeting.id is not None:
        before = known.meeting
        meeting.event_id, meeting.change_key = before.event_id, before.change_key
        tx.execute(delete(t.meeting_invited).where(t.meeting_invited.c.meeting_id == before.id))
        tx.execute(delete(t.meeting).where(t.meeting.c.id == before.id))
    meeting.series_id, meeting.original_start = row.id, original_start
    meetings.save(tx, thread.id, meeting, now)
