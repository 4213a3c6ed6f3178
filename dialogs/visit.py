"""One turn at the desk: who, when, in which transaction; and what they get."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from cases import account, sealing
from cases.directory import Membership
from cases.flow import Flow
from cases.policy import Act, OfUnit, Who, decide
from cases.record import Record, Scene
from cases.thread import ThreadNow
from dialogs.parts import Element
from dialogs.terms import Terms, flow_of, worded
from reminders.profile import Profile

_NUMBERS = 1_000_000_000  # a thread's number has nine digits at the most: a personal number is never one


@dataclass(frozen=True, kw_only=True)
class Desked:
    """What the person gets: a card, and the thread it shows, so that the same card can be changed later.

    `older` is the message that has been their card of the thread until now. `lent` is a thread that the message shows
    though it is not theirs, with its version, and when that is to be gone (machine time). `asking` is the thread whose
    card now holds a form: it must not be changed under the typing. `next_due` is the thread's next deadline (care time,
    UTC). `stage` is what has become of a thread that was just moved, for whoever did it in a dialog.
    `edited` tells that the change itself has put the edit of their card among what is to be sent.
    """

    card: Element
    thread_id: int | None = None
    version: int = 0
    older: str | None = None
    lent: tuple[int, int, datetime] | None = None
    asking: int | None = None
    next_due: datetime | None = None
    stage: str = ""
    edited: bool = False


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

    @property
    def who(self) -> Who:
        """The person, as the policy looks at them."""
        return Who(person_id=self.person_id, directory=self.scene.directory, now=self.now)

    def note(
        self, action: str, outcome: str, *, thread: ThreadNow | None = None, thread_id: int | None = None,
        signal: str = "", reason: str = "", case_ref: str = "", stranger: bool = False,
    ) -> None:  # fmt: skip
        """A row of the account in this person's name; `reason` is a code, never content."""
        account.note(
            self.tx, self.now, person_id=self.person_id, action=action, outcome=outcome, thread=thread,
            thread_id=thread_id, directory=self.scene.directory, signal=signal, reason=reason,
            case_ref=case_ref, stranger=stranger,
        )  # fmt: skip

    def units_for(self, flow: Flow) -> dict[str, str]:
        """The units from which this person may send this flow, id → name; on call only during the pass."""
        who, units = self.who, {one.unit_id: one for one in self.held()}
        profiles = self.record.profiles
        return {
            unit_id: one.unit_name
            for unit_id, one in units.items()
            if decide(who, Act.START, OfUnit(unit_id=unit_id, flow=flow, profile=profiles[one.profile]))
        }

    def startable(self) -> list[Flow]:
        """The flows this person may start, in the words of the unit that they start it from."""
        found = ((flow, self.units_for(flow)) for flow in self.record.flows.values())
        return [self.worded(flow, next(iter(units))) for flow, units in found if units]

    def flow_of(self, thread: ThreadNow) -> Flow:
        """The thread's flow in its municipality's words."""
        return flow_of(self.scene, thread)

    def worded(self, flow: Flow, unit_id: str, case_ref: str = "") -> Flow:
        """A flow in the words of the profile that a unit's message about a case follows."""
        return worded(flow, self.profile_of(unit_id, case_ref).section("terms"))

    @property
    def terms(self) -> Terms:
        """The words of the person's own unit: for what is said of no thread."""
        held = self.held()
        terms: Terms = self.profile_of(held[0].unit_id).section("terms") if held else Terms()
        return terms

    def spelled(self, typed: str) -> str:
        """A case reference as the roster spells it: on a phone it is often typed in small letters."""
        return self.scene.directory.spelled(self.tx, typed) if typed else ""

    def known_case(self, typed: str) -> str | None:
        """A typed case as the roster spells it, or None for one that it does not know."""
        sealing.settle(self.tx)
        directory = self.scene.directory
        ref = directory.spelled(self.tx, typed)
        return ref if directory.case(self.tx, ref) is not None else None

    def profile_of(self, unit_id: str, case_ref: str = "") -> Profile:
        """The profile that a unit's message about a case follows: the case's authority decides, else the unit's own."""
        directory = self.scene.directory
        return self.record.profile_of(directory, unit_id, directory.case(self.tx, case_ref) if case_ref else None)


def thread_of(data: Mapping[str, Any]) -> int:
    """The thread a button names; zero, which no thread has, when it names none, or none that a database can hold."""
    return _number(data, "thread")


def version_of(data: Mapping[str, Any]) -> int:
    """The version of the thread that a button was drawn with; zero when it names none that can be."""
    return _number(data, "version")


def _number(data: Mapping[str, Any], name: str) -> int:
    try:
        number = int(data.get(name) or 0)
    except (TypeError, ValueError, OverflowError):
        return 0
    return number if 0 < number < _NUMBERS else 0


def next_due(thread: ThreadNow) -> datetime | None:
    """When the clock will next have something to say of the thread (care time, UTC)."""
    waiting = [armed.due_at for armed in thread.deadlines.values() if armed.status == "armed" and armed.due_at]
    return min(waiting, default=None)
