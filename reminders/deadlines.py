"""Durable deadlines: what is due, claimed inside the transaction that acts on it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select, update

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


def claim_due(tx: Connection, now: datetime, limit: int) -> list[DueRow]:
    """The rows due at `now` (care time, UTC), oldest first, locked until the caller's transaction ends.

    Two workers never get the same row: on PostgreSQL locked rows are skipped, on SQLite there is one writer.
    """
    table = deadline
    rows = tx.execute(
        select(table.c.id, table.c.thread_id, table.c.step, table.c.due_at, table.c.attempts)
        .where(table.c.status == "armed", table.c.due_at <= now)
        .order_by(table.c.due_at, table.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return [DueRow(**row._mapping) for row in rows]


def next_due(tx: Connection) -> datetime | None:
    """When the next rung of any deadline is due (care time, UTC), or None when nothing waits."""
    found: datetime | None = tx.scalar(select(func.min(deadline.c.due_at)).where(deadline.c.status == "armed"))
    return found


def postpone(tx: Connection, row: DueRow, now: datetime) -> None:
    """Put a row off that could not be acted on: twice as long for each attempt, an hour at the most."""
    delay = min(timedelta(minutes=1) * 2**row.attempts, _LONGEST_DELAY)
    tx.execute(update(deadline).where(deadline.c.id == row.id).values(attempts=row.attempts + 1, due_at=now + delay))
