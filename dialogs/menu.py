"""What a person may start, gathered under headings: the urgent at once, the rest behind one press."""

from collections.abc import Mapping, Sequence

from cases.flow import GROUPS, Flow
from dialogs import parts
from dialogs.parts import Element

AT_ONCE = frozenset({"urgent"})
BY_WORD = frozenset({"access"})  # seldom needed: not on the start card, but started by its word
_MOST = 6  # buttons in a row; a client folds those after them away

_NAMES: Mapping[str, str] = {
    "urgent": "Brådskande",
    "assignments": "Uppdrag och ändringar",
    "question": "Frågor och kontakt",
    "plan": "Plan och hemgångsteam",
    "follow_up": "Uppföljning",
    "meetings": "Möten",
    "handover": "Överlämning",
    "ends": "Avslut, uppehåll och ej startat",
    "night": "Jour",
    "access": "Behörighet",
}


def fold_name(group: str) -> str:
    """The button that a group lies behind: the dots say that it leads to more buttons, and not to a form."""
    return f"{_NAMES[group]} …"


def menu(flows: Sequence[Flow]) -> list[Element]:
    """All flows as buttons while they are few; else the urgent ones, and a button for each other group."""
    flows = [flow for flow in flows if flow.group not in BY_WORD]
    if len(flows) <= _MOST:
        return _rows([_start(flow) for flow in sorted(flows, key=_place)])
    at_once = [flow for flow in flows if flow.group in AT_ONCE]
    rest = _grouped([flow for flow in flows if flow.group not in AT_ONCE])
    folded = [_start(found[0]) if len(found) == 1 else _fold(group) for group, found in rest.items()]
    return [*_rows([_start(flow) for flow in at_once]), *_rows(folded)]


def group_card(group: str, flows: Sequence[Flow]) -> Element:
    """The flows of one group that this person may start."""
    found = [flow for flow in flows if flow.group == group]
    name = _NAMES.get(group, "Stafett")
    body = [parts.heading(name)]
    # One under the other: the titles are long, and a dialog is no wider than a phone.
    body += [row for flow in found for row in _rows([_start(flow)])]
    if not found:
        body.append(parts.line("Här finns inget som din roll kan skicka."))
    return parts.card(body, [parts.button("Till start", "start")])


def _grouped(flows: Sequence[Flow]) -> dict[str, list[Flow]]:
    found: dict[str, list[Flow]] = {}
    for flow in sorted(flows, key=_place):
        found.setdefault(flow.group, []).append(flow)
    return found


def _place(flow: Flow) -> tuple[int, int]:
    return GROUPS.index(flow.group), flow.order


def _start(flow: Flow) -> Element:
    return parts.button(flow.title, "new", {"flow": flow.name})


def _fold(group: str) -> Element:
    return parts.button(fold_name(group), "group", {"group": group})


def _rows(buttons: Sequence[Element]) -> list[Element]:
    return [
        {"type": "ActionSet", "actions": list(buttons[first : first + _MOST])}
        for first in range(0, len(buttons), _MOST)
    ]
