"""What lies in the outbox, for whoever must see to it: what waits too long, and what has been set aside."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, or_, select, update

from cases import tables as t
from cases.outbox import IS_ASIDE, IS_WAITING, QUIET

_BOX = t.outbox.c
_MOST = 200


@dataclass(frozen=True, kw_only=True)
class Lying:
    """One row: ids and codes, no content. Times are UTC."""

    id: int
    status: str
    lane: int
    kind: str
    thread_id: int
    person_id: int
    text: str
    attempts: int
    failure: str | None
    created_at: datetime
    not_before: datetime
    finished_at: datetime | None  # when it was set aside


def lying(tx: Connection, now: datetime, patience: timedelta) -> list[Lying]:
    """Rows set aside, and rows that have waited longer than `patience` or have failed; the most urgent first.

    What waits for the end of quiet hours has not been stuck.
    """
    rows = tx.execute(
        select(*(_BOX[name] for name in Lying.__dataclass_fields__))
        .where(or_(IS_ASIDE, IS_WAITING))
        .where(or_(IS_ASIDE, _BOX.created_at <= now - patience, _BOX.failure.is_not(None)))
        .where(or_(IS_ASIDE, _BOX.failure.is_(None), ~_BOX.failure.startswith(QUIET), _BOX.not_before <= now))
        .order_by(_BOX.status, _BOX.lane, _BOX.id)
        .limit(_MOST)
    )
    return [Lying(**row._mapping) for row in rows]


def retry(tx: Connection, row_id: int, now: datetime) -> bool:
    """Let a row that is set aside be tried again from the start; False when there is no such row."""
    done = tx.execute(
        update(t.outbox)
        .where(_BOX.id == row_id, IS_ASIDE)
        .values(
            status="waiting", attempts=0, lost=0, failure=None, not_before=now, claimed_until=None, finished_at=None
        )
    )
    return done.rowcount == 1
