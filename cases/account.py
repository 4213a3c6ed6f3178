"""The account of who saw and did what, and the counters that stand for what is not stored."""

from datetime import date, datetime

from sqlalchemy import Connection, insert, update

from cases import tables as t

_NEW = insert(t.audit)


def note(
    tx: Connection,
    now: datetime,
    *,
    person_id: int | None,
    action: str,
    outcome: str,
    thread_id: int | None = None,
    signal: str = "",
    reason: str = "",
) -> None:
    """One audit row: `action` is view, signal, search, config or denied; `reason` is a code, never content."""
    row = {
        "at": now, "person_id": person_id, "action": action, "thread_id": thread_id, "signal": signal,
        "outcome": outcome, "reason": reason,
    }  # fmt: skip
    tx.execute(_NEW, row)


def count(tx: Connection, name: str, day: date) -> None:
    """Count one more of something on a local date."""
    table = t.counter
    done = tx.execute(update(table).where(table.c.name == name, table.c.day == day).values(n=table.c.n + 1))
    if done.rowcount == 0:
        tx.execute(insert(table).values(name=name, day=day, n=1))
