"""Who content is shown to, and where: the mode of a thread that is not there yet, the consent of the person, answers
that are changed in a dialog.

Which provider a case has is known only when its number has been typed. Where that changes what may be asked, the form
is shown anew and says why; nothing is put on disk until the questions are the right ones.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from cases.directory import Unit
from cases.flow import Choice, Day, Field, Flow, Move
from cases.modes import CONSENT_FORM, CONSENT_GIVEN, MODES, POINTERS, cap_of, mode_among, needs_consent, to_be
from cases.thread import ThreadNow
from dialogs import parts
from dialogs.forms import MODE, asked
from dialogs.parts import Element
from dialogs.sections import Privacy
from dialogs.swedish import full_day_text
from dialogs.terms import Terms
from dialogs.view import View
from dialogs.visit import Visit

FORMS = {"written": "Skriftligt", "spoken": "Muntligt"}
_HOW = Choice(
    name=CONSENT_FORM, label="Har personen samtyckt till att just de här uppgifterna lämnas ut?",
    options=tuple(FORMS.items()), required=False,
    help="Lämna tomt om personen inte har samtyckt. Då skickas bara ärendenummer och tider.",
)  # fmt: skip
_WHEN = Day(
    name=CONSENT_GIVEN, label="När lämnades samtycket?", future=False, demanded_if=(CONSENT_FORM, frozenset(FORMS))
)  # fmt: skip

_NOTHING: Mapping[str, Any] = {}


def privacy(visit: Visit, unit_id: str, case_ref: str = "", data: Mapping[str, Any] = _NOTHING) -> Privacy:
    """The mode of a thread that this unit would begin with these answers."""
    profile = visit.profile_of(unit_id, case_ref)
    section: Privacy = profile.section("privacy")
    if not section.keeps_content:
        return section
    consented = bool(data.get(CONSENT_GIVEN) and data.get(CONSENT_FORM))
    units = _concerned(visit, unit_id, case_ref, data)
    return section.in_mode(mode_among(units, profile, visit.scene.directory, consented=consented))


def questions(
    visit: Visit, flow: Flow, unit_id: str, case_ref: str = "", data: Mapping[str, Any] = _NOTHING
) -> list[Field]:
    """What is asked besides where somebody may read content only of what the person has consented to."""
    section: Privacy = visit.profile_of(unit_id, case_ref).section("privacy")
    if flow.caseless or not section.keeps_content or not flow.sensitive_names():
        return []
    units = [visit.scene.directory.units.get(one or "") for one in _concerned(visit, unit_id, case_ref, data)]
    return [_HOW, _WHEN] if any(unit is not None and needs_consent(unit) for unit in units) else []


def changed(
    visit: Visit, fields: Sequence[Field], now: Privacy, unit_id: str, case_ref: str, data: Mapping[str, Any]
) -> str:
    """Why the form must be shown anew, when its answers have changed what may be asked; else nothing."""
    before = str(data.get(MODE) or "")
    if before == now.mode or before not in MODES or asked(fields, now.in_mode(before)) == asked(fields, now):
        return ""
    if now.keeps_content:
        return "Nu kan du också beskriva behovet här."
    terms: Terms = visit.profile_of(unit_id, case_ref).section("terms")
    return (
        f"{_who(visit, unit_id, case_ref, data)} får bara hänvisningar. Det du har beskrivit är inte sparat. "
        f"Skriv det i {terms.case_system}, och fortsätt här med resten."
    )


def _who(visit: Visit, unit_id: str, case_ref: str, data: Mapping[str, Any]) -> str:
    """The unit that may not read content."""
    units: list[Unit | None] = [
        visit.scene.directory.units.get(one or "") for one in _concerned(visit, unit_id, case_ref, data)
    ]
    return next((unit.name for unit in units if unit is not None and cap_of(unit) == POINTERS), "Mottagaren")


def _concerned(visit: Visit, unit_id: str, case_ref: str, data: Mapping[str, Any]) -> list[str | None]:
    """The units that a thread with these answers may come to."""
    case = visit.scene.directory.case(visit.tx, case_ref) if case_ref else None
    return [unit_id, *to_be(case, data.values())]


def consent(thread: ThreadNow) -> list[tuple[str, str]]:
    """When and how the person consented to the disclosure, as a card and the journal say it."""
    form, given = thread.values.get(CONSENT_FORM), thread.values.get(CONSENT_GIVEN)
    if not (form and given):
        return []
    return [("Samtycke", f"{FORMS.get(form, form).lower()} {full_day_text(date.fromisoformat(given))}")]


# --- changing what has been answered -----------------------------------------------------------------------------

CHANGES = frozenset({"edit", "reschedule"})  # moves whose form holds the answers that there are


def is_for_dialog(view: View, signal: str, move: Move) -> bool:
    """Whether the form of this move would put content that is kept into the chat."""
    if signal not in CHANGES or view.inline or view.privacy.is_in_chat:
        return False
    return any(item.sensitive and view.thread.values.get(item.name) for item in asked(move.needs, view.privacy))


def dialog_button(view: View, signal: str, move: Move) -> Element:
    """The button that opens such a form where it never lies in the chat."""
    data = {"verb": "ask", "thread": view.thread.id, "signal": signal, "version": view.thread.version}
    return parts.dialog_button(move.label, data)


def elsewhere(view: View, signal: str, move: Move) -> Element:
    """The answer to a press that came from the chat all the same, as from an old card."""
    body = [
        parts.heading(move.label),
        parts.line("Svaren ändras i en egen ruta, så att de inte blir kvar i chatten."),
    ]
    back = parts.button("Tillbaka", "show", {"thread": view.thread.id})
    return parts.card(body, [dialog_button(view, signal, move), back])
