"""Snapshots of threads, read and locked in the caller's transaction: one statement per table, however many threads.

The statements are built once. One thread, by far the commonest case, has its own: comparing with one value costs half
of an expanding list.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Column, Connection, Row, Select, bindparam, select

from cases import tables as t
from cases.errors import UnknownThread
from cases.thread import Armed, Party, ThreadNow


def _pair(columns: Sequence[Column[Any]], of: Column[Any], order: Column[Any]) -> tuple[Select[Any], Select[Any]]:
    query = select(*columns).order_by(order)
    return query.where(of == bindparam("id")), query.where(of.in_(bindparam("ids", expanding=True)))


def _names(table: Any, without: set[str]) -> list[str]:
    return [column.name for column in table.c if column.name not in without]


_THREAD = _names(t.thread, {"owner_party_id", "opening_key"})
_PARTY = _names(t.party, {"thread_id", "added_at"})
_ARMED = _names(t.deadline, {"thread_id", "attempts"})

_THREADS = _pair([t.thread.c.owner_party_id, *(t.thread.c[name] for name in _THREAD)], t.thread.c.id, t.thread.c.id)
_LOCKED = tuple(query.with_for_update() for query in _THREADS)
_PARTIES = _pair([t.party.c.thread_id, *(t.party.c[name] for name in _PARTY)], t.party.c.thread_id, t.party.c.id)
_CONTENT = _pair(list(t.content.c), t.content.c.thread_id, t.content.c.seq)
_DEADLINES = _pair(
    [t.deadline.c.thread_id, *(t.deadline.c[name] for name in _ARMED)], t.deadline.c.thread_id, t.deadline.c.round
)
_CARDS = _pair([t.card.c.thread_id, t.card.c.person_id, t.card.c.delivered_at], t.card.c.thread_id, t.card.c.person_id)
_BY_KEY = select(t.thread.c.id).where(t.thread.c.opening_key == bindparam("key"))


def threads(tx: Connection, ids: Iterable[int], *, lock: bool = False) -> dict[int, ThreadNow]:
    """The threads as they stand. With `lock` no other transaction changes them until the caller's ends."""
    wanted = sorted(set(ids))
    found: dict[int, ThreadNow] = {}
    owners: dict[int, int] = {}
    for row in _rows(tx, _LOCKED if lock else _THREADS, wanted):
        thread = ThreadNow(**dict(zip(_THREAD, row[1:], strict=True)))
        thread.marks = list(thread.marks)
        found[thread.id] = thread
        if row[0] is not None:
            owners[thread.id] = row[0]
    if found:
        _fill(tx, found, owners)
    return found


def one(tx: Connection, thread_id: int, *, lock: bool = False) -> ThreadNow:
    """A single thread.

    Raises: UnknownThread.
    """
    found = threads(tx, [thread_id], lock=lock)
    if thread_id not in found:
        raise UnknownThread
    return found[thread_id]


def opened_by_key(tx: Connection, key: str) -> int | None:
    """The thread that a form has already opened, when the same form comes twice."""
    found: int | None = tx.scalar(_BY_KEY, {"key": key})
    return found


def _rows(tx: Connection, pair: Sequence[Select[Any]], ids: Sequence[int]) -> Iterable[Row[Any]]:
    if not ids:
        return ()
    return tx.execute(pair[0], {"id": ids[0]}) if len(ids) == 1 else tx.execute(pair[1], {"ids": ids})


def _fill(tx: Connection, found: dict[int, ThreadNow], owners: dict[int, int]) -> None:
    ids = list(found)
    for row in _rows(tx, _PARTIES, ids):
        party = Party(**dict(zip(_PARTY, row[1:], strict=True)))
        found[row[0]].parties.append(party)
        if owners.get(row[0]) == party.id:
            found[row[0]].owner = party
    for row in _rows(tx, _CONTENT, ids):
        thread = found[row.thread_id]
        thread.values[row.field] = row.value
        thread.content_seq = max(thread.content_seq, row.seq)
    for row in _rows(tx, _DEADLINES, ids):
        armed = Armed(**dict(zip(_ARMED, row[1:], strict=True)))
        armed.keep()
        found[row[0]].deadlines[armed.step] = armed
    for row in _rows(tx, _CARDS, ids):
        found[row.thread_id].holders[row.person_id] = row.delivered_at
