"""Writing planned changes: a handful of statements, however many threads changed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, CursorResult, Insert, Table, Update, bindparam, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from cases import tables as t
from cases.plan import ONCE, Change
from cases.thread import Armed, Party, ThreadNow

URGENT, NORMAL, BULK = 0, 1, 2

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
                _outbox_row(change.thread, version, telling.person_id, "message", telling.text, machine_now)
                | {
                    "key": f"m:{change.thread.id}:{'once' if once else version}:{telling.person_id}:{telling.text}",
                    "lane": URGENT if telling.urgent else NORMAL,
                    "original_due_at": telling.original_due_at,
                }
            )
        for person_id in change.thread.holders.keys() - told:
            rows.append(_outbox_row(change.thread, version, person_id, "update", "", machine_now))
    if rows:
        tx.execute(_NEW_OUTBOX[tx.dialect.name], rows)


def _outbox_row(
    thread: ThreadNow, version: int, person_id: int, kind: str, text: str, machine_now: datetime
) -> dict[str, Any]:
    return {
        "key": f"u:{thread.id}:{version}:{person_id}", "lane": NORMAL, "kind": kind, "thread_id": thread.id,
        "version": version, "person_id": person_id, "text": text, "original_due_at": None, "created_at": machine_now,
        "not_before": machine_now, "attempts": 0, "status": "waiting",
    }  # fmt: skip


def new_id(result: CursorResult[Any]) -> int:
    """The key that the database gave a new row."""
    key = result.inserted_primary_key
    assert key is not None  # noqa: S101 (every table here has an integer key)
    return int(key[0])


def refresh(tx: Connection, thread: ThreadNow, person_id: int, machine_now: datetime) -> None:
    """Have one person's card drawn anew: something it shows has changed, though the thread has not moved."""
    thread.version += 1
    tx.execute(update(t.thread).where(t.thread.c.id == thread.id).values(version=thread.version))
    said = _last_said(tx, thread.id, person_id)
    tx.execute(
        _NEW_OUTBOX[tx.dialect.name], [_outbox_row(thread, thread.version, person_id, "update", said, machine_now)]
    )


def _last_said(tx: Connection, thread_id: int, person_id: int) -> str:
    """The text of the person's latest message, as long as the thread has not moved on: the new card says it too."""
    log, table = t.log, t.outbox
    moved = select(func.max(log.c.version)).where(log.c.thread_id == thread_id, log.c.from_state != log.c.to_state)
    said = (
        select(table.c.text)
        .where(table.c.thread_id == thread_id, table.c.person_id == person_id, table.c.kind == "message")
        .where(table.c.status == "sent", table.c.version >= func.coalesce(moved.scalar_subquery(), 0))
        .order_by(table.c.id.desc())
    )
    return tx.scalar(said.limit(1)) or ""
