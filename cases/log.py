"""Questions to the log of what has happened to a thread."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, or_, select

from cases import tables as t
from cases.statements import Statement

_SINCE = select(t.log.c.id).where(t.log.c.thread_id == bindparam("thread"), t.log.c.version > bindparam("version"))
_SIGNAL = Statement(_SINCE.where(t.log.c.signal == bindparam("signal")).limit(1))
_TOLD = Statement(
    select(*(t.log.c[name] for name in ("at", "by", "person_id", "signal", "from_state", "to_state")))
    .where(t.log.c.thread_id == bindparam("thread"))
    .where(or_(t.log.c.by == "person", t.log.c.from_state != t.log.c.to_state))
    .order_by(t.log.c.id.desc())
    .limit(bindparam("most"))
)
_GIVEN = Statement(
    select(t.log.c.id)
    .where(t.log.c.thread_id == bindparam("thread"), t.log.c.person_id == bindparam("person"))
    .where(t.log.c.signal == bindparam("signal"))
    .limit(1)
)
_MOVED = Statement(_SINCE.where(t.log.c.from_state != t.log.c.to_state).limit(1))


@dataclass(frozen=True, kw_only=True)
class Told:
    """One line of the log. `at` is care time (UTC)."""

    at: datetime
    by: str
    person_id: int | None
    signal: str
    from_state: str
    to_state: str


def told(tx: Connection, thread_id: int, most: int) -> list[Told]:
    """The latest that people did to a thread or that changed its state, the newest first."""
    rows = _TOLD.rows(tx, {"thread": thread_id, "most": most})
    names = tuple(Told.__dataclass_fields__)
    return [Told(**dict(zip(names, row, strict=True))) for row in rows]


def has_since(tx: Connection, thread_id: int, version: int, signal: str) -> bool:
    """Whether this signal has been given after this version."""
    return _SIGNAL.scalar(tx, {"thread": thread_id, "version": version, "signal": signal}) is not None


def has_given(tx: Connection, thread_id: int, person_id: int, signal: str) -> bool:
    """Whether this person has given this signal to the thread before."""
    return _GIVEN.scalar(tx, {"thread": thread_id, "person": person_id, "signal": signal}) is not None


def has_given_any(tx: Connection, thread_id: int, person_id: int, signals: Collection[str]) -> bool:
    """Whether this person has given any of these signals to the thread."""
    return any(has_given(tx, thread_id, person_id, one) for one in signals)


def given_since(tx: Connection, thread_id: int, signals: Collection[str], at: datetime) -> bool:
    """Whether a person has given any of these signals since then (care time, UTC)."""
    mine = (t.log.c.thread_id == thread_id, t.log.c.at >= at, t.log.c.by == "person", t.log.c.signal.in_(signals))
    return tx.scalar(select(t.log.c.id).where(*mine).limit(1)) is not None


def moved_since(tx: Connection, thread_id: int, version: int) -> bool:
    """Whether the thread's state has changed after this version: then a reminder of the clock is no longer wanted."""
    return _MOVED.scalar(tx, {"thread": thread_id, "version": version}) is not None
