"""Who is called to a meeting: the profile's roles, as seats at the thread and as people in a calendar."""

from collections.abc import Callable
from dataclasses import dataclass

from cases.directory import Unit
from cases.meeting_kinds import InvitedRole, MeetingKind, kinds
from cases.seats import HEALTH_CARE, HOME_CARE, QUEUE, Routing, Seat
from cases.thread import Party


@dataclass(frozen=True, kw_only=True)
class Called:
    """A seat that is invited; one that is `optional` need not come."""

    seat: Seat
    optional: bool


def kind_of(r: Routing, name: str = "") -> MeetingKind | None:
    """The kind of the thread's meeting, or of the one named, where the profile has it."""
    return kinds(r.profile).get(name or r.thread.meeting_kind)


def called(r: Routing, kind: MeetingKind) -> list[Called]:
    """The seats that a kind of meeting invites. A unit where none of its invited roles is held answers by its queue."""
    found: list[Called] = []
    for one in kind.invited:
        for unit in _UNITS[one.of](r):
            seat = _seat(r, one, unit)
            if seat is not None:
                found.append(Called(seat=seat, optional=one.optional))
    there = {one.seat.unit_id for one in found}
    for unit in _wanted(r, kind):
        if unit.id not in there and r.profile.section("roles").queue.get(unit.kind):
            found.append(Called(seat=Seat(role=QUEUE, unit_id=unit.id, person_id=None), optional=False))
            there.add(unit.id)
    return list({one.seat: one for one in reversed(found)}.values())[::-1]


def convener(r: Routing) -> list[Seat]:
    """Whoever holds the thread on the sender's side, also a colleague who has stepped in, else its sender."""
    owner = r.thread.owner
    if owner is not None and owner.unit_id == r.thread.sender_unit_id and owner.side in ("sender", "informed"):
        return [_of(owner)]
    return [Seat(role="sender", unit_id=r.thread.sender_unit_id, person_id=r.thread.sender_id)]


def invited(r: Routing) -> list[Seat]:
    """The seats that the profile's kind of meeting calls."""
    kind = kind_of(r)
    return [one.seat for one in called(r, kind)] if kind is not None else []


def gatherers(r: Routing) -> list[Seat]:
    """The seats that gather a meeting's cases; where nobody has such a role it is the convener's to do."""
    kind = kind_of(r)
    roles = kind.gather if kind is not None else ()
    unit_id = r.thread.sender_unit_id
    seats = [Seat(role=role, unit_id=unit_id, person_id=None) for role in roles if r.directory.holders(unit_id, role)]
    return seats or convener(r)


def unanswered(r: Routing) -> list[Seat]:
    """The seats of those who are invited; which of the people there have not answered is told when they are reached."""
    return [_of(party) for party in r.thread.receivers()]


# --- pieces ------------------------------------------------------------------------------------------------------


def _wanted(r: Routing, kind: MeetingKind) -> list[Unit]:
    """The units from which somebody must come."""
    return [unit for one in kind.invited if not one.optional and one.of != "case" for unit in _UNITS[one.of](r)]


def _seat(r: Routing, one: InvitedRole, unit: Unit) -> Seat | None:
    if one.of == "case":
        who = r.case.responsible_id if one.role == "responsible_assessor" else r.case.fixed_contact_id
        is_there = who is not None and r.directory.is_active(who) and r.directory.roles_of(who, unit.id)
        return Seat(role=one.role, unit_id=unit.id, person_id=who) if is_there else None
    if one.role == QUEUE:
        return Seat(role=QUEUE, unit_id=unit.id, person_id=None)
    if not r.directory.holders(unit.id, one.role):
        return None
    return Seat(role=one.role, unit_id=unit.id, person_id=None)


def _provider(r: Routing) -> list[Unit]:
    return [r.provider] if r.provider is not None else []


def _authority(r: Routing) -> list[Unit]:
    return [r.authority]


def _own(r: Routing) -> list[Unit]:
    return [r.sender_unit]


def _health_care(r: Routing) -> list[Unit]:
    return _answering(r, HEALTH_CARE)


def _providers(r: Routing) -> list[Unit]:
    return _answering(r, HOME_CARE)


def _answering(r: Routing, kind: str) -> list[Unit]:
    """The units of a kind that answer to the same authority, in the order of their names."""
    authority = r.authority.id
    found = [one for one in r.directory.units.values() if (one.kind, one.authority_unit_id) == (kind, authority)]
    return sorted(found, key=lambda unit: unit.name)


def _of_case(r: Routing) -> list[Unit]:
    """Where the case's own people sit: its assessor at the authority, its fixed care contact at the provider."""
    return [*_authority(r), *_provider(r)]


def _of(party: Party) -> Seat:
    return Seat(role=party.role, unit_id=party.unit_id, person_id=party.person_id)


_UNITS: dict[str, Callable[[Routing], list[Unit]]] = {
    "provider": _provider,
    "authority": _authority,
    "own": _own,
    "health_care": _health_care,
    "providers": _providers,
    "case": _of_case,
}
