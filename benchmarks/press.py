"""The two measured presses, «Skicka» by the sender and «Ta ärendet» by the assessor, and the card due in return."""

import json
from collections.abc import Iterator
from typing import Any

from benchmarks import town
from benchmarks.far import APP_ID, TENANT
from cases.thread import thread_ref

_CARD = "application/vnd.microsoft.card.adaptive"


def sender_calls(number: int, service_url: str) -> dict[str, Any]:
    """The draft's sender has been at the bot before: whoever sends has just written the draft there."""
    return _press(f"help-s{number}", town.sender_of(number), number, "", "help-card", service_url, verb="help")


def assessor_calls(number: int, service_url: str) -> dict[str, Any]:
    """The assessor, too, has been heard since the start."""
    return _press(f"help-a{number}", town.assessor_of(number), number, "", "help-card", service_url, verb="help")


def help_is_right(number: int, body: bytes) -> bool:
    """The help card."""
    return bool(json.loads(body)["value"]["body"][0]["text"] == "Hjälp")


def send_press(number: int, service_url: str) -> dict[str, Any]:
    """«Skicka» on the draft's card."""
    return _press(f"send-{number}", town.sender_of(number), number, "send", town.draft_card(number), service_url)


def take_press(number: int, service_url: str) -> dict[str, Any]:
    """«Ta ärendet» on the card that the assessor has been sent."""
    return _press(f"take-{number}", town.assessor_of(number), number, "take", f"sent-card-{number}", service_url)


def send_is_right(number: int, body: bytes) -> bool:
    """The sender's card of this very thread, now sent, with the way to what more can be done."""
    return _shows(number, body, state="Skickat", button="more", gone="send")


def take_is_right(number: int, body: bytes) -> bool:
    """The assessor's card of this very thread, now taken, with the way to answer."""
    return _shows(number, body, state="Taget", button="answer", gone="take")


def _shows(number: int, body: bytes, *, state: str, button: str, gone: str) -> bool:
    answer = json.loads(body)
    if answer.get("statusCode") != 200 or answer.get("type") != _CARD:
        return False
    card = answer["value"]
    text = json.dumps(card["body"], ensure_ascii=False)
    pressed = {
        data.get("signal", data["verb"]): data.get("thread") for data in (button["data"] for button in _buttons(card))
    }
    facts = (state, town.case_of(number), thread_ref(town.thread_of(number)))
    mine = pressed.get(button) == town.thread_of(number) and gone not in pressed
    return mine and all(fact in text for fact in facts)


def _buttons(element: Any) -> Iterator[dict[str, Any]]:
    """Every button of a card, wherever on it."""
    if isinstance(element, dict):
        if element.get("type") == "Action.Execute" or "verb" in element.get("data", ()):  # or one that opens a dialog
            yield element
        element = list(element.values())
    if isinstance(element, list):
        for one in element:
            yield from _buttons(one)


def _press(
    activity_id: str, person_id: int, number: int, signal: str, card: str, service_url: str, verb: str = "do"
) -> dict[str, Any]:
    data = {"verb": verb, "thread": town.thread_of(number), "signal": signal, "version": 1}
    return {
        "type": "invoke",
        "name": "adaptiveCard/action",
        "id": activity_id,
        "timestamp": "2026-11-16T08:00:00.123Z",
        "localTimestamp": "2026-11-16T09:00:00.123+01:00",
        "channelId": "msteams",
        "serviceUrl": service_url,
        "from": {
            "id": town.channel_id(person_id), "name": f"Person {person_id}", "aadObjectId": town.aad(person_id),
        },
        "conversation": {
            "conversationType": "personal", "tenantId": TENANT, "id": town.conversation_of(person_id),
        },
        "recipient": {"id": f"28:{APP_ID}", "name": "Stafett"},
        "entities": [{"locale": "sv-SE", "country": "SE", "platform": "iOS", "type": "clientInfo"}],
        "channelData": {"tenant": {"id": TENANT}},
        "replyToId": card,
        "value": {"action": {"type": "Action.Execute", "verb": verb, "data": data}, "trigger": "manual"},
        "locale": "sv-SE",
    }  # fmt: skip
