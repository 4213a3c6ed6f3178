"""Snapshots of threads, read and locked in the caller's transaction: one statement per table, however many threads."""

from collections.abc import Iterable

from sqlalchemy import Connection, Select, select

from cases import tables as t
from cases.errors import UnknownThread
from cases.route import CaseFacts
from cases.thread import Armed, Party, ThreadNow

_THREAD = [column for column in t.thread.c if column.name not in ("owner_party_id", "parent_id", "opening_key")]


def threads(tx: Connection, ids: Iterable[int], *, lock: bool = False) -> dict[int, ThreadNow]:
    """The threads as they stand. With `lock` no other transaction changes them until the caller's ends."""
    wanted = sorted(set(ids))
    query: Select[tuple[object, ...]] = select(t.thread).where(t.thread.c.id.in_(wanted)).order_by(t.thread.c.id)
    found: dict[int, ThreadNow] = {}
    owners: dict[int, int] = {}
    for row in tx.execute(query.with_for_update() if lock else query).mappings():
        facts = {column.name: row[column] for column in _THREAD}
        facts["marks"] = list(facts["marks"])
        found[row["id"]] = ThreadNow(**facts)
        if row["owner_party_id"] is not None:
            owners[row["id"]] = row["owner_party_id"]
    if found:
        _parties(tx, found, owners)
        _content(tx, found)
        _deadlines(tx, found)
        _holders(tx, found)
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
    return tx.scalar(select(t.thread.c.id).where(t.thread.c.opening_key == key))


def case_facts(tx: Connection, refs: Iterable[str]) -> dict[str, CaseFacts]:
    """What the roster knows of these case references, with the unit where the responsible assessor works."""
    case, role = t.care_case, t.role
    assessors = (
        select(role.c.person_id, role.c.unit_id)
        .where(role.c.role.in_(("needs_assessor", "lead_needs_assessor")))
        .subquery()
    )
    rows = tx.execute(
        select(case.c.case_ref, case.c.unit_id, case.c.responsible_id, assessors.c.unit_id.label("authority"))
        .select_from(case.outerjoin(assessors, assessors.c.person_id == case.c.responsible_id))
        .where(case.c.case_ref.in_(set(refs)))
    )
    return {
        row.case_ref: CaseFacts(
            unit_id=row.unit_id, responsible_id=row.responsible_id, responsible_unit_id=row.authority
        )
        for row in rows
    }


def _parties(tx: Connection, found: dict[int, ThreadNow], owners: dict[int, int]) -> None:
    rows = tx.execute(select(t.party).where(t.party.c.thread_id.in_(found)).order_by(t.party.c.id)).mappings()
    for row in rows:
        thread = found[row["thread_id"]]
        party = Party(**{key: value for key, value in row.items() if key not in ("thread_id", "added_at")})
        thread.parties.append(party)
        if owners.get(thread.id) == party.id:
            thread.owner = party


def _content(tx: Connection, found: dict[int, ThreadNow]) -> None:
    for row in tx.execute(select(t.content).where(t.content.c.thread_id.in_(found)).order_by(t.content.c.seq)):
        thread = found[row.thread_id]
        thread.values[row.field] = row.value
        thread.content_seq = max(thread.content_seq, row.seq)


def _deadlines(tx: Connection, found: dict[int, ThreadNow]) -> None:
    rows = tx.execute(
        select(t.deadline).where(t.deadline.c.thread_id.in_(found)).order_by(t.deadline.c.round)
    ).mappings()
    for row in rows:
        facts = {key: value for key, value in row.items() if key not in ("thread_id", "attempts")}
        found[row["thread_id"]].deadlines[row["step"]] = Armed(**facts)


def _holders(tx: Connection, found: dict[int, ThreadNow]) -> None:
    card = t.card
    rows = tx.execute(
        select(card.c.thread_id, card.c.person_id, card.c.delivered_at).where(card.c.thread_id.in_(found))
    )
    for row in rows:
        found[row.thread_id].holders[row.person_id] = row.delivered_at
