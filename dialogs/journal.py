"""What to write in one's own journal of an exchange, and the word that it has been written (Norrköping 3.1).

Two texts for each exchange: one for the provider's journal, one for the authority's. Each tells that something was
said, by whom, when, and who received it; answers that are content stand in it only where the profile keeps content,
and then only in the answer to a logged look.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cases import journal
from cases.directory import Unit
from cases.journal import Tick
from cases.route import AUTHORITY
from cases.thread import Party
from dialogs import disclosure, parts
from dialogs.beside import is_an_exchange
from dialogs.parts import Element
from dialogs.swedish import since_text
from dialogs.view import View
from dialogs.visit import Desked, Visit
from reminders.localtime import to_local

_TO_START = parts.button("Till start", "start")


def journal_card(visit: Visit, view: View, data: Mapping[str, Any]) -> Desked:
    """The text for the journal of the viewer's own unit, and who has said that it is journaled."""
    if not is_an_exchange(view):
        return Desked(card=parts.card([parts.heading("Journaltext"), parts.line(_NOTHING)], [_back(view), _TO_START]))
    if view.reveal:
        visit.note("view", "shown", thread=view.thread, reason="journal")
    unit = own_unit(view)
    body: list[Element] = [
        parts.heading("Journaltext"),
        parts.line(f"För {journal_name(unit)}. Markera texten och kopiera den till {view.terms.case_system}."),
        _copied(text_for(visit, view, unit)),
        parts.line("Ändringar som du gör i rutan sparas inte i Stafett.", subtle=True),
    ]
    done = journal.ticks(visit.tx, view.thread.id)
    body += _who_has(view, done)
    own = parts.button("Ta bort bocken", "unjournaled", {"thread": view.thread.id}) if unit.id in done else _tick(view)
    return Desked(card=parts.card(body, [parts.without_inputs(own), parts.without_inputs(_back(view))]))


def tick(visit: Visit, view: View, data: Mapping[str, Any]) -> Desked:
    """«Journalfört»: the viewer says it for their own unit."""
    if is_an_exchange(view):
        journal.tick(visit.tx, view.thread.id, own_unit(view).id, visit.person_id, visit.now)
        _note(visit, view, "ticked")
    return journal_card(visit, view, data)


def untick(visit: Visit, view: View, data: Mapping[str, Any]) -> Desked:
    """The tick was a mistake."""
    journal.untick(visit.tx, view.thread.id, own_unit(view).id)
    _note(visit, view, "unticked")
    return journal_card(visit, view, data)


def own_unit(view: View) -> Unit:
    """The unit for which the viewer journals: the one they sent from, or in which they have their seat."""
    seat = view.seat()
    return view.unit(seat.unit_id if seat is not None and not view.is_sender else view.thread.sender_unit_id)


def journal_name(unit: Unit) -> str:
    return "myndighetsjournalen" if unit.kind == AUTHORITY else "utförarjournalen"


def text_for(visit: Visit, view: View, unit: Unit) -> str:
    """The text for this unit's journal, without anything sensitive unless the view reveals it."""
    flow, thread = view.flow, view.thread
    own = flow.journal(view.situation) if flow.journal is not None else None
    about = own[unit.kind == AUTHORITY] if own is not None else _default(view, unit)
    lines = [_head(visit, view), *about.split("\n"), *_answers(view), *_receipts(view)]
    me = view.scene.directory.people[visit.person_id]
    noted = ", ".join(part for part in (me.name, me.title, f"{to_local(view.now):%Y-%m-%d}") if part)
    lines.append(f"Antecknat av {noted}. Källa: Stafett {thread.ref}, ärende {thread.case_ref}.")
    return "\n".join(line for line in lines if line)


# --- pieces ------------------------------------------------------------------------------------------------------

_NOTHING = "Inget har skickats, så det finns inget att journalföra här."


def _head(visit: Visit, view: View) -> str:
    """«2026-11-23 08.12 Från: Karim Aziz, gruppledare, Hemtjänst Norr. Till: Anna Berg, biståndshandläggare.»"""
    sent = [one.at for one in journal.happenings(visit.tx, view.thread.id) if one.signal not in ("open", "edit")]
    person = view.scene.directory.people.get(view.thread.sender_id)
    title = f", {person.title}" if person is not None and person.title else ""
    sender = f"{view.person_name(view.thread.sender_id)}{title}, {view.unit(view.thread.sender_unit_id).name}"
    receivers = "; ".join(view.seat_name(seat) for seat in view.thread.receivers())
    to = f" Till: {receivers}." if receivers else ""
    return f"{_stamp(min(sent, default=view.thread.opened_at))} Från: {sender}.{to}"


def _default(view: View, unit: Unit) -> str:
    """That something was told by the routine, and where it stands. Never the flow's name: it can tell of a death."""
    if not view.thread.receivers():
        return f"Hanterat enligt {view.flow.source}. Inget meddelande har behövt lämnas."
    sender = view.unit(view.thread.sender_unit_id)
    how = "lämnat" if unit.id == sender.id else f"inkommet från {sender.name}"
    return f"Meddelande enligt {view.flow.source} {how}."


def _answers(view: View) -> list[str]:
    shown = view.answers(sensitive=False) + (view.answers(sensitive=True) if view.reveal else [])
    shown += disclosure.consent(view.thread)
    return [f"{label.rstrip('?:. ')}: {value.rstrip('. ')}." for label, value in shown]


def _receipts(view: View) -> list[str]:
    """Who read and took it, and where it stands."""
    made = [line for party in view.thread.parties for line in _receipt(view, party)]
    closed = view.thread.closed_at
    return [*made, f"{view.state_word}{f' {_stamp(closed)}' if closed else ''}."]


def _receipt(view: View, party: Party) -> list[str]:
    if party.side == "sender":
        return []
    if party.taken_at:
        return [f"Taget av {view.person_name(party.taken_by)} {_stamp(party.taken_at)}."]
    return [f"Läst av {view.person_name(party.read_by)} {_stamp(party.read_at)}."] if party.read_at else []


def _who_has(view: View, done: Mapping[str, Tick]) -> list[Element]:
    units = dict.fromkeys([view.thread.sender_unit_id, *(party.unit_id for party in view.thread.parties)])
    return [
        parts.labelled(view.unit(one).name, _said(view, done[one]) if one in done else "inte journalfört än")
        for one in units
    ]


def _said(view: View, tick: Tick) -> str:
    return f"journalfört av {view.person_name(tick.person_id)} {since_text(tick.at, view.now)}"


def _note(visit: Visit, view: View, outcome: str) -> None:
    visit.note("journal", outcome, thread=view.thread)


def _tick(view: View) -> Element:
    return parts.button("Journalfört", "journaled", {"thread": view.thread.id}, primary=True)


def _back(view: View) -> Element:
    return parts.button("Till meddelandet", "show", {"thread": view.thread.id})


def _copied(text: str) -> Element:
    """A box from which text can be copied on a phone too. What stands in it is never sent back."""
    return {"type": "Input.Text", "id": "copy", "label": "Text att kopiera", "isMultiline": True, "value": text}


def _stamp(instant: datetime | None) -> str:
    return f"{to_local(instant):%Y-%m-%d %H.%M}" if instant else ""
