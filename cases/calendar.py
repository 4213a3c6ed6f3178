"""What the calendar's door asks the record for and writes into it, in the caller's transaction.

The door and the people change the same rows, so every write here is made with the thread locked, and says which
revision it knows of: what has been overtaken meanwhile is asked for anew, and nobody's later word is lost.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, exists, or_, select, update

from cases import errands, meetings
from cases import tables as t
from cases.errands import Errand
from cases.meeting import CANCELLED, FROM_CALENDAR, INVITED, NO_ANSWER, MeetingNow, SeriesNow
from cases.meetings import CALENDAR

IN_TURN, AWAITS_SERIES = "in_turn", "awaits_series"  # what an errand for an event waits for before anything is sent
NOTHING_SENT = (IN_TURN, AWAITS_SERIES, "stale", "open")
LATE = "late"  # the failure of what has waited so long that somebody has been told
_M, _S, _E, _P = t.meeting.c, t.meeting_series.c, t.errand.c, t.person.c


@dataclass(frozen=True, kw_only=True)
class Known:
    """A person as a calendar knows them."""

    id: int
    upn: str
    name: str


@dataclass(frozen=True, kw_only=True)
class Answered:
    """What somebody has answered in their calendar, and when (UTC), as far as it is known."""

    person_id: int
    answer: str
    at: datetime | None


def people(tx: Connection, ids: Iterable[int]) -> dict[int, Known]:
    """Those of these people who have a name in the directory; without one there is no calendar."""
    query = select(_P.id, _P.upn, _P.name).where(_P.id.in_(set(ids)), _P.upn.is_not(None))
    return {row.id: Known(id=row.id, upn=row.upn, name=row.name) for row in tx.execute(query)}


def is_next(tx: Connection, errand: Errand) -> bool:
    """Whether no earlier errand for the same event is under way: one at a time, in the order they were asked for."""
    earlier = exists().where(
        _E.kind == CALENDAR, _E.what == errand.what, _E.id < errand.id, errands.IS_WAITING,
        _E.claimed_until.is_not(None),
    )  # fmt: skip
    return not tx.scalar(select(earlier))


def was_tried(tx: Connection, errand: Errand) -> bool:
    """Whether the calendar may have got this event although nothing is known of it: an answer was lost, or a process
    died. One that was superseded had found nothing to do."""
    earlier = exists().where(
        _E.kind == CALENDAR, _E.what == errand.what, _E.id < errand.id, _E.status != errands.SUPERSEDED,
        or_(_E.attempts > 0, _E.failure.not_in(NOTHING_SENT)),
    )  # fmt: skip
    tried = errand.attempts > 1 or errand.lost > 0 or errand.failure not in (None, *NOTHING_SENT)
    return tried or bool(tx.scalar(select(earlier)))


def stands(
    tx: Connection, what: str, revision: int, event_id: str | None, change_key: str, now: datetime, errand_id: int
) -> None:
    """The calendar shows this revision. Should it be an older one than was shown before, because two tries crossed,
    the newer is asked for once more."""
    kind, _, number = what.partition(":")
    table = t.meeting if kind == "meeting" else t.meeting_series
    row = tx.execute(select(table.c.synced, table.c.thread_id).where(table.c.id == int(number))).one()
    values: dict[str, object] = {"synced": revision, "event_id": event_id, "failure": None}
    if table is t.meeting:
        values["change_key"] = change_key[:120] or None
    tx.execute(update(table).where(table.c.id == int(number)).values(**values))
    if row.synced > revision:
        errands.add(
            tx, kind=CALENDAR, key=f"{CALENDAR}:{what}:again:{errand_id}", not_before=now, thread_id=row.thread_id,
            what=what,
        )  # fmt: skip


def release(tx: Connection, series_id: int) -> None:
    """The series stands: what waited for it may go at once."""
    ours = select(_M.id).where(_M.series_id == series_id)
    what = {f"meeting:{number}" for number in tx.scalars(ours)}
    tx.execute(
        update(t.errand)
        .where(_E.kind == CALENDAR, errands.IS_WAITING, _E.failure == AWAITS_SERIES, _E.what.in_(what))
        .values(retry_at=None)
    )


def ask_anew(tx: Connection, series_id: int, revision: int, now: datetime) -> None:
    """Ask once more for every occurrence that is not like its series, after the calendar has got a new pattern."""
    query = select(_M.id, _M.thread_id, _M.status, _M.starts_at, _M.original_start).where(
        _M.series_id == series_id, _M.original_start >= now
    )
    for row in tx.execute(query).all():
        tx.execute(update(t.meeting).where(_M.id == row.id).values(event_id=None))
        if row.status != INVITED or row.starts_at != row.original_start:
            tx.execute(update(t.meeting).where(_M.id == row.id).values(synced=0))
        what = f"meeting:{row.id}"
        errands.add(
            tx, kind=CALENDAR, key=f"{CALENDAR}:{what}:after:{series_id}:{revision}", not_before=now,
            thread_id=row.thread_id, what=what,
        )  # fmt: skip


def note_answers(tx: Connection, meeting: MeetingNow, answers: Iterable[Answered], now: datetime) -> list[int]:
    """Write down what has been answered in calendars; whose answer is new. The latest word counts, wherever it was
    given: an answer without a time never undoes one from a card."""
    new = []
    for said in answers:
        guest = meeting.of(said.person_id)
        if guest is None or said.answer in (NO_ANSWER, guest.answer):
            continue
        from_card = guest.answer != NO_ANSWER and guest.source != FROM_CALENDAR
        if from_card and (said.at is None or guest.answered_at is None or said.at <= guest.answered_at):
            continue
        of = (t.meeting_invited.c.meeting_id == meeting.id) & (t.meeting_invited.c.person_id == said.person_id)
        tx.execute(
            update(t.meeting_invited)
            .where(of)
            .values(answer=said.answer, answered_at=said.at or now, source=FROM_CALENDAR)
        )
        new.append(said.person_id)
    return new


def moved(tx: Connection, meeting: MeetingNow, starts: datetime, ends: datetime) -> None:
    """Somebody has moved it in their calendar, which asks everybody anew. The row says so before any thread does."""
    tx.execute(update(t.meeting).where(_M.id == meeting.id).values(starts_at=starts, ends_at=ends))
    guests = update(t.meeting_invited).where(t.meeting_invited.c.meeting_id == meeting.id)
    tx.execute(guests.values(answer=NO_ANSWER, answered_at=None, source=""))
    for guest in meeting.invited:
        guest.forget()


def lasts(tx: Connection, meeting: MeetingNow, ends: datetime) -> None:
    """Somebody has made it shorter or longer in their calendar."""
    tx.execute(update(t.meeting).where(_M.id == meeting.id).values(ends_at=ends))


def ended(tx: Connection, meeting: MeetingNow) -> None:
    """Somebody has taken it out of their calendar: there is nothing left to cancel."""
    tx.execute(update(t.meeting).where(_M.id == meeting.id).values(status=CANCELLED, event_id=None, change_key=None))


def organizers(tx: Connection, now: datetime) -> list[int]:
    """In whose calendars there are meetings of ours that are not over."""
    single = select(_M.organizer_id).where(_M.event_id.is_not(None), _M.status == INVITED, _M.ends_at > now)
    series = select(_S.organizer_id).where(
        _S.event_id.is_not(None), _S.status == INVITED, _S.last_day >= (now - timedelta(days=1)).date()
    )
    return sorted({*tx.scalars(single), *tx.scalars(series)})


def in_calendar_of(tx: Connection, person_id: int, now: datetime) -> dict[str, int]:
    """The meetings that are not over in this person's calendar, by their events' ids."""
    query = select(_M.event_id, _M.id).where(
        _M.organizer_id == person_id, _M.event_id.is_not(None), _M.status == INVITED, _M.ends_at > now
    )
    return {str(row.event_id): int(row.id) for row in tx.execute(query)}


def of_series_event(tx: Connection, event_id: str, now: datetime) -> set[int]:
    """The meetings to come of the series that has this event in the calendar."""
    query = (
        select(_M.id)
        .join(t.meeting_series, _M.series_id == _S.id)
        .where(_S.event_id == event_id, _M.event_id.is_not(None), _M.status == INVITED, _M.ends_at > now)
    )
    return set(tx.scalars(query))


def waiting_since(tx: Connection, before: datetime) -> list[tuple[str, int]]:
    """What has waited for its calendar since before this (care time) and nobody has been told of; with its threads."""
    query = select(_E.what, _E.thread_id).where(
        errands.IS_WAITING, _E.kind == CALENDAR, _E.not_before < before, _E.thread_id.is_not(None)
    )
    found = []
    for what, thread_id in {row.what: row.thread_id for row in tx.execute(query)}.items():
        row = row_of(tx, what)
        if row is not None and row.failure != LATE and row.synced < row.revision:
            found.append((what, thread_id))
    return found


def row_of(tx: Connection, what: str) -> MeetingNow | SeriesNow | None:
    """The meeting or the series that an errand is about."""
    kind, _, number = what.partition(":")
    if kind == "meeting":
        booked = meetings.one(tx, int(number))
        return booked.meeting if booked else None
    found = meetings.series(tx, int(number))
    return found[1] if found else None
