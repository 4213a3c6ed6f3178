"""What an operator should know of errands: what waits, what is late, and what has been set aside."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, func, or_, select, update

from cases import tables as t
from cases.errands import IS_ASIDE, IS_WAITING

_ROW = t.errand.c
_MOST = 200
_FIRST = func.min(_ROW.not_before, type_=_ROW.not_before.type)
_DUE = (
    select(_ROW.kind, func.count().label("waiting"), _FIRST.label("first"))
    .where(IS_WAITING, _ROW.not_before <= bindparam("care", type_=_ROW.not_before.type))
    .group_by(_ROW.kind)
)
_ASIDE = select(func.count()).where(IS_ASIDE)


@dataclass(frozen=True, kw_only=True)
class Due:
    """Errands of a kind that should have been done, and for how long the first of them has waited (seconds)."""

    waiting: int
    oldest: float


@dataclass(frozen=True, kw_only=True)
class LyingErrand:
    """One errand: ids and codes, no content. Times are UTC."""

    id: int
    status: str
    kind: str
    thread_id: int | None
    person_id: int | None
    unit_id: str | None
    what: str
    attempts: int
    failure: str | None
    not_before: datetime  # care time
    retry_at: datetime | None
    finished_at: datetime | None  # when it was set aside


def due(tx: Connection, care: datetime) -> Mapping[str, Due]:
    """What should have been done at `care` (care time), by kind."""
    found = tx.execute(_DUE, {"care": care})
    return {row.kind: Due(waiting=row.waiting, oldest=(care - row.first).total_seconds()) for row in found}


def set_aside(tx: Connection) -> int:
    return tx.scalar(_ASIDE) or 0


def lying(tx: Connection, care: datetime, patience: timedelta) -> list[LyingErrand]:
    """Errands set aside, and those that should have been done longer ago than `patience`, or have failed."""
    late = or_(_ROW.not_before <= care - patience, _ROW.failure.is_not(None))
    rows = tx.execute(
        select(*(_ROW[name] for name in LyingErrand.__dataclass_fields__))
        .where(or_(IS_ASIDE, IS_WAITING & late))
        .order_by(_ROW.status, _ROW.lane, _ROW.id)
        .limit(_MOST)
    )
    return [LyingErrand(**row._mapping) for row in rows]


def retry(tx: Connection, errand_id: int) -> bool:
    """Let an errand that is set aside be tried again from the start; False when there is no such errand."""
    again = {
        "status": "waiting", "attempts": 0, "lost": 0, "failure": None, "retry_at": None, "claimed_until": None,
        "finished_at": None,
    }  # fmt: skip
    return tx.execute(update(t.errand).where(_ROW.id == errand_id, IS_ASIDE).values(again)).rowcount == 1
