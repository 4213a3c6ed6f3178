"""The roster gives a case another responsible assessor: what the former one has planned for it goes over as well.

A plan lives for a year and waits for nobody else, so nobody else would notice that it lies with the wrong person.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection, and_, or_, select, update

from cases import load
from cases import tables as t
from cases.case_wide import CASE
from cases.directory import Directory, read
from cases.flow import STOPPED, By
from cases.follow_ups import FOLLOW_UP, REPORT
from cases.invite import call_too
from cases.telling import Change, Telling
from cases.thread import LEFT, Party, Signal, ThreadNow
from cases.write import write

GIVEN = "case_given"
_PLANS = (FOLLOW_UP, "meeting_adjustment")  # what the responsible assessor has to do, whoever wrote it down
_MEETING = "follow_up_meeting"  # of a follow-up as a rule: its draft was made for whoever has the plan
_SENDER = "sender"  # the role of the seat of whoever sent, and of a colleague who has stepped in for them
_CHUNK = 500


def hand_over(tx: Connection, cases: Sequence[str], now: datetime) -> None:
    """Give the plans of these cases, and the reports asked for in them, to the assessor that the roster now names.

    In the transaction that has written the roster, before anybody is told that it has changed. `now` is UTC. Where the
    roster names nobody who is there, a plan stays where it is, and whoever leads the unit acts for it.
    """
    found = _plans(tx, cases)
    if not found:
        return
    directory = read(tx, "")
    given = [_given(thread, directory, now) for thread in found if _is_anothers(thread, directory)]
    for change in given:
        values = {"sender_id": change.thread.sender_id, "sender_unit_id": change.thread.sender_unit_id}
        tx.execute(update(t.thread).where(t.thread.c.id == change.thread.id).values(**values))
    write(tx, given, now, now)


def _plans(tx: Connection, cases: Sequence[str]) -> list[ThreadNow]:
    """Those that are open, or wait with their whole case to go on; a draft is its writer's, if somebody wrote it."""
    thread = t.thread.c
    comes_of = thread.parent_id.is_not(None)
    of_plan = or_(thread.flow.in_((*_PLANS, _MEETING)), and_(thread.flow == REPORT, comes_of))
    is_out = or_(thread.state != "draft", and_(thread.flow == _MEETING, comes_of))
    columns = (thread.id, thread.closed_at, thread.marks)
    ids: list[int] = []
    for start in range(0, len(cases), _CHUNK):
        some = cases[start : start + _CHUNK]
        rows = tx.execute(select(*columns).where(thread.case_ref.in_(some), of_plan, is_out))
        ids += [row.id for row in rows if row.closed_at is None or STOPPED in row.marks]
    return list(load.threads(tx, ids, lock=True).values()) if ids else []


def _is_anothers(thread: ThreadNow, directory: Directory) -> bool:
    who = thread.responsible_id
    if thread.is_sealed or who in (None, thread.sender_id):
        return False
    return who in directory.works_at and directory.is_active(who or 0)


def _given(thread: ThreadNow, directory: Directory, now: datetime) -> Change:
    """The thread is the new one's as if they had sent it. They are told of the plan itself, and once. A meeting stays
    in the calendar in which it stands, and the new one is called to it."""
    who = thread.responsible_id or 0
    unit_id = directory.works_at[who]
    former = [party for party in thread.parties if party.role == _SENDER]
    seat = next((one for one in former if (one.person_id, one.unit_id) == (who, unit_id)), None)
    if seat is None:
        seat = Party(id=None, side=By.SENDER, role=_SENDER, unit_id=unit_id, person_id=who, because=GIVEN)
        thread.parties.append(seat)
    _leave(former)
    seat.side, seat.because = By.SENDER.value, GIVEN
    if thread.owner is None or thread.owner.role == _SENDER:
        thread.owner = seat
    thread.sender_id, thread.sender_unit_id = who, unit_id
    signal = Signal(thread_id=thread.id, name=GIVEN, by=CASE)
    change = Change(thread=thread, signal=signal, from_state=thread.state, to_state=thread.state)
    call_too(change, who, _SENDER, unit_id, now)
    is_plan = thread.flow in _PLANS or (thread.flow == _MEETING and thread.parent_id is None)
    if is_plan and not thread.is_closed:
        change.tellings.append(Telling(person_id=who, text=GIVEN, urgent=False))
    return change


def _leave(former: Iterable[Party]) -> None:
    for party in former:
        party.side = LEFT
