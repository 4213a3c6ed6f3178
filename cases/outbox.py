"""The outbox: rows written with the change they tell of, claimed in batches, and never forgotten."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, case, func, or_, select, update

from cases import tables as t
from cases.write import URGENT

WAITING, SENT, UNDELIVERABLE, SUPERSEDED = "waiting", "sent", "undeliverable", "superseded"


@dataclass(frozen=True, kw_only=True)
class Row:
    """One message to one person. It carries ids and a text key; the card is drawn when it is sent."""

    id: int
    lane: int
    kind: str
    thread_id: int
    version: int
    person_id: int
    text: str
    original_due_at: datetime | None
    attempts: int

    @property
    def urgent(self) -> bool:
        return self.lane == URGENT


_COLUMNS = [t.outbox.c[name] for name in Row.__dataclass_fields__]


def claim(tx: Connection, now: datetime, lease: timedelta, limit: int) -> list[Row]:
    """Take rows that may be sent: urgent first, one per person at a time, leased to the caller. `now` is machine time.

    The lease must be longer than a send's time-out: only then is a second sender of the same row impossible.
    """
    table = t.outbox
    free = or_(table.c.claimed_until.is_(None), table.c.claimed_until <= now)
    under_way = select(table.c.person_id).where(table.c.status == WAITING, table.c.claimed_until > now)
    rows = tx.execute(
        select(*_COLUMNS)
        .where(table.c.status == WAITING, table.c.not_before <= now, free, table.c.person_id.not_in(under_way))
        .order_by(table.c.lane, table.c.id)
        .limit(limit * 4)
        .with_for_update(skip_locked=True)
    )
    first_of: dict[int, Row] = {}
    for row in rows:
        first_of.setdefault(row.person_id, Row(**row._mapping))
    taken = list(first_of.values())[:limit]
    if taken:
        tx.execute(
            update(table).where(table.c.id.in_([row.id for row in taken])).values(
                claimed_until=now + lease, attempts=table.c.attempts + 1
            )
        )  # fmt: skip
    return taken


def finish(
    tx: Connection,
    row_id: int,
    status: str,
    now: datetime,
    *,
    external_id: str | None = None,
    failure: str | None = None,
) -> None:
    """Write down what came of a row, for good."""
    tx.execute(
        update(t.outbox)
        .where(t.outbox.c.id == row_id)
        .values(status=status, external_id=external_id, failure=failure, finished_at=now, claimed_until=None)
    )


def put_back(tx: Connection, row_id: int, not_before: datetime, failure: str) -> None:
    """Give a row back, to be tried again at `not_before` (machine time)."""
    tx.execute(
        update(t.outbox)
        .where(t.outbox.c.id == row_id)
        .values(not_before=not_before, claimed_until=None, failure=failure)
    )


def next_time(tx: Connection) -> datetime | None:
    """When the next waiting row may be sent or its lease runs out (machine time), or None."""
    table = t.outbox
    leased = func.coalesce(table.c.claimed_until, table.c.not_before)
    later = case((leased > table.c.not_before, leased), else_=table.c.not_before)
    found: datetime | None = tx.scalar(
        select(func.min(later, type_=table.c.not_before.type)).where(table.c.status == WAITING)
    )
    return found


def waiting_count(tx: Connection) -> int:
    return int(tx.scalar(select(func.count()).select_from(t.outbox).where(t.outbox.c.status == WAITING)) or 0)


def also_told(tx: Connection, row: Row) -> set[int]:
    """Others who get, or have got, the same message: a seat is undeliverable only when nobody in it is reached."""
    table = t.outbox
    rows = tx.execute(
        select(table.c.person_id).where(
            table.c.thread_id == row.thread_id,
            table.c.version == row.version,
            table.c.text == row.text,
            table.c.kind == "message",
            table.c.status.in_((WAITING, SENT)),
            table.c.id != row.id,
        )
    )
    return {found.person_id for found in rows}


def moved_since(tx: Connection, thread_id: int, version: int) -> bool:
    """Whether the thread's state has changed after this version: then a reminder of the clock is no longer wanted."""
    log = t.log
    return (
        tx.scalar(
            select(log.c.id)
            .where(log.c.thread_id == thread_id, log.c.version > version, log.c.from_state != log.c.to_state)
            .limit(1)
        )
        is not None
    )
