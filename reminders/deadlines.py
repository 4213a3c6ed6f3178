"""Durable deadlines: what is due, claimed inside the transaction that acts on it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, func, select, update

from reminders.tables import deadline

_LONGEST_DELAY = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class DueRow:
    """A deadline row that is due. `due_at` is its original time (UTC)."""

    id: int
    thread_id: int
    step: str
    due_at: datetime
    attempts: int


_ROW = deadline.c
_DUE = (
    select(_ROW.id, _ROW.thread_id, _ROW.step, _ROW.due_at, _ROW.attempts)
    .where(_ROW.status == "armed", _ROW.due_at <= bindparam("now"))
    .order_by(_ROW.due_at, _ROW.id)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
)
_NEXT = select(func.min(_ROW.due_at)).where(_ROW.status == "armed")


def claim_due(tx: Connection, now: datetime, limit: int) -> list[DueRow]:
    """The rows due at `now` (care time, UTC), oldest first, locked until the caller's transaction ends.

    Two workers never get the same row: on PostgreSQL locked rows are skipped, on SQLite there is one writer.
    """
    return [DueRow(**row._mapping) for row in tx.execute(_DUE, {"now": now, "limit": limit})]


def next_due(tx: Connection) -> datetime | None:
    """When the next rung of any deadline is due (care time, UTC), or None when nothing waits."""
    found: datetime | None = tx.scalar(_NEXT)
    return found


def postpone(tx: Connection, row: DueRow, now: datetime) -> None:
    """Put a row off that could not be acted on: twice as long for each attempt, an hour at the most."""
    delay = min(timedelta(minutes=1) * 2**row.attempts, _LONGEST_DELAY)
    tx.execute(update(deadline).where(deadline.c.id == row.id).values(attempts=row.attempts + 1, due_at=now + delay))
