"""From `Answer` and cards to the channel's JSON."""

from typing import Any

from bot.channel.values import Address, Answer, Incoming
from dialogs.dialog_cards import for_dialog

CARD = "application/vnd.microsoft.card.adaptive"
MESSAGE = "application/vnd.microsoft.activity.message"

APOLOGY = "Något gick fel hos oss. Inget har sparats eller ändrats. Försök igen, eller ring."
DONE = "Klart."
NOTHING = "Det finns inget att visa."

Json = dict[str, Any]


def invoke_body(incoming: Incoming, answer: Answer) -> Json | None:
    """The HTTP body that answers an invoke; None closes the dialog without a word, and puts nothing in a chat.

    A dialog of a message extension is answered as any other: never with a card for the chat it was asked for in.
    """
    return _press_body(answer) if incoming.kind == "press" else _dialog_body(incoming, answer)


def _press_body(answer: Answer) -> Json:
    if answer.card is not None:
        return {"statusCode": 200, "type": CARD, "value": answer.card}
    # The client takes an answer without content for a fault, so a press always gets a word.
    return {"statusCode": 200, "type": MESSAGE, "value": answer.message or DONE}


def _dialog_body(incoming: Incoming, answer: Answer) -> Json | None:
    if answer.card is not None:
        value: Json = {"height": "medium", "width": "medium", "card": attachment(for_dialog(answer.card))}
        if answer.title is not None:
            value["title"] = answer.title
        return {"task": {"type": "continue", "value": value}}
    if answer.message is None and incoming.kind == "submit":
        return None
    return {"task": {"type": "message", "value": answer.message or NOTHING}}


def attachment(card: Json) -> Json:
    """An Adaptive Card as an attachment."""
    return {"contentType": CARD, "content": card}


def card_activity(address: Address, card: Json, *, summary: str, alert: bool) -> Json:
    """A message with the card alone: text beside an attachment is split in two messages, and no id comes back."""
    return {
        **_message(address),
        "summary": summary,
        "attachments": [attachment(card)],
        "channelData": {"notification": {"alert": alert}},
    }


def text_activity(address: Address, text: str) -> Json:
    """A plain message without a toast."""
    return {**_message(address), "text": text, "textFormat": "plain", "channelData": {"notification": {"alert": False}}}


def _message(address: Address) -> Json:
    return {
        "type": "message",
        "from": {"id": address.bot_id},
        "conversation": {
            "id": address.conversation_id,
            "conversationType": address.conversation_type,
            "tenantId": address.tenant_id,
        },
        "locale": "sv-SE",
    }
