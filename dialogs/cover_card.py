"""What somebody sees of a colleague's thread: that it exists and who holds it, and nothing of what it is about."""

from cases.hands import COVER
from dialogs import parts
from dialogs.parts import Element
from dialogs.view import View


def cover_card(view: View) -> Element:
    """The offer to step in. It costs a reason, is logged, and the unit's manager sees it the day after."""
    holder = view.seat_name(view.cover.seat) if view.cover.seat is not None else ""
    body = [
        parts.heading("Kollegas meddelande"),
        parts.labelled("Beteckning", view.thread.ref),
        parts.labelled("Ligger hos", holder),
        parts.line("Du har ingen del i meddelandet. Gå in bara om din kollega inte är på plats."),
        parts.line("Skäl krävs. Det loggas, och chefen ser det nästa dag.", subtle=True),
    ]
    data = {"thread": view.thread.id, "signal": COVER, "version": view.thread.version}
    legal = [move for signal, move in view.flow.signals_for(view.situation, view.standing) if signal == COVER]
    buttons = [parts.button(move.label, "ask", data) for move in legal[:1]]
    return parts.card(body, [*buttons, parts.button("Till start", "start")])
