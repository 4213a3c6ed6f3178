"""Starting a thread: the first question, the form, and the draft on disk that is shown before it is sent."""

from collections.abc import Mapping, Sequence
from typing import Any

from cases import account, load
from cases.flow import Field, Flow, UnitChoice
from cases.record import Opening
from cases.thread import ThreadNow
from dialogs import forms, start
from dialogs.form import Reading, read_form
from dialogs.forms import Filled, asked
from dialogs.visit import Desked, Visit
from reminders.localtime import to_local
from reminders.profile import Profile


def begin(visit: Visit, data: Mapping[str, Any]) -> Desked:
    """A flow chosen by button or by name: the question about protected identity comes first."""
    flow = visit.record.flows.get(str(data.get("flow")))
    units = visit.units_for(flow) if flow else {}
    if flow is None or not units:
        return Desked(card=start.message_card("Din roll kan inte starta det meddelandet. Fråga din chef."))
    return Desked(card=forms.gate_card(flow, units))


def gate(visit: Visit, data: Mapping[str, Any]) -> Desked:
    """The answer to the first question. «Ja» and «vet inte» stop; all that is kept is that it happened."""
    flow, unit_id = _chosen(visit, data)
    if flow is None:
        return begin(visit, data)
    if data.get("protected") != "no":
        account.count(visit.tx, "protected_identity_stopped", to_local(visit.now).date())
        return Desked(card=forms.stopped_card())
    return _form(visit, flow, unit_id, Filled())


def draft(visit: Visit, data: Mapping[str, Any]) -> Desked | ThreadNow | int:
    """The filled-in form put on disk: the new thread, or the number of the one it opened before, or a card."""
    flow, unit_id = _chosen(visit, data)
    if flow is None or data.get("protected") != "no":
        return begin(visit, data)
    key = str(data.get("form") or "")[: forms.MAX_REF] or None
    already = load.opened_by_key(visit.tx, key) if key else None
    if already is not None:
        return already
    case_ref = forms.read_case_ref(data, Reading())
    reading = read(visit, flow.form, data, visit.profile_of(unit_id, case_ref))
    forms.read_case_ref(data, reading)
    if not reading.ok:
        raw = {**reading.raw, **({"key": key} if key else {})}
        return _form(visit, flow, unit_id, Filled(raw=raw, errors=reading.errors))
    opening = Opening(
        flow=flow.name,
        sender_id=visit.person_id,
        sender_unit_id=unit_id,
        case_ref=case_ref,
        values=reading.values,
        key=key,
    )
    return visit.record.open(visit.tx, opening, visit.now, visit.machine_now)


def read(visit: Visit, fields: Sequence[Field], data: Mapping[str, Any], profile: Profile) -> Reading:
    """Read the questions that the thread's profile lets be asked."""
    wanted = asked(fields, profile.section("privacy"))
    return read_form(wanted, data, visit.now, unit_options(visit, wanted, profile.name))


def unit_options(visit: Visit, fields: Sequence[Field], profile: str) -> dict[str, str]:
    """The units that the questions may choose among."""
    found: dict[str, str] = {}
    for kind in {item.kind for item in fields if isinstance(item, UnitChoice)}:
        found |= visit.scene.directory.units_of_kind(kind, profile)
    return found


def _form(visit: Visit, flow: Flow, unit_id: str, filled: Filled) -> Desked:
    profile = visit.profile_of(unit_id)
    units = unit_options(visit, flow.form, profile.name)
    card = forms.new_card(flow, unit_id, profile.section("privacy"), profile.section("terms"), units, visit.now, filled)
    return Desked(card=card)


def _chosen(visit: Visit, data: Mapping[str, Any]) -> tuple[Flow | None, str]:
    """The flow and the unit of a form; card data is never trusted, so both are checked against the roster."""
    flow = visit.record.flows.get(str(data.get("flow")))
    unit_id = str(data.get("unit") or "")
    if flow is None or unit_id not in visit.units_for(flow):
        return None, ""
    return flow, unit_id
