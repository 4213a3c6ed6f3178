"""Which activities have been done: a repeated one is known by its row, in the same transaction as what it did."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from cases import tables as t
from cases.statements import Statement, values_of

_KNOWN_FOR = timedelta(days=2)  # far longer than Teams goes on repeating

_VALUES = values_of(t.inbound, "activity_key", "thread_id", "at")
_NEW = Statement(
    {
        "sqlite": sqlite.insert(t.inbound).values(_VALUES).on_conflict_do_nothing(),
        "postgresql": postgresql.insert(t.inbound).values(_VALUES).on_conflict_do_nothing(),
    }
)
_THREAD = Statement(select(t.inbound.c.thread_id).where(t.inbound.c.activity_key == bindparam("key")))


def is_new(tx: Connection, key: str, thread_id: int | None, now: datetime) -> bool:
    """Claim an activity; False when it has been done before. `now` is machine time."""
    return _NEW.run(tx, {"activity_key": key, "thread_id": thread_id, "at": now}) == 1


def thread_of(tx: Connection, key: str) -> int | None:
    """The thread that a done activity was about."""
    found: int | None = _THREAD.scalar(tx, {"key": key})
    return found


def name_thread(tx: Connection, key: str, thread_id: int) -> None:
    """Say afterwards which thread the activity made."""
    tx.execute(update(t.inbound).where(t.inbound.c.activity_key == key).values(thread_id=thread_id))


def tidy(tx: Connection, now: datetime) -> None:
    """Forget the activities that cannot be repeated any more."""
    tx.execute(delete(t.inbound).where(t.inbound.c.at < now - _KNOWN_FOR))
