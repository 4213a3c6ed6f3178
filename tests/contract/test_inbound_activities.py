"""Each kind of activity becomes an `Incoming` with its data in the right place."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import pytest
from activities import AAD_ID, BOT_ID, CONVERSATION, USER_ID, activity, dialog, executed, submitted, typed
from counterpart import TENANT
from harness import House

from bot.channel.values import Address, Incoming

Make = Callable[[str], dict[str, Any]]


async def _came(house: House, made: dict[str, Any]) -> Incoming:
    status, _ = await house.post(made)
    assert status == 200
    return house.came[-1]


async def test_who_and_where(house: House) -> None:
    came = await _came(house, typed(house.far.service_url))
    assert (came.activity_id, came.channel_user_id, came.aad_object_id) == ("1763280000001", USER_ID, AAD_ID)
    assert (came.user_name, came.locale, came.invoke, came.automatic) == ("Alva Exempel", "sv-SE", False, False)
    assert came.address == Address(
        conversation_id=CONVERSATION,
        service_url=house.far.service_url,
        tenant_id=TENANT,
        bot_id=BOT_ID,
        conversation_type="personal",
    )


async def test_a_typed_message(house: House) -> None:
    came = await _came(house, typed(house.far.service_url, "  hjälp \n"))
    assert (came.kind, came.text, came.data, came.reply_to_id) == ("text", "hjälp", {}, None)


async def test_the_mention_of_the_bot_is_no_part_of_what_was_typed(house: House) -> None:
    mentions = [
        {"type": "mention", "text": "<at>Stafett</at>", "mentioned": {"id": BOT_ID, "name": "Stafett"}},
        {"type": "mention", "text": "<at>Bo</at>", "mentioned": {"id": "29:bo", "name": "Bo"}},
    ]
    conversation = {"conversationType": "channel", "id": "19:abc@thread.tacv2;messageid=1", "isGroup": True}
    made = typed(
        house.far.service_url, "<at>Stafett</at>&nbsp;fråga <at>Bo</at>".replace("&nbsp;", "\xa0"),
        entities=mentions, conversation=conversation, locale=None,
    )  # fmt: skip
    came = await _came(house, made)
    assert (came.text, came.locale, came.address.conversation_type) == ("fråga <at>Bo</at>", None, "channel")


@pytest.mark.parametrize(
    ("said", "taken_as"),
    [
        ({"conversationType": "personal"}, "personal"),
        ({"conversationType": "personal", "isGroup": False}, "personal"),
        ({"conversationType": "personal", "isGroup": True}, "other"),
        ({"conversationType": "groupChat", "isGroup": True}, "groupChat"),
        ({"conversationType": "Personal"}, "other"),
        ({"conversationType": ["personal"]}, "other"),
        ({"isGroup": True}, "other"),
        ({}, "other"),
    ],
)
async def test_a_conversation_is_personal_only_when_it_is_said_outright(
    house: House, said: dict[str, Any], taken_as: str
) -> None:
    came = await _came(house, typed(house.far.service_url, conversation={"id": CONVERSATION, **said}))
    assert came.address.conversation_type == taken_as


async def test_the_client_tells_the_language_when_the_activity_does_not(house: House) -> None:
    came = await _came(house, typed(house.far.service_url, locale=None))
    assert came.locale == "sv-SE"


async def test_action_execute(house: House) -> None:
    came = await _came(house, executed(house.far.service_url))
    assert (came.kind, came.invoke, came.reply_to_id) == ("press", True, "1763270000000")
    assert came.data == {"verb": "take", "thread": 7, "note": "hej"}


async def test_a_card_that_refreshes_itself_is_not_mistaken_for_a_press(house: House) -> None:
    action = {"type": "Action.Execute", "verb": "show", "data": {"thread": 7, "verb": "take"}}
    value = {"action": action, "trigger": "automatic"}
    came = await _came(house, executed(house.far.service_url, value=value))
    assert came.automatic
    assert came.data["verb"] == "show"


async def test_action_submit(house: House) -> None:
    came = await _came(house, submitted(house.far.service_url))
    assert (came.kind, came.invoke, came.reply_to_id) == ("press", False, "1763270000000")
    assert came.data == {"verb": "take", "thread": 7}


@pytest.mark.parametrize(("name", "kind"), [("task/fetch", "open"), ("task/submit", "submit")])
async def test_dialogs(house: House, name: str, kind: str) -> None:
    came = await _came(house, dialog(house.far.service_url, name))
    assert (came.kind, came.invoke, came.data, came.extension) == (kind, True, {"thread": 7}, False)


@pytest.mark.parametrize(
    ("name", "kind", "data"),
    [("fetchTask", "open", {"command": "urgent"}), ("submitAction", "submit", {"verb": "gate", "unit": "x"})],
)
async def test_a_message_extension(house: House, name: str, kind: str, data: dict[str, Any]) -> None:
    """Teams may leave the conversation out, and tell of a message that is none of ours to read."""
    value = {
        "commandId": "urgent", "commandContext": "compose", "messagePayload": {"body": {"content": "hej"}},
        "data": {"verb": "gate", "unit": "x", "msteams": {"a": 1}},
    }  # fmt: skip
    came = await _came(house, dialog(house.far.service_url, f"composeExtension/{name}", value=value, conversation=None))
    assert (came.kind, came.extension, came.data) == (kind, True, data)
    assert came.address.conversation_id == ""


@pytest.mark.parametrize(
    ("action", "kind"),
    [("add", "installed"), ("add-upgrade", "installed"), ("remove", "removed"), ("remove-upgrade", "removed")],
)
async def test_installation(house: House, action: str, kind: str) -> None:
    came = await _came(house, activity(house.far.service_url, "installationUpdate", action=action))
    assert (came.kind, came.data) == (kind, {"action": action})


async def test_members(house: House) -> None:
    added = [{"id": BOT_ID}, {"id": "29:bo", "aadObjectId": "bo-aad", "name": "Bo Exempel"}]
    made = activity(
        house.far.service_url, "conversationUpdate", membersAdded=added, membersRemoved=[{"id": "29:cilla"}]
    )
    came = await _came(house, made)
    assert came.kind == "members"
    assert came.data == {
        "added": [{"id": "29:bo", "aad_object_id": "bo-aad", "name": "Bo Exempel"}],
        "removed": [{"id": "29:cilla", "aad_object_id": None, "name": ""}],
        "bot_added": True,
        "bot_removed": False,
    }


@pytest.mark.parametrize("type_", ["messageReaction", "typing", "event", "endOfConversation", "something new"])
async def test_what_the_bot_has_no_use_for_is_thanked_and_dropped(house: House, type_: str) -> None:
    assert await house.post(activity(house.far.service_url, type_)) == (200, None)
    assert house.came == []


async def test_an_unknown_invoke_is_not_implemented(house: House) -> None:
    assert await house.post(dialog(house.far.service_url, "composeExtension/query")) == (501, None)


ODD: dict[str, Make] = {
    "execute without action": lambda url: executed(url, value={}),
    "execute with text for action": lambda url: executed(url, value={"action": "take"}),
    "no person": lambda url: activity(url, "message", **{"from": {"id": ""}}),
    "conversation is a list": lambda url: typed(url, conversation=[]),
}


@pytest.mark.parametrize("make", ODD.values(), ids=ODD.keys())
async def test_what_lacks_its_essentials_is_400(house: House, make: Make) -> None:
    assert await house.post(make(house.far.service_url)) == (400, None)


BENT: dict[str, Make] = {
    "dialog without data": lambda url: dialog(url, "task/fetch", value=None),
    "entities is an object": lambda url: typed(url, entities={"a": 1}),
    "entities holds null": lambda url: typed(url, entities=[None, 1]),
    "members is text": lambda url: activity(url, "conversationUpdate", membersAdded="x"),
    "text is a number": lambda url: activity(url, text=7),
    "locale is a list": lambda url: typed(url, locale=[]),
}


@pytest.mark.parametrize("make", BENT.values(), ids=BENT.keys())
async def test_an_unexpected_type_is_borne(house: House, make: Make) -> None:
    assert (await house.post(make(house.far.service_url)))[0] == 200


async def test_activities_without_an_id_are_told_apart(house: House) -> None:
    first = await _came(house, typed(house.far.service_url, id=None))
    second = await _came(house, typed(house.far.service_url, id=None))
    assert first.activity_id != second.activity_id


async def test_an_old_conversation_does_not_hold_up_another(house: House, caplog: pytest.LogCaptureFixture) -> None:
    """Turns at the same time each get their own answer, and nothing of what was typed reaches the log."""
    caplog.set_level(logging.DEBUG)
    made = [typed(house.far.service_url, f"hemlig {n}", id=str(n)) for n in range(20)]
    assert {status for status, _ in await asyncio.gather(*map(house.post, made))} == {200}
    assert {came.activity_id for came in house.came} == {str(n) for n in range(20)}
    assert "hemlig" not in caplog.text
