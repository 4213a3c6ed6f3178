"""Which activities have been done: a repeated one is known by its row, in the same transaction as what it did."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from cases import tables as t

_KNOWN_FOR = timedelta(days=2)  # far longer than Teams goes on repeating

_NEW = {
    "sqlite": sqlite.insert(t.inbound).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(t.inbound).on_conflict_do_nothing(),
}
_THREAD = select(t.inbound.c.thread_id).where(t.inbound.c.activity_key == bindparam("key"))


def is_new(tx: Connection, key: str, thread_id: int | None, now: datetime) -> bool:
    """Claim an activity; False when it has been done before. `now` is machine time."""
    done = tx.execute(_NEW[tx.dialect.name], {"activity_key": key, "thread_id": thread_id, "at": now})
    return done.rowcount == 1


def thread_of(tx: Connection, key: str) -> int | None:
    """The thread that a done activity was about."""
    found: int | None = tx.scalar(_THREAD, {"key": key})
    return found


def name_thread(tx: Connection, key: str, thread_id: int) -> None:
    """Say afterwards which thread the activity made."""
    tx.execute(update(t.inbound).where(t.inbound.c.activity_key == key).values(thread_id=thread_id))


def tidy(tx: Connection, now: datetime) -> None:
    """Forget the activities that cannot be repeated any more."""
    tx.execute(delete(t.inbound).where(t.inbound.c.at < now - _KNOWN_FOR))
