"""How many of the routine's limits are kept, by unit, rule and month: added up once a night and read as they stand.

Only a limit that the routine itself gives is counted: after «Försenat efter» (`hard`) it is late, before it nothing is,
and «Senast» (`soft`) is the stricter reading that the reminders follow. Stafett's own default times have no such limit
and never come in here. A limit belongs to the month in which it was settled: handled, or passed without being handled.

As for `cases.thread_figures` there is one table of one grain and no totals: none can be subtracted from another.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, exists, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from cases import tables as t
from cases.policy import Act, OfUnit, Who, decide
from cases.thread_figures import SMALLEST, counts
from reminders.localtime import Month, to_local

TOGETHER = 500  # ended deadlines of a transaction
LOOKED_AT = 20_000  # deadlines that one transaction looks through for those that run and are late
AT = time(1, 30)  # local: when the night's count is made
_DONE = "on_time_counted_on"  # in `setting`
# A draft's own limit is part of sending it, and the jour's word is not to be handled but ends by itself.
_NOT_TO_BE_HANDLED = ("unsent", "mandate")
PARTS = ("by_soft", "by_hard", "late", "open")

_ROW, _THREAD, _FIGURE, _SETTING = t.deadline.c, t.thread.c, t.on_time_figure.c, t.setting.c
Key = tuple[str, date, str, str]  # unit, month, profile, rule


@dataclass(frozen=True, kw_only=True)
class Figure:
    """The limits of one rule in a unit that were settled in a month (its first day, local).

    `by_soft` were handled at the latest at «Senast», `by_hard` after it but before anything was late, `late` when it
    was late, and `open` are late and were not handled when it was last counted.
    """

    unit_id: str
    month: date
    profile: str
    rule: str
    by_soft: int = 0
    by_hard: int = 0
    late: int = 0
    open: int = 0

    @property
    def in_time(self) -> int:
        return self.by_soft + self.by_hard

    @property
    def total(self) -> int:
        return self.in_time + self.late + self.open


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A figure as it may be shown: None stands for what could tell of somebody. `rate` is whole per cent in time, and
    100 only when all were; `after_soft` is how many of those in time were handled after «Senast»."""

    month: date
    profile: str
    rule: str
    total: int | None = None
    in_time: int | None = None
    late: int | None = None
    open: int | None = None
    after_soft: int | None = None
    rate: int | None = None


def shown(figure: Figure) -> Shown:
    """The figure without what is smaller than five, and without what such a part could be worked out from."""
    named: dict[str, Any] = {"month": figure.month, "profile": figure.profile, "rule": figure.rule}
    late = figure.late + figure.open
    if figure.total < SMALLEST:
        return Shown(**named)
    if not _told(figure.in_time, late):
        return Shown(**named, total=figure.total)
    split, soft = _told(figure.late, figure.open), _told(figure.by_soft, figure.by_hard)
    return Shown(
        **named, total=figure.total, in_time=figure.in_time, rate=figure.in_time * 100 // figure.total,
        late=figure.late if split else None, open=figure.open if split else None,
        after_soft=figure.by_hard if soft else None,
    )  # fmt: skip


def _told(*parts: int) -> bool:
    return all(part == 0 or part >= SMALLEST for part in parts)


# --- reading -----------------------------------------------------------------------------------------------------


def shares(who: Who) -> list[str]:
    """The units whose figures this person may see."""
    units = dict.fromkeys(one.unit_id for one in who.directory.memberships(who.person_id))
    return [unit_id for unit_id in units if decide(who, Act.STATISTICS, OfUnit(unit_id=unit_id))]


def of_unit(tx: Connection, unit_id: str, first: Month, last: Month) -> list[Figure]:
    """The unit's figures from `first` to `last`, both inclusive, by rule and then month. The caller asks the policy."""
    query = (
        select(t.on_time_figure)
        .where(_FIGURE.unit_id == unit_id, _FIGURE.month >= first.day(1), _FIGURE.month <= last.day(1))
        .order_by(_FIGURE.profile, _FIGURE.rule, _FIGURE.month)
    )
    figures = [Figure(**row._mapping) for row in tx.execute(query)]
    return [one for one in figures if one.total]


def counted_on(tx: Connection) -> date | None:
    """The local day on which the figures were last counted, or None before the first time."""
    found = tx.scalar(select(_SETTING.value).where(_SETTING.key == _DONE))
    return date.fromisoformat(found) if found else None


# --- counting ----------------------------------------------------------------------------------------------------


def day_to_count(tx: Connection, now: datetime) -> date | None:
    """The local day whose count is to be made now, or None when it is done or the night has not come. The first count
    of all is made at once. `now` is care time (UTC)."""
    local, done = to_local(now), counted_on(tx)
    if done is None:
        return local.date()
    return local.date() if local.date() > done and local.time() >= AT else None


def count_ended(tx: Connection, now: datetime, most: int = TOGETHER, *, among: Sequence[int] | None = None) -> int:
    """Add a batch of deadlines that have ended to the figures; how many were looked at, 0 when none is left.

    Each is looked at once. `among` keeps to these threads, for whoever is about to remove them. The caller commits.
    """
    found = tx.execute(_ended(most, among)).all()
    if not found:
        return 0
    added = Counter[tuple[Key, str]]()
    for row in found:
        part = _part(row)
        if part:
            settled = row.hard_at if part == "late" else row.ended_at
            added[(row.unit_id or row.sender_unit_id, _month(settled), row.profile, row.rule), part] += 1
    seen = update(t.deadline).where(_ROW.id.in_([row.id for row in found]))
    tx.execute(seen.values(counted_at=now))
    _add(tx, added)
    return len(found)


def late_and_open(tx: Connection, now: datetime, after: int = 0) -> tuple[Counter[Key], int | None]:
    """Of a stretch of the deadlines, those that run and are late; and where the next stretch begins, or None."""
    until = after + LOOKED_AT
    holder = func.coalesce(t.party.c.unit_id, _THREAD.sender_unit_id).label("unit_id")
    query = (
        select(_ROW.hard_at, _ROW.rule, _THREAD.profile, holder)
        .join_from(t.deadline, t.thread, _THREAD.id == _ROW.thread_id)
        .outerjoin(t.party, t.party.c.id == _THREAD.owner_party_id)
        .where(_ROW.id > after, _ROW.id <= until, _ROW.status + "" == "armed", _ROW.hard_at < now)
        .where(counts(), _THREAD.closed_at.is_(None), _ROW.step.not_in(_NOT_TO_BE_HANDLED))
    )
    found = Counter((row.unit_id, _month(row.hard_at), row.profile, row.rule) for row in tx.execute(query))
    return found, until if until < (tx.scalar(select(func.max(_ROW.id))) or 0) else None


def finish(tx: Connection, late: Counter[Key], day: date) -> None:
    """Let `late` take the place of what was late and open the night before, and note that the day is counted."""
    tx.execute(update(t.on_time_figure).where(_FIGURE.open > 0).values(open=0))
    _add(tx, Counter({(key, "open"): number for key, number in late.items()}))
    if not tx.execute(update(t.setting).where(_SETTING.key == _DONE).values(value=day.isoformat())).rowcount:
        tx.execute(insert(t.setting).values(key=_DONE, value=day.isoformat()))


# --- pieces ------------------------------------------------------------------------------------------------------


def _ended(most: int, among: Sequence[int] | None) -> Select[Any]:
    """Deadlines that have ended and are not counted yet; `is_counted` is false for what no figure is made of."""
    query = (
        select(
            _ROW.id, _ROW.rule, _ROW.step, _ROW.soft_at, _ROW.hard_at, _ROW.ended_at, _ROW.unit_id,
            _THREAD.profile, _THREAD.sender_unit_id, counts().label("is_counted"),
            _begun_anew().label("is_begun_anew"),
        )
        .join_from(t.deadline, t.thread, _THREAD.id == _ROW.thread_id)
        .where(_ROW.ended_at.is_not(None), _ROW.counted_at.is_(None))
        .order_by(_ROW.id)
        .limit(most)
        .with_for_update(of=t.deadline, skip_locked=True)
    )  # fmt: skip
    return query if among is None else query.where(_ROW.thread_id.in_(among))


def _part(row: Any) -> str:
    """Which part of the figure it is, or nothing. What began anew before it was late has not been settled."""
    if not row.is_counted or row.hard_at is None or row.step in _NOT_TO_BE_HANDLED:
        return ""
    if row.ended_at > row.hard_at:
        return "late"
    if row.is_begun_anew:
        return ""
    return "by_hard" if row.soft_at is not None and row.ended_at > row.soft_at else "by_soft"


def _begun_anew() -> Any:
    """Whether the deadline ended because the same step was started again."""
    later = t.deadline.alias()
    return exists().where(
        later.c.thread_id == _ROW.thread_id, later.c.step == _ROW.step, later.c.round == _ROW.round + 1,
        later.c.armed_at == _ROW.ended_at,
    )  # fmt: skip


@lru_cache(maxsize=4_096)  # many limits are the end of the same few days
def _month(instant: datetime) -> date:
    return to_local(instant).date().replace(day=1)


def _add(tx: Connection, added: "Counter[tuple[Key, str]]") -> None:
    """Add to the figures, in one order, so that two replicas never wait for each other."""
    new = (sqlite if tx.dialect.name == "sqlite" else postgresql).insert(t.on_time_figure)
    keys = [_FIGURE.unit_id, _FIGURE.month, _FIGURE.profile, _FIGURE.rule]
    more = {part: _FIGURE[part] + new.excluded[part] for part in PARTS}
    add = new.on_conflict_do_update(index_elements=keys, set_=more)
    rows = [
        {"unit_id": unit_id, "month": month, "profile": profile, "rule": rule}
        | {part: added[(unit_id, month, profile, rule), part] for part in PARTS}
        for unit_id, month, profile, rule in sorted({key for key, _ in added})
    ]
    if rows:
        tx.execute(add, rows)
