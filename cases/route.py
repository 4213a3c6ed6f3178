"""Who holds an audience for this thread now. Pure: it reads the directory and asks no network."""

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from datetime import datetime
from functools import partial

from cases import access, convene, passes
from cases.actions import Audience
from cases.directory import Directory, Unit
from cases.seats import AUTHORITY, HOME_CARE, QUEUE, RECEIVING_UNIT, Routing, Seat
from cases.thread import Party
from reminders.profile import Profile

__all__ = [
    "AUTHORITY", "HOME_CARE", "ON_CALL", "QUEUE", "RECEIVING_UNIT", "TEAM", "Routing", "Seat", "choices", "members",
    "route",
]  # fmt: skip

ON_CALL = "on_call_supervisor"
TEAM = "return_home_team"


_CARE = ("care_worker", "fixed_care_contact")


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
    ("other") the side that the sender writes to, or ("care") those who give care in the provider's unit."""
    if among == "care":
        return _who_give_care(routing, routing.provider or routing.sender_unit)
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


def _who_give_care(r: Routing, unit: Unit) -> list[Seat]:
    """Them one by one; where the roster has none of them, the unit's queue and whoever leads."""
    found = [(role, who) for role in _CARE for who in r.directory.holders(unit.id, role)]
    once = {who: Seat(role=role, unit_id=unit.id, person_id=who) for role, who in reversed(found)}
    return list(once.values())[::-1] or _of_unit(r, unit)


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

    `besides` are those who have not acted: they are not their own next in line. A role whose holders are all away is
    told as well as the one after it, and not instead: it may be known too late that somebody is back.
    """
    roles = r.profile.section("roles").superiors.get(unit.kind, ("unit_manager",))
    seats = []
    for role in roles:
        there = set(r.directory.holders(unit.id, role)) - besides
        seats += [Seat(role=role, unit_id=unit.id, person_id=None)] if there else []
        if any(not r.directory.absence.is_away(who, r.now) for who in there):
            break
    if unit.kind != AUTHORITY and not r.profile.calendar.is_office_hours(r.now):
        on_call = r.directory.on_call(unit.id, r.now)
        seats += [Seat(role=ON_CALL, unit_id=unit.id, person_id=who) for who in on_call]
    return seats


def _of_pass(who: Audience, r: Routing) -> list[Seat]:
    found = passes.people(who, r.thread.values, r.thread.sender_id, r.sender_unit, r.directory, r.profile)
    return [Seat(role=who.value, unit_id=unit_id, person_id=person) for unit_id, person in found]


def _of_access(who: Audience, r: Routing) -> list[Seat]:
    found = access.people(who, r.thread.values, r.thread.sender_id, r.directory, r.profile)
    return [Seat(role=who.value, unit_id=unit_id, person_id=person) for unit_id, person in found]


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
    Audience.CONVENER: convene.convener,
    Audience.INVITED: convene.invited,
    Audience.UNANSWERED: convene.unanswered,
    Audience.GATHERERS: convene.gatherers,
    **{who: partial(_of_pass, who) for who in passes.AUDIENCES},
    **{who: partial(_of_access, who) for who in access.AUDIENCES},
}
