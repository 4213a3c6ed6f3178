"""The outbox: rows written with the change they tell of, claimed in batches, and never forgotten."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, bindparam, case, func, or_, select, update

from cases import tables as t
from cases.write import URGENT

WAITING, SENT, UNDELIVERABLE, SUPERSEDED = "waiting", "sent", "undeliverable", "superseded"

# Noted after the code of a row's latest failure: the lost conversation has been opened anew; a human has been told.
RENEWED, TOLD = "renewed", "told"
_LONGEST_FAILURE = 40


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
    failure: str | None = None

    @property
    def notes(self) -> frozenset[str]:
        """What has been noted of earlier tries: RENEWED, TOLD."""
        return frozenset((self.failure or "").split(";")[1:])

    @property
    def urgent(self) -> bool:
        return self.lane == URGENT


_BOX = t.outbox.c
_LEASED_UNTIL = func.coalesce(_BOX.claimed_until, _BOX.not_before)

# Built once: building a statement costs several times what running it does.
_FREE = (
    select(*[_BOX[name] for name in Row.__dataclass_fields__])
    .where(
        _BOX.status == WAITING,
        _BOX.not_before <= bindparam("now"),
        or_(_BOX.claimed_until.is_(None), _BOX.claimed_until <= bindparam("now")),
        _BOX.person_id.not_in(
            select(_BOX.person_id).where(_BOX.status == WAITING, _BOX.claimed_until > bindparam("now"))
        ),
    )
    .order_by(_BOX.lane, _BOX.id)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
)
_CLAIM = (
    update(t.outbox)
    .where(_BOX.id.in_(bindparam("ids", expanding=True)))
    .values(claimed_until=bindparam("until", type_=_BOX.claimed_until.type), attempts=_BOX.attempts + 1)
)
_FINISH = (
    update(t.outbox)
    .where(_BOX.id == bindparam("row"))
    .values(
        {name: bindparam(name) for name in ("status", "external_id", "failure", "finished_at")}
        | {"claimed_until": None}
    )
)
_PUT_BACK = (
    update(t.outbox)
    .where(_BOX.id == bindparam("row"))
    .values(
        {name: bindparam(name) for name in ("not_before", "failure")}
        | {"claimed_until": None, "attempts": _BOX.attempts - bindparam("untried")}
    )
)
_NEXT = select(
    func.min(case((_BOX.not_before < _LEASED_UNTIL, _LEASED_UNTIL), else_=_BOX.not_before), type_=_BOX.not_before.type)
).where(_BOX.status == WAITING)


def claim(tx: Connection, now: datetime, lease: timedelta, limit: int) -> list[Row]:
    """Take rows that may be sent: urgent first, one per person at a time, leased to the caller. `now` is machine time.

    The lease must be longer than a send's time-out: only then is a second sender of the same row impossible.
    """
    if limit <= 0:
        return []
    first_of: dict[int, Row] = {}
    for row in tx.execute(_FREE, {"now": now, "limit": limit * 4}):
        first_of.setdefault(row.person_id, Row(**row._mapping))
    taken = list(first_of.values())[:limit]
    if taken:
        tx.execute(_CLAIM, {"ids": [row.id for row in taken], "until": now + lease})
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
        _FINISH,
        {"row": row_id, "status": status, "external_id": external_id, "failure": _noted(failure), "finished_at": now},
    )


def put_back(
    tx: Connection,
    row_id: int,
    not_before: datetime,
    failure: str,
    *,
    tried: bool = True,
    notes: frozenset[str] = frozenset(),
) -> None:
    """Give a row back, for `not_before` (machine time). One that was only put off has not been tried."""
    values = {"not_before": not_before, "failure": _noted(failure, notes), "untried": 0 if tried else 1}
    tx.execute(_PUT_BACK, {"row": row_id} | values)


def _noted(failure: str | None, notes: frozenset[str] = frozenset()) -> str | None:
    """The code with its notes, as long as the column holds."""
    tail = "".join(f";{note}" for note in sorted(notes))
    return None if failure is None else failure[: _LONGEST_FAILURE - len(tail)] + tail


def next_time(tx: Connection) -> datetime | None:
    """When the next waiting row may be sent or its lease runs out (machine time), or None."""
    found: datetime | None = tx.scalar(_NEXT)
    return found


def also_told(tx: Connection, row: Row) -> set[int]:
    """Others who get, or have got, the same message: a seat is undeliverable only when nobody in it is reached.

    A row that has failed and is being tried again vouches for nobody.
    """
    table = t.outbox
    rows = tx.execute(
        select(table.c.person_id).where(
            table.c.thread_id == row.thread_id,
            table.c.version == row.version,
            table.c.text == row.text,
            table.c.kind == "message",
            or_(
                table.c.status == SENT,
                and_(table.c.status == WAITING, or_(table.c.attempts <= 1, table.c.failure.is_(None))),
            ),
            table.c.id != row.id,
        )
    )
    return {found.person_id for found in rows}
