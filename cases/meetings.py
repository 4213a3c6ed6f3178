"""Reading and writing meetings, in the caller's transaction, which commits. Only threads that have them are asked for.

A change that the calendar must follow comes with an errand of its own, in the same transaction: its key says which
revision it is for, so that it is asked for once, and the door reads what stands here when it goes.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, delete, insert, select, update

from cases import errands
from cases import tables as t
from cases.meeting import INVITED, Invited, MeetingNow, SeriesNow
from cases.statements import Statement
from cases.telling import Change
from cases.thread import ThreadNow

CALENDAR = "calendar"  # the kind of errand by which a calendar is brought to what stands here
_OF_MEETING = tuple(name for name in MeetingNow.__dataclass_fields__ if name != "invited")
_OF_GUEST = tuple(Invited.__dataclass_fields__)
_OF_SERIES = tuple(SeriesNow.__dataclass_fields__)
_M, _G, _S = t.meeting.c, t.meeting_invited.c, t.meeting_series.c

_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_MEETINGS = Statement(
    select(_M.thread_id, *(_M[name] for name in _OF_MEETING)).where(_M.thread_id.in_(_IDS)).order_by(_M.id)
)
_GUESTS = Statement(
    select(_G.meeting_id, *(_G[name] for name in _OF_GUEST))
    .where(_G.meeting_id.in_(_IDS))
    .order_by(_G.optional, _G.person_id)
)
_SERIES = Statement(select(_S.thread_id, *(_S[name] for name in _OF_SERIES)).where(_S.thread_id.in_(_IDS)))


@dataclass(frozen=True, kw_only=True)
class Booked:
    """A meeting and the thread that it belongs to."""

    thread_id: int
    meeting: MeetingNow


def fill(tx: Connection, threads: Iterable[ThreadNow]) -> None:
    """Give these threads the meetings that they have; those without the mark of one cost nothing."""
    found = {thread.id: thread for thread in threads if thread.meeting_kind}
    if not found:
        return
    for booked in _read(tx, list(found)):
        found[booked.thread_id].meetings[booked.meeting.slot] = booked.meeting
    for row in _SERIES.rows(tx, {"ids": list(found)}):
        found[row[0]].series = SeriesNow(**dict(zip(_OF_SERIES, row[1:], strict=True)))


def write(tx: Connection, changes: Sequence[Change], now: datetime) -> None:
    """What these changes do to the meetings of their threads. `now` is care time (UTC)."""
    for change in changes:
        if change.series is not None:
            save_series(tx, change.thread.id, change.series, now)
        series = change.thread.series
        for meeting in change.meetings.values():
            if series is not None and meeting.original_start is not None:
                meeting.series_id = series.id  # a week of it that differs
            save(tx, change.thread.id, meeting, now)


def one(tx: Connection, meeting_id: int) -> Booked | None:
    """A meeting by its number, or None."""
    return _where(tx, _M.id == meeting_id)


def of_occurrence(tx: Connection, series_id: int, original_start: datetime) -> Booked | None:
    """The meeting of one occurrence of a series, or None as long as it has none of its own."""
    return _where(tx, (_M.series_id == series_id) & (_M.original_start == original_start))


def series(tx: Connection, series_id: int) -> tuple[int, SeriesNow] | None:
    """A series and the number of its thread, or None."""
    row = tx.execute(select(_S.thread_id, *(_S[name] for name in _OF_SERIES)).where(_S.id == series_id)).first()
    return None if row is None else (row[0], SeriesNow(**dict(zip(_OF_SERIES, row[1:], strict=True))))


def save(tx: Connection, thread_id: int, meeting: MeetingNow, now: datetime) -> None:
    """Put a meeting on disk, and ask for what the calendar lacks of it. `now` is care time (UTC)."""
    values = {name: getattr(meeting, name) for name in _OF_MEETING if name != "id"} | {"thread_id": thread_id}
    if meeting.id is None:
        meeting.id = _new_id(tx, t.meeting, values)
    else:
        tx.execute(update(t.meeting).where(_M.id == meeting.id).values(**values))
    known = set(tx.execute(select(_G.person_id).where(_G.meeting_id == meeting.id)).scalars())
    gone = known - {guest.person_id for guest in meeting.invited}
    if gone:
        tx.execute(delete(t.meeting_invited).where(_G.meeting_id == meeting.id, _G.person_id.in_(gone)))
    for guest in meeting.invited:
        row = {name: getattr(guest, name) for name in _OF_GUEST}
        if guest.person_id in known:
            of = (_G.meeting_id == meeting.id) & (_G.person_id == guest.person_id)
            tx.execute(update(t.meeting_invited).where(of).values(**row))
        else:
            tx.execute(insert(t.meeting_invited).values(meeting_id=meeting.id, **row))
    if meeting.revision > meeting.synced:
        _ask(tx, f"meeting:{meeting.id}", meeting.revision, thread_id, meeting.organizer_id, now)


def save_series(tx: Connection, thread_id: int, row: SeriesNow, now: datetime) -> None:
    """Put a series on disk, and ask for what the calendar lacks of it. `now` is care time (UTC)."""
    values = {name: getattr(row, name) for name in _OF_SERIES if name != "id"} | {"thread_id": thread_id}
    if row.id is None:
        row.id = _new_id(tx, t.meeting_series, values)
    else:
        tx.execute(update(t.meeting_series).where(_S.id == row.id).values(**values))
    if row.revision > row.synced:
        _ask(tx, f"series:{row.id}", row.revision, thread_id, row.organizer_id, now)


def synced(tx: Connection, meeting_id: int, revision: int, event_id: str | None, change_key: str | None = None) -> None:
    """The calendar shows this revision. One that has been overtaken meanwhile has an errand of its own."""
    values: dict[str, Any] = {"synced": revision, "event_id": event_id, "change_key": change_key, "failure": None}
    tx.execute(update(t.meeting).where(_M.id == meeting_id, _M.synced <= revision).values(**values))


def failed(tx: Connection, what: str, code: str) -> None:
    """Why the calendar does not show it, by the errand's own word for it: «meeting:7» or «series:2»."""
    kind, _, number = what.partition(":")
    table = t.meeting if kind == "meeting" else t.meeting_series
    tx.execute(update(table).where(table.c.id == int(number)).values(failure=code[:40]))


def busy(
    tx: Connection, people: Collection[int], start: datetime, end: datetime, besides: int = 0
) -> dict[int, list[tuple[datetime, datetime]]]:
    """When these people have meetings of ours between two instants (UTC), those of the thread `besides` left out."""
    found: dict[int, list[tuple[datetime, datetime]]] = {}
    during = (_M.status == INVITED, _M.starts_at < end, _M.ends_at > start, _M.thread_id != besides)
    own = select(_M.organizer_id, _M.starts_at, _M.ends_at).where(_M.organizer_id.in_(people), *during)
    asked = (
        select(_G.person_id, _M.starts_at, _M.ends_at)
        .join_from(t.meeting_invited, t.meeting)
        .where(_G.person_id.in_(people), _G.answer != "declined", *during)
    )
    for query in (own, asked):
        for who, starts, ends in tx.execute(query):
            found.setdefault(who, []).append((starts, ends))
    return {who: sorted(times) for who, times in found.items()}


def ahead(tx: Connection, person_id: int, since: datetime, most: int) -> list[Booked]:
    """The meetings that this person convenes or is invited to and has not declined, that are not over at `since`
    (UTC), the first first, so many `most`."""
    wanted = (_M.status == INVITED, _M.ends_at > since)
    own = select(_M.id).where(_M.organizer_id == person_id, *wanted)
    asked = (
        select(_M.id)
        .join_from(t.meeting_invited, t.meeting)
        .where(_G.person_id == person_id, _G.answer != "declined", *wanted)
    )
    query = select(_M.thread_id, *(_M[name] for name in _OF_MEETING)).where(_M.id.in_(own.union(asked)))
    return _with_guests(tx, [tuple(row) for row in tx.execute(query.order_by(_M.starts_at, _M.id).limit(most))])


# --- pieces ------------------------------------------------------------------------------------------------------


def _read(tx: Connection, threads: list[int]) -> list[Booked]:
    return _with_guests(tx, _MEETINGS.rows(tx, {"ids": threads}))


def _where(tx: Connection, condition: Any) -> Booked | None:
    query = select(_M.thread_id, *(_M[name] for name in _OF_MEETING)).where(condition)
    found = _with_guests(tx, [tuple(row) for row in tx.execute(query)])
    return found[0] if found else None


def _with_guests(tx: Connection, rows: Iterable[tuple[Any, ...]]) -> list[Booked]:
    booked = [
        Booked(thread_id=of, meeting=MeetingNow(**dict(zip(_OF_MEETING, told, strict=True)))) for of, *told in rows
    ]
    by_id = {one.meeting.id: one.meeting for one in booked}
    if by_id:
        for row in _GUESTS.rows(tx, {"ids": list(by_id)}):
            by_id[row[0]].invited.append(Invited(**dict(zip(_OF_GUEST, row[1:], strict=True))))
    return booked


def _ask(tx: Connection, what: str, revision: int, thread_id: int, person_id: int, now: datetime) -> None:
    key = f"{CALENDAR}:{what}:{revision}"
    errands.add(
        tx, kind=CALENDAR, key=key, not_before=now, thread_id=thread_id, person_id=person_id, what=what
    )  # fmt: skip


def _new_id(tx: Connection, table: Any, values: dict[str, Any]) -> int:
    key = tx.execute(insert(table).values(**values)).inserted_primary_key
    assert key is not None  # noqa: S101 (every table here has an integer key)
    return int(key[0])
