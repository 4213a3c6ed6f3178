"""Durable deadlines: what is due, claimed inside the transaction that acts on it."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, func, select, update

from reminders.tables import deadline

_LOG = logging.getLogger("stafett.deadlines")

_LONGEST_DELAY = timedelta(hours=1)
STUCK = 5  # so many attempts in vain, half an hour, and somebody has to look at the row


@dataclass(frozen=True, kw_only=True)
class DueRow:
    """A deadline row that is due. `due_at` is its original time (UTC), also when it has been put off since."""

    id: int
    thread_id: int
    step: str
    due_at: datetime
    attempts: int


_ROW = deadline.c
_PLANNED = func.coalesce(_ROW.original_due_at, _ROW.due_at, type_=_ROW.due_at.type)
# In the order of `due_at`, the time to act: a row that is put off stands behind those that have not been tried.
_DUE = (
    select(_ROW.id, _ROW.thread_id, _ROW.step, _PLANNED.label("due_at"), _ROW.attempts)
    .where(_ROW.status == "armed", _ROW.due_at <= bindparam("now"))
    .order_by(_ROW.due_at, _ROW.id)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
)
_NEXT = select(func.min(_ROW.due_at)).where(_ROW.status == "armed")
_PUT_OFF = (
    update(deadline)
    .where(_ROW.id == bindparam("row"), _ROW.status == "armed", _ROW.due_at <= bindparam("now"))
    .values(attempts=_ROW.attempts + 1, due_at=bindparam("until", type_=_ROW.due_at.type), original_due_at=_PLANNED)
)


def claim_due(tx: Connection, now: datetime, limit: int) -> list[DueRow]:
    """The rows due at `now` (care time, UTC), oldest first, locked until the caller's transaction ends.

    Two workers never get the same row: on PostgreSQL locked rows are skipped, on SQLite there is one writer. Whoever
    has claimed must not wait for the lock of a thread: a turn has that first, and then ends the thread's deadlines.
    """
    return [DueRow(**row._mapping) for row in tx.execute(_DUE, {"now": now, "limit": limit})]


def next_due(tx: Connection) -> datetime | None:
    """When the clock next has something to do (care time, UTC), or None when nothing waits."""
    found: datetime | None = tx.scalar(_NEXT)
    return found


def postpone(tx: Connection, row: DueRow, now: datetime) -> None:
    """Put a row off that could not be acted on: twice as long for each attempt, an hour at the most.

    It keeps the time it should have been acted on, and is never given up. A row that is no longer due is left alone.
    """
    until = now + min(timedelta(minutes=1) * 2 ** min(row.attempts, 10), _LONGEST_DELAY)
    done = tx.execute(_PUT_OFF, {"row": row.id, "now": now, "until": until})
    if done.rowcount and row.attempts + 1 >= STUCK:
        _LOG.critical(
            "deadline %s of thread %s has failed %s times and is tried again every hour",
            row.id, row.thread_id, row.attempts + 1,
        )  # fmt: skip
