"""Writing planned changes: a handful of statements, however many threads changed."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, CursorResult, Insert, Table, Update, bindparam, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from cases import tables as t
from cases.plan import ONCE, Change
from cases.thread import Armed, Party, ThreadNow

URGENT, NORMAL = 0, 1

# Whoever pressed has the new card as the answer; the edit of the message can wait for what else will change on it.
_SEEN_ALREADY = timedelta(seconds=2)

_THREAD_FACTS = ("state", "version", "marks", "due_step", "due_soft", "due_hard", "closed_at")
_PARTY_FACTS = (
    "side", "role", "unit_id", "person_id", "because", "read_at", "read_by", "taken_at", "taken_by",
)  # fmt: skip
_ARMED_FACTS = ("rung", "due_at", "status")


def _change(table: Table, names: Sequence[str]) -> Update:
    return update(table).where(table.c.id == bindparam("of")).values({name: bindparam(name) for name in names})


# Built once: building a statement costs several times what running it does.
_CHANGED_THREAD = _change(t.thread, (*_THREAD_FACTS, "owner_party_id"))
_CHANGED_PARTY = _change(t.party, _PARTY_FACTS)
_CHANGED_DEADLINE = _change(t.deadline, _ARMED_FACTS)
_NEW_PARTY, _NEW_DEADLINE, _NEW_LOG = insert(t.party), insert(t.deadline), insert(t.log)
_NEW_CONTENT, _NEW_AUDIT = insert(t.content), insert(t.audit)
_NEXT_VERSION = (
    update(t.thread)
    .where(t.thread.c.id == bindparam("of"), t.thread.c.closed_at.is_(None))
    .values(version=t.thread.c.version + 1)
    .returning(t.thread.c.version)
)
_MOVED = select(func.max(t.log.c.version)).where(
    t.log.c.thread_id == bindparam("thread"), t.log.c.from_state != t.log.c.to_state
)
_LAST_SAID = (
    select(t.outbox.c.text)
    .where(t.outbox.c.thread_id == bindparam("thread"), t.outbox.c.person_id == bindparam("person"))
    .where(t.outbox.c.kind == "message", t.outbox.c.status == "sent")
    .where(t.outbox.c.version >= func.coalesce(_MOVED.scalar_subquery(), 0))
    .order_by(t.outbox.c.id.desc())
    .limit(1)
)
# The unique key makes a second row of the same message a no-op, on either database.
_NEW_OUTBOX = {
    "sqlite": sqlite.insert(t.outbox).on_conflict_do_nothing(index_elements=["key"]),
    "postgresql": postgresql.insert(t.outbox).on_conflict_do_nothing(index_elements=["key"]),
}


def write(tx: Connection, changes: Sequence[Change], now: datetime, machine_now: datetime) -> None:
    """State, log, content, deadlines and outbox of these changes. The caller commits, once."""
    if not changes:
        return
    touched = {change.thread.id: change.thread for change in changes}
    versions = _next_versions(changes)
    _parties(tx, list(touched.values()), now)
    _threads(tx, list(touched.values()))
    _deadlines(tx, list(touched.values()))
    _many(tx, _NEW_LOG, [_log_row(change, version, now) for change, version in zip(changes, versions, strict=True)])
    purged = [change.thread.id for change in changes if change.purge]
    if purged:
        tx.execute(delete(t.content).where(t.content.c.thread_id.in_(purged)))
    _many(tx, _NEW_CONTENT, [row for change in changes for row in _content_rows(change)])
    _many(tx, _NEW_AUDIT, [_audit_row(change, now) for change in changes if change.signal.by.kind == "person"])
    _outbox(tx, changes, versions, machine_now)


def _next_versions(changes: Sequence[Change]) -> list[int]:
    versions = []
    for change in changes:
        change.thread.version += 1
        versions.append(change.thread.version)
    return versions


def _many(tx: Connection, statement: Insert, rows: list[dict[str, Any]]) -> None:
    if rows:
        tx.execute(statement, rows)


def _parties(tx: Connection, threads: list[ThreadNow], now: datetime) -> None:
    for thread in threads:
        for party in thread.parties:
            if party.id is None:
                party.id = new_id(tx.execute(_NEW_PARTY, _party_row(thread, party) | {"added_at": now}))
            elif party.changed:
                tx.execute(_CHANGED_PARTY, _party_row(thread, party) | {"of": party.id})
            party.keep()


def _party_row(thread: ThreadNow, party: Party) -> dict[str, Any]:
    return {"thread_id": thread.id} | {name: getattr(party, name) for name in _PARTY_FACTS}


def _threads(tx: Connection, threads: list[ThreadNow]) -> None:
    rows = [
        {name: getattr(thread, name) for name in _THREAD_FACTS}
        | {"of": thread.id, "owner_party_id": thread.owner.id if thread.owner else None}
        for thread in threads
    ]
    tx.execute(_CHANGED_THREAD, rows)


def _deadlines(tx: Connection, threads: list[ThreadNow]) -> None:
    new: list[dict[str, Any]] = []
    changed: list[dict[str, Any]] = []
    for thread in threads:
        for armed in thread.deadlines.values():
            if armed.id is None:
                new.append(_deadline_row(thread, armed))
            elif armed.changed:
                changed.append({"of": armed.id} | {name: getattr(armed, name) for name in _ARMED_FACTS})
    if changed:
        tx.execute(_CHANGED_DEADLINE, changed)
    _many(tx, _NEW_DEADLINE, new)


def _deadline_row(thread: ThreadNow, armed: Armed) -> dict[str, Any]:
    return {
        "thread_id": thread.id, "step": armed.step, "round": armed.round, "rule": armed.rule,
        "basis": armed.basis, "rung": armed.rung, "due_at": armed.due_at, "soft_at": armed.soft_at,
        "hard_at": armed.hard_at, "status": armed.status, "armed_at": armed.armed_at, "attempts": 0,
    }  # fmt: skip


def _log_row(change: Change, version: int, now: datetime) -> dict[str, Any]:
    signal = change.signal
    return {
        "thread_id": change.thread.id, "version": version, "at": now, "by": signal.by.kind,
        "person_id": signal.by.person_id, "signal": signal.name, "from_state": change.from_state,
        "to_state": change.to_state, "due_at": signal.due_at,
    }  # fmt: skip


def _content_rows(change: Change) -> list[dict[str, Any]]:
    return [
        {"thread_id": change.thread.id, "seq": change.content_seq, "field": name, "value": value}
        for name, value in change.content.items()
    ]


def _audit_row(change: Change, now: datetime) -> dict[str, Any]:
    signal = change.signal
    return {
        "at": now, "person_id": signal.by.person_id, "action": "signal", "thread_id": change.thread.id,
        "signal": signal.name, "outcome": "done", "reason": "",
    }  # fmt: skip


def _outbox(tx: Connection, changes: Sequence[Change], versions: list[int], machine_now: datetime) -> None:
    rows: list[dict[str, Any]] = []
    for change, version in zip(changes, versions, strict=True):
        told = {telling.person_id for telling in change.tellings}
        for telling in change.tellings:
            once = telling.text in ONCE
            rows.append(
                _outbox_row(change.thread.id, version, telling.person_id, "message", telling.text, machine_now)
                | {
                    "key": f"m:{change.thread.id}:{'once' if once else version}:{telling.person_id}:{telling.text}",
                    "lane": URGENT if telling.urgent else NORMAL,
                    "original_due_at": telling.original_due_at,
                }
            )
        for person_id in change.thread.holders.keys() - told:
            row = _outbox_row(change.thread.id, version, person_id, "update", "", machine_now)
            if person_id == change.signal.by.person_id:
                row["not_before"] = machine_now + _SEEN_ALREADY
            rows.append(row)
    if rows:
        tx.execute(_NEW_OUTBOX[tx.dialect.name], rows)


def _outbox_row(
    thread_id: int, version: int, person_id: int, kind: str, text: str, machine_now: datetime
) -> dict[str, Any]:
    return {
        "key": f"u:{thread_id}:{version}:{person_id}", "lane": NORMAL, "kind": kind, "thread_id": thread_id,
        "version": version, "person_id": person_id, "text": text, "original_due_at": None, "created_at": machine_now,
        "not_before": machine_now, "attempts": 0, "status": "waiting",
    }  # fmt: skip


def new_id(result: CursorResult[Any]) -> int:
    """The key that the database gave a new row."""
    key = result.inserted_primary_key
    assert key is not None  # noqa: S101 (every table here has an integer key)
    return int(key[0])


def refresh(tx: Connection, thread_id: int, person_id: int, machine_now: datetime) -> None:
    """Have one person's card drawn anew: something it shows has changed, though the thread has not moved.

    As long as the thread stands where it stood, the new card says what the person's latest message said.
    """
    version = tx.scalar(_NEXT_VERSION, {"of": thread_id})
    if version is not None:
        said = tx.scalar(_LAST_SAID, {"thread": thread_id, "person": person_id}) or ""
        row = _outbox_row(thread_id, version, person_id, "update", said, machine_now)
        tx.execute(_NEW_OUTBOX[tx.dialect.name], [row])


def show_again(tx: Connection, thread_id: int, version: int, person_id: int, machine_now: datetime) -> None:
    """Have the message itself edited to the card that the person has just been answered with, once per version."""
    row = _outbox_row(thread_id, version, person_id, "update", "", machine_now)
    tx.execute(_NEW_OUTBOX[tx.dialect.name], [row | {"not_before": machine_now + _SEEN_ALREADY}])
