"""What an operator should know of the outbox: what this process has sent, and what is late, stuck or set aside."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, literal_column, select

from cases import tables as t
from cases.lanes import URGENT
from cases.outbox import IS_ASIDE, IS_WAITING

_BOX = t.outbox.c
_LATE = select(
    func.count(), func.min(_BOX.created_at, type_=_BOX.created_at.type)
).where(IS_WAITING, _BOX.lane == literal_column(str(URGENT)))  # fmt: skip
_ASIDE = select(func.count()).where(IS_ASIDE)


@dataclass(kw_only=True)
class Tally:
    """Counted since this process started. `bundled` are reminders that went in a card with others."""

    sent: int = 0
    bundled: int = 0
    retried: int = 0
    undeliverable: int = 0
    set_aside: int = 0
    doubled: int = 0  # sent again though an earlier send had got through
    stale: int = 0  # given back unsent, because the process had stood still
    throttled_tenant: int = 0
    urgent_late: int = 0  # at the last look


@dataclass(frozen=True, kw_only=True)
class Late:
    """Urgent rows that have waited longer than they should, and how long the oldest has; rows that are set aside."""

    urgent: int
    oldest: timedelta
    set_aside: int


def late(tx: Connection, now: datetime, patience: timedelta) -> Late:
    """What is late at `now` (machine time)."""
    since = now - patience
    count, oldest = tx.execute(_LATE.where(_BOX.created_at <= since)).one()
    return Late(
        urgent=count, oldest=now - oldest if oldest else timedelta(), set_aside=tx.scalar(_ASIDE) or 0
    )  # fmt: skip
