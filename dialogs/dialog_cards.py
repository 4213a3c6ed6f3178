"""The same cards for two places: in the chat their forms open in a dialog of Teams, in it every button sends it in.

Nothing is drawn twice. A card is made once, as it lies in a chat without dialogs; what is changed here is how its
buttons are pressed. Teams passes on only `Action.Submit` from a dialog, and opens one only for the data that says
`task/fetch`: https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/task-modules/task-modules-bots
A client that knows no dialogs sends the same data as a press, and gets the form in the chat.
"""

from collections.abc import Callable, Mapping
from typing import Any

from cases.thread import ThreadNow
from dialogs import parts
from dialogs.parts import Element

# What becomes of a thread in a dialog. Nothing (""): the dialog shows what it shows.
DRAFTED, MOVED, DISCARDED = "drafted", "moved", "discarded"

_CLOSE = "start"  # «Avbryt», «Till start»: what is shown in a dialog is left by closing it
_TO_START, _CLOSING = "Till start", "Stäng"
_NESTED = ("body", "items", "columns", "actions")
_WITHOUT = frozenset({"TextBlock", "RichTextBlock", "Input.Text", "Input.ChoiceSet", "Input.Date", "Input.Time"})
_KEPT = ("title", "style", "associatedInputs", "tooltip")

Change = Callable[[Element], Element]


def for_chat(card: Element) -> Element:
    """The card with its forms opened in dialogs; the very same where it has none."""
    return _changed(card, _opening)


def for_dialog(card: Element) -> Element:
    """The card as a dialog shows it."""
    return _changed(card, _sending)


def closes(data: Mapping[str, Any]) -> bool:
    """Whether this button only leaves the dialog."""
    return data.get("verb") == _CLOSE


def stage_of(thread: ThreadNow, first: str) -> str:
    """What has become of a thread that was just moved; `first` is the state of a draft."""
    if thread.state == first:
        return DRAFTED
    return DISCARDED if thread.state == "discarded" else MOVED


def receipt_card(stage: str) -> Element:
    """What is said where the thread's own card cannot be seen: in somebody else's chat nothing may be told of it."""
    said = "Utkastet är kastat." if stage == DISCARDED else "Kortet finns i din chatt med Stafett."
    return parts.card([parts.heading("Klart"), parts.line(said)], [parts.button(_TO_START, _CLOSE)])


def not_here_card() -> Element:
    """For whoever uses the message extension without a chat that their own cards can be shown in."""
    body = [
        parts.heading("Öppna Stafett först"),
        parts.line("Dina kort visas i din egen chatt med Stafett, och den finns inte än."),
        parts.line("Sök efter Stafett bland apparna i Teams, lägg till den och skriv «hjälp». Försök sedan igen här."),
        parts.line("Är det bråttom: ring enligt rutinen."),
    ]
    return parts.card(body)


# --- pieces ------------------------------------------------------------------------------------------------------


def _changed(element: Element, change: Change) -> Element:
    """A copy in which every button has been changed; what has none is the very same object."""
    made = change(element) if str(element.get("type", "")).startswith("Action.") else element
    for name in _NESTED:
        inner = element.get(name)
        if not inner:
            continue
        after = [one if one.get("type") in _WITHOUT else _changed(one, change) for one in inner]
        if any(new is not old for new, old in zip(after, inner, strict=True)):
            made = {**made, name: after}
    return made


def _opening(action: Element) -> Element:
    """A button that leads to a form. The first question comes before the form: only «nej» leads on to it."""
    data = action.get("data")
    if action["type"] != "Action.Execute" or not isinstance(data, dict):
        return action
    verb = data.get("verb")
    asks = verb in ("new", "ask") or (verb == "gate" and data.get("protected") == "no")
    return _submit(action, {**data, "msteams": {"type": "task/fetch"}}) if asks else action


def _sending(action: Element) -> Element:
    data = action.get("data")
    if action["type"] not in ("Action.Execute", "Action.Submit") or not isinstance(data, dict):
        return action
    made = _submit(action, {name: value for name, value in data.items() if name != "msteams"})
    return made | {"title": _CLOSING} if closes(data) and made["title"] == _TO_START else made


def _submit(action: Element, data: dict[str, Any]) -> Element:
    kept: Element = {name: action[name] for name in _KEPT if name in action}
    return {"type": "Action.Submit", **kept, "data": data}
