"""Snapshots of threads, read and locked in the caller's transaction: one statement per table, however many threads.

The statements are built once. One thread, by far the commonest case, has its own: comparing with one value costs half
of an expanding list.
"""

from collections.abc import Container, Iterable, Sequence
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Select, bindparam, select

from cases import meetings
from cases import tables as t
from cases.errors import UnknownThread
from cases.statements import Rows, Statement
from cases.thread import Armed, NotRead, Party, ThreadNow

_Pair = tuple[Statement, Statement]

# To lock only what nobody else has locked: for whoever already holds something that the others may wait for.
WITHOUT_WAITING = "without waiting"


def _pair(
    columns: Sequence[Column[Any]], of: Column[Any], order: Column[Any], where: ColumnElement[bool] | None = None
) -> _Pair:
    query: Select[Any] = select(*columns).order_by(order)
    return _both(query if where is None else query.where(where), of)


def _both(query: Select[Any], of: Column[Any]) -> _Pair:
    one, several = query.where(of == bindparam("id")), query.where(of.in_(bindparam("ids", expanding=True)))
    return Statement(one), Statement(several)


def _names(table: Any, without: set[str]) -> list[str]:
    return [column.name for column in table.c if column.name not in without]


_THREAD = _names(t.thread, {"owner_party_id", "opening_key"})
_PARTY = _names(t.party, {"thread_id", "added_at"})
_ARMED = _names(t.deadline, {"thread_id", "attempts", "ended_at", "unit_id", "counted_at"})

_AS_THEY_STAND = (
    select(
        t.thread.c.owner_party_id, *(t.thread.c[name] for name in _THREAD),
        t.care_case.c.unit_id, t.care_case.c.responsible_id, t.care_case.c.fixed_contact_id,
    )
    .select_from(t.thread.outerjoin(t.care_case, t.care_case.c.case_ref == t.thread.c.case_ref))
    .order_by(t.thread.c.id)
)  # fmt: skip
_FACTS = [*_THREAD, "case_unit_id", "responsible_id", "fixed_contact_id"]
_THREADS = _both(_AS_THEY_STAND, t.thread.c.id)
_LOCKED = {
    lock: _both(_AS_THEY_STAND.with_for_update(of=t.thread, skip_locked=lock == WITHOUT_WAITING), t.thread.c.id)
    for lock in (True, WITHOUT_WAITING)
}
_EXISTING = _pair([t.thread.c.id], t.thread.c.id, t.thread.c.id)
_PARTIES = _pair([t.party.c.thread_id, *(t.party.c[name] for name in _PARTY)], t.party.c.thread_id, t.party.c.id)
_CONTENT = _pair(
    [t.content.c[name] for name in ("thread_id", "field", "value", "seq")], t.content.c.thread_id, t.content.c.seq
)
_DEADLINES = _pair(
    [t.deadline.c.thread_id, *(t.deadline.c[name] for name in _ARMED)], t.deadline.c.thread_id, t.deadline.c.round
)
_RUNNING = _pair(
    [t.deadline.c.thread_id, *(t.deadline.c[name] for name in _ARMED)],
    t.deadline.c.thread_id,
    t.deadline.c.round,
    where=t.deadline.c.status + "" == "armed",  # as a sum, or SQLite would walk the index of all armed ones
)
_CARDS = _pair(
    [t.card.c.thread_id, t.card.c.person_id, t.card.c.delivered_at, t.card.c.activity_id],
    t.card.c.thread_id,
    t.card.c.person_id,
)
_BY_KEY = Statement(select(t.thread.c.id).where(t.thread.c.opening_key == bindparam("key")))


def threads(
    tx: Connection, ids: Iterable[int], *, lock: bool | str = False, lean: Container[str] = ()
) -> dict[int, ThreadNow]:
    """The threads as they stand. With `lock` no other transaction changes them until the caller's ends.

    `WITHOUT_WAITING` leaves out those that another transaction has locked. Threads of the flows in `lean` come without
    their answers and without deadlines that have ended.
    """
    found, owners = _read(tx, ids, lock)
    if found:
        _seat(tx, found, owners, list(found))
        complete(tx, found.values(), lean=lean)
    return found


def outlines(tx: Connection, ids: Iterable[int], *, lock: bool = False, many: bool = False) -> dict[int, ThreadNow]:
    """The threads with their seats and nothing more: what tells whose they are, before anything else is read.

    The same statements run whether the threads are there or not; with `many` also however many are asked for.
    """
    wanted = [*ids, *((0, -1) if many else ())]  # numbers that no thread has
    found, owners = _read(tx, wanted, lock)
    for thread in found.values():
        thread.values = NotRead()
    _seat(tx, found, owners, wanted)
    return found


def complete(tx: Connection, threads: Iterable[ThreadNow], *, lean: Container[str] = ()) -> None:
    """Give outlines the rest: answers, deadlines, cards and meetings."""
    found = {thread.id: thread for thread in threads}
    if found:
        _fill(tx, found, lean)
        meetings.fill(tx, found.values())
        for thread in found.values():
            thread.keep()


def one(tx: Connection, thread_id: int, *, lock: bool = False) -> ThreadNow:
    """A single thread.

    Raises: UnknownThread.
    """
    found = threads(tx, [thread_id], lock=lock)
    if thread_id not in found:
        raise UnknownThread
    return found[thread_id]


def existing(tx: Connection, ids: Iterable[int]) -> set[int]:
    """Which of these threads there are, whoever has locked them."""
    return {row[0] for row in _rows(tx, _EXISTING, sorted(set(ids)))}


def opened_by_key(tx: Connection, key: str) -> int | None:
    """The thread that a form has already opened, when the same form comes twice."""
    found: int | None = _BY_KEY.scalar(tx, {"key": key})
    return found


def _rows(tx: Connection, pair: _Pair, ids: Sequence[int]) -> Rows:
    if not ids:
        return []
    return pair[0].rows(tx, {"id": ids[0]}) if len(ids) == 1 else pair[1].rows(tx, {"ids": ids})


def _read(tx: Connection, ids: Iterable[int], lock: bool | str) -> tuple[dict[int, ThreadNow], dict[int, int]]:
    """The rows of the threads, and whose seat owns each."""
    found: dict[int, ThreadNow] = {}
    owners: dict[int, int] = {}
    for row in _rows(tx, _LOCKED[lock] if lock else _THREADS, sorted(set(ids))):
        thread = ThreadNow(**dict(zip(_FACTS, row[1:], strict=True)))
        thread.marks = list(thread.marks)
        found[thread.id] = thread
        if row[0] is not None:
            owners[thread.id] = row[0]
    return found, owners


def _seat(tx: Connection, found: dict[int, ThreadNow], owners: dict[int, int], ids: Sequence[int]) -> None:
    for row in _rows(tx, _PARTIES, ids):
        party = Party(**dict(zip(_PARTY, row[1:], strict=True)))
        found[row[0]].parties.append(party)
        if owners.get(row[0]) == party.id:
            found[row[0]].owner = party


def _fill(tx: Connection, found: dict[int, ThreadNow], lean: Container[str]) -> None:
    ids = list(found)
    whole = [thread.id for thread in found.values() if thread.flow not in lean]
    slight = [thread.id for thread in found.values() if thread.flow in lean]
    for number in whole:
        found[number].values = {}
    for thread_id, name, value, seq in _rows(tx, _CONTENT, whole):
        thread = found[thread_id]
        thread.values[name] = value
        thread.content_seq = max(thread.content_seq, seq)
    for number in slight:
        found[number].values = NotRead()
    for row in (*_rows(tx, _DEADLINES, whole), *_rows(tx, _RUNNING, slight)):
        armed = Armed(**dict(zip(_ARMED, row[1:], strict=True)))
        armed.keep()
        found[row[0]].deadlines[armed.step] = armed
    for thread_id, person_id, delivered_at, activity_id in _rows(tx, _CARDS, ids):
        found[thread_id].holders[person_id] = delivered_at
        found[thread_id].messages[person_id] = activity_id
