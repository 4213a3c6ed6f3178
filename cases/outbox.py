"""The outbox: rows written with the change they tell of, claimed in batches, and never forgotten."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, bindparam, case, func, literal_column, or_, select, union_all, update
from sqlalchemy.sql.expression import ColumnElement, FromClause

from cases import lanes
from cases import tables as t
from cases.lanes import BULK, CLEARED, FOLDED, NORMAL, URGENT, Room
from cases.statements import Statement

WAITING, SENT, UNDELIVERABLE, SUPERSEDED, SET_ASIDE = "waiting", "sent", "undeliverable", "superseded", "set_aside"
LANES = (URGENT, NORMAL, BULK)

# Noted after the code of a row's latest failure: the lost conversation has been opened anew; a human has been told.
RENEWED, TOLD = "renewed", "told"
QUIET = "quiet"  # held until the receiver's quiet hours are over
_LONGEST_FAILURE = 40
_MOST_NAMED = 256  # people left out of a look; more than so many are met and put off one by one
_FEWEST_SEEN, _MOST_SEEN = 4, 128  # rows looked at in each lane for one claim


@dataclass(frozen=True, kw_only=True)
class Row:
    """One message to one person. It carries ids and a text key; the card is drawn when it is sent.

    `leased_until` says whose lease it is: an answer that comes after another sender has taken the row changes nothing.
    """

    id: int
    lane: int
    kind: str
    thread_id: int
    version: int
    person_id: int
    text: str
    original_due_at: datetime | None
    attempts: int
    failure: str | None = None
    lost: int = 0
    external_id: str | None = None
    leased_until: datetime | None = None

    @property
    def folds(self) -> bool:
        """Whether it makes the message `external_id`, which is not the person's card of the thread, give way."""
        return self.text in (FOLDED, CLEARED)

    @property
    def notes(self) -> frozenset[str]:
        """What has been noted of earlier tries: RENEWED, TOLD."""
        return frozenset((self.failure or "").split(";")[1:])

    @property
    def urgent(self) -> bool:
        return self.lane == URGENT


_BOX = t.outbox.c
# Said in these words, not bound: only then does a database use the indexes of what waits.
IS_WAITING = _BOX.status == literal_column("'waiting'")
IS_ASIDE = _BOX.status == literal_column("'set_aside'")
COLUMNS = tuple(_BOX[name] for name in Row.__dataclass_fields__ if name != "leased_until")
NOW = bindparam("now", type_=_BOX.not_before.type)
UNLEASED = or_(_BOX.claimed_until.is_(None), _BOX.claimed_until <= NOW)
FREE = (IS_WAITING, _BOX.not_before <= NOW, UNLEASED)
# One send at a time in a conversation, whoever sends. The order is for PostgreSQL alone: while its figures say that
# nothing waits, every index of what waits looks as good to it, and this one knows what is leased without reading all.
BUSY = (
    select(_BOX.person_id)
    .where(IS_WAITING, _BOX.claimed_until.is_not(None), _BOX.claimed_until > NOW)
    .order_by(_BOX.claimed_until)
)
_NOT_NOW = _BOX.person_id.in_(bindparam("not_now", expanding=True, type_=_BOX.person_id.type))


def still_waits(box: FromClause) -> ColumnElement[bool]:
    """The same in words that no index answers, for rows that are known by an id and are to be found by that."""
    return box.c.status + literal_column("''") == literal_column("'waiting'")


def _first_of(lane: int) -> Select[Any]:
    found = (
        select(*COLUMNS)
        .where(*FREE, _BOX.lane == literal_column(str(lane)), _BOX.person_id.not_in(BUSY), ~_NOT_NOW)
        .order_by(_BOX.not_before, _BOX.id)
        .limit(bindparam(f"most_{lane}"))
    ).subquery()
    return select(found)


_FIRST = Statement(select(union_all(*(_first_of(lane) for lane in LANES)).subquery()))
# Two replicas may see the same person free at once; the one that has the person's row goes on. No one waits for it.
_ALONE = Statement(
    select(t.person.c.id)
    .where(t.person.c.id.in_(bindparam("people", expanding=True)))
    .with_for_update(key_share=True, skip_locked=True)
)
_CLAIM = Statement(
    update(t.outbox)
    .where(_BOX.id.in_(bindparam("ids", expanding=True)), still_waits(t.outbox), _BOX.not_before <= NOW, UNLEASED)
    .where(_BOX.person_id.not_in(BUSY))
    .values(
        attempts=_BOX.attempts + 1,
        claimed_until=bindparam("until", type_=_BOX.claimed_until.type),
        lost=_BOX.lost + case((_BOX.claimed_until.is_(None), 0), else_=1),
    )
    .returning(_BOX.id, _BOX.lost)
)
_MINE = or_(_BOX.claimed_until == bindparam("token", type_=_BOX.claimed_until.type), _BOX.claimed_until.is_(None))
_END = {
    name: bindparam(name, type_=_BOX[name].type) for name in ("status", "external_id", "failure", "finished_at")
} | {"claimed_until": None}
_SENT = Statement(
    update(t.outbox)
    .where(_BOX.id == bindparam("row"), or_(IS_WAITING, IS_ASIDE))
    .values(_END)
)  # fmt: skip
_KNOWN_AS = Statement(select(_BOX.external_id).where(_BOX.id == bindparam("row")))
_FINISH = Statement(update(t.outbox).where(_BOX.id == bindparam("row"), IS_WAITING, _MINE).values(_END))
_PUT_BACK = Statement(
    update(t.outbox)
    .where(_BOX.id == bindparam("row"), IS_WAITING, _MINE)
    .values(
        {name: bindparam(name, type_=_BOX[name].type) for name in ("not_before", "failure")}
        | {"claimed_until": None, "lost": 0, "attempts": _BOX.attempts - bindparam("untried")}
    )
)
_UNHOLD = (
    update(t.outbox).where(IS_WAITING, _BOX.failure.startswith(QUIET), _BOX.not_before > NOW).values(not_before=NOW)
)  # fmt: skip

_LENT = (
    update(t.outbox)
    .where(_BOX.text == literal_column(f"'{CLEARED}'"), IS_WAITING, _BOX.not_before > NOW)
    .values(not_before=NOW)
)
_CLEAR_ONE = Statement(_LENT.where(_BOX.thread_id == bindparam("id")))
_CLEAR_NOW = Statement(_LENT.where(_BOX.thread_id.in_(bindparam("ids", expanding=True))))


def clear_now(tx: Connection, thread_ids: Collection[int], now: datetime) -> None:
    """What has been lent out to be read of these threads is to be emptied at once. `now` is machine time."""
    if len(thread_ids) == 1:
        _CLEAR_ONE.run(tx, {"id": next(iter(thread_ids)), "now": now})
    elif thread_ids:
        _CLEAR_NOW.run(tx, {"ids": list(thread_ids), "now": now})


def _next_of(lane: int) -> Select[Any]:
    found = (
        select(_BOX.not_before)
        .where(IS_WAITING, _BOX.claimed_until.is_(None), _BOX.lane == literal_column(str(lane)))
        .where(~_NOT_NOW, _BOX.person_id.not_in(BUSY))
        .order_by(_BOX.not_before)
        .limit(literal_column("1"))
    ).subquery()
    return select(found.c.not_before.label("at"))


_LEASES_END = select(func.min(_BOX.claimed_until, type_=_BOX.claimed_until.type).label("at")).where(
    IS_WAITING, _BOX.claimed_until.is_not(None)
)
_NEXT = Statement(select(union_all(*(_next_of(lane) for lane in LANES), _LEASES_END).subquery()))


def claim(
    tx: Connection, now: datetime, lease: timedelta, room: Room, *, turn: int = 0, not_now: Collection[int] = ()
) -> list[Row]:
    """Take rows that may be sent, one per person, leased to the caller; the most urgent stand first.

    `now` is machine time, on the database's own clock where several share it. The lease must be longer than a send's
    time-out: only then is a second sender of the same row impossible. The rest is as for `choose`.
    """
    return lease_out(tx, choose(tx, now, room, turn=turn, not_now=not_now), now, lease)


def choose(tx: Connection, now: datetime, room: Room, *, turn: int = 0, not_now: Collection[int] = ()) -> list[Row]:
    """Rows that may be sent, one per person, each lane with its share; the most urgent stand first.

    `room` says how many, `turn` where in the pattern of shares the count stands, `not_now` who cannot be sent to.
    """
    if room.all <= 0:
        return []
    other = _seen(room.other)
    most = {f"most_{lane}": _seen(room.all) if lane == URGENT else other for lane in LANES}
    waiting: dict[int, list[Row]] = {lane: [] for lane in LANES}
    for row in rows_of(_FIRST.rows(tx, {"now": now, "not_now": listed(not_now)} | most)):
        waiting[row.lane].append(row)
    return lanes.share(waiting, room, turn)


def lease_out(tx: Connection, rows: Sequence[Row], now: datetime, lease: timedelta) -> list[Row]:
    """Lease these rows, as many as still are free: another process may have been quicker."""
    if rows and tx.dialect.name == "postgresql":
        alone = {found[0] for found in _ALONE.rows(tx, {"people": sorted({row.person_id for row in rows})})}
        rows = [row for row in rows if row.person_id in alone]
    if not rows:
        return []
    until = now + lease
    claimed = _CLAIM.rows(tx, {"ids": [row.id for row in rows], "until": until, "now": now})
    lost = {found[0]: int(found[1]) for found in claimed}
    return [replace(row, lost=lost[row.id], leased_until=until) for row in rows if row.id in lost]


def finish(
    tx: Connection, row: Row, status: str, now: datetime, *, external_id: str | None = None, failure: str | None = None
) -> bool:
    """Write down what came of a row, for good. False when another sender has taken it meanwhile; a success counts
    whoever has the lease."""
    statement = _SENT if status == SENT else _FINISH
    done = statement.run(
        tx,
        {"row": row.id, "status": status, "external_id": external_id, "failure": noted(failure), "finished_at": now}
        | ({} if status == SENT else {"token": row.leased_until}),
    )
    return done == 1


def known_as(tx: Connection, row: Row) -> str | None:
    """The activity that a row that has been sent is known as."""
    found: str | None = _KNOWN_AS.scalar(tx, {"row": row.id})
    return found


def put_back(
    tx: Connection,
    row: Row,
    not_before: datetime,
    failure: str,
    *,
    tried: bool = True,
    notes: frozenset[str] = frozenset(),
) -> bool:
    """Give a row back, for `not_before` (machine time). One that was only put off has not been tried.

    False when another sender has taken it meanwhile.
    """
    values = {"not_before": not_before, "failure": noted(failure, notes), "untried": 0 if tried else 1}
    return _PUT_BACK.run(tx, {"row": row.id, "token": row.leased_until} | values) == 1


def unhold(tx: Connection, now: datetime) -> int:
    """What is held by quiet hours is to be looked at anew: care time has been moved. `now` is machine time."""
    return tx.execute(_UNHOLD, {"now": now}).rowcount


def next_time(tx: Connection, now: datetime, not_now: Collection[int] = ()) -> datetime | None:
    """When the next waiting row may be sent or a lease runs out (machine time), or None. People who are being sent to,
    or cannot be at present (`not_now`), are left out."""
    found = _NEXT.rows(tx, {"now": now, "not_now": listed(not_now)})
    return min((at for (at,) in found if at is not None), default=None)


def noted(failure: str | None, notes: frozenset[str] = frozenset()) -> str | None:
    """The code with its notes, as long as the column holds."""
    tail = "".join(f";{note}" for note in sorted(notes))
    return None if failure is None else failure[: _LONGEST_FAILURE - len(tail)] + tail


def listed(people: Collection[int]) -> list[int]:
    """A list for a statement, of few different lengths, since each length is a statement of its own. 0 is nobody."""
    named = sorted(people)[:_MOST_NAMED]
    length = 1
    while length < len(named):
        length *= 4
    return [*named, *[0] * (length - len(named))]


def rows_of(found: Sequence[tuple[Any, ...]]) -> list[Row]:
    return [Row(**dict(zip(_NAMES, values, strict=True))) for values in found]


_NAMES = tuple(column.name for column in COLUMNS)


def _seen(room: int) -> int:
    return max(_FEWEST_SEEN, min(room * 4, _MOST_SEEN))
