"""Follow-ups as they are taken out in sheets: what was held in a unit, and what is planned there.

A needs assessors' team is the authority unit that sent the follow-up; the answers are read without its case.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, select

from cases import tables as t
from cases.flow import STOPPED
from cases.thread import SEALED
from reminders.localtime import at

FOLLOW_UP, REPORT = "follow_up", "pre_followup_report"
QUALITY, BOARD = "quality", "board"
# What is asked of the person at every follow-up (Norrköping 6.5.2): the only answers that leave without their case.
QUALITY_ANSWERS = ("gets_help", "plans_when", "plans_how", "feels_good")


@dataclass(frozen=True, kw_only=True)
class Planned:
    """A follow-up that is open, or was held. Times are UTC; `report` is the state of the report asked for before it."""

    thread_id: int
    case_ref: str
    sender_id: int
    state: str
    soft: datetime | None
    hard: datetime | None
    answers: Mapping[str, Any]
    report: str | None


def held(tx: Connection, unit_id: str, first: date, last: date) -> list[dict[str, Any]]:
    """The quality answers of every follow-up held on these days, both inclusive, in the order of the days.

    Nothing says whose they are, not even their order within a day.
    """
    order = ("done_date", *QUALITY_ANSWERS)
    kept = t.quality_answer.c
    gone = tx.scalars(select(kept.answers).where(kept.unit_id == unit_id))  # of follow-ups disposed of
    found = [*_answers(tx, unit_id, set(order)).values(), *gone]
    inside = [one for one in found if first.isoformat() <= one.get("done_date", "") <= last.isoformat()]
    return sorted(inside, key=lambda one: [str(one.get(name, "")) for name in order])


def answers_of(tx: Connection, thread_ids: Sequence[int]) -> list[dict[str, Any]]:
    """What is to be kept of these threads' quality answers when their content goes: rows without case and thread."""
    content, thread = t.content.c, t.thread.c
    rows = tx.execute(
        select(content.thread_id, thread.sender_unit_id, content.field, content.value)
        .join(t.thread, thread.id == content.thread_id)
        .where(thread.flow == FOLLOW_UP, content.thread_id.in_(thread_ids))
        .where(content.field.in_(("done_date", *QUALITY_ANSWERS)))
        .order_by(content.seq)
    )
    found: dict[int, dict[str, Any]] = {}
    for row in rows:
        kept = found.setdefault(row.thread_id, {"unit_id": row.sender_unit_id, "answers": {}})
        kept["answers"][row.field] = row.value
    return [one for one in found.values() if one["answers"].get("done_date")]


def planned(tx: Connection, unit_id: str, first: date, last: date, only: int | None = None) -> list[Planned]:
    """The unit's follow-ups whose limit, time or day of holding lies in the period, what is due soonest first.

    What has been stopped with its whole case is neither: nobody is to be visited.
    """
    thread = t.thread.c
    query = select(t.thread).where(thread.flow == FOLLOW_UP, thread.sender_unit_id == unit_id)
    if only is not None:
        query = query.where(thread.sender_id == only)
    found = tx.execute(query.where(thread.state.not_in(("draft", "discarded", "withdrawn", SEALED))))
    rows = [row for row in found if STOPPED not in row.marks]
    answers = _answers(tx, unit_id, {"occasion", "basis_date", "followup_at", "planned_form", "done_date"})
    reports = _reports(tx, [row.id for row in rows])
    begin, end = at(first, time()), at(last + timedelta(days=1), time())
    made = [
        Planned(
            thread_id=row.id, case_ref=row.case_ref, sender_id=row.sender_id, state=row.state, soft=row.due_soft,
            hard=row.due_hard, answers=answers.get(row.id, {}), report=reports.get(row.id),
        )
        for row in rows
    ]  # fmt: skip
    inside = [one for one in made if any(begin <= moment < end for moment in _moments(one))]
    return sorted(inside, key=lambda one: (min(_moments(one)), one.case_ref))


def _moments(one: Planned) -> list[datetime]:
    """When a follow-up is something to see on the board."""
    done = one.answers.get("done_date")
    if done:
        return [at(date.fromisoformat(done), time())]
    time_ = one.answers.get("followup_at") if one.state == "planned" else None
    return [moment for moment in (datetime.fromisoformat(time_) if time_ else None, one.soft) if moment is not None]


def _answers(tx: Connection, unit_id: str, names: set[str]) -> dict[int, dict[str, Any]]:
    """The latest answer to each of these questions, by thread."""
    content, thread = t.content.c, t.thread.c
    rows = tx.execute(
        select(content.thread_id, content.field, content.value)
        .join(t.thread, thread.id == content.thread_id)
        .where(thread.flow == FOLLOW_UP, thread.sender_unit_id == unit_id, content.field.in_(names))
        .order_by(content.seq)
    )
    found: dict[int, dict[str, Any]] = {}
    for row in rows:
        found.setdefault(row.thread_id, {})[row.field] = row.value
    return found


def _reports(tx: Connection, parents: list[int]) -> dict[int, str]:
    """How far the latest report of each follow-up has come."""
    thread = t.thread.c
    rows = tx.execute(
        select(thread.parent_id, thread.state)
        .where(thread.flow == REPORT, thread.parent_id.in_(parents))
        .order_by(thread.id)
    )
    return {row.parent_id: row.state for row in rows}


def to_come(tx: Connection, unit_id: str, only: int | None, most: int) -> list[Planned]:
    """The unit's follow-ups that are not over, what is due soonest first, so many `most`; of one assessor with `only`.

    What has been stopped with its whole case is not among them.
    """
    thread, content = t.thread.c, t.content.c
    query = select(t.thread).where(
        thread.closed_at.is_(None), thread.sender_unit_id == unit_id, thread.flow == FOLLOW_UP,
        thread.state.not_in(("draft", SEALED)),
    )  # fmt: skip
    if only is not None:
        query = query.where(thread.sender_id == only)
    found = tx.execute(query.order_by(thread.due_soft.is_(None), thread.due_soft, thread.id).limit(most))
    rows = [row for row in found if STOPPED not in row.marks]
    ids = [row.id for row in rows]
    told = tx.execute(
        select(content.thread_id, content.field, content.value)
        .where(content.thread_id.in_(ids), content.field.in_(("occasion", "followup_at")))
        .order_by(content.seq)
    )
    answers: dict[int, dict[str, Any]] = {}
    for row in told:
        answers.setdefault(row.thread_id, {})[row.field] = row.value
    reports = _reports(tx, ids)
    return [
        Planned(
            thread_id=row.id, case_ref=row.case_ref, sender_id=row.sender_id, state=row.state, soft=row.due_soft,
            hard=row.due_hard, answers=answers.get(row.id, {}), report=reports.get(row.id),
        )
        for row in rows
    ]  # fmt: skip
