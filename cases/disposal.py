"""Disposing of what the municipality has decided on: batch by batch, each a transaction with its line of account.

A batch looks anew for what may go, so that one that was cut short is simply followed by the next. What a thread has
been is counted before it goes; what the quality questions were answered is kept without its case.
"""

from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, Table, delete, func, insert, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from cases import account, account_cut, follow_ups, on_time
from cases import tables as t
from cases.directory import roster_changed
from cases.holds import held_spellings
from cases.record import Record
from cases.retention import ACCOUNT, CONTENT, ROSTER, THREAD, Heap, common, due, heaps
from cases.retention_section import Limits
from cases.thread_figures import counts, month_of, was_late
from reminders.localtime import to_local

TOGETHER = 50  # threads of a transaction: a press waits for no more
_ACCOUNT_TOGETHER = 2_000  # rows
_CLEARED = "Uppgiften är gallrad"

_THREAD, _GONE, _WHO, _LEFT = t.thread.c, t.disposing.c, t.person.c, t.departure.c
# Parts of a thread that the database itself does not tie to it.
_UNTIED = frozenset({t.deadline})


def batch(tx: Connection, record: Record, now: datetime, most: int = TOGETHER) -> int:
    """Dispose of one batch of what has had its time; how many rows went, 0 when nothing is left. `now` is care time.

    The caller commits.
    """
    for heap in heaps(tx, record, now):
        if heap.kind != CONTENT and not may_remove_log(tx):
            continue
        found = due(tx, heap, most)
        rows = _dispose(tx, heap, found, now) if found else 0
        if rows:
            return rows
    limits = common(tx, record, now)
    if limits is None:
        return 0
    return _roster(tx, limits, now) or _account(tx, limits, now)


def how_old(tx: Connection, limits: Limits) -> tuple[int, int]:
    """How many rows of the account, and how many people who have left, have had their time."""
    rows = select(func.count()).select_from(t.audit).where(t.audit.c.at < limits.account)
    gone = select(func.count()).select_from(t.departure).where(_LEFT.noted_at < limits.roster)
    return tx.scalar(rows) or 0, tx.scalar(gone.where(_LEFT.cleared_on.is_(None))) or 0


def may_remove_log(tx: Connection) -> bool:
    """Whether this connection may remove rows of the log and the account at all: a cautious server's role may not."""
    if tx.dialect.name != "postgresql":
        return True
    asked = "SELECT has_table_privilege('log', 'DELETE') AND has_table_privilege('audit', 'DELETE')"
    return bool(tx.scalar(text(asked)))


# --- threads ------------------------------------------------------------------------------------------------------


def _dispose(tx: Connection, heap: Heap, threads: list[int], now: datetime) -> int:
    """The whole batch; should something unforeseen lean on one of them, one by one, and that one stays."""
    try:
        with tx.begin_nested():
            return _together(tx, heap, threads, now)
    except IntegrityError:
        if len(threads) == 1:
            return 0
        return sum(_dispose(tx, heap, [one], now) for one in threads)


def _together(tx: Connection, heap: Heap, threads: list[int], now: datetime) -> int:
    # A thread that somebody has reopened since it was found is not ended any more.
    locked = select(_THREAD.id).where(_THREAD.id.in_(threads), heap.may_go()).with_for_update(of=t.thread)
    ids = sorted(tx.scalars(locked), reverse=True)
    if not ids:
        return 0
    number = _opened(tx, heap.kind, heap.profile, heap.decision_ref, heap.before, now)
    for thread_id in ids:
        account.note(
            tx, now, person_id=None, action="purge", outcome="done", thread_id=thread_id, signal=heap.kind,
            reason=heap.decision_ref,
        )  # fmt: skip
    _keep_quality_answers(tx, ids)
    if heap.kind == CONTENT:
        rows = _removed(tx, t.content, t.content.c.thread_id.in_(ids))
    else:
        if heap.kind == THREAD:
            _count(tx, ids, now)
        rows = _remove_whole(tx, ids)
    _closed(tx, number, now, len(ids), rows)
    return rows


def _remove_whole(tx: Connection, ids: list[int]) -> int:
    """Every row of these threads, whatever table it lies in."""
    tx.execute(insert(t.disposing), [{"thread_id": one} for one in ids])
    rows = 0
    for table in reversed(t.metadata.sorted_tables):
        condition = _leads_to(table, ids)
        if condition is not None:
            rows += _removed(tx, table, condition)
    rows += _removed(tx, t.thread, _THREAD.id.in_(ids))
    tx.execute(delete(t.disposing))
    return rows


def _leads_to(table: Table, ids: list[int]) -> ColumnElement[bool] | None:
    """Which rows of a table belong to these threads: by their own number, or by what they are part of."""
    own = [key.parent for key in table.foreign_keys if key.column.table is t.thread]
    if own or table in _UNTIED:
        return (own[0] if own else table.c.thread_id).in_(ids)
    for key in table.foreign_keys:
        whole = _leads_to(key.column.table, ids) if key.column.table is not table else None
        if whole is not None:
            return key.parent.in_(select(key.column).where(whole))
    return None


def _removed(tx: Connection, table: Table, condition: ColumnElement[bool]) -> int:
    return int(tx.execute(delete(table).where(condition)).rowcount)


# --- what is left -------------------------------------------------------------------------------------------------


def _count(tx: Connection, ids: list[int], now: datetime) -> None:
    """Add these threads to the figures of the months in which they ended, and what has not been counted of their limits
    to those of what was in time."""
    while on_time.count_ended(tx, now, among=ids):
        pass
    found: dict[tuple[date, str, str], list[int]] = {}
    query = select(_THREAD.closed_at, _THREAD.profile, _THREAD.flow, was_late().label("late"))
    for row in tx.execute(query.where(_THREAD.id.in_(ids), counts())):
        figures = found.setdefault((month_of(row.closed_at), row.profile, row.flow), [0, 0])
        figures[0] += 1
        figures[1] += bool(row.late)
    own, new = t.thread_figure.c, (sqlite if tx.dialect.name == "sqlite" else postgresql).insert(t.thread_figure)
    more = {"threads": own.threads + new.excluded.threads, "late": own.late + new.excluded.late}
    add = new.on_conflict_do_update(index_elements=[own.month, own.profile, own.flow], set_=more)
    for (month, profile, flow), (threads, late) in found.items():
        tx.execute(add, {"month": month, "profile": profile, "flow": flow, "threads": threads, "late": late})


def _keep_quality_answers(tx: Connection, ids: list[int]) -> None:
    """The answers to the quality questions stay for the unit's own follow-up, without case and thread."""
    rows = follow_ups.answers_of(tx, ids)
    if rows:
        tx.execute(insert(t.quality_answer), rows)


# --- the account and the roster -----------------------------------------------------------------------------------


def _account(tx: Connection, limits: Limits, now: datetime) -> int:
    """The oldest rows of the account. Those of a held case stay."""
    if not may_remove_log(tx):
        return 0
    number = _opened(tx, ACCOUNT, None, limits.decision_ref, limits.account, now)
    held = set(held_spellings(tx, t.audit.c.case_ref))
    rows = account_cut.dispose(tx, limits.account, held, _ACCOUNT_TOGETHER, now)  # seals its cuts with a row of its own
    if rows:
        _closed(tx, number, now, 0, rows)
    else:
        tx.execute(delete(t.disposal).where(t.disposal.c.id == number))
    return rows


def _roster(tx: Connection, limits: Limits, now: datetime) -> int:
    """What is known of whoever left so long ago, and what is as old and belongs to no thread: passes, absence, changes
    of access, hours of cases, and holds that have been let go of."""
    note_departures(tx, now)
    rows = 0
    for table, ended, before in (
        (t.on_call, t.on_call.c.ends_at, limits.roster),
        (t.absence, t.absence.c.ends_at, limits.roster),
        (t.access_change, t.access_change.c.at, limits.roster),
        (t.access_review, t.access_review.c.at, limits.roster),
        (t.break_glass, t.break_glass.c.until, limits.roster),
        (t.case_hours, t.case_hours.c.imported_at, limits.metadata),
        (t.legal_hold, t.legal_hold.c.released_at, limits.account),
    ):
        rows += _removed(tx, table, ended < before)
    gone = list(tx.scalars(select(_LEFT.person_id).where(_LEFT.noted_at < limits.roster, _LEFT.cleared_on.is_(None))))
    for person_id in gone:
        rows += _clear(tx, person_id)
    if gone:
        cleared = update(t.departure).where(_LEFT.person_id.in_(gone))
        tx.execute(cleared.values(cleared_on=to_local(now).date()))
    if rows:
        roster_changed(tx)
        number = _opened(tx, ROSTER, None, limits.decision_ref, limits.roster, now)
        account.note(
            tx, now, person_id=None, action="purge", outcome="done", signal=ROSTER, reason=limits.decision_ref
        )  # fmt: skip
        _closed(tx, number, now, 0, rows)
    return rows


def note_departures(tx: Connection, now: datetime) -> None:
    """Note who is no longer in the roster, from today on; who has come back is forgotten as gone."""
    back = select(_WHO.id).where(_WHO.active)
    tx.execute(delete(t.departure).where(_LEFT.person_id.in_(back)))
    known = select(_LEFT.person_id)
    new = list(tx.scalars(select(_WHO.id).where(~_WHO.active, _WHO.id.not_in(known))))
    if new:
        tx.execute(insert(t.departure), [{"person_id": one, "noted_at": now} for one in new])


def _clear(tx: Connection, person_id: int) -> int:
    """Nothing tells any more who it was. The number stays: the record's rows still tell one person from another."""
    rows = 0
    for table in (t.role, t.conversation, t.absence, t.absence_check, t.calendar_feed):
        rows += _removed(tx, table, table.c.person_id == person_id)
    nobody = {"name": _CLEARED, "title": "", "phone": "", "upn": None, "aad_object_id": None, "channel_user_id": None}
    return rows + int(tx.execute(update(t.person).where(_WHO.id == person_id).values(nobody)).rowcount)


# --- the batch's own row ------------------------------------------------------------------------------------------


def _opened(
    tx: Connection, kind: str, profile: str | None, decision_ref: str, before: datetime, now: datetime
) -> int:  # fmt: skip
    row = {
        "kind": kind, "profile": profile, "decision_ref": decision_ref, "before": before, "started_at": now,
        "threads": 0, "rows": 0,
    }  # fmt: skip
    return int(tx.execute(insert(t.disposal).values(row).returning(t.disposal.c.id)).scalar_one())


def _closed(tx: Connection, number: int, now: datetime, threads: int, rows: int) -> None:
    done = update(t.disposal).where(t.disposal.c.id == number)
    tx.execute(done.values(finished_at=now, threads=threads, rows=rows))
