"""What is said before a move is made with these answers, once: whoever knows better goes on all the same."""

from collections.abc import Mapping
from typing import Any

from cases.flow import Move
from dialogs import forms, free_text, meeting_plan, parts, starting
from dialogs.form import Reading
from dialogs.parts import Element
from dialogs.view import View
from dialogs.visit import Visit

EDIT = "edit"
# What the button of a form brings along beside its answers. Nothing else that was sent is repeated in a card.
_BROUGHT = ("thread", "signal", "version", "passed", meeting_plan.DESPITE, free_text.DESPITE)


def before(
    visit: Visit, view: View, signal: str, move: Move, reading: Reading, data: Mapping[str, Any]
) -> Element | None:
    """The card that stops, or None: where the routine says what to do instead, where a meeting would clash, and where
    a free text seems to hold what it should not."""
    on = {name: data[name] for name in _BROUGHT if name in data} | reading.raw
    post = starting.signpost(view.flow, reading.values, data) if signal == EDIT else None
    if post is not None:
        kept = {name: value for name, value in on.items() if name != "verb"}
        onward = parts.button("Fortsätt ändå", "do", {**kept, "passed": starting.passed(view.flow, post, data)})
        back = parts.button("Ändra svaren", "ask", {"thread": view.thread.id, "signal": signal})
        return forms.signpost_card(post, onward, back)
    clashes = meeting_plan.against(visit.tx, view, signal, reading.values)
    if clashes and not data.get(meeting_plan.DESPITE):
        return meeting_plan.stop_card(view, clashes, move.label, on)
    said = free_text.unread(
        move.needs, reading.values, data, visit.scene.directory, lambda: _units(view)
    )  # fmt: skip
    label = "Fortsätt ändå" if signal == EDIT else "Skicka ändå"
    return free_text.card(said, view.terms, label, "do", on) if said else None


def _units(view: View) -> set[str]:
    """The units on either side of the thread."""
    return {view.thread.sender_unit_id, view.thread.case_unit_id or "", *(one.unit_id for one in view.thread.parties)}
