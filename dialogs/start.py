"""The cards outside any thread: the start card for each role, the list of open threads, help and plain messages."""

from collections.abc import Sequence

from cases.directory import Membership
from cases.flow import Flow
from cases.lists import FULL
from dialogs import parts
from dialogs.parts import Element
from dialogs.sections import Terms
from dialogs.view import View, role_name

HELP = frozenset({"hjälp", "hjalp", "help", "?"})
MINE = frozenset({"mina", "mina ärenden", "mina arenden", "lista"})

_SHOWN = 8


def start_card(held: Sequence[Membership], flows: Sequence[Flow], views: Sequence[View]) -> Element:
    """What this person can do, and what is open: made from the roles in the roster."""
    body = [parts.heading("Stafett")]
    units = dict.fromkeys((one.unit_name, one.role) for one in held)
    if units:
        terms = Terms(client="", needs_assessor="biståndshandläggare", case_system="")
        names = ", ".join(f"{role_name(role, terms)}, {unit}" for unit, role in units)
        body.append(parts.line(f"Du är {names}.", subtle=True))
    if flows:
        body.append(parts.line("Vad vill du skicka?", strong=True, space=True))
        body.append(_buttons(flows))
    else:
        body.append(parts.line("Meddelanden till dig kommer hit. Du kan läsa, ta och besvara dem.", space=True))
    body += _open_list(views)
    body.append(
        parts.line("Stafett är ingen larmkanal: ring 112 vid fara för liv. Ansökningar tas inte emot här.", subtle=True)
    )
    return parts.card(body, [parts.button("Mina öppna", "mine"), parts.button("Hjälp", "help")])


def _buttons(flows: Sequence[Flow]) -> Element:
    return {
        "type": "ActionSet",
        "actions": [parts.button(flow.title, "new", {"flow": flow.name}) for flow in flows],
    }


def mine_card(views: Sequence[View]) -> Element:
    """The open threads, the nearest limit first: references, states and limits."""
    return parts.card([parts.heading("Mina öppna"), *_open_list(views)], [parts.button("Till start", "start")])


def _open_list(views: Sequence[View]) -> list[Element]:
    if not views:
        return [parts.line("Du har inget öppet just nu.", space=True)]
    body = [parts.line(f"Öppet: {len(views)}{' eller fler' if len(views) >= FULL else ''}", strong=True, space=True)]
    for view in views[:_SHOWN]:
        body.append(_row(view))
    if len(views) > _SHOWN:
        body.append(parts.line(f"… och {len(views) - _SHOWN} till. Skriv beteckningen för att öppna en av dem."))
    return body


def _row(view: View) -> Element:
    """One thread as a line one can tap; the words say what is urgent."""
    urgent = "Brådskande · " if view.flow.urgent else ""
    limit = view.limit()
    late = "försenat, " if view.is_late() else ""
    lines = [
        parts.line(f"{urgent}{view.thread.case_ref} · {view.thread.ref}", strong=True),
        parts.line(f"{view.flow.states[view.thread.state]}. {late}{limit}".strip(), subtle=True),
    ]
    open_it = parts.button(f"Öppna {view.thread.ref}", "show", {"thread": view.thread.id})
    return {
        "type": "Container",
        "style": "emphasis",
        "spacing": "Small",
        "items": [*lines, {"type": "ActionSet", "actions": [open_it]}],
    }


def help_card(flows: Sequence[Flow]) -> Element:
    """What one can type, and what Stafett is not."""
    body = [
        parts.heading("Hjälp"),
        parts.line("Skriv eller tryck. Du kan skriva:"),
        parts.labelled("mina", "visar det som är öppet"),
        parts.labelled("hjälp", "visar det här"),
        parts.labelled("en beteckning, till exempel ST-7F3KQ9", "öppnar det meddelandet"),
    ]
    body += [parts.labelled(flow.commands[0], flow.title) for flow in flows if flow.commands]
    body += [
        parts.line("Varje meddelande har en ägare, en tid ur rutinen och en kvittens.", space=True),
        parts.line("Skriv aldrig namn, personnummer, diagnos eller adress."),
        parts.line("Stafett är ingen larmkanal: ring 112 vid fara för liv. Ansökningar tas inte emot här."),
    ]
    return parts.card(body, [parts.button("Till start", "start")])


def unknown_person_card() -> Element:
    """For somebody who is not in the roster: why nothing works, and how to be added."""
    body = [
        parts.heading("Du finns inte i Stafetts register"),
        parts.line("Därför kan du inte skicka eller ta emot meddelanden här än."),
        parts.line("Be din chef att lägga till dig i registret med ditt jobbkonto. Skriv sedan «hjälp» här."),
        parts.line("Är det bråttom: ring enligt rutinen."),
    ]
    return parts.card(body)


def message_card(text: str) -> Element:
    return parts.card([parts.heading("Stafett"), parts.line(text)], [parts.button("Till start", "start")])


def refused_number_card() -> Element:
    """The answer to a typed personnummer: it is not repeated, and the person is asked to remove it."""
    body = [
        parts.heading("Personnummer får inte skrivas här"),
        parts.line("Texten har inte sparats i Stafett, men den ligger kvar i chatten. Radera ditt meddelande."),
    ]
    return parts.card(body, [parts.button("Till start", "start")])
