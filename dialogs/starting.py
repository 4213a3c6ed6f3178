"""Starting a thread: the first question, the form, and the draft on disk that is shown before it is sent."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from cases import account, load, sealing
from cases.fields import RosterChoice
from cases.flow import PROVIDER_UNIT, Arm, Field, Flow, SeatChoice, Signpost, UnitChoice
from cases.ladder import refusal
from cases.record import Opening
from cases.route import AUTHORITY, ON_CALL, RECEIVING_UNIT, choices
from cases.thread import ThreadNow
from dialogs import case_lists, disclosure, forms, free_text, parts, roster_choices, start
from dialogs.common import CARE_STAFF
from dialogs.form import Reading, read_form
from dialogs.forms import Filled, asked
from dialogs.sections import Privacy
from dialogs.terms import asked_in
from dialogs.view import View
from dialogs.visit import Desked, Visit
from reminders.localtime import to_local
from reminders.profile import Profile


def begin(visit: Visit, data: Mapping[str, Any]) -> Desked:
    """A flow chosen by button or by name: the question about protected identity comes first."""
    flow = visit.record.flows.get(str(data.get("flow")))
    units = visit.units_for(flow) if flow else {}
    if flow is None or not units:
        return Desked(card=start.message_card(_not_started(visit, flow)))
    if flow.caseless and len(units) == 1:
        only = next(iter(units))
        return _form(visit, visit.worded(flow, only), only, Filled())
    return Desked(card=forms.gate_card(visit.worded(flow, next(iter(units))), units))


def _not_started(visit: Visit, flow: Flow | None) -> str:
    """Why this person cannot start it now. The jour acts during the pass, and by day there is somebody to ring."""
    if flow is not None and flow.senders == {ON_CALL} and any(one.role == ON_CALL for one in visit.held()):
        return (
            "Du har inget jourpass nu. Jouren beslutar bara under sitt eget pass. "
            f"På kontorstid: ring {visit.terms.needs_assessor}n."
        )
    said = "Din roll kan inte starta det meddelandet."
    if flow is not None and "team_lead" in flow.senders and any(one.role in CARE_STAFF for one in visit.held()):
        return f"{said} Be chef, gruppledare eller administratör att vidareförmedla det."
    return f"{said} Fråga din chef."


def gate(visit: Visit, data: Mapping[str, Any]) -> Desked:
    """The answer to the first question. «Ja» and «vet inte» stop; all that is kept is that it happened."""
    flow, unit_id = _chosen(visit, data)
    if flow is None:
        return begin(visit, data)
    if data.get("protected") != "no":
        return _stopped(visit)
    return _form(visit, flow, unit_id, Filled())


def _stopped(visit: Visit) -> Desked:
    account.count(visit.tx, "protected_identity_stopped", to_local(visit.now).date())
    return Desked(card=forms.stopped_card(visit.terms))


def draft(visit: Visit, data: Mapping[str, Any]) -> Desked | ThreadNow | int:
    """The filled-in form put on disk: the new thread, or the number of the one it opened before, or a card."""
    flow, unit_id = _chosen(visit, data)
    if flow is None or data.get("protected") != "no":
        return begin(visit, data)
    key = str(data.get("form") or "")[: forms.MAX_REF] or None
    already = load.opened_by_key(visit.tx, key) if key else None
    if already is not None:
        return already
    sealing.settle(visit.tx)
    case_ref = _case_ref(visit, flow, data)
    if case_ref and sealing.is_sealed(visit.tx, case_ref):
        visit.note("denied", "refused", reason="stopped")
        return _stopped(visit)
    fields = _questions(visit, flow, unit_id, case_ref, data)
    privacy = disclosure.privacy(visit, unit_id, case_ref, data)
    again = disclosure.changed(visit, fields, privacy, unit_id, case_ref, data)
    reading = read(visit, fields, data, visit.profile_of(unit_id, case_ref), sender_unit=unit_id, privacy=privacy)
    if not flow.caseless:
        forms.read_case_ref(data, reading, new_case=flow.new_case)
    raw = {**reading.raw, **({"key": key} if key else {})}
    reading.errors |= _refused(flow, reading.values, visit.profile_of(unit_id, case_ref))
    post = signpost(flow, reading.values, data)
    stopped = post is not None and post.stops  # said before the rest of the form is asked for
    if data.get("back") or not (reading.ok or stopped) or again:
        return _form(visit, flow, unit_id, Filled(raw=raw, errors=reading.errors, notice=again), fields, privacy)
    on = {**reading.raw, "flow": flow.name, "unit": unit_id, "protected": "no", "form": key or ""}
    if post is not None:
        onward = parts.button("Fortsätt ändå", "draft", {**on, "passed": passed(flow, post, data)})
        return Desked(card=forms.signpost_card(post, onward, parts.button("Ändra svaren", "draft", {**on, "back": 1})))
    sides = partial(_sides, visit, unit_id, case_ref)
    said = free_text.unread(fields, reading.values, data, visit.scene.directory, sides)
    if said:
        return Desked(card=free_text.card(said, visit.terms, "Fortsätt ändå", "draft", _own(data) | on))
    opening = Opening(
        flow=flow.name,
        sender_id=visit.person_id,
        sender_unit_id=unit_id,
        case_ref=case_ref,
        values=reading.values,
        key=key,
    )
    return visit.record.open(visit.tx, opening, visit.now, visit.machine_now)


def _own(data: Mapping[str, Any]) -> dict[str, Any]:
    """What a form's button brought along. Whatever else came with it belongs to no question of this form."""
    return {name: data[name] for name in ("passed", forms.MODE) if name in data}


def _sides(visit: Visit, unit_id: str, case_ref: str) -> set[str]:
    """The units whose staff may be named in a new message: the sender's, and those of the case."""
    directory = visit.scene.directory
    facts = directory.case(visit.tx, case_ref) if case_ref else None
    of_case = {facts.unit_id or "", facts.responsible_unit_id or ""} if facts is not None else set()
    return {unit_id, directory.units[unit_id].authority_unit_id or "", *of_case}


def _case_ref(visit: Visit, flow: Flow, data: Mapping[str, Any]) -> str:
    """The typed case as the roster spells it; nothing where it is about none."""
    if flow.caseless:
        return ""
    return visit.spelled(forms.read_case_ref(data, Reading(), new_case=flow.new_case))


def _refused(flow: Flow, values: Mapping[str, Any], profile: Profile) -> dict[str, str]:
    """Answers that the routine's own rules refuse, such as a grant by the jour in office hours: why, by question."""
    found: dict[str, str] = {}
    sent = [move for move in flow.moves.get((flow.first, "send"), ()) if move.when is None]
    for action in [one for move in (flow.moves[("", "open")][0], *sent) for one in move.then]:
        if not isinstance(action, Arm) or action.since is None or action.since not in values:
            continue
        why = refusal(action.rule, values[action.since], profile)
        if why:
            found[action.since] = why
    return found


def read(
    visit: Visit, fields: Sequence[Field], data: Mapping[str, Any], profile: Profile, view: View | None = None,
    *, sender_unit: str = "", privacy: Privacy | None = None,
) -> Reading:  # fmt: skip
    """Read the questions that the mode of the thread lets be asked; of a new one that is `privacy`."""
    mode = view.privacy if view is not None else profile.section("privacy")
    wanted = asked(fields, privacy or mode)
    known = options(visit, wanted, profile.name, view, sender_unit=sender_unit)
    found = read_form(wanted, data, visit.now, known | case_lists.known_cases(wanted, data, visit.known_case))
    roster_choices.complete(fields, found, profile, visit)
    return found


def options(
    visit: Visit, fields: Sequence[Field], profile: str, view: View | None = None, *, sender_unit: str = ""
) -> dict[str, dict[str, str]]:
    """What the roster lets each question choose among: units, and for a thread (`view`) people and queues.

    A sender's own unit is not one that it can send to; whoever answers may well name it.
    """
    found: dict[str, dict[str, str]] = {}
    sender_unit = view.thread.sender_unit_id if view is not None and view.is_sender else sender_unit
    for item in fields:
        if isinstance(item, UnitChoice):
            units = visit.scene.directory.units_of_kind(item.kind, profile)
            own = sender_unit if item.name == RECEIVING_UNIT else ""
            found[item.name] = {unit: name for unit, name in units.items() if unit != own}
        elif isinstance(item, RosterChoice):
            found[item.name] = roster_choices.options(visit, item, visit.record.profiles[profile])
        elif isinstance(item, SeatChoice) and view is not None:
            seats = choices(item.among, visit.person_id, view.routing)
            found[item.name] = {seat.code: view.seat_name(seat) for seat in seats}
    return found | (case_lists.cases_of(fields, view.thread.values) if view is not None else {})


def signpost(flow: Flow, values: Mapping[str, Any], data: Mapping[str, Any]) -> Signpost | None:
    """The first signpost that these answers lead to and that has not been read and passed."""
    read_already = str(data.get("passed") or "").split(",")
    for number, post in enumerate(flow.signposts):
        if post.holds(values) and (post.stops or str(number) not in read_already):
            return post
    return None


def passed(flow: Flow, post: Signpost, data: Mapping[str, Any]) -> str:
    """The signposts passed when this one has been, as a button brings them along."""
    before = str(data.get("passed") or "")[:40]
    return ",".join(filter(None, (before, str(flow.signposts.index(post)))))


def _questions(visit: Visit, flow: Flow, unit_id: str, case_ref: str, data: Mapping[str, Any]) -> tuple[Field, ...]:
    """The form's; of an assessor whose case the roster does not know, which provider it belongs to; and of somebody who
    may read content only by the person's consent, whether it has been given."""
    directory = visit.scene.directory
    form = (*flow.form, *disclosure.questions(visit, flow, unit_id, case_ref, data))
    if not case_ref or not flow.asks_provider or directory.units[unit_id].kind != AUTHORITY:
        return form
    facts = directory.case(visit.tx, case_ref)
    is_known = facts is not None and facts.unit_id in directory.units
    terms = visit.profile_of(unit_id, case_ref).section("terms")
    return form if is_known else (asked_in(PROVIDER_UNIT, terms), *form)


def _form(
    visit: Visit, flow: Flow, unit_id: str, filled: Filled, questions: Sequence[Field] = (),
    privacy: Privacy | None = None,
) -> Desked:  # fmt: skip
    profile = visit.profile_of(unit_id)
    privacy = privacy or disclosure.privacy(visit, unit_id)
    fields = asked(questions or (*flow.form, *disclosure.questions(visit, flow, unit_id)), privacy)
    found = options(visit, fields, profile.name, sender_unit=unit_id)
    empty = next((item for item in fields if _is_without_choice(item, found)), None)
    if empty is not None:
        return Desked(card=start.message_card(f"«{empty.label}» Just nu finns inget att välja på. Fråga din chef."))
    card = forms.new_card(
        flow, unit_id, fields, privacy, profile.section("terms"), found, visit.now, filled,
    )  # fmt: skip
    return Desked(card=card)


def _is_without_choice(item: Field, found: Mapping[str, Mapping[str, str]]) -> bool:
    """Whether a question that must be answered has no answers to choose among, so that the form leads nowhere."""
    return item.always and isinstance(item, RosterChoice | UnitChoice) and not found.get(item.name)


def _chosen(visit: Visit, data: Mapping[str, Any]) -> tuple[Flow | None, str]:
    """The flow and the unit of a form; card data is never trusted, so both are checked against the roster."""
    flow = visit.record.flows.get(str(data.get("flow")))
    unit_id = str(data.get("unit") or "")
    if flow is None or unit_id not in visit.units_for(flow):
        return None, ""
    return visit.worded(flow, unit_id), unit_id
