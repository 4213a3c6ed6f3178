"""One turn at the desk: who, when, in which transaction; and what they get."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from cases.directory import Membership
from cases.flow import Flow
from cases.record import Record, Scene
from cases.route import ON_CALL
from cases.thread import ThreadNow
from dialogs.parts import Element
from reminders.profile import Profile


@dataclass(frozen=True, kw_only=True)
class Desked:
    """What the person gets: a card, and the thread it shows, so that the same card can be changed later.

    `older` is the message that has been their card of the thread until now. `asking` is the thread whose card now holds
    a form: it must not be changed under the typing. `next_due` is the thread's next deadline (care time, UTC).
    """

    card: Element
    thread_id: int | None = None
    version: int = 0
    older: str | None = None
    asking: int | None = None
    next_due: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Visit:
    """`now` is care time, `machine_now` is for delivery; both UTC. `scene` is the roster as this transaction sees it.

    `dialog` is true when the answer is shown in a Teams dialog and never lies in the chat. `brought` is what the
    network said before the transaction began.
    """

    tx: Connection
    scene: Scene
    person_id: int
    now: datetime
    machine_now: datetime
    dialog: bool = False
    brought: tuple[object, ...] = ()

    @property
    def record(self) -> Record:
        return self.scene.record

    def held(self) -> list[Membership]:
        """The roles the person holds."""
        return self.scene.directory.memberships(self.person_id)

    def units_for(self, flow: Flow) -> dict[str, str]:
        """The units from which this person may send this flow, id → name; on call only during the pass."""
        return {
            one.unit_id: one.unit_name
            for one in self.held()
            if one.role in flow.senders
            and flow.name in self.record.profiles[one.profile].section("flows").on
            and (
                one.role != ON_CALL
                or flow.caseless
                or self.person_id in self.scene.directory.on_call(one.unit_id, self.now)
            )
        }

    def startable(self) -> list[Flow]:
        """The flows this person may start."""
        return [flow for flow in self.record.flows.values() if self.units_for(flow)]

    def spelled(self, typed: str) -> str:
        """A case reference as the roster spells it: on a phone it is often typed in small letters."""
        return self.scene.directory.spelled(self.tx, typed) if typed else ""

    def known_case(self, typed: str) -> str | None:
        """A typed case as the roster spells it, or None for one that it does not know."""
        directory = self.scene.directory
        ref = directory.spelled(self.tx, typed)
        return ref if directory.case(self.tx, ref) is not None else None

    def profile_of(self, unit_id: str, case_ref: str = "") -> Profile:
        """The profile that a unit's message about a case follows: the case's authority decides, else the unit's own."""
        directory = self.scene.directory
        return self.record.profile_of(directory, unit_id, directory.case(self.tx, case_ref) if case_ref else None)


def thread_of(data: Mapping[str, Any]) -> int:
    """The thread a button names; zero, which no thread has, when it names none."""
    try:
        return int(data.get("thread") or 0)
    except (TypeError, ValueError):
        return 0


def next_due(thread: ThreadNow) -> datetime | None:
    """When the clock will next have something to say of the thread (care time, UTC)."""
    waiting = [armed.due_at for armed in thread.deadlines.values() if armed.status == "armed" and armed.due_at]
    return min(waiting, default=None)
