"""The calls by which the jour is woken: one row for each, from when it is asked for until it has ended in one way.

A chain of calls is about one thread, since one instant: the next in line is rung when the one before has not answered.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, insert, or_, select, union, update

from cases import errands
from cases import tables as t
from cases.thread import Party
from cases.write import new_id

CALL = "call"  # the kind of errand
ASKED, RINGING, ANSWERED = "asked", "ringing", "answered"
ACKNOWLEDGED, UNANSWERED = "acknowledged", "unanswered"
UNREACHABLE, AWAY, NEEDLESS = "unreachable", "away", "needless"  # it cannot be placed, or need not be any longer
_ROW, _PARTY = t.phone_call.c, t.party.c


@dataclass(frozen=True, kw_only=True)
class Call:
    """One call as it stands. Times are care time, UTC."""

    id: int
    thread_id: int
    unit_id: str
    person_id: int
    since: datetime
    number: int
    asked_at: datetime
    placed_at: datetime | None
    answered_at: datetime | None
    ended_at: datetime | None
    status: str
    call_id: str | None


def ask(tx: Connection, thread_id: int, unit_id: str, person_id: int, since: datetime, now: datetime) -> int:
    """Have this person rung, next in the chain; the number of the call. In the caller's transaction."""
    number = len(rung(tx, thread_id, since))
    row = {
        "thread_id": thread_id, "unit_id": unit_id, "person_id": person_id, "since": since, "number": number,
        "asked_at": now, "status": ASKED,
    }  # fmt: skip
    made = new_id(tx.execute(insert(t.phone_call).values(row)))
    errands.add(
        tx, kind=CALL, key=f"{CALL}:{made}", not_before=now, person_id=person_id, unit_id=unit_id, thread_id=thread_id,
        what=f"{CALL}:{made}", urgent=True,
    )  # fmt: skip
    return made


def one(tx: Connection, number: int) -> Call | None:
    """The call with this number."""
    row = tx.execute(select(t.phone_call).where(_ROW.id == number)).first()
    return None if row is None else Call(**row._mapping)


def number_of(what: str) -> int:
    """The call that an errand is about; zero, which none has, when it is about none."""
    _, _, number = what.partition(":")
    return int(number) if number.isdecimal() else 0


def has_begun(tx: Connection, thread_id: int, since: datetime) -> bool:
    return tx.scalar(select(_ROW.id).where(_ROW.thread_id == thread_id, _ROW.since == since).limit(1)) is not None


def rung(tx: Connection, thread_id: int, since: datetime) -> list[int]:
    """Everybody who has been rung in the chain, in order."""
    query = select(_ROW.person_id).where(_ROW.thread_id == thread_id, _ROW.since == since).order_by(_ROW.number)
    return list(tx.scalars(query))


def heard(tx: Connection, thread_id: int, unit_id: str) -> list[tuple[int, datetime]]:
    """Who of this unit has pressed the key about the thread and when (care time, UTC), in order."""
    mine = (_ROW.thread_id == thread_id, _ROW.unit_id == unit_id, _ROW.status == ACKNOWLEDGED)
    query = select(_ROW.person_id, _ROW.ended_at).where(*mine).order_by(_ROW.ended_at, _ROW.id)
    return [(person_id, at) for person_id, at in tx.execute(query)]


def has_rung(tx: Connection, thread_id: int, since: datetime) -> bool:
    """Whether any call of the chain could be placed."""
    mine = (_ROW.thread_id == thread_id, _ROW.since == since, _ROW.placed_at.is_not(None))
    return tx.scalar(select(_ROW.id).where(*mine).limit(1)) is not None


def placed(tx: Connection, number: int, call_id: str, now: datetime) -> None:
    """It rings. The answer may have come before this was written down."""
    mine = _ROW.id == number
    tx.execute(update(t.phone_call).where(mine).values(call_id=call_id))
    tx.execute(update(t.phone_call).where(mine, _ROW.placed_at.is_(None)).values(placed_at=now))
    tx.execute(update(t.phone_call).where(mine, _ROW.status == ASKED).values(status=RINGING))


def answered(tx: Connection, number: int, now: datetime) -> bool:
    """Somebody has picked up; False when it is over, or was known."""
    still = (_ROW.id == number, _ROW.status.in_([ASKED, RINGING]))
    return tx.execute(update(t.phone_call).where(*still).values(status=ANSWERED, answered_at=now)).rowcount == 1


def end(tx: Connection, number: int, status: str, now: datetime) -> bool:
    """It has ended in this way; False when it already had ended, in whatever way."""
    still = (_ROW.id == number, _ROW.ended_at.is_(None))
    return tx.execute(update(t.phone_call).where(*still).values(status=status, ended_at=now)).rowcount == 1


def overdue(tx: Connection, begun_before: datetime) -> list[Call]:
    """Calls that were placed or answered before this and have not ended: nobody has said what came of them."""
    late = or_(_ROW.answered_at < begun_before, (_ROW.answered_at.is_(None)) & (_ROW.placed_at < begun_before))
    rows = tx.execute(select(t.phone_call).where(_ROW.ended_at.is_(None), late).order_by(_ROW.id))
    return [Call(**row._mapping) for row in rows]


def open_among(tx: Connection, units: Collection[str], people: Collection[int]) -> list[int]:
    """Open threads that lie in the queue of one of these units, or with one of these people."""
    queued = select(_PARTY.thread_id).where(_PARTY.unit_id.in_(units), _PARTY.person_id.is_(None))
    personal = select(_PARTY.thread_id).where(_PARTY.person_id.in_(people))
    among = union(queued, personal)
    return list(tx.scalars(select(t.thread.c.id).where(t.thread.c.closed_at.is_(None), t.thread.c.id.in_(among))))


def seated_at(tx: Connection, seats: Iterable[Party]) -> datetime:
    """When the first of these seats came to its thread."""
    mine = _PARTY.id.in_([seat.id for seat in seats])
    found: datetime = tx.execute(select(func.min(_PARTY.added_at, type_=_PARTY.added_at.type)).where(mine)).scalar_one()
    return found


def is_too_old(call: Call, now: datetime, longest: timedelta) -> bool:
    """Whether it was asked for so long ago that ringing now would be about something else."""
    return now - call.asked_at > longest
