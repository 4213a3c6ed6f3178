"""Whom to ring instead of waiting, or as well: by day the unit itself, else its on-call supervisor (`D05`)."""

from cases.directory import Unit
from cases.route import AUTHORITY, Seat
from cases.thread import Party
from dialogs.view import View
from reminders.errors import RuleNotInProfile
from reminders.predicates import Route, whom_to_phone


def phone_route(view: View) -> tuple[str, str]:
    """Whom to ring now instead: (who, number). By day the receiver's side, else the on-call supervisor."""
    waited_for = sorted(view.thread.receivers(), key=lambda party: (party.receipted, _is_delivered(view, party)))
    receiver = next(iter(waited_for), None) or next(iter(view.receivers_to_be(later=True)), None)
    unit = view.unit(receiver.unit_id) if receiver else view.unit(view.thread.sender_unit_id)
    if _answers_by_day(view):
        who = _reachable_by_phone(view, receiver, unit)
        return who or (unit.name, unit.phone or unit.last_resort_phone)
    return _night_route(view, unit)


def _is_delivered(view: View, party: Party) -> bool:
    """Whether somebody in the seat has it: of several receivers it is not they who are to be rung."""
    return any(who in view.thread.holders for who in view.sits(party))


def _answers_by_day(view: View) -> bool:
    """Whether the unit itself is to be rung now, by the routine's own rule where it has one (`D05`)."""
    try:
        return whom_to_phone(view.now, view.profile) is Route.UNIT
    except RuleNotInProfile:
        return view.profile.calendar.is_office_hours(view.now)


def provider_phone(view: View) -> tuple[str, str]:
    """Whom at the provider an assessor rings now: its own people in office hours, else the jour (`D05`)."""
    chosen = view.thread.values.get("receiving_unit") or ""
    unit = view.scene.directory.units.get(chosen) or view.routing.provider or view.routing.sender_unit
    if _answers_by_day(view):
        return f"{unit.name} (chef, gruppledare eller administratör)", unit.phone or unit.last_resort_phone
    return _night_route(view, unit)


def is_on_call(view: View) -> bool:
    """Whether the viewer is the one whom the others would ring now."""
    unit = view.routing.provider
    return unit is not None and view.viewer in view.scene.directory.on_call(unit.id, view.now)


def _reachable_by_phone(view: View, receiver: Party | Seat | None, unit: Unit) -> tuple[str, str] | None:
    directory = view.scene.directory
    if receiver is not None and receiver.person_id is not None and directory.people[receiver.person_id].phone:
        return view.person_name(receiver.person_id), directory.people[receiver.person_id].phone
    own = (receiver.role,) if receiver is not None and view.flow.meeting else ()  # those called are called by role
    for who in (*directory.holders(unit.id, *own), *directory.holders(unit.id, *_who_answer(view, unit))):
        if directory.people[who].phone:
            return f"{directory.people[who].name}, {directory.people[who].title}", directory.people[who].phone
    return None


def _who_answer(view: View, unit: Unit) -> tuple[str, ...]:
    """Chef, gruppledare or administratör (Norrköping 1.2); at the authority whoever leads."""
    roles = view.profile.section("roles")
    first: tuple[str, ...] = roles.superiors.get(unit.kind, ())
    readers: tuple[str, ...] = roles.queue.get(unit.kind, ()) if unit.kind != AUTHORITY else ()
    return tuple(dict.fromkeys((*first, *readers)))


def _night_route(view: View, unit: Unit) -> tuple[str, str]:
    """Nobody at the authority is on duty at night: the provider's on-call supervisor is the one to ring."""
    provider = view.routing.provider if unit.kind == AUTHORITY else unit
    target = provider or unit
    on_call = view.scene.directory.on_call(target.id, view.now)
    phones = [view.scene.directory.people[who] for who in on_call if view.scene.directory.people[who].phone]
    if phones:
        return f"jouren, {phones[0].name}", phones[0].phone
    if target.on_call_phone:
        return "jouren", target.on_call_phone
    return target.last_resort_role, target.last_resort_phone
