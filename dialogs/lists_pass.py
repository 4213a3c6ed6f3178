"""The on-call supervisor's lists: what is open when a pass begins, and what is handed over when it ends."""

from collections.abc import Mapping, Sequence
from typing import Any

from cases import lists
from cases.directory import Pass
from cases.policy import Act, OfUnit, decide
from dialogs import parts
from dialogs.lists_rows import PAGE, reader, row, seen
from dialogs.parts import Element
from dialogs.swedish import moment_text
from dialogs.view import View
from dialogs.visit import Desked, Visit

_AT_A_TIME = 50


def show(visit: Visit, data: Mapping[str, Any]) -> Desked:
    """«Jour»: what is open in the units that the person is on call for now."""
    mine = _passes(visit)
    if not mine:
        text = "Du har inget jourpass just nu."
        return Desked(card=parts.card([parts.heading("Jour"), parts.line(text)], [parts.button("Till start", "start")]))
    return Desked(card=pass_card(visit, mine, "Jour: öppet just nu"))


def start_card(visit: Visit, unit_id: str) -> Element | None:
    """At the start of a pass; None when it is over or nobody's any longer."""
    mine = [one for one in _passes(visit) if one.unit_id == unit_id]
    return pass_card(visit, mine, "Ditt jourpass har börjat") if mine else None


def end_card(visit: Visit, unit_id: str) -> Element | None:
    """At the end of a pass: what whoever comes next has to know of."""
    mine = [one for one in _passes(visit) if one.unit_id == unit_id]
    return pass_card(visit, mine, "Ditt jourpass slutar snart") if mine else None


def unreached_card(visit: Visit, unit_id: str) -> Element | None:
    """To whoever leads the unit, when the list of a pass could not be sent; None when nobody is on call any longer."""
    directory = visit.scene.directory
    on_call = [one for one in directory.passes.get(unit_id, ()) if one.covers(visit.now)]
    if not on_call or not decide(visit.who, Act.WORK, OfUnit(unit_id=unit_id)):
        return None
    body = [
        parts.heading("Listan till jouren kom inte fram"),
        parts.line(f"Den som har jouren i {directory.units[unit_id].name} har inte fått listan över det som är öppet."),
        parts.line("Ring och berätta vad som är öppet. Den som skriver «jour» till Stafett får också listan."),
        *[parts.labelled("Jour", _on_call(visit, one)) for one in on_call],
    ]
    return parts.card(body, [parts.button("Enheten", "list", {"list": "unit"}), parts.button("Till start", "start")])


def _on_call(visit: Visit, one: Pass) -> str:
    """«Nils Fors, 070-174 06 05, till tis 17 nov kl. 07.00»"""
    directory = visit.scene.directory
    who, unit = directory.people[one.person_id], directory.units[one.unit_id]
    said = (who.name, who.phone or unit.on_call_phone or "", f"till {moment_text(one.ends_at)}")
    return ", ".join(part for part in said if part)


def pass_card(visit: Visit, mine: Sequence[Pass], title: str) -> Element:
    """Urgent things first: they are what the night is for. What is open and can wait is only counted."""
    directory = visit.scene.directory
    urgent = urgent_open(visit, [one.unit_id for one in mine])
    body = [parts.heading(title)]
    for one in mine:
        until = f"till {moment_text(one.ends_at)}"
        body.append(parts.line(f"{directory.units[one.unit_id].name}, {until}", subtle=True))
    body.append(parts.line(_count(len(urgent)), strong=True, space=True))
    body += [row(view, holder=True) for view in urgent[:PAGE]]
    if len(urgent) > PAGE:
        body.append(parts.line(f"… och {len(urgent) - PAGE} till. Tryck på Enheten för att se allt.", subtle=True))
    body.append(parts.line("Det som inte brådskar väntar till kontorstid och står inte här.", subtle=True))
    return parts.card(body, [parts.button("Enheten", "list", {"list": "unit"}), parts.button("Till start", "start")])


def urgent_open(visit: Visit, units: Sequence[str]) -> list[View]:
    """Everything urgent that is open there, page by page: «nothing» must never mean «nothing among the first»."""
    flows = [flow.name for flow in visit.record.flows.values() if flow.urgent]
    found: list[View] = []
    skip, more = 0, True
    while more:
        page = lists.urgent(visit.tx, reader(visit), units, flows, skip=skip, most=_AT_A_TIME)
        found += [view for view in seen(visit, page.ids) if not view.is_draft]
        skip, more = skip + _AT_A_TIME, page.more
    return found


def _count(number: int) -> str:
    if not number:
        return "Inget brådskande är öppet."
    return f"{number} brådskande är öppet." if number == 1 else f"{number} brådskande är öppna."


def _passes(visit: Visit) -> list[Pass]:
    """Those that the person has now."""
    units = [one for one in visit.scene.directory.passes if decide(visit.who, Act.TAKE_DUTY, OfUnit(unit_id=one))]
    every = [one for unit_id in units for one in visit.scene.directory.passes[unit_id]]
    return [one for one in every if one.person_id == visit.person_id and one.covers(visit.now)]
