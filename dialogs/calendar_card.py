"""«Kalender»: an address that one's own calendar can subscribe to, made and ended by the person whose it is."""

from collections.abc import Mapping, Sequence
from typing import Any

from cases import calendar_feed
from dialogs import parts
from dialogs.parts import Element
from dialogs.swedish import full_day_text
from dialogs.visit import Desked, Visit

WORDS = ("kalender", "kalenderadress")
SHOW, MAKE, END = "feed", "feed_make", "feed_end"
_WHAT = "Där står dina möten och dina jourpass: tid, plats och vad slags möte. Aldrig ärenden, och inga namn."
_SECRET = "Adressen är din egen. Den som har den kan se din kalender, så skicka den inte vidare."  # noqa: S105 (told)


def show(visit: Visit, data: Mapping[str, Any]) -> Desked:
    """Whether the person has an address, and what they can do about it. The address itself is shown when it is made."""
    since = calendar_feed.since(visit.tx, visit.person_id)
    if visit.record.calendar_feed is None or not visit.held():
        return _told("Det finns ingen kalenderadress att hämta här. Använd kalenderfilen på mötets kort.")
    if since is None:
        return _told("Du kan prenumerera på det Stafett har för din kalender.", _WHAT, buttons=[_make("Skapa adress")])
    return _told(
        f"Du har en kalenderadress sedan {full_day_text(since)}. Den visas bara när den skapas.", _WHAT,
        buttons=[_make("Byt adress"), parts.button("Ta bort adressen", END)],
    )  # fmt: skip


def make(visit: Visit, data: Mapping[str, Any]) -> Desked:
    """A new address; the one before stops at once."""
    if visit.record.calendar_feed is None or not visit.held():
        return show(visit, data)
    address = visit.record.calendar_feed(calendar_feed.made(visit.tx, visit.person_id, visit.now))
    visit.note("config", "done", signal=calendar_feed.MADE)
    return _told(
        "Din kalenderadress är klar. Kopiera den nu: den visas inte igen.", _WHAT, _SECRET,
        "I Outlook: Lägg till kalender, Prenumerera från webben, klistra in adressen. En ny adress ersätter den gamla.",
        buttons=[parts.button("Ta bort adressen", END)], copied=address,
    )  # fmt: skip


def end(visit: Visit, data: Mapping[str, Any]) -> Desked:
    """The address stops at once."""
    if calendar_feed.ended(visit.tx, visit.person_id):
        visit.note("config", "done", signal=calendar_feed.ENDED)
    return _told("Kalenderadressen är borttagen. Kalendern slutar att uppdateras.", buttons=[_make("Skapa adress")])


def _told(*lines: str, buttons: Sequence[Element] = (), copied: str = "") -> Desked:
    """`copied` stands in a box from which it can be copied on a phone too; it is never sent back."""
    body = [parts.heading("Kalender"), *(parts.line(text) for text in lines)]
    if copied:
        body.insert(2, {"type": "Input.Text", "id": "copy", "label": "Adress att kopiera", "value": copied})
    actions = [parts.without_inputs(one) for one in (*buttons, parts.button("Till start", "start"))]
    return Desked(card=parts.card(body, actions))


def _make(label: str) -> Element:
    return parts.button(label, MAKE)
