"""Taking a case out of everybody's sight, at once and for good: every thread of it, open or ended, is sealed.

A sealed thread keeps its number, its seats and its log, which hold no answers, and nothing else of it is shown to
anybody. Its answers are moved to a table that nothing in Stafett reads. What was running stops: deadlines, pointers by
e-mail, meetings in calendars. The case is let go of where the roster or a list had it, and begins nothing anew. No
reason is written down anywhere: whoever did it, and when, stands in the log and in the account as for any move.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Connection, bindparam, delete, exists, func, insert, select, update

from cases import invite, load
from cases import tables as t
from cases.case_keys import key_of as key_of
from cases.case_keys import spellings
from cases.case_wide import CASE
from cases.errands import MAIL, SUPERSEDED
from cases.fields import CaseList, PerCase, codes_of
from cases.flow import Flow
from cases.limits import show_next_limit
from cases.meeting import HAS_MEETING
from cases.route import members
from cases.statements import Statement
from cases.telling import Change, Telling
from cases.thread import SEALED, Actor, Signal, ThreadNow
from cases.write import show_again, write

if TYPE_CHECKING:
    from cases.record import Scene

SEAL = "seal"  # the signal in the log and in the account
TOLD = SEALED  # the text key of the last message of a thread
LET_GO = "case_let_go"  # the signal of another thread in whose list the case stood
TURNS = 240_024  # the number of the lock by which sealing and whatever names a case take turns
_STOPPABLE = ("armed", "stopped")  # deadlines that may still come to say something

_IS_SEALED = Statement(select(t.sealed_case.c.key).where(t.sealed_case.c.key == bindparam("key")))


@dataclass(frozen=True, kw_only=True)
class Found:
    """Where and by whom it was found out that a case is not to be here. `at` is care time (UTC)."""

    thread_id: int
    person_id: int
    at: datetime


def settle(tx: Connection) -> None:
    """Wait for a sealing that is under way, and let none begin before this transaction has ended.

    For whoever is about to write down a case reference: what is asked afterwards (`is_sealed`) stays true. SQLite has
    one writer at a time.
    """
    if tx.dialect.name == "postgresql":
        tx.execute(select(func.pg_advisory_xact_lock_shared(TURNS)))


def is_sealed(tx: Connection, case_ref: str) -> bool:
    """Whether the case, however it is spelled, begins nothing anew."""
    key = key_of(case_ref)
    return bool(key) and _IS_SEALED.first(tx, {"key": key}) is not None


def sealed_keys(tx: Connection) -> set[str]:
    """The keys (`key_of`) of every sealed case: there are few."""
    return set(tx.scalars(select(t.sealed_case.c.key)))


def found_at(tx: Connection, at: datetime) -> Sequence[Found]:
    """What was found out at a moment (care time, UTC)."""
    row = t.sealed_case.c
    rows = tx.execute(select(row.thread_id, row.person_id, row.at).where(row.at == at).order_by(row.thread_id))
    return [Found(**one._mapping) for one in rows]


def seal(
    tx: Connection, scene: "Scene", thread: ThreadNow, person_id: int, now: datetime, machine_now: datetime
) -> ThreadNow:
    """Seal every thread of this one's case, in the caller's transaction; the snapshot as it stands then.

    `thread` is locked by the caller. Whoever had an open one or has sent it hears, in neutral words, that it does not
    go on here. `now` is care time, `machine_now` is for delivery; both UTC.
    """
    if tx.dialect.name == "postgresql":
        tx.execute(select(func.pg_advisory_xact_lock(TURNS)))
    case_ref = thread.case_ref
    others = [number for number in _of_case(tx, case_ref) if number != thread.id]
    found = {thread.id: thread} | load.threads(tx, others, lock=True)
    found = {number: one for number, one in found.items() if not one.is_sealed}
    _set_apart(tx, list(found))
    changes = [_sealed(one, scene, person_id, now) for one in found.values()]
    write(tx, changes, now, machine_now)
    for change in changes:  # the message waits for the morning, and the card must not
        for telling in change.tellings:
            show_again(tx, change.thread.id, change.thread.version, telling.person_id, machine_now)
    _stop_pointers(tx, list(found), machine_now)
    _let_go(tx, scene.record.flows, case_ref, now, machine_now)
    if not is_sealed(tx, case_ref):
        row = {"key": key_of(case_ref), "thread_id": thread.id, "person_id": person_id, "at": now}
        tx.execute(insert(t.sealed_case).values(row))
    return thread


# --- the case's own threads --------------------------------------------------------------------------------------


def _of_case(tx: Connection, case_ref: str) -> list[int]:
    """Its threads, also where somebody has spelled the reference in another way."""
    row = t.thread.c
    return list(tx.scalars(select(row.id).where(row.case_ref.in_(spellings(tx, row.case_ref, {key_of(case_ref)})))))


def _set_apart(tx: Connection, ids: list[int]) -> None:
    """The answers leave the table that is read; `write` removes them there."""
    names, row = ("thread_id", "seq", "field", "value"), t.content.c
    answers = select(*(row[name] for name in names)).where(row.thread_id.in_(ids))
    tx.execute(insert(t.sealed).from_select(names, answers))


def _sealed(thread: ThreadNow, scene: "Scene", person_id: int, now: datetime) -> Change:
    told = [] if thread.is_closed else _concerned(thread, scene, person_id, now)
    urgent = scene.record.flows[thread.flow].urgent
    signal = Signal(thread_id=thread.id, name=SEAL, by=Actor.person(person_id))
    change = Change(thread=thread, signal=signal, from_state=thread.state, to_state=SEALED, purge=True)
    change.tellings = [Telling(person_id=who, text=TOLD, urgent=urgent) for who in told]
    thread.state, thread.closed_at = SEALED, thread.closed_at or now
    thread.marks = [mark for mark in thread.marks if mark.startswith(HAS_MEETING)] + [SEALED]
    thread.values.clear()
    for armed in thread.deadlines.values():
        if armed.status in _STOPPABLE:
            armed.status = "disarmed"
    invite.stop(change)
    show_next_limit(thread, now)
    return change


def _concerned(thread: ThreadNow, scene: "Scene", person_id: int, now: datetime) -> list[int]:
    """Whoever has it now and whoever sent it; not whoever has just pressed."""
    owner, profile = thread.owner, scene.profile(thread)
    sitting = members(owner, scene.directory, profile, now) if owner is not None else []
    if owner is not None and owner.taken_by in sitting:
        sitting = [owner.taken_by]
    sender = [thread.sender_id] if scene.directory.is_active(thread.sender_id) else []
    return [who for who in dict.fromkeys([*sitting, *sender]) if who != person_id]


def _stop_pointers(tx: Connection, ids: list[int], machine_now: datetime) -> None:
    """E-mail that has not gone yet. What is to be changed in calendars goes: meetings are to disappear there."""
    row = t.errand.c
    waiting = (row.thread_id.in_(ids), row.kind == MAIL, row.status == "waiting", row.claimed_until.is_(None))
    tx.execute(update(t.errand).where(*waiting).values(status=SUPERSEDED, finished_at=machine_now))


def has_answers(thread_id: ColumnElement[int]) -> ColumnElement[bool]:
    """In a query, whether a thread has answers that were set apart; not which."""
    return exists().where(t.sealed.c.thread_id == thread_id)


# --- where else the case stands ----------------------------------------------------------------------------------


def _let_go(tx: Connection, flows: Mapping[str, Flow], case_ref: str, now: datetime, machine_now: datetime) -> None:
    """The case leaves the roster, the hours, and the lists of meetings that were to take it up with others."""
    for table in (t.case_hours, t.care_case):
        ways = spellings(tx, table.c.case_ref, {key_of(case_ref)})
        tx.execute(delete(table).where(table.c.case_ref.in_(ways)))
    touched = _out_of_lists(tx, flows, case_ref)
    found = load.threads(tx, touched, lock=True)
    write(tx, [_drawn_anew(one) for one in found.values()], now, machine_now)


def _out_of_lists(tx: Connection, flows: Mapping[str, Flow], case_ref: str) -> list[int]:
    """Take the reference out of answers that name several cases; which threads had it."""
    kinds = {item.name for flow in flows.values() for item in flow.fields() if isinstance(item, CaseList | PerCase)}
    row, key, touched = t.content.c, key_of(case_ref), set[int]()
    for one in tx.execute(select(t.content).where(row.field.in_(kinds))).all():
        kept = [part for part in codes_of(one.value) if key_of(part.partition(":")[0]) != key]
        if len(kept) < len(codes_of(one.value)):
            this = (row.thread_id == one.thread_id, row.seq == one.seq, row.field == one.field)
            tx.execute(update(t.content).where(*this).values(value=",".join(kept)))
            touched.add(one.thread_id)
    return sorted(touched)


def _drawn_anew(thread: ThreadNow) -> Change:
    """A change of nothing but what the thread's cards show."""
    signal = Signal(thread_id=thread.id, name=LET_GO, by=CASE)
    return Change(thread=thread, signal=signal, from_state=thread.state, to_state=thread.state)


def without_sealed(cases: Iterable[Any], keys: Collection[str]) -> tuple[Any, ...]:
    """Those of a roster's cases that are not sealed."""
    return tuple(one for one in cases if key_of(one.case_ref) not in keys)
