"""Writing planned changes: a handful of statements, however many threads changed."""

from collections.abc import Container, Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import blake2s
from typing import Any

from sqlalchemy import Connection, CursorResult, Table, Update, bindparam, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from cases import access, account, errands, meetings, rota, write_rows
from cases import tables as t
from cases.lanes import AS_SAID, CLEARED, FOLDED
from cases.outbox import clear_now
from cases.statements import Statement, new_row, values_of
from cases.telling import ONCE, Change
from cases.thread import Armed, Party, ThreadNow

URGENT, NORMAL, BULK = 0, 1, 2

# Whoever pressed has the new card as the answer; the edit of the message can wait for what else will change on it.
_SEEN_ALREADY = timedelta(seconds=2)

_ENDED_FACTS = ("ended_at", "unit_id")  # of a deadline, written when it ends and never read back into a snapshot

_PARTY_ROW = ("thread_id", *write_rows.PARTY_FACTS, "added_at")
_LOG_ROW = ("thread_id", "version", "at", "by", "person_id", "signal", "from_state", "to_state", "due_at")
_OUTBOX_ROW = (
    "key", "lane", "kind", "thread_id", "version", "person_id", "text", "original_due_at", "created_at", "not_before",
    "attempts", "status", "external_id",
)  # fmt: skip


def _change(table: Table, names: Sequence[str]) -> Update:
    values = {name: bindparam(name, type_=table.c[name].type) for name in names}
    return update(table).where(table.c.id == bindparam("of")).values(values)


_CHANGED_THREAD = Statement(_change(t.thread, (*write_rows.THREAD_FACTS, "owner_party_id")))
_SAME_THREAD = Statement(_change(t.thread, ("version",)))  # leaves its indexes alone
_CHANGED_PARTY = Statement(_change(t.party, write_rows.PARTY_FACTS))
_CHANGED_DEADLINE = Statement(_change(t.deadline, (*write_rows.ARMED_FACTS, *_ENDED_FACTS)).values(attempts=0))
_NEW_PARTY = Statement(new_row(t.party, *_PARTY_ROW).returning(t.party.c.id))
_NEW_DEADLINE = Statement(new_row(t.deadline, "thread_id", *write_rows.NEW_ARMED_FACTS))
_NEW_LOG = Statement(new_row(t.log, *_LOG_ROW))
_NEW_CONTENT = Statement(new_row(t.content, "thread_id", "seq", "field", "value"))
_PURGED = Statement(delete(t.content).where(t.content.c.thread_id.in_(bindparam("ids", expanding=True))))
_NEXT_VERSION = Statement(
    update(t.thread)
    .where(t.thread.c.id == bindparam("of"), t.thread.c.closed_at.is_(None))
    .values(version=t.thread.c.version + 1)
    .returning(t.thread.c.version)
)
_OUTBOX_VALUES = values_of(t.outbox, *_OUTBOX_ROW)
# The unique key makes a second row of the same message a no-op, on either database.
_NEW_OUTBOX = Statement(
    {
        "sqlite": sqlite.insert(t.outbox).values(_OUTBOX_VALUES).on_conflict_do_nothing(index_elements=["key"]),
        "postgresql": postgresql.insert(t.outbox).values(_OUTBOX_VALUES).on_conflict_do_nothing(index_elements=["key"]),
    }
)

# One that somebody already sends has had its message chosen.
_YET_TO_BEGIN = Statement(
    select(t.outbox.c.id).where(
        t.outbox.c.key == bindparam("key"), t.outbox.c.status == "waiting", t.outbox.c.claimed_until.is_(None)
    )
)


def write(tx: Connection, changes: Sequence[Change], now: datetime, machine_now: datetime) -> None:
    """State, log, content, deadlines and outbox of these changes. The caller commits, once."""
    if not changes:
        return
    touched = {change.thread.id: change.thread for change in changes}
    versions = _next_versions(changes)
    account.note_changes(tx, changes, now)  # first: it tells of the seats that are new
    held_by = {thread.id: thread.held_by for thread in touched.values()}
    _parties(tx, list(touched.values()), now)
    _threads(tx, list(touched.values()))
    _deadlines(tx, list(touched.values()), now, held_by)
    _NEW_LOG.many(tx, [_log_row(change, version, now) for change, version in zip(changes, versions, strict=True)])
    purged = [change.thread.id for change in changes if change.purge]
    if purged:
        _PURGED.run(tx, {"ids": purged})
    _NEW_CONTENT.many(tx, [row for change in changes for row in _content_rows(change)])
    _outbox(tx, changes, versions, machine_now)
    errands.add_pointers(tx, changes, versions, now)
    rota.give(tx, changes, now)
    access.write(tx, changes, now)
    meetings.write(tx, changes, now)


def write_anew(
    tx: Connection, touched: Sequence[ThreadNow], changes: Sequence[Change], redrawn: Container[int],
    now: datetime, machine_now: datetime,
) -> None:  # fmt: skip
    """Deadlines of `touched` that have been worked out anew by another profile. The caller commits, once.

    Only the threads of `changes` get a line in the log; the cards of those in `redrawn` are drawn anew, in their turn.
    """
    versions = _next_versions(changes)
    _deadlines(tx, list(touched), now, {})
    _threads(tx, [change.thread for change in changes])
    _NEW_LOG.many(tx, [_log_row(change, version, now) for change, version in zip(changes, versions, strict=True)])
    _NEW_OUTBOX.many(
        tx,
        [
            _outbox_row(thread.id, thread.version, person_id, "update", "", machine_now) | {"lane": BULK}
            for thread in touched
            if thread.id in redrawn
            for person_id in thread.holders
        ],
    )


def _next_versions(changes: Sequence[Change]) -> list[int]:
    versions = []
    for change in changes:
        change.thread.version += 1
        versions.append(change.thread.version)
    return versions


def _parties(tx: Connection, threads: list[ThreadNow], now: datetime) -> None:
    for thread in threads:
        for party in thread.parties:
            if party.id is None:
                party.id = _NEW_PARTY.new_id(tx, _party_row(thread, party) | {"added_at": now})
            elif party.changed:
                _CHANGED_PARTY.run(tx, _party_row(thread, party) | {"of": party.id})
            party.keep()


def _party_row(thread: ThreadNow, party: Party) -> dict[str, Any]:
    return {"thread_id": thread.id, **write_rows.party_facts(party)}


def _threads(tx: Connection, threads: list[ThreadNow]) -> None:
    rows = [
        write_rows.thread_facts(thread) | {"of": thread.id, "owner_party_id": thread.owner.id if thread.owner else None}
        for thread in threads
        if thread.changed
    ]
    _CHANGED_THREAD.many(tx, rows)
    same = [{"of": thread.id, "version": thread.version} for thread in threads if not thread.changed]
    _SAME_THREAD.many(tx, same)
    for thread in threads:
        thread.keep()


def _deadlines(tx: Connection, threads: list[ThreadNow], now: datetime, held_by: Mapping[int, str]) -> None:
    """`held_by` are the units whose the threads were before: whoever gives an answer may give the thread away too."""
    new: list[dict[str, Any]] = []
    changed: list[dict[str, Any]] = []
    for thread in threads:
        for armed in thread.deadlines.values():
            if armed.id is None:
                new.append(_deadline_row(thread, armed))
            elif armed.changed:
                row: dict[str, Any] = {"of": armed.id, "ended_at": None, "unit_id": None}
                if armed.status == "disarmed":
                    row |= {"ended_at": now, "unit_id": held_by.get(thread.id)}
                changed.append(row | write_rows.armed_facts(armed))
                armed.keep()
    _CHANGED_DEADLINE.many(tx, changed)
    _NEW_DEADLINE.many(tx, new)


def _deadline_row(thread: ThreadNow, armed: Armed) -> dict[str, Any]:
    return {"thread_id": thread.id, **write_rows.new_armed_facts(armed)}


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
        if _is_mere_reminder(change):
            change.thread.edited = frozenset()
            continue  # nothing that the others' cards show has changed
        edited = change.thread.edited = frozenset(change.thread.holders.keys() - told)
        for person_id in edited:
            row = _outbox_row(change.thread.id, version, person_id, "update", "", machine_now)
            if person_id == change.signal.by.person_id:
                row["not_before"] = machine_now + _SEEN_ALREADY
            rows.append(row)
    _NEW_OUTBOX.many(tx, rows)
    clear_now(tx, [change.thread.id for change in changes if not _is_mere_reminder(change)], machine_now)


def _is_mere_reminder(change: Change) -> bool:
    """The clock has said something to somebody, and the thread stands where it stood."""
    return change.signal.by.kind == "clock" and bool(change.tellings) and change.from_state == change.to_state


def _outbox_row(
    thread_id: int, version: int, person_id: int, kind: str, text: str, machine_now: datetime
) -> dict[str, Any]:
    return {
        "key": f"u:{thread_id}:{version}:{person_id}", "lane": NORMAL, "kind": kind, "thread_id": thread_id,
        "version": version, "person_id": person_id, "text": text, "original_due_at": None, "created_at": machine_now,
        "not_before": machine_now, "attempts": 0, "status": "waiting", "external_id": None,
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
    version = _NEXT_VERSION.scalar(tx, {"of": thread_id})
    if version is not None:
        row = _outbox_row(thread_id, version, person_id, "update", AS_SAID, machine_now)
        _NEW_OUTBOX.run(tx, row)


def catch_up(
    tx: Connection, thread_id: int, version: int, person_id: int, machine_now: datetime, activity_id: str
) -> None:
    """Have a card that was drawn before the thread moved drawn as it stands, with what the person was last told.

    The person may have seen this version in another message already: this one (`activity_id`) has not shown it.
    """
    row = _outbox_row(thread_id, version, person_id, "update", AS_SAID, machine_now)
    _NEW_OUTBOX.run(tx, row | {"key": _key_of_edit(row["key"], activity_id)})


def show_again(
    tx: Connection, thread_id: int, version: int, person_id: int, machine_now: datetime, activity_id: str | None = None
) -> None:
    """Have the message itself edited to the card that the person has just been answered with, once per version.

    `activity_id` is the message that was pressed, which may be another than the one that has shown this version.
    """
    row = _outbox_row(thread_id, version, person_id, "update", "", machine_now)
    row["not_before"] = machine_now + _SEEN_ALREADY
    written = _NEW_OUTBOX.run(tx, row)
    if not written and activity_id is not None and _YET_TO_BEGIN.scalar(tx, {"key": row["key"]}) is None:
        _NEW_OUTBOX.run(tx, row | {"key": _key_of_edit(row["key"], activity_id)})


def fold(tx: Connection, thread_id: int, version: int, person_id: int, machine_now: datetime, activity_id: str) -> None:
    """Have an older card of the thread (`activity_id`) give way to the one that the person has now."""
    row = _outbox_row(thread_id, version, person_id, "update", FOLDED, machine_now)
    key = "f" + _key_of_edit(row["key"], activity_id)
    _NEW_OUTBOX.run(tx, row | {"key": key, "lane": BULK, "external_id": activity_id})


def clear(
    tx: Connection, thread_id: int, version: int, person_id: int, machine_now: datetime, activity_id: str, at: datetime
) -> None:
    """Have a message in which the thread may be read for a while (`activity_id`) emptied at a time (machine time)."""
    row = _outbox_row(thread_id, version, person_id, "update", CLEARED, machine_now)
    key = f"c{int(at.timestamp())}{_key_of_edit(row['key'], activity_id)}"
    _NEW_OUTBOX.run(tx, row | {"key": key, "not_before": at, "external_id": activity_id})


def _key_of_edit(key: str, activity_id: str) -> str:
    """An edit is wanted once per version and message. The ids of messages are longer than a key may be."""
    return f"{key}:{blake2s(activity_id.encode(), digest_size=8).hexdigest()}"


def post_again(
    tx: Connection, thread_id: int, version: int, person_id: int, machine_now: datetime, key: str = "",
    at: datetime | None = None,
) -> None:  # fmt: skip
    """Have a person's card of the thread posted anew, at the end of their chat: they have asked for it just now."""
    row = _outbox_row(thread_id, version, person_id, "message", "", machine_now)
    key = key or f"o:{thread_id}:{person_id}:{machine_now:%Y%m%dT%H%M%S}"  # pressed twice in a second it comes once
    _NEW_OUTBOX.run(tx, row | {"key": key, "lane": URGENT, "not_before": at or machine_now})
