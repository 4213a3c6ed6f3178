"""What the channel gets back: invoke bodies to the letter, posts, updates of the pressed card, a word when we fail."""

import logging
from typing import Any

import pytest
from activities import activity, dialog, executed, submitted, typed
from harness import House

from bot.channel.render import APOLOGY
from bot.channel.values import Answer

CARD: dict[str, Any] = {
    "type": "AdaptiveCard",
    "version": "1.5",
    "body": [{"type": "TextBlock", "text": "Brådskande – å ä ö"}],
    "refresh": {"userIds": ["29:x"], "unknownToTheSdk": {"a": [1, None]}},
}
OTHER: dict[str, Any] = {"type": "AdaptiveCard", "version": "1.5", "body": []}
ATTACHED = {"contentType": "application/vnd.microsoft.card.adaptive", "content": CARD}


async def test_a_press_is_answered_with_the_card_that_replaces_it(house: House) -> None:
    house.answer = Answer(card=CARD)
    assert await house.post(executed(house.far.service_url)) == (
        200,
        {"statusCode": 200, "type": "application/vnd.microsoft.card.adaptive", "value": CARD},
    )
    assert house.far.calls == []


@pytest.mark.parametrize(("message", "shown"), [("Redan taget.", "Redan taget."), (None, "Klart.")])
async def test_a_press_is_answered_with_a_message(house: House, message: str | None, shown: str) -> None:
    house.answer = Answer(message=message)
    assert await house.post(executed(house.far.service_url)) == (
        200,
        {"statusCode": 200, "type": "application/vnd.microsoft.activity.message", "value": shown},
    )


@pytest.mark.parametrize("name", ["task/fetch", "task/submit"])
async def test_a_dialog_is_answered_with_a_card_or_a_message(house: House, name: str) -> None:
    house.answer = Answer(card=CARD, title="Brådskande")
    value = {"title": "Brådskande", "height": "medium", "width": "medium", "card": ATTACHED}
    assert await house.post(dialog(house.far.service_url, name)) == (
        200,
        {"task": {"type": "continue", "value": value}},
    )
    house.answer = Answer(message="Skickat.")
    assert await house.post(dialog(house.far.service_url, name)) == (
        200,
        {"task": {"type": "message", "value": "Skickat."}},
    )


async def test_an_empty_answer_closes_a_dialog_that_was_sent_in(house: House) -> None:
    assert await house.post(dialog(house.far.service_url, "task/submit")) == (200, None)
    assert (await house.post(dialog(house.far.service_url, "task/fetch")))[1]["task"]["type"] == "message"


async def test_further_cards_follow_an_invoke(house: House) -> None:
    house.answer = Answer(card=CARD, posts=(OTHER, CARD), summary="Nytt i Stafett")
    assert (await house.post(executed(house.far.service_url)))[1]["value"] == CARD
    await house.door.settled()
    assert [call.body["attachments"][0]["content"] for call in house.far.calls] == [OTHER, CARD]
    assert {call.body["summary"] for call in house.far.calls} == {"Nytt i Stafett"}


async def test_a_text_is_answered_with_a_posted_card_alone(house: House) -> None:
    house.answer = Answer(card=CARD)
    assert await house.post(typed(house.far.service_url)) == (200, None)
    (call,) = house.far.calls
    assert (call.method, call.path) == ("POST", "/teams/v3/conversations/a%3A1personal-conversation/activities")
    assert call.body["attachments"] == [ATTACHED]
    assert call.body["summary"] == "Stafett"
    assert "text" not in call.body


async def test_a_text_can_be_answered_with_a_text(house: House) -> None:
    house.answer = Answer(message="Skriv hjälp.", posts=(CARD,))
    await house.post(typed(house.far.service_url))
    first, second = house.far.calls
    assert first.body["text"] == "Skriv hjälp."
    assert "attachments" not in first.body
    assert second.body["attachments"] == [ATTACHED]


async def test_a_submit_press_updates_the_pressed_card(house: House) -> None:
    house.answer = Answer(card=CARD, posts=(OTHER,))
    await house.post(submitted(house.far.service_url))
    update, post = house.far.calls
    assert (update.method, update.path.rpartition("/")[2]) == ("PUT", "1763270000000")
    assert update.body["attachments"] == [ATTACHED]
    assert (post.method, post.body["attachments"][0]["content"]) == ("POST", OTHER)


async def test_a_submit_press_on_a_card_that_is_gone_or_unknown_posts(house: House) -> None:
    house.answer = Answer(card=CARD)
    await house.post(submitted(house.far.service_url, replyToId=None))
    house.far.answer(404, "ActivityNotFound")
    await house.post(submitted(house.far.service_url))
    assert [call.method for call in house.far.calls] == ["POST", "PUT", "POST"]


async def test_nothing_is_said_where_the_bot_has_been_taken_away(house: House) -> None:
    house.answer = Answer(card=CARD, posts=(CARD,))
    await house.post(activity(house.far.service_url, "installationUpdate", action="remove"))
    assert house.far.calls == []
    await house.post(activity(house.far.service_url, "installationUpdate", action="add"))
    assert len(house.far.calls) == 2


async def test_a_fault_of_ours_gives_a_word_to_the_person_and_no_content_to_the_log(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    house.fault = ValueError("Anna Testsson 19121212-1212")
    url = house.far.service_url
    assert await house.post(executed(url)) == (
        200,
        {"statusCode": 200, "type": "application/vnd.microsoft.activity.message", "value": APOLOGY},
    )
    for name in ("task/fetch", "task/submit"):
        assert await house.post(dialog(url, name)) == (200, {"task": {"type": "message", "value": APOLOGY}})
    assert await house.post(typed(url)) == (200, None)
    assert [call.body["text"] for call in house.far.calls] == [APOLOGY]
    assert await house.post(activity(url, "conversationUpdate")) == (200, None)
    assert len(house.far.calls) == 1  # nobody asked, so nobody is told
    messages = [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]
    assert len(messages) == 5
    assert messages[0].startswith("turn failed: press ValueError at on_incoming:")
    assert "Anna" not in caplog.text


async def test_a_reply_that_cannot_be_delivered_is_logged_by_code_and_the_turn_still_succeeds(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    house.answer = Answer(card=CARD)
    house.far.answer(403, "ConversationBlockedByUser")
    assert await house.post(typed(house.far.service_url)) == (200, None)
    assert caplog.messages == ["reply not delivered: text 403 ConversationBlockedByUser"]
