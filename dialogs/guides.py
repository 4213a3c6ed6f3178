"""The help texts of the routine as cards: opened by a button on a thread's card, or by typing one of their words."""

from collections.abc import Mapping
from typing import Any

from dialogs import parts
from dialogs.guide_section import Guide, guides_of
from dialogs.parts import Element
from dialogs.view import View
from dialogs.visit import Desked, Visit


def typed(visit: Visit, words: str) -> Desked | None:
    """The help text that the words name in a profile of one of the person's units, or None."""
    for guide in known_to(visit).values():
        if " ".join(words.lower().split()) in guide.words:
            return Desked(card=guide_card(guide))
    return None


def known_to(visit: Visit) -> dict[str, Guide]:
    """The help texts of the routines that the person's units follow."""
    profiles = dict.fromkeys(one.profile for one in visit.held())
    found: dict[str, Guide] = {}
    for name in profiles:
        found = {**guides_of(visit.record.profiles[name]), **found}
    return found


def about(visit: Visit, view: View, data: Mapping[str, Any]) -> Desked:
    """The help text that a thread's card offers. «Tillbaka» leads to the card."""
    guide = guides_of(view.profile).get(str(data.get("guide")))
    back = parts.button("Tillbaka", "show", {"thread": view.thread.id})
    card = guide_card(guide, back) if guide else _contents(guides_of(view.profile), back)
    return Desked(card=card)


def buttons(view: View) -> list[Element]:
    """The buttons for the help texts of a thread's flow that the thread's profile has."""
    known = guides_of(view.profile)
    return [
        parts.button(known[name].button, "guide", {"thread": view.thread.id, "guide": name})
        for name in view.flow.guides
        if name in known
    ]


def guide_card(guide: Guide, back: Element | None = None) -> Element:
    """A help text as a card."""
    body = [parts.heading(guide.title), *(parts.line(text) for text in guide.text)]
    for table in guide.tables:
        body.append(parts.line(table.title, strong=True, space=True))
        body.append(parts.line(" · ".join(table.rows)))
    body.append(parts.line(guide.source, subtle=True))
    return parts.card(body, [back or parts.button("Till start", "start")])


def _contents(known: Mapping[str, Guide], back: Element | None = None) -> Element:
    body = [parts.heading("Hjälptexter"), *(parts.labelled(one.words[0], one.title) for one in known.values())]
    if not known:
        body.append(parts.line("Rutinen har inga hjälptexter."))
    return parts.card(body, [back or parts.button("Till start", "start")])
