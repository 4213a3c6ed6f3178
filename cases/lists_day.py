"""How a unit stands today, in numbers only: what is open, due, late, and taken by nobody. No thread is named here."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Exists, and_, case, exists, func, or_, select, union

from cases import lists
from cases import tables as t
from cases.flow import By
from cases.lists import OPEN, Page, Reader

_THREAD, _PARTY, _DUE = t.thread.c, t.party.c, t.deadline.c


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Open threads that a unit has sent or has a seat in. `untaken` are those that have come to it and nobody has; what
    is only to be read is somebody's once it is read."""

    open: int = 0
    today: int = 0
    late: int = 0
    untaken: int = 0


def standing(
    tx: Connection, unit_id: str, people: Sequence[int], begin: datetime, now: datetime, end: datetime,
    only_read: Collection[str] = (),
) -> Standing:  # fmt: skip
    """The numbers of a unit and its people. The local day lasts from `begin` to `end`; all UTC. Nobody takes what is of
    the flows in `only_read`."""
    received = [
        select(_PARTY.thread_id).where(_PARTY.unit_id == unit_id, _PARTY.person_id.is_(None)),
        select(_PARTY.thread_id).where(_PARTY.unit_id == unit_id, _PARTY.person_id.in_(people)),
    ]
    sent = select(_THREAD.id).where(OPEN, _THREAD.sender_unit_id == unit_id)
    seat = t.party.alias().c
    waits = exists().where(seat.thread_id == _THREAD.id, seat.unit_id == unit_id, seat.side == By.RECEIVER)
    unread = waits.where(seat.read_at.is_(None), seat.taken_at.is_(None))
    taken = exists().where(seat.thread_id == _THREAD.id, seat.taken_at.is_not(None))
    is_today = and_(_THREAD.due_soft >= begin, _THREAD.due_soft <= end)
    row = tx.execute(
        select(
            func.count(),
            func.sum(case((is_today, 1), else_=0)),
            func.sum(case((_is_late(now), 1), else_=0)),
            func.sum(case((and_(waits, ~taken, or_(_THREAD.flow.not_in(only_read), unread)), 1), else_=0)),
        )
        .select_from(t.thread)
        .where(OPEN, _THREAD.id.in_(union(*received, sent)))
    ).one()
    return Standing(open=row[0], today=row[1] or 0, late=row[2] or 0, untaken=row[3] or 0)


def due(tx: Connection, reader: Reader, unit_id: str, now: datetime, end: datetime, *, most: int) -> Page:
    """What in this unit is late or due before `end` (UTC), as far as the lists of the person have it."""
    seat = t.party.alias().c
    limit = func.coalesce(_THREAD.due_soft, _THREAD.due_hard, type_=_THREAD.due_soft.type)
    has_seat = exists().where(seat.thread_id == _THREAD.id, seat.unit_id == unit_id)
    among = [or_(limit <= end, _is_late(now)), or_(_THREAD.sender_unit_id == unit_id, has_seat)]
    return lists.of_units(tx, reader, most=most, among=among)


def _is_late(now: datetime) -> Exists:
    armed = _DUE.status + "" == "armed"  # as a sum, or SQLite would walk the index of all armed ones for each thread
    return exists().where(_DUE.thread_id == _THREAD.id, armed, _DUE.hard_at < now)
