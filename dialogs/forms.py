"""The cards that ask: the first question of every new thread, the flow's form, and what a move needs to know."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from secrets import token_hex
from typing import Any

from cases.flow import CaseList, Day, DayList, Field, Flow, Moment, Number, PassStart, PerCase, Signpost, codes_of
from cases.thread import temporary_case_ref
from dialogs import case_lists, parts
from dialogs.form import Options, Reading, number_text
from dialogs.parts import Element
from dialogs.personal_number import has_personal_number
from dialogs.sections import Privacy
from dialogs.terms import Terms
from reminders.localtime import to_local

CASE_REF = "case_ref"
MODE = "mode"  # by which mode a form was drawn, so that it is noticed when an answer changes what may be asked
MAX_REF = 40
_LETTERS = str.maketrans("0123456789", "ghijklmnop")  # without digits nothing in it can look like a personal number


_FEW = 5  # units


@dataclass(frozen=True, kw_only=True)
class Filled:
    """A form's answers so far: what was typed, and what was wrong with it."""

    raw: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    notice: str = ""  # why it is asked anew although nothing is wrong


def gate_card(flow: Flow, units: Mapping[str, str]) -> Element:
    """The first question of every new thread. «Ja» and «vet inte» stop it, and nothing about it is stored.

    Of one that is about no case only the unit is asked.
    """
    body = [parts.heading("Nytt meddelande"), parts.line(flow.title, strong=True), parts.line(flow.intro)]
    if len(units) > 1:
        choices = [{"title": name, "value": unit} for unit, name in units.items()]
        # Few are seen at once. Some clients also let a folded list keep its choices when the next card has one there.
        style = "expanded" if len(units) <= _FEW else "compact"
        body.append(
            {
                "type": "Input.ChoiceSet", "id": "unit", "label": flow.unit_question, "style": style,
                "choices": choices, "value": choices[0]["value"], "isRequired": True, "errorMessage": "Välj enhet.",
            }
        )  # fmt: skip
    only = {"unit": next(iter(units))} if len(units) == 1 else {}
    data = {"flow": flow.name, **only}
    if flow.caseless:
        return parts.card(body, [parts.button("Fortsätt", "gate", {**data, "protected": "no"}, primary=True)])
    body.append(parts.line("Har personen skyddade personuppgifter?", strong=True, space=True))
    actions = [
        parts.button("Nej", "gate", {**data, "protected": "no"}, primary=True),
        parts.button("Ja", "gate", {**data, "protected": "yes"}),
        parts.button("Vet inte", "gate", {**data, "protected": "unknown"}),
    ]
    return parts.card(body, actions)


def stopped_card(terms: Terms) -> Element:
    """The answer to «ja» and «vet inte». It says what to do and repeats nothing."""
    body = [
        parts.heading(f"Använd telefon och {terms.case_system}"),
        parts.line(f"Det här skickas inte i Stafett. Följ rutinen: ring och skriv i {terms.case_system}."),
        parts.line("Inget om ärendet har sparats."),
    ]
    return parts.card(body, [parts.button("Till start", "start")])


def asked(fields: Sequence[Field], privacy: Privacy) -> list[Field]:
    """The questions that may be asked: in pointer mode no sensitive one, for content stays in the case system."""
    keeps = privacy.keeps_content
    wanted = [item for item in fields if not isinstance(item, PassStart)]  # which is worked out and never asked
    return [item for item in wanted if (not item.pointer_only if keeps else not item.sensitive)]


def new_card(
    flow: Flow,
    unit_id: str,
    fields: Sequence[Field],
    privacy: Privacy,
    terms: Terms,
    options: Options,
    now: datetime,
    filled: Filled,
) -> Element:
    """The flow's form: its questions, and what else must be known of the case."""
    body = [parts.heading("Nytt meddelande"), parts.line(flow.title, strong=True), parts.line(flow.intro, subtle=True)]
    if not privacy.keeps_content and not flow.caseless:
        body.append(parts.line(f"Beskriv behovet i {terms.case_system}. Här skickas bara ärendenummer och tider."))
    body += _to_mend(filled)
    if filled.notice:
        body.append(parts.notice(filled.notice))
    if CASE_REF in filled.errors:
        body.append(parts.notice(filled.errors[CASE_REF], "attention"))
    body += _case_ref(flow, filled)
    body += [parts.notice(f"{post.text} ({post.source})", "emphasis") for post in flow.signposts if post.when is None]
    raw = {**suggested(fields, now), **filled.raw}
    body += parts.inputs(fields, raw, filled.errors, options)
    key = filled.raw.get("key") or token_hex(8).translate(_LETTERS)  # the same form sent twice opens one thread
    data = {"flow": flow.name, "unit": unit_id, "protected": "no", "form": key, MODE: privacy.mode}
    return parts.card(
        body, [parts.button("Fortsätt", "draft", data, primary=True), _button_without_check("Avbryt", "start")]
    )


def move_card(
    title: str,
    about: tuple[str, str],
    fields: Sequence[Field],
    options: Options,
    data: Mapping[str, Any],
    filled: Filled,
    notice: str = "",
) -> Element:
    """What a move needs to know before it is made. `about` is the case and its label, `notice` why it is asked."""
    body = [parts.heading(title), parts.labelled(*about), *_to_mend(filled)]
    body += [parts.notice(notice)] if notice else []
    known = {item.name for item in fields}
    body += [parts.notice(why, "attention") for name, why in filled.errors.items() if name not in known]
    body += parts.inputs(fields, filled.raw, filled.errors, options)
    back = {"thread": data["thread"]}
    return parts.card(
        body, [parts.button(title, "do", data, primary=True), _button_without_check("Tillbaka", "show", back)]
    )


def signpost_card(post: Signpost, onward: Element, back: Element) -> Element:
    """What the routine says should be done instead; who knows better goes on all the same, where that may be."""
    body = [parts.heading("Läs det här först"), parts.line(post.text), parts.line(post.source, subtle=True)]
    actions = [back] if post.stops else [onward, back]
    return parts.card(body, [*actions, parts.button("Till start", "start")])


def _to_mend(filled: Filled) -> list[Element]:
    """Said first, because on a phone the question with the error can be far down."""
    count = len(filled.errors)
    if not count:
        return []
    return [
        parts.notice(f"{'Ett svar' if count == 1 else f'{count} svar'} behöver rättas. Inget är skickat.", "attention")
    ]


def _button_without_check(label: str, verb: str, data: Mapping[str, Any] | None = None) -> Element:
    """A way out of a form that does not ask for the required answers first."""
    made = parts.button(label, verb, data)
    made["associatedInputs"] = made["fallback"]["associatedInputs"] = "none"
    return made


def suggested(fields: Sequence[Field], now: datetime) -> dict[str, str]:
    """What happened has most often happened now: dates and times of the past are filled in with the present.

    What need not be answered is left empty: filled in for somebody, it would say that something has happened.
    """
    local = to_local(now)
    found: dict[str, str] = {}
    for item in [one for one in fields if one.always]:
        if isinstance(item, Moment) and not item.future:
            found |= {f"{item.name}_date": f"{local:%Y-%m-%d}", f"{item.name}_time": f"{local:%H:%M}"}
        elif isinstance(item, Day) and item.today and not item.future:
            found[item.name] = f"{local:%Y-%m-%d}"
    return found


def _case_ref(flow: Flow, filled: Filled) -> list[Element]:
    """Which case it is. Somebody new may have no number yet, and what is about no case is asked for none."""
    if flow.caseless:
        return []
    label = "Ärendenummer (frivilligt)" if flow.new_case else "Ärendenummer"
    label = parts.to_mend(label) if CASE_REF in filled.errors else label
    asked: Element = {
        "type": "Input.Text", "id": CASE_REF, "label": label, "maxLength": MAX_REF,
        "value": filled.raw.get(CASE_REF, ""), "placeholder": "Aldrig personnummer",
    }  # fmt: skip
    if flow.new_case:
        return [asked, parts.line("Har ärendet inget nummer än? Lämna tomt, så får det ett tillfälligt.", subtle=True)]
    return [asked | {"isRequired": True, "errorMessage": "Skriv ärendets nummer."}]


def read_case_ref(data: Mapping[str, Any], reading: Reading, *, new_case: bool = False) -> str:
    """The typed case reference; what is wrong with it is noted in the reading. A personnummer is not repeated.

    A `new_case` that has none gets one that stands for it until there is a number. It says nothing of anybody.
    """
    typed = " ".join(str(data.get(CASE_REF) or "").split())
    if new_case and not typed:
        return temporary_case_ref()
    if has_personal_number(typed):
        reading.errors[CASE_REF] = "Skriv ärendets nummer, inte ett personnummer."
        return ""
    if not typed:
        reading.errors[CASE_REF] = "Skriv ärendets nummer."
    elif len(typed) > MAX_REF or not all(sign.isalnum() or sign in "-/. " for sign in typed):
        reading.errors[CASE_REF] = f"Ärendenumret får ha bokstäver, siffror och bindestreck, högst {MAX_REF} tecken."
    reading.raw[CASE_REF] = typed[: 2 * MAX_REF]
    return typed


def raw_of(fields: Sequence[Field], values: Mapping[str, Any]) -> dict[str, str]:
    """Stored values as a form shows them."""
    raw: dict[str, str] = {}
    for item in fields:
        value = values.get(item.name)
        if value in (None, ""):
            continue
        if isinstance(item, PerCase):
            raw |= case_lists.given([item], values)
        elif isinstance(item, CaseList | DayList):
            raw[item.name] = ", ".join(codes_of(value))
        elif isinstance(item, Moment):
            local = to_local(datetime.fromisoformat(str(value)))
            raw |= {f"{item.name}_date": f"{local:%Y-%m-%d}", f"{item.name}_time": f"{local:%H:%M}"}
        elif isinstance(item, Number):
            raw[item.name] = number_text(str(value))
        else:
            raw[item.name] = str(value)
    return raw
