"""What somebody held who no longer works in a unit goes to those who do, at once, and whoever gets it is told."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection, or_, select

from cases import load
from cases import tables as t
from cases.case_wide import CASE
from cases.flow import Audience, By, Say
from cases.hands import pass_on
from cases.plan import Planner
from cases.route import QUEUE, Seat, members
from cases.telling import Change
from cases.thread import Signal, ThreadNow
from cases.write import write

if TYPE_CHECKING:
    from cases.record import Scene

TOLD = "holder_left"
_FORWARDED = "forwarded"


def hand_on(
    tx: Connection, scene: "Scene", person_id: int, units: Collection[str], now: datetime, machine_now: datetime
) -> int:
    """Give the open threads that this person alone held in these units to the unit's queue, else to whoever leads it.

    In the transaction in which they lost their roles, with the roster as that has made it. A draft is not handed on:
    whoever leads the unit hears of it by its own reminders. Both times UTC. How many threads.
    """
    gone = [unit for unit in units if not scene.directory.roles_of(person_id, unit)]
    if not gone:
        return 0
    party, thread = t.party.c, t.thread.c
    held = (
        select(thread.id)
        .join(t.party, thread.owner_party_id == party.id)
        .where(thread.closed_at.is_(None), party.unit_id.in_(gone), party.side == By.RECEIVER.value)
        .where(or_(party.person_id == person_id, party.taken_by == person_id))
    )
    found = load.threads(tx, list(tx.scalars(held)), lock=True)
    changes = [_handed_on(scene, thread, now) for thread in found.values()]
    write(tx, changes, now, machine_now)
    return len(changes)


class _Leaving(Planner):
    """Makes moves that nobody has pressed: whoever should have is no longer there."""

    def moved(self, signal: Signal) -> Change | None:
        """What the move changes, or None where the flow has none of that name now."""
        change = self._change(signal)
        move = self.flow.pick(signal.name, self._situation())
        if move is None:
            return None
        self._take_values(change, signal.values)
        self._make(change, move)
        return change


def _handed_on(scene: "Scene", thread: ThreadNow, now: datetime) -> Change:
    """By the flow's own way of passing on where it has one now: what a new holder has time for begins anew."""
    made = scene.planner(thread, now)
    planner = _Leaving(
        flow=made.flow, profile=made.profile, directory=made.directory, case=made.case, thread=thread, now=now
    )
    unit_id = thread.owner.unit_id if thread.owner else thread.sender_unit_id
    seat = _next(planner, unit_id)
    values = {"forward_to": seat.code, "forward_reason": "absent"}
    change = planner.moved(Signal(thread_id=thread.id, name="forward", by=CASE, values=values))
    if change is None:
        signal = Signal(thread_id=thread.id, name=TOLD, by=CASE)
        change = Change(thread=thread, signal=signal, from_state=thread.state, to_state=thread.state)
        party = pass_on(thread, seat, held=None, leave=True, because=TOLD)
        planner.tell(change, members(party, scene.directory, planner.profile, now), TOLD, planner.flow.urgent)
    change.tellings = [replace(one, text=TOLD) if one.text == _FORWARDED else one for one in change.tellings]
    if not change.tellings:  # nobody in the unit: whoever sent it rings
        planner.say(change, Say(to=Audience.SENDER, text="not_delivered", side=By.SENDER), None)
    return change


def _next(planner: Planner, unit_id: str) -> Seat:
    """The unit's queue; where nobody reads it, the first of those who answer for the unit."""
    queue = Seat(role=QUEUE, unit_id=unit_id, person_id=None)
    if members(queue, planner.directory, planner.profile, planner.now):
        return queue
    roles = planner.profile.section("roles").superiors.get(planner.directory.units[unit_id].kind, ())
    lead = next((role for role in roles if planner.directory.holders(unit_id, role)), None)
    return Seat(role=lead, unit_id=unit_id, person_id=None) if lead else queue
