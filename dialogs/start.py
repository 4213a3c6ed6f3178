"""The cards outside any thread: the start card for each role, help and plain messages."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cases.directory import Membership
from cases.flow import Flow
from dialogs import parts
from dialogs.guide_section import Guide
from dialogs.menu import menu
from dialogs.parts import Element
from dialogs.role_words import role_name
from dialogs.terms import Terms

HELP = frozenset({"hjälp", "hjalp", "help", "?"})
NOTHING_OPEN = "Du har inget öppet just nu."


@dataclass(frozen=True, kw_only=True)
class Desktop:
    """What lies before a person: the flows they may start, what is unread, what waits, and which lists they have."""

    held: Sequence[Membership]
    terms: Terms  # of their own unit
    flows: Sequence[Flow]
    unread: Sequence[str]  # how much, and when it is to be read; nothing when there is none
    waiting: Sequence[Element]  # the rows of what is due first
    lists: Sequence[Element]  # buttons


def start_card(desktop: Desktop) -> Element:
    """What this person can do, and what is open: made from the roles in the roster."""
    body = [parts.heading("Stafett")]
    units = dict.fromkeys((one.unit_name, one.role) for one in desktop.held)
    if units:
        names = ", ".join(f"{role_name(role, desktop.terms)}, {unit}" for unit, role in units)
        body.append(parts.line(f"Du är {names}.", subtle=True))
    body += [parts.line(text, strong=not at, subtle=at > 0) for at, text in enumerate(desktop.unread) if text]
    if desktop.flows:
        body.append(parts.line("Vad vill du skicka?", strong=True, space=True))
        body += menu(desktop.flows)
    else:
        body.append(parts.line("Meddelanden till dig kommer hit. Du kan läsa, ta och besvara dem.", space=True))
    body.append(parts.line("Att göra först" if desktop.waiting else NOTHING_OPEN, strong=True, space=True))
    body += desktop.waiting
    body.append(
        parts.line("Stafett är ingen larmkanal: ring 112 vid fara för liv. Ansökningar tas inte emot här.", subtle=True)
    )
    return parts.card(body, [*desktop.lists, parts.button("Hjälp", "help")])


def help_card(flows: Sequence[Flow], terms: Terms, guides: Iterable[Guide] = ()) -> Element:
    """What one can type, and what Stafett is not."""
    body = [
        parts.heading("Hjälp"),
        parts.line("Skriv eller tryck. Du kan skriva:"),
        parts.labelled("mina", "visar det som väntar på dig"),
        parts.labelled("enheten", "visar det som är öppet i din enhet"),
        parts.labelled("mina ärenden", f"visar det som är öppet i dina ärenden, för {terms.needs_assessor}"),
        parts.labelled("dagen", "visar dagens läge, för dig som leder en enhet"),
        parts.labelled("jour", "visar det som är öppet, för dig som har jour"),
        parts.labelled("ej verkställda", "visar beslut som väntar på att verkställas"),
        parts.labelled("frister", "visar hur många frister som hålls, för dig som svarar för en enhet"),
        parts.labelled("kalender", "ger en adress som din egen kalender kan prenumerera på"),
        parts.labelled("journal", "visar det som inte är journalfört"),
        parts.labelled("behörigheter", "visar vem som har vilken roll, för dig som godkänner behörighet"),
        parts.labelled("nöd och en beteckning, till exempel nöd ST-7F3KQ9", "läser en kollegas meddelande i nödläge"),
        parts.labelled("sök och ett ärendenummer, till exempel sök NK-2041", "visar ärendets meddelanden"),
        parts.labelled("en beteckning, till exempel ST-7F3KQ9", "öppnar det meddelandet"),
        parts.labelled("hjälp", "visar det här"),
    ]
    body += [parts.labelled(flow.commands[0], flow.title) for flow in flows if flow.commands]
    body += [parts.labelled(one.words[0], f"hjälptext: {one.title}") for one in guides if one.words]
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


def refused_number_card(*, typed: bool = True) -> Element:
    """The answer to a personnummer: it is not repeated, and whoever typed it in the chat is asked to remove it."""
    kept = "Texten har inte sparats i Stafett, men den ligger kvar i chatten. Radera ditt meddelande."
    said = kept if typed else "Inget har sparats i Stafett."
    body = [parts.heading("Personnummer får inte skrivas här"), parts.line(said)]
    return parts.card(body, [parts.button("Till start", "start")])
