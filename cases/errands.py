"""Errands: written with the change that asks for them, claimed in batches, and never forgotten.

An errand is done once: its key is unique here, and the far side is told the key where it can keep two apart. Care time
decides when an errand may be done at the earliest; machine time decides about leases and the pauses between tries.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, case, func, literal_column, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from cases import tables as t
from cases.outbox import SENT, SET_ASIDE, SUPERSEDED, UNDELIVERABLE, WAITING
from cases.statements import Statement, values_of
from cases.telling import Change

__all__ = [
    "DONE", "SET_ASIDE", "SUPERSEDED", "UNDELIVERABLE", "WAITING", "Errand", "Free", "add", "claim", "finish",
    "next_times", "put_back",
]  # fmt: skip

MAIL, LIST = "mail", "list"
DONE = SENT
URGENT, NORMAL = 0, 1
_LONGEST_FAILURE = 40


@dataclass(frozen=True, kw_only=True)
class Errand:
    """One errand. It carries ids and a text key; what goes out is made when it goes.

    `leased_until` says whose lease it is: an answer that comes after another process has taken it changes nothing.
    """

    id: int
    kind: str
    key: str
    lane: int
    person_id: int | None
    unit_id: str | None
    thread_id: int | None
    what: str
    not_before: datetime  # care time
    attempts: int
    failure: str | None = None
    lost: int = 0
    leased_until: datetime | None = None

    @property
    def urgent(self) -> bool:
        return self.lane == URGENT


@dataclass(frozen=True, kw_only=True)
class Free:
    """When the next errand may be done: `care` for those never tried, `machine` for pauses and leases."""

    care: datetime | None
    machine: datetime | None


_ROW = t.errand.c
# Said in these words, not bound: only then does a database use the indexes of what waits.
IS_WAITING = _ROW.status == literal_column("'waiting'")
IS_ASIDE = _ROW.status == literal_column("'set_aside'")
_COLUMNS = tuple(_ROW[name] for name in Errand.__dataclass_fields__ if name != "leased_until")
_NAMES = tuple(column.name for column in _COLUMNS)
_NOW = bindparam("now", type_=_ROW.claimed_until.type)
_UNLEASED = or_(_ROW.claimed_until.is_(None), _ROW.claimed_until <= _NOW)
_FREE = (
    IS_WAITING,
    _ROW.not_before <= bindparam("care", type_=_ROW.not_before.type),
    or_(_ROW.retry_at.is_(None), _ROW.retry_at <= _NOW),
    _UNLEASED,
)
_NOT_OURS = _ROW.id.not_in(bindparam("under_way", expanding=True, type_=_ROW.id.type))

_NEW = values_of(
    t.errand, "key", "kind", "lane", "person_id", "unit_id", "thread_id", "what", "not_before",
    "attempts", "lost", "status",
)  # fmt: skip
_ADD = Statement(
    {
        name: dialect.insert(t.errand).values(_NEW).on_conflict_do_nothing(index_elements=["key"])
        for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))
    }
)
_FIRST = Statement(
    select(*_COLUMNS)
    .where(*_FREE, _ROW.kind == bindparam("kind"), _NOT_OURS)
    .order_by(_ROW.lane, _ROW.not_before, _ROW.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)  # two replicas take different errands, and neither waits for the other
)
_CLAIM = Statement(
    update(t.errand)
    .where(_ROW.id.in_(bindparam("ids", expanding=True)), *_FREE)
    .values(
        attempts=_ROW.attempts + 1,
        claimed_until=bindparam("until", type_=_ROW.claimed_until.type),
        lost=_ROW.lost + case((_ROW.claimed_until.is_(None), 0), else_=1),
    )
    .returning(_ROW.id, _ROW.lost)
)
_MINE = or_(_ROW.claimed_until == bindparam("token", type_=_ROW.claimed_until.type), _ROW.claimed_until.is_(None))
_END = {
    name: bindparam(name, type_=_ROW[name].type) for name in ("status", "external_id", "failure", "finished_at")
} | {"claimed_until": None}
_DONE = Statement(update(t.errand).where(_ROW.id == bindparam("row"), or_(IS_WAITING, IS_ASIDE)).values(_END))
_FINISH = Statement(update(t.errand).where(_ROW.id == bindparam("row"), IS_WAITING, _MINE).values(_END))
_PUT_BACK = Statement(
    update(t.errand)
    .where(_ROW.id == bindparam("row"), IS_WAITING, _MINE)
    .values(
        {name: bindparam(name, type_=_ROW[name].type) for name in ("retry_at", "failure")}
        | {"claimed_until": None, "lost": 0, "attempts": _ROW.attempts - bindparam("untried")}
    )
)
_KINDS = Statement(select(_ROW.kind).where(IS_WAITING).distinct())
_UNTRIED = Statement(
    select(func.min(_ROW.not_before, type_=_ROW.not_before.type)).where(
        IS_WAITING, _ROW.retry_at.is_(None), _ROW.claimed_until.is_(None), _ROW.kind == bindparam("kind")
    )
)
_PAUSED = Statement(
    select(func.min(func.coalesce(_ROW.claimed_until, _ROW.retry_at), type_=_ROW.retry_at.type)).where(
        IS_WAITING, or_(_ROW.retry_at.is_not(None), _ROW.claimed_until.is_not(None)), _ROW.kind == bindparam("kind")
    )
)


def add(
    tx: Connection, *, kind: str, key: str, not_before: datetime, person_id: int | None = None,
    unit_id: str | None = None, thread_id: int | None = None, what: str = "", urgent: bool = False,
) -> bool:  # fmt: skip
    """Have an errand done, in the caller's transaction. False when one with this key is there already.

    `not_before` is care time (UTC): whoever moves care time brings it forward.
    """
    row = {
        "key": key, "kind": kind, "lane": URGENT if urgent else NORMAL, "person_id": person_id, "unit_id": unit_id,
        "thread_id": thread_id, "what": what, "not_before": not_before, "attempts": 0, "lost": 0, "status": WAITING,
    }  # fmt: skip
    return _ADD.run(tx, row) == 1


def known(tx: Connection, keys: Collection[str]) -> set[str]:
    """Which of these keys there already is an errand for, whatever has come of it."""
    return set(tx.scalars(select(_ROW.key).where(_ROW.key.in_(keys)))) if keys else set()


def add_pointers(tx: Connection, changes: Sequence[Change], versions: Sequence[int], now: datetime) -> None:
    """The pointers by e-mail that these changes ask for; `now` is care time."""
    for change, version in zip(changes, versions, strict=True):
        for unit_id, text in change.mails:
            key = f"mail:{change.thread.id}:{version}:{unit_id}:{text}"
            add(tx, kind=MAIL, key=key, not_before=now, unit_id=unit_id, thread_id=change.thread.id, what=text)


def claim(
    tx: Connection, kind: str, care: datetime, now: datetime, lease: timedelta, most: int,
    under_way: Collection[int] = (),
) -> list[Errand]:  # fmt: skip
    """Take errands of a kind that may be done, leased to the caller; the urgent first.

    `care` is care time and `now` machine time, on the database's own clock where several share it. `under_way` are
    errands that this process still does, although their lease may be over. The lease must be longer than a try's
    time-out: only then is a second process with the same errand impossible.
    """
    if most <= 0:
        return []
    here = {"care": care, "now": now}
    found = _FIRST.rows(tx, here | {"kind": kind, "most": most, "under_way": list(under_way) or [0]})
    if not found:
        return []
    errands = [Errand(**dict(zip(_NAMES, values, strict=True))) for values in found]
    until = now + lease
    claimed = _CLAIM.rows(tx, here | {"ids": [one.id for one in errands], "until": until})
    lost = {row[0]: int(row[1]) for row in claimed}
    return [
        replace(one, lost=lost[one.id], attempts=one.attempts + 1, leased_until=until)
        for one in errands
        if one.id in lost
    ]


def finish(
    tx: Connection, errand: Errand, status: str, now: datetime, *, external_id: str | None = None,
    failure: str | None = None,
) -> bool:  # fmt: skip
    """Write down what came of an errand, for good; `now` is machine time. False when another process has taken it
    meanwhile; what has been done counts whoever has the lease."""
    values: dict[str, Any] = {
        "row": errand.id, "status": status, "external_id": external_id, "finished_at": now,
        "failure": failure and failure[:_LONGEST_FAILURE],
    }  # fmt: skip
    if status == DONE:
        return _DONE.run(tx, values) == 1
    return _FINISH.run(tx, values | {"token": errand.leased_until}) == 1


def put_back(tx: Connection, errand: Errand, retry_at: datetime, failure: str, *, tried: bool = True) -> bool:
    """Give an errand back, for `retry_at` (machine time). One that was only put off has not been tried.

    False when another process has taken it meanwhile.
    """
    values = {"retry_at": retry_at, "failure": failure[:_LONGEST_FAILURE], "untried": 0 if tried else 1}
    return _PUT_BACK.run(tx, {"row": errand.id, "token": errand.leased_until} | values) == 1


def kinds(tx: Connection, among: Iterable[str]) -> list[str]:
    """Of which of these kinds there is anything that waits."""
    waiting = {row[0] for row in _KINDS.rows(tx, {})}
    return [kind for kind in among if kind in waiting]


def next_times(tx: Connection, kind: str) -> Free:
    """When the next errand of a kind may be done or its lease runs out."""
    return Free(care=_UNTRIED.scalar(tx, {"kind": kind}), machine=_PAUSED.scalar(tx, {"kind": kind}))
