"""What became of each message, try by try, and who else has got the same one."""

from datetime import datetime

from sqlalchemy import Connection, and_, bindparam, func, literal_column, or_, select

from cases import tables as t
from cases.outbox import Row, noted
from cases.statements import Statement, new_row

RETRY, DOUBLED = "retry", "doubled"  # beside the row's own last states

_NEW = Statement(new_row(t.attempt, "outbox_id", "number", "at", "outcome", "code"))
_TRIES_WITH = Statement(
    select(func.count()).where(t.attempt.c.outbox_id == bindparam("row"), t.attempt.c.code == bindparam("code"))
)
_BOX = t.outbox.c
_ALSO = Statement(
    select(_BOX.person_id).where(
        _BOX.thread_id == bindparam("thread"),
        _BOX.version == bindparam("version"),
        _BOX.text == bindparam("text"),
        _BOX.kind == "message",
        or_(_BOX.status == "sent", and_(_BOX.status == "waiting", or_(_BOX.attempts <= 1, _BOX.failure.is_(None)))),
        _BOX.id != bindparam("row"),
    )
)
_TOLD_BEFORE = Statement(
    select(_BOX.id)
    .where(_BOX.thread_id == bindparam("thread"), _BOX.person_id == bindparam("person"), _BOX.id < bindparam("row"))
    .where(_BOX.kind == "message")  # of a card that could not be edited nobody is told
    .where(or_(_BOX.failure.like(literal_column("'%;told%'")), _BOX.status == "undeliverable"))
    .limit(literal_column("1"))
)


_PERHAPS = Statement(
    select(_BOX.id)
    .where(_BOX.thread_id == bindparam("thread"), _BOX.person_id == bindparam("person"), _BOX.id != bindparam("row"))
    .where(_BOX.kind == "message")
    .where(or_(_BOX.lost > 0, _BOX.attempts > 1, and_(_BOX.status == "waiting", _BOX.attempts > 0)))
    .limit(literal_column("1"))
)


_MOVED = select(func.max(t.log.c.version)).where(
    t.log.c.thread_id == bindparam("thread"), t.log.c.from_state != t.log.c.to_state
)
_LAST_SAID = Statement(
    select(_BOX.text)
    .where(_BOX.thread_id == bindparam("thread"), _BOX.person_id == bindparam("person"))
    .where(_BOX.kind == "message", _BOX.status == "sent", _BOX.version >= func.coalesce(_MOVED.scalar_subquery(), 0))
    .order_by(_BOX.id.desc())
    .limit(literal_column("1"))
)


def last_said(tx: Connection, thread_id: int, person_id: int) -> str:
    """The text key of the person's latest message, or nothing when the thread has moved since."""
    return _LAST_SAID.scalar(tx, {"thread": thread_id, "person": person_id}) or ""


def perhaps_got(tx: Connection, row: Row) -> bool:
    """Whether a message of the thread has left for this person and nobody knows if it arrived: its sender died, or got
    no answer."""
    return _PERHAPS.scalar(tx, {"thread": row.thread_id, "person": row.person_id, "row": row.id}) is not None


def told_before(tx: Connection, row: Row) -> bool:
    """Whether a human has already been told that this person is not reached with what the thread says."""
    return _TOLD_BEFORE.scalar(tx, {"thread": row.thread_id, "person": row.person_id, "row": row.id}) is not None


def tried(tx: Connection, row: Row, at: datetime, outcome: str, code: str) -> None:
    """Keep a try that did not deliver, or that delivered once more. `at` is machine time, `code` never content."""
    values = {"outbox_id": row.id, "number": row.attempts + 1, "at": at, "outcome": outcome, "code": noted(code)}
    _NEW.run(tx, values)


def tries_with(tx: Connection, row: Row, code: str) -> int:
    """How many earlier tries of a row ended with this code."""
    return int(_TRIES_WITH.scalar(tx, {"row": row.id, "code": noted(code)}))


def also_told(tx: Connection, row: Row) -> set[int]:
    """Others who get, or have got, the same message: a seat is undeliverable only when nobody in it is reached.

    A row that has failed and is being tried again vouches for nobody.
    """
    values = {"thread": row.thread_id, "version": row.version, "text": row.text, "row": row.id}
    return {person_id for (person_id,) in _ALSO.rows(tx, values)}
