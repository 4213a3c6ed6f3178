"""A place at a thread, and what is known when it is looked for who sits there."""

from dataclasses import dataclass
from datetime import datetime

from cases.directory import CaseFacts, Directory, Unit
from cases.fields import PROVIDER_UNIT
from cases.thread import NotRead, ThreadNow
from reminders.profile import Profile

# The seat of a unit's function mailbox: its members are the roles that the profile names as readers.
QUEUE = "function_mailbox"
AUTHORITY = "authority_unit"
HOME_CARE = "home_care"
HEALTH_CARE = "health_care"
RECEIVING_UNIT = "receiving_unit"  # the question whose answer is the unit of that audience
_NO_PROVIDERS = frozenset({AUTHORITY, HEALTH_CARE})


@dataclass(frozen=True, kw_only=True)
class Seat:
    """A place at the thread that `route` found: a person in a role, or a unit's queue."""

    role: str
    unit_id: str
    person_id: int | None

    @property
    def code(self) -> str:
        """The seat as a form's answer, such as "needs_assessor:MYND:6"."""
        return f"{self.role}:{self.unit_id}:{self.person_id or ''}"

    @classmethod
    def of(cls, code: str) -> "Seat | None":
        """The seat of a code, or None where it is none."""
        role, _, rest = str(code).partition(":")
        unit_id, _, person = rest.rpartition(":")
        if not role or not unit_id or (person and not person.isdecimal()):
            return None
        return cls(role=role, unit_id=unit_id, person_id=int(person) if person else None)


@dataclass(frozen=True, kw_only=True)
class Routing:
    """Everything `route` may look at."""

    thread: ThreadNow
    case: CaseFacts
    directory: Directory
    profile: Profile
    now: datetime

    def unit(self, unit_id: str) -> Unit:
        return self.directory.units[unit_id]

    @property
    def sender_unit(self) -> Unit:
        return self.unit(self.thread.sender_unit_id)

    @property
    def authority(self) -> Unit:
        """The case's authority unit: the responsible assessor's, else the sender's own or the one it answers to."""
        if self.case.responsible_unit_id in self.directory.units:
            return self.unit(str(self.case.responsible_unit_id))
        sender = self.sender_unit
        if sender.kind == AUTHORITY:
            return sender
        return self.unit(sender.authority_unit_id or sender.id)

    @property
    def provider(self) -> Unit | None:
        """The provider's side: the sender's unit when it is one, else the unit the case belongs to.

        Of a case that the roster does not know it is the unit that already has the thread, or the one chosen in the
        form; of a meeting it is the unit that its sender has chosen.
        """
        chosen = self._meeting_with()
        if chosen is not None:
            return chosen
        if self.sender_unit.kind != AUTHORITY:
            return self.sender_unit
        if self.case.unit_id in self.directory.units:
            return self.unit(str(self.case.unit_id))
        if self.holding_provider is not None:
            return self.holding_provider
        if isinstance(self.thread.values, NotRead):
            return None
        return self.directory.units.get(self.thread.values.get(PROVIDER_UNIT.name) or "")

    @property
    def is_own_case(self) -> bool:
        """Whether the case is the sender's unit's: as its provider, as on call for that one, or as its authority."""
        unit, sender = self.directory.units.get(self.case.unit_id or ""), self.sender_unit
        if sender.kind == AUTHORITY:
            answers = unit.authority_unit_id if unit else sender.id
            return sender.id == (self.case.responsible_unit_id or answers)
        if unit is None:
            return False
        return unit.id == sender.id or self.thread.sender_id in self.directory.on_call(unit.id, self.now)

    @property
    def holding_provider(self) -> Unit | None:
        """The provider's unit among those that have received the thread."""
        for party in self.thread.receivers():
            if party.unit_id in self.directory.units and self.unit(party.unit_id).kind not in _NO_PROVIDERS:
                return self.unit(party.unit_id)
        return None

    def _meeting_with(self) -> Unit | None:
        """The home care unit that a meeting is held with, where its sender has named one."""
        if not self.thread.meeting_kind:
            return None
        unit = self.directory.units.get(self.thread.values.get(RECEIVING_UNIT) or "")
        return unit if unit is not None and unit.kind == HOME_CARE else None
