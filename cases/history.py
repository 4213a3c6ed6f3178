"""The whole story of a thread, in order: what moved, what was due, what was sent to whom and what came of it.

Ids, roles and codes only: neither content nor names. Care time and machine time are told apart by each entry's kind.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from cases import tables as t
from cases.errors import UnknownThread
from cases.thread import SEALED


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One thing that happened. `facts` are the row's own, by column name. `at` is UTC."""

    at: datetime
    kind: str  # move, armed, seated, queued, tried, finished, receipt
    facts: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class History:
    """`seats` tells of each person in what role and unit they are told, by person id."""

    thread: Mapping[str, Any]
    entries: tuple[Entry, ...]
    seats: Mapping[int, str]


def of(tx: Connection, thread_id: int) -> History:
    """Everything that is kept of the thread.

    Raises: UnknownThread.
    """
    found = tx.execute(select(t.thread).where(t.thread.c.id == thread_id)).first()
    if found is None or SEALED in found.marks:
        raise UnknownThread
    entries = [*_moves(tx, thread_id), *_deadlines(tx, thread_id), *_deliveries(tx, thread_id)]
    entries += _receipts(tx, thread_id)
    people = {
        entry.facts[name] for entry in entries for name in ("person_id", "read_by", "taken_by") if entry.facts.get(name)
    }
    return History(
        thread=dict(found._mapping),
        entries=tuple(sorted(entries, key=lambda entry: entry.at)),
        seats=_seats(tx, people),
    )


def _moves(tx: Connection, thread_id: int) -> list[Entry]:
    rows = tx.execute(select(t.log).where(t.log.c.thread_id == thread_id).order_by(t.log.c.id))
    return [Entry(at=row.at, kind="move", facts=dict(row._mapping)) for row in rows]


def _deadlines(tx: Connection, thread_id: int) -> list[Entry]:
    rows = tx.execute(select(t.deadline).where(t.deadline.c.thread_id == thread_id).order_by(t.deadline.c.id))
    return [Entry(at=row.armed_at, kind="armed", facts=dict(row._mapping)) for row in rows]


def _deliveries(tx: Connection, thread_id: int) -> list[Entry]:
    box = t.outbox
    rows = list(tx.execute(select(box).where(box.c.thread_id == thread_id).order_by(box.c.id)))
    known = {row.id: row for row in rows}
    made = [Entry(at=row.created_at, kind="queued", facts=dict(row._mapping)) for row in rows if row.kind == "message"]
    made += [Entry(at=row.finished_at, kind="finished", facts=dict(row._mapping)) for row in rows if row.finished_at]
    tries = select(t.attempt).where(t.attempt.c.outbox_id.in_(select(box.c.id).where(box.c.thread_id == thread_id)))
    for row in tx.execute(tries.order_by(t.attempt.c.id)):
        about = known[row.outbox_id]
        facts = {"person_id": about.person_id, "kind": about.kind, "text": about.text} | dict(row._mapping)
        made.append(Entry(at=row.at, kind="tried", facts=facts))
    return made


def _receipts(tx: Connection, thread_id: int) -> list[Entry]:
    rows = list(tx.execute(select(t.party).where(t.party.c.thread_id == thread_id).order_by(t.party.c.id)))
    made = [Entry(at=row.added_at, kind="seated", facts=dict(row._mapping)) for row in rows]
    for row in rows:
        for what in ("read", "taken"):
            if row._mapping[f"{what}_at"] is not None:
                facts = {
                    "what": what,
                    "person_id": row._mapping[f"{what}_by"],
                    "role": row.role,
                    "unit_id": row.unit_id,
                }
                made.append(Entry(at=row._mapping[f"{what}_at"], kind="receipt", facts=facts))
    return made


def _seats(tx: Connection, people: set[int]) -> dict[int, str]:
    """Each person's roles, with their units."""
    found: dict[int, list[str]] = {}
    for row in tx.execute(select(t.role).where(t.role.c.person_id.in_(people)).order_by(t.role.c.id)):
        found.setdefault(row.person_id, []).append(f"{row.role}@{row.unit_id}")
    return {who: ", ".join(seats) for who, seats in found.items()}
