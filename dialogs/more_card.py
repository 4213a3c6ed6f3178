"""What a card keeps behind «Mer …»: the moves that are rarely made, and what has happened to the thread."""

from collections.abc import Mapping
from typing import Any

from cases import log
from cases.flow import Flow, Move
from dialogs import absence, disclosure, parts, sealing
from dialogs.parts import Element
from dialogs.swedish import since_text
from dialogs.view import View
from dialogs.visit import Desked, Visit

RARE = frozenset({"forward", "misdirected", "absent", "cover", "reopen", "unplan", "without", "call_off"})
_MOST = 12
_BY = {"clock": "Stafett", "delivery": "Stafett"}


def is_rare(view: View, signal: str) -> bool:
    """Whether a button is kept away from the card itself, where whoever has a hand full sees few."""
    return signal in RARE or (signal == "withdraw" and not view.is_draft)


def more_button(view: View) -> list[Element]:
    """«Mer …», when there is more to do."""
    return [_button(view)] if _has_rare(view) else []


def aside(view: View) -> list[Element]:
    """«Mer …» where nothing more is to be done: what everybody may say of the person is there all the same."""
    return [_button(view)] if sealing.is_offered(view) and not _has_rare(view) else []


def _button(view: View) -> Element:
    return parts.button("Mer …", "more", {"thread": view.thread.id, "version": view.thread.version})


def _has_rare(view: View) -> bool:
    return any(is_rare(view, signal) for signal, _ in view.moves())


def more(visit: Visit, view: View, data: Mapping[str, Any]) -> Desked:
    """The rare moves of this thread, each with what it leads to, and what has happened so far."""
    rare = [(signal, move) for signal, move in view.moves() if is_rare(view, signal)]
    body = [parts.heading("Mer om meddelandet"), parts.labelled(view.flow.matter, view.thread.case_ref)]
    body.append(parts.labelled("Läge", view.state_word))
    body += [parts.line(f"{move.label}: {move.consequence}") for _, move in rare if move.consequence]
    happened = _happened(visit, view)
    if happened:
        body.append(parts.line("Det här har hänt", strong=True, space=True))
        body += [parts.line(text, subtle=True) for text in happened]
    if sealing.is_offered(view):
        body.append({"type": "ActionSet", "spacing": "Medium", "actions": [sealing.button(view)]})
    back = parts.button("Tillbaka", "show", {"thread": view.thread.id})
    return Desked(card=parts.card(body, [*(move_button(view, signal, move) for signal, move in rare), back]))


def move_button(view: View, signal: str, move: Move, *, primary: bool = False) -> Element:
    data: dict[str, Any] = {"thread": view.thread.id, "signal": signal, "version": view.thread.version}
    asks = absence.asked_first(view, move).needs
    if disclosure.is_for_dialog(view, signal, move):
        return disclosure.dialog_button(view, signal, move)
    return parts.button(move.label, "ask" if asks else "do", data, primary=primary)


def _happened(visit: Visit, view: View) -> list[str]:
    """The latest moves that people made or that changed the state: who, what and when, without content."""
    made = []
    for entry in log.told(visit.tx, view.thread.id, _MOST):
        label = _label(view.flow, entry.from_state, entry.signal, entry.to_state)
        changed = entry.from_state != entry.to_state
        if not label and not changed:
            continue
        who = _BY.get(entry.by) or view.person_name(entry.person_id)
        where = f" – {view.flow.states[entry.to_state]}" if changed and entry.to_state in view.flow.states else ""
        made.append(f"{since_text(entry.at, view.now)}: {who}{f', «{label}»' if label else ''}{where}")
    return made


def _label(flow: Flow, state: str, signal: str, to: str) -> str:
    """The button that was pressed: of several with one signal the one that led there."""
    moves = [move for move in flow.moves.get((state, signal), ()) if move.label]
    return next((move.label for move in moves if move.to == to), moves[0].label if moves else "")
