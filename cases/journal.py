"""Which units have written an exchange in their own journal, and which have not (Norrköping 3.1).

Stafett is transport; what matters in a case is written in each side's journal. A unit says that it has done so, who and
when, for each thread it has had part in; what has ended and nobody has said so of is listed once a week.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Exists, Select, Text, cast, delete, exists, insert, select, union

from cases import tables as t
from cases.lists import Page, Reader
from cases.thread import NO_CASE, SEALED

LOOKS_BACK = timedelta(days=90)  # what ended earlier is no longer listed; own default
_NEVER_SENT = "discarded"
_FROM = "journaled_from"  # in `setting`, where threads had ended before there was anything to tick

_THREAD, _PARTY, _TICK = t.thread.c, t.party.c, t.journaled.c


@dataclass(frozen=True, kw_only=True)
class Tick:
    """That a unit has journaled a thread. `at` is care time (UTC)."""

    unit_id: str
    person_id: int
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Happening:
    """A move that somebody made, as the journal tells of it. `at` is UTC."""

    at: datetime
    signal: str
    person_id: int


@dataclass(frozen=True, kw_only=True)
class Behind:
    """A seat at an ended thread whose unit has not said that it is journaled."""

    unit_id: str
    role: str
    person_id: int | None  # who took it, or whose seat it is; None is a queue that nobody took from


def looks_from(tx: Connection, now: datetime) -> datetime:
    """From when (UTC) what has ended is to be journaled: nobody is asked of what ended before there was a list."""
    began = tx.scalar(select(t.setting.c.value).where(t.setting.c.key == _FROM))
    earliest = now - LOOKS_BACK
    return max(earliest, datetime.fromisoformat(began)) if began else earliest


def ticks(tx: Connection, thread_id: int) -> dict[str, Tick]:
    """Which units have journaled the thread, by unit."""
    rows = tx.execute(select(_TICK.unit_id, _TICK.person_id, _TICK.at).where(_TICK.thread_id == thread_id))
    return {row.unit_id: Tick(**row._mapping) for row in rows}


def tick(tx: Connection, thread_id: int, unit_id: str, person_id: int, now: datetime) -> None:
    """Say that the unit has journaled the thread. Who said so first stays."""
    if unit_id not in ticks(tx, thread_id):
        row = {"thread_id": thread_id, "unit_id": unit_id, "person_id": person_id, "at": now}
        tx.execute(insert(t.journaled).values(row))


def untick(tx: Connection, thread_id: int, unit_id: str) -> None:
    """It was said by mistake."""
    tx.execute(delete(t.journaled).where(_TICK.thread_id == thread_id, _TICK.unit_id == unit_id))


def happenings(tx: Connection, thread_id: int) -> list[Happening]:
    """What people have done with the thread, in order."""
    of = t.log.c
    rows = tx.execute(
        select(of.at, of.signal, of.person_id)
        .where(of.thread_id == thread_id, of.person_id.is_not(None))
        .order_by(of.version)
    )
    return [Happening(**row._mapping) for row in rows]


def not_journaled(tx: Connection, reader: Reader, since: datetime, *, skip: int = 0, most: int = 25) -> Page:
    """Threads that ended after `since` (UTC) in which a unit of this person's has not journaled, the oldest first.

    Those that the person had a seat in or sent, and those of the units they answer for. The caller asks `may`.
    """
    who, units = reader.person_id, reader.units()
    if not units:
        return Page(ids=(), more=False)
    ended = _ended(since)
    ways: list[Select[tuple[int]]] = [
        select(_PARTY.thread_id).where(_PARTY.person_id == who, _PARTY.unit_id.in_(units), ~_done()),
        *[
            select(_PARTY.thread_id).where(
                _PARTY.unit_id == one.unit_id, _PARTY.person_id.is_(None), _PARTY.role.in_(reader.seats(one)), ~_done()
            )
            for one in reader.held
        ],
        *[
            select(_THREAD.id)
            .join(t.party, (_PARTY.thread_id == _THREAD.id) & (_PARTY.unit_id == unit))
            .where(*ended, _THREAD.sender_unit_id == unit, ~_done())
            for unit in reader.teams()
        ],
    ]
    found = tx.scalars(
        select(_THREAD.id)
        .where(*ended, _THREAD.id.in_(union(*ways)))
        .order_by(_THREAD.closed_at, _THREAD.id)
        .offset(skip)
        .limit(most + 1)
    ).all()
    return Page(ids=tuple(found[:most]), more=len(found) > most)


def behind(tx: Connection, units: Sequence[str], since: datetime) -> list[Behind]:
    """The seats whose units have not journaled what these units sent and what has ended after `since` (UTC)."""
    rows = tx.execute(
        select(_PARTY.unit_id, _PARTY.role, _PARTY.person_id, _PARTY.taken_by)
        .join(t.thread, _THREAD.id == _PARTY.thread_id)
        .where(_THREAD.sender_unit_id.in_(units), *_ended(since), ~_done())
        .distinct()
    )
    return [
        Behind(unit_id=row.unit_id, role=row.role, person_id=row.person_id or row.taken_by)
        for row in rows
    ]  # fmt: skip


def _ended(since: datetime) -> tuple[ColumnElement[bool], ...]:
    """What is to be journaled: what has been sent and has ended, and is about a case."""
    about_a_case = cast(_THREAD.marks, Text).not_like(f'%"{NO_CASE}"%')
    return _THREAD.closed_at >= since, _THREAD.state.not_in((_NEVER_SENT, SEALED)), about_a_case


def _done() -> Exists:
    """The seat's unit has journaled its thread."""
    return exists().where(_TICK.thread_id == _PARTY.thread_id, _TICK.unit_id == _PARTY.unit_id)
