"""«Ej verkställda»: the decisions that have not been started, counted against the law's three months (`D31`).

For whoever leads a unit, and for an assessor's own cases. References, days and reasons as codes; nobody's name but the
assessor's in the file.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from cases import not_started
from cases.directory import Directory
from cases.flow import Choice, Flow
from cases.not_started import FLOW, NotStarted
from cases.thread import thread_ref
from dialogs import parts
from dialogs.lists_rows import framed
from dialogs.parts import Element
from dialogs.sheets import Sheet
from dialogs.swedish import full_day_text
from dialogs.terms import worded
from dialogs.visit import Desked, Visit
from reminders.localtime import to_local

TYPED = ("ej verkställda", "ej verkstallda", "ivo")
_SHOWN = 8
_STAGES = {3: "Tre månader har gått", 2: "Elva veckor eller mer", 1: "Åtta veckor eller mer"}
_TO_START = parts.button("Till start", "start")
_WHY = (
    "Beslut som inte har verkställts inom tre månader rapporteras till IVO varje kvartal, också avbrott. Stafett "
    "räknar från beslutsdatum och rapporterar ingenting."
)


def show(visit: Visit, data: Mapping[str, Any]) -> Desked:
    """The list of what this person answers for, with a line in the account."""
    return Desked(card=card_for(visit) or _nothing(visit))


def card_for(visit: Visit) -> Element | None:
    """The list, or None when nothing stands in it."""
    found = _found(visit)
    if not found:
        return None
    visit.note("view", "listed", reason="not_started")
    today = to_local(visit.now).date()
    body = [parts.heading("Ej verkställda")]
    body += [parts.labelled(name, str(_count(found, stage, today))) for stage, name in _STAGES.items()]
    body.append(parts.line(_WHY, subtle=True))
    body += [_row(visit, one, today) for one in found[:_SHOWN]]
    if len(found) > _SHOWN:
        body.append(parts.line(f"… och {len(found) - _SHOWN} till. Hela listan tas ut som fil.", subtle=True))
    return parts.card(body, [_TO_START])


def sheet(flow: Flow, directory: Directory, found: Sequence[NotStarted], today: date) -> Sheet:
    """The same as a sheet: one row for each decision, the oldest first."""
    headings = (
        "Ärende", "Hemtjänst", "Handläggare", "Beslutsdatum", "Dagar sedan beslutet", "Tre månader", "Läge", "Orsak",
        "Beteckning",
    )  # fmt: skip
    rows = tuple(
        (
            one.case_ref,
            directory.units[one.unit_id].name if one.unit_id in directory.units else "",
            directory.people[one.assessor_id].name if one.assessor_id in directory.people else "",
            one.decided,
            one.days(today),
            one.three_months,
            _stands(flow, one),
            reason_text(flow, one),
            thread_ref(one.thread_id) if one.thread_id else "",
        )
        for one in found
    )
    return Sheet(title="Ej verkställda", headings=headings, rows=rows)


def reason_text(flow: Flow, one: NotStarted) -> str:
    """The reason in Swedish; what nobody has told of has none yet."""
    options = next((item.options for item in flow.form if isinstance(item, Choice) and item.name == "reason_code"), ())
    return dict(options).get(one.reason, "Ingen orsak lämnad")


def _stands(flow: Flow, one: NotStarted) -> str:
    if one.outcome == not_started.REVIEW:
        return "Beslutet ändras eller omprövas"
    return flow.states.get(one.state, "Enligt registret")


def _found(visit: Visit) -> list[NotStarted]:
    today, directory = to_local(visit.now).date(), visit.scene.directory
    every = [
        one for share in not_started.shares(visit.who) for one in not_started.waiting(visit.tx, directory, share, today)
    ]
    return sorted(dict.fromkeys(every), key=lambda one: (one.decided, one.case_ref))


def _count(found: Sequence[NotStarted], stage: int, today: date) -> int:
    return sum(one.stage(today) == stage for one in found)


def _row(visit: Visit, one: NotStarted, today: date) -> Element:
    flow = worded(visit.record.flows[FLOW], visit.terms)
    limit = full_day_text(one.three_months)
    lines = [
        parts.line(f"{one.case_ref} · {one.days(today)} dagar", strong=True),
        parts.line(f"{_STAGES[one.stage(today)]}; tre månader {limit}. {reason_text(flow, one)}.", subtle=True),
    ]
    if one.thread_id is None:
        return framed([*lines, parts.line("Enligt registret; inget meddelande finns.", subtle=True)])
    ref = thread_ref(one.thread_id)
    opened = parts.button(f"Öppna {ref}", "show", {"thread": one.thread_id})
    return framed([*lines, {"type": "ActionSet", "actions": [opened]}])


def _nothing(visit: Visit) -> Element:
    if not_started.shares(visit.who):
        text = "Inget beslut som du svarar för har väntat åtta veckor på att verkställas."
    else:
        text = visit.terms.put("Listan är för dig som leder en enhet eller är ansvarig biståndshandläggare.")
    return parts.card([parts.heading("Ej verkställda"), parts.line(text)], [_TO_START])
