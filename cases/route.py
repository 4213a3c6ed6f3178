"""Who holds an audience for this thread now. Pure: it reads the directory and asks no network."""

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime

from cases.actions import Audience
from cases.directory import CaseFacts, Directory, Unit
from cases.fields import PROVIDER_UNIT
from cases.thread import NotRead, Party, ThreadNow
from reminders.profile import Profile

# The seat of a unit's function mailbox: its members are the roles that the profile names as readers.
QUEUE = "function_mailbox"
AUTHORITY = "authority_unit"
ON_CALL = "on_call_supervisor"
TEAM = "return_home_team"
RECEIVING_UNIT = "receiving_unit"  # the question whose answer is the unit of that audience


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
        form.
        """
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
            if party.unit_id in self.directory.units and self.unit(party.unit_id).kind != AUTHORITY:
                return self.unit(party.unit_id)
        return None


def route(audience: Audience, routing: Routing) -> list[Seat]:
    """The seats of an audience. Empty when the roster has nobody: then the unit's last resort is a telephone."""
    return _ROUTES[audience](routing)


def members(seat: Seat | Party, directory: Directory, profile: Profile, now: datetime) -> list[int]:
    """The people who sit in a seat now. An on-call supervisor's access ends with the pass."""
    if seat.role == ON_CALL and seat.person_id is not None:
        return [seat.person_id] if directory.may_finish_pass(seat.unit_id, seat.person_id, now) else []
    if seat.person_id is not None:
        is_there = directory.is_active(seat.person_id) and directory.roles_of(seat.person_id, seat.unit_id)
        return [seat.person_id] if is_there else []
    unit = directory.units.get(seat.unit_id)
    if unit is None:
        return []
    if seat.role == QUEUE:
        return directory.holders(seat.unit_id, *profile.section("roles").queue.get(unit.kind, ()))
    return directory.holders(seat.unit_id, seat.role)


def choices(among: str, person_id: int, routing: Routing) -> list[Seat]:
    """The seats that a person may choose among: colleagues, queue and lead of their own units at the thread, or
    ("other") the side that the sender writes to."""
    if among == "other":
        if routing.sender_unit.kind != AUTHORITY:
            return _of_unit(routing, routing.authority)
        kinds = ("home_care", TEAM)
        units = {id_ for kind in kinds for id_ in routing.directory.units_of_kind(kind, routing.profile.name)}
        return [Seat(role=QUEUE, unit_id=unit, person_id=None) for unit in sorted(units)]
    mine = dict.fromkeys(
        party.unit_id
        for party in routing.thread.parties
        if person_id in members(party, routing.directory, routing.profile, routing.now)
    )
    found = [seat for unit_id in mine for seat in _of_unit(routing, routing.unit(unit_id))]
    return [seat for seat in found if seat.person_id != person_id]


def _of_unit(r: Routing, unit: Unit) -> list[Seat]:
    """The queue, those who read it one by one, and whoever leads."""
    roles = r.profile.section("roles").queue.get(unit.kind, ())
    lead = r.profile.section("roles").superiors.get(unit.kind, ())[:1]
    seats = [Seat(role=QUEUE, unit_id=unit.id, person_id=None)]
    seats += [Seat(role=role, unit_id=unit.id, person_id=None) for role in lead if r.directory.holders(unit.id, role)]
    for role in roles:
        who = r.directory.holders(unit.id, role)
        seats += [Seat(role=role, unit_id=unit.id, person_id=one) for one in who]
    return seats


def _sender(r: Routing) -> list[Seat]:
    return [Seat(role="sender", unit_id=r.thread.sender_unit_id, person_id=r.thread.sender_id)]


def _sender_unit(r: Routing) -> list[Seat]:
    if r.sender_unit.kind == AUTHORITY:
        return _superiors(r, r.sender_unit)  # a colleague's case is not every assessor's to read
    return [Seat(role=QUEUE, unit_id=r.thread.sender_unit_id, person_id=None)]


def _unit_manager(r: Routing) -> list[Seat]:
    return _superiors(r, r.provider or r.sender_unit)


def _responsible_assessor(r: Routing) -> list[Seat]:
    who = r.case.responsible_id
    if who is not None and r.case.responsible_unit_id and r.directory.is_active(who):
        return [Seat(role="responsible_assessor", unit_id=r.case.responsible_unit_id, person_id=who)]
    return [Seat(role=QUEUE, unit_id=r.authority.id, person_id=None)]


def _lead_needs_assessor(r: Routing) -> list[Seat]:
    return _superiors(r, r.authority)


def _receiving_unit(r: Routing) -> list[Seat]:
    unit_id = r.thread.values.get(RECEIVING_UNIT)
    if not unit_id or unit_id not in r.directory.units:
        return []
    return [Seat(role=QUEUE, unit_id=unit_id, person_id=None)]


def _counterpart(r: Routing) -> list[Seat]:
    if r.sender_unit.kind != AUTHORITY:
        return _responsible_assessor(r)
    return _provider(r)


def _provider(r: Routing) -> list[Seat]:
    """The case's own unit; an on-call supervisor may write of a case that is another unit's."""
    provider = r.directory.units.get(r.case.unit_id or "") or r.provider
    return [Seat(role=QUEUE, unit_id=provider.id, person_id=None)] if provider else []


def _authority_queue(r: Routing) -> list[Seat]:
    return [Seat(role=QUEUE, unit_id=r.authority.id, person_id=None)]


def _on_call(r: Routing) -> list[Seat]:
    provider = r.holding_provider or r.provider  # an assignment may go to another unit than the case's
    on_call = r.directory.on_call(provider.id, r.now) if provider else []
    return [Seat(role=ON_CALL, unit_id=provider.id, person_id=who) for who in on_call] if provider else []


def _return_home_team(r: Routing) -> list[Seat]:
    authority = r.authority.id
    teams = [one.id for one in r.directory.units.values() if (one.kind, one.authority_unit_id) == (TEAM, authority)]
    return [Seat(role=QUEUE, unit_id=team, person_id=None) for team in sorted(teams)]


def _fixed_care_contact(r: Routing) -> list[Seat]:
    who, provider = r.case.fixed_contact_id, r.provider
    if provider is None or who is None or not r.directory.is_active(who) or not r.directory.roles_of(who, provider.id):
        return _provider(r)
    return [Seat(role="fixed_care_contact", unit_id=provider.id, person_id=who)]


def _receivers(r: Routing) -> list[Seat]:
    return [_seat(party) for party in r.thread.receivers()]


def _unreceipted(r: Routing) -> list[Seat]:
    return [_seat(party) for party in r.thread.receivers() if not party.receipted]


def _owner(r: Routing) -> list[Seat]:
    owner = r.thread.owner
    return [_seat(owner)] if owner else _sender(r)


def _next_in_line(r: Routing) -> list[Seat]:
    owner = r.thread.owner
    if owner is None:
        return _superiors(r, r.sender_unit)
    holder = owner.taken_by or owner.person_id
    return _superiors(r, r.directory.units[owner.unit_id], besides={holder} if holder else set())


def _superiors(r: Routing, unit: Unit, besides: AbstractSet[int] = frozenset()) -> list[Seat]:
    """Those who answer for a unit, and after hours its on-call supervisor as well: nobody off duty is waited for.

    `besides` are those who have not acted: they are not their own next in line.
    """
    roles = r.profile.section("roles").superiors.get(unit.kind, ("unit_manager",))
    chosen = next((role for role in roles if set(r.directory.holders(unit.id, role)) - besides), None)
    seats = [Seat(role=chosen, unit_id=unit.id, person_id=None)] if chosen else []
    if unit.kind != AUTHORITY and not r.profile.calendar.is_office_hours(r.now):
        on_call = r.directory.on_call(unit.id, r.now)
        seats += [Seat(role=ON_CALL, unit_id=unit.id, person_id=who) for who in on_call]
    return seats


def _seat(party: Party) -> Seat:
    return Seat(role=party.role, unit_id=party.unit_id, person_id=party.person_id)


_ROUTES: dict[Audience, Callable[[Routing], list[Seat]]] = {
    Audience.SENDER: _sender,
    Audience.SENDER_UNIT: _sender_unit,
    Audience.UNIT_MANAGER: _unit_manager,
    Audience.RESPONSIBLE_ASSESSOR: _responsible_assessor,
    Audience.LEAD_NEEDS_ASSESSOR: _lead_needs_assessor,
    Audience.RECEIVING_UNIT: _receiving_unit,
    Audience.COUNTERPART: _counterpart,
    Audience.PROVIDER: _provider,
    Audience.AUTHORITY_QUEUE: _authority_queue,
    Audience.ON_CALL: _on_call,
    Audience.RETURN_HOME_TEAM: _return_home_team,
    Audience.FIXED_CARE_CONTACT: _fixed_care_contact,
    Audience.RECEIVERS: _receivers,
    Audience.UNRECEIPTED: _unreceipted,
    Audience.OWNER: _owner,
    Audience.NEXT_IN_LINE: _next_in_line,
}
