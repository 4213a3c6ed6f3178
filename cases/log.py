"""Questions to the log of what has happened to a thread."""

from sqlalchemy import Connection, bindparam, select

from cases import tables as t
from cases.statements import Statement

_SINCE = select(t.log.c.id).where(t.log.c.thread_id == bindparam("thread"), t.log.c.version > bindparam("version"))
_SIGNAL = Statement(_SINCE.where(t.log.c.signal == bindparam("signal")).limit(1))
_MOVED = Statement(_SINCE.where(t.log.c.from_state != t.log.c.to_state).limit(1))


def has_since(tx: Connection, thread_id: int, version: int, signal: str) -> bool:
    """Whether this signal has been given after this version."""
    return _SIGNAL.scalar(tx, {"thread": thread_id, "version": version, "signal": signal}) is not None


def moved_since(tx: Connection, thread_id: int, version: int) -> bool:
    """Whether the thread's state has changed after this version: then a reminder of the clock is no longer wanted."""
    return _MOVED.scalar(tx, {"thread": thread_id, "version": version}) is not None
