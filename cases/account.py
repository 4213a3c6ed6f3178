"""The account of who saw and did what, and the counters that stand for what is not stored."""

from datetime import date, datetime

from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

from cases import tables as t
from cases.statements import Statement, new_row

_NEW = Statement(new_row(t.audit, "at", "person_id", "action", "thread_id", "signal", "outcome", "reason"))


_DAY = [t.counter.c.name, t.counter.c.day]
_MORE = {"n": t.counter.c.n + 1}
_ONE_MORE = {
    "sqlite": sqlite.insert(t.counter).on_conflict_do_update(index_elements=_DAY, set_=_MORE),
    "postgresql": postgresql.insert(t.counter).on_conflict_do_update(index_elements=_DAY, set_=_MORE),
}


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
    _NEW.run(tx, row)


def count(tx: Connection, name: str, day: date) -> None:
    """Count one more of something on a local date."""
    tx.execute(_ONE_MORE[tx.dialect.name], {"name": name, "day": day, "n": 1})
