"""What the record holds that an operator must know: how much waits, how long, and how late the clock is.

The statements read index ranges that are short in health: what waits to be sent and what is due within the hour.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, bindparam, case, func, literal_column, or_, select

from cases import errand_figures, heartbeat
from cases import tables as t
from cases.errand_figures import Due
from cases.outbox import IS_WAITING

_BOX, _ROW = t.outbox.c, t.deadline.c
_WITHIN = timedelta(hours=1)  # the longest that a faulty deadline is put off

_FREE = and_(
    _BOX.not_before <= bindparam("now"), or_(_BOX.claimed_until.is_(None), _BOX.claimed_until <= bindparam("now"))
)
# A row is free to go when neither a back-off nor a lease holds it, and since the later of the two.
_SINCE = case((_BOX.claimed_until > _BOX.not_before, _BOX.claimed_until), else_=_BOX.not_before)
_LANES = (
    select(
        _BOX.lane,
        func.count().label("waiting"),
        func.min(_BOX.created_at, type_=_BOX.created_at.type).label("oldest"),
        func.min(case((_FREE, _SINCE)), type_=_BOX.created_at.type).label("free_since"),
    )
    .where(IS_WAITING)
    .group_by(_BOX.lane)
)
_ASIDE = select(func.count()).where(_BOX.status == literal_column("'set_aside'"))
_LATEST = select(func.min(_ROW.due_at, type_=_ROW.due_at.type)).where(_ROW.status == "armed")
_RETRIED = select(func.count()).where(
    _ROW.status == "armed", _ROW.due_at > bindparam("now"), _ROW.due_at <= bindparam("soon"), _ROW.attempts > 0
)
_SETTINGS = select(t.setting.c.key, t.setting.c.value).where(t.setting.c.key.in_(("roster_version", heartbeat.CAME)))


@dataclass(frozen=True, kw_only=True)
class Lane:
    """`oldest` is the age of the oldest row, `overdue` how long one has been free to go; seconds."""

    waiting: int
    oldest: float
    overdue: float


@dataclass(frozen=True, kw_only=True)
class Figures:
    """`late` is how long, in seconds of care time, the earliest due deadline has not been fired; `heartbeat` when a
    message of Stafett's own last came all the way (machine time, UTC)."""

    lanes: Mapping[int, Lane] = field(default_factory=dict)
    set_aside: int = 0
    late: float = 0.0
    retried: int = 0
    roster_version: int = 0
    errands: Mapping[str, Due] = field(default_factory=dict)
    errands_aside: int = 0
    heartbeat: datetime | None = None


def read(tx: Connection, care: datetime, machine: datetime) -> Figures:
    """The figures now. `care` is the clock of the rules, `machine` that of the outbox; both UTC."""
    earliest = tx.scalar(_LATEST)
    settings = {row.key: row.value for row in tx.execute(_SETTINGS)}
    came = settings.get(heartbeat.CAME)
    return Figures(
        lanes={
            row.lane: Lane(
                waiting=row.waiting, oldest=_seconds(row.oldest, machine), overdue=_seconds(row.free_since, machine)
            )
            for row in tx.execute(_LANES, {"now": machine})
        },
        set_aside=tx.scalar(_ASIDE) or 0,
        late=_seconds(earliest, care),
        retried=tx.scalar(_RETRIED, {"now": care, "soon": care + _WITHIN}) or 0,
        roster_version=int(settings.get("roster_version", "0").partition(".")[0]),
        errands=errand_figures.due(tx, care), errands_aside=errand_figures.set_aside(tx),
        heartbeat=datetime.fromisoformat(came) if came else None,
    )  # fmt: skip


def _seconds(since: datetime | None, now: datetime) -> float:
    return 0.0 if since is None else max((now - since).total_seconds(), 0.0)
