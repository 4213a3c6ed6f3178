"""What ends a whole case, at once: its other open threads stop without a word, and go on if that was a mistake.

A stopped thread keeps its state, its seats and its answers; it is closed, offers nothing, and reminds nobody. Its
deadlines wait as they were, so that it can go on where it stood with what was due meanwhile said at once.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy import Connection, select

from cases import invite, load
from cases import tables as t
from cases.flow import STOPPED, Audience, By, Flow, Say
from cases.limits import show_next_limit
from cases.plan import Planner
from cases.telling import STOPS, Change
from cases.thread import Actor, Signal, ThreadNow
from cases.write import write

CASE = Actor(kind="case")  # gives signals to a thread because of what has happened in its case
_WAITS = "stopped"  # the status of a deadline that waits for its thread to go on
Plan = Callable[[ThreadNow, datetime], Planner]


def reach(
    tx: Connection, plan: Plan, flows: Mapping[str, Flow], change: Change, now: datetime, machine_now: datetime
) -> None:
    """Stop the other threads of the case, or let them go on, when the change says so, in the caller's transaction.

    `now` is care time, `machine_now` is for delivery; both UTC.
    """
    if change.case_wide == "stop":
        _stop_others(tx, flows, change, now, machine_now)
    elif change.case_wide == "resume":
        _resume_others(tx, plan, change, now, machine_now)


def _stop_others(
    tx: Connection, flows: Mapping[str, Flow], change: Change, now: datetime, machine_now: datetime
) -> None:
    """All that are open, but those in states that their flow says outlive it."""
    row = t.thread.c
    query = select(row.id, row.flow, row.state).where(row.case_ref == change.thread.case_ref, row.closed_at.is_(None))
    ids = [one.id for one in tx.execute(query) if one.state not in flows[one.flow].outlives]
    found = load.threads(tx, [one for one in ids if one != change.thread.id], lock=True)
    stopped = [_stop(thread, now) for thread in found.values() if _may_be_stopped(thread, flows)]
    write(tx, stopped, now, machine_now)


def _resume_others(tx: Connection, plan: Plan, change: Change, now: datetime, machine_now: datetime) -> None:
    """What was stopped in the case goes on, unless another thread still stops it. Whoever has each one is told."""
    row = t.thread.c
    query = select(row.id, row.marks).where(row.case_ref == change.thread.case_ref, row.id != change.thread.id)
    marks = {one.id: one.marks for one in tx.execute(query)}
    if any(STOPS in one for one in marks.values()):
        return
    found = load.threads(tx, [one for one, has in marks.items() if STOPPED in has], lock=True)
    write(tx, [_resume(plan(thread, now), now) for thread in found.values()], now, machine_now)


def _may_be_stopped(thread: ThreadNow, flows: Mapping[str, Flow]) -> bool:
    """Looked at again under the lock: it may have moved meanwhile."""
    return not thread.is_closed and thread.state not in flows[thread.flow].outlives


def _stop(thread: ThreadNow, now: datetime) -> Change:
    change = _change(thread, "case_stop")
    thread.closed_at = now
    thread.marks.append(STOPPED)
    for armed in thread.deadlines.values():
        if armed.status == "armed":
            armed.status = _WAITS
    invite.stop(change)
    show_next_limit(thread, now)
    return change


def _resume(planner: Planner, now: datetime) -> Change:
    thread = planner.thread
    change = _change(thread, "case_resume")
    thread.closed_at = None
    thread.marks.remove(STOPPED)
    for armed in thread.deadlines.values():
        if armed.status == _WAITS:
            armed.status = "armed"
    invite.resume(change, now)
    show_next_limit(thread, now)
    planner.say(change, Say(to=Audience.OWNER, text="case_resumed", side=By.RECEIVER, urgent=planner.flow.urgent), None)
    return change


def _change(thread: ThreadNow, name: str) -> Change:
    signal = Signal(thread_id=thread.id, name=name, by=CASE)
    return Change(thread=thread, signal=signal, from_state=thread.state, to_state=thread.state)
