"""Sending: what goes over the wire, each error of the channel's table, and no retry behind our back."""

import asyncio
import socket
from datetime import timedelta
from email.utils import format_datetime
from urllib.parse import unquote

import pytest
from activities import BOT_ID, CONVERSATION, executed
from counterpart import TENANT
from harness import CARD, House, Open

from bot.channel.errors import (
    Blocked,
    ChannelError,
    DisabledByAdmin,
    Faulty,
    NotInstalled,
    Passing,
    Refused,
    StaleAddress,
    Throttled,
    TooBig,
)
from bot.channel.settings import ChannelSettings
from bot.channel.values import Answer, Member


async def test_a_card_goes_alone_with_its_summary_and_a_toast(house: House) -> None:
    assert await house.send() == "activity-1"
    (call,) = house.far.calls
    assert call.path == "/teams/v3/conversations/a%3A1personal-conversation/activities"
    assert call.headers["Authorization"] == "Bearer bot-token-1"
    assert call.headers["Content-Type"].startswith("application/json")
    assert "Stafett" in call.headers["User-Agent"]
    assert call.body == {
        "type": "message",
        "from": {"id": BOT_ID},
        "conversation": {"id": CONVERSATION, "conversationType": "personal", "tenantId": TENANT},
        "locale": "sv-SE",
        "summary": "Stafett",
        "attachments": [{"contentType": "application/vnd.microsoft.card.adaptive", "content": CARD}],
        "channelData": {"notification": {"alert": True}},
    }


async def test_a_long_id_goes_whole(house: House) -> None:
    conversation, activity = "a:1" + "B" * 247, "f:" + "7" * 248
    await house.door.update(house.address(conversation_id=conversation), activity, CARD, summary="Stafett")
    await house.door.send(house.address(conversation_id=conversation), CARD, summary="Stafett", alert=False)
    replaced, sent = house.far.calls
    assert (unquote(replaced.path), unquote(sent.path)) == (
        f"/teams/v3/conversations/{conversation}/activities/{activity}",
        f"/teams/v3/conversations/{conversation}/activities",
    )


async def test_an_update_replaces_the_card_without_a_toast(house: House) -> None:
    await house.door.update(house.address(), "f:17/é", CARD, summary="Stafett")
    (call,) = house.far.calls
    assert call.method == "PUT"
    assert call.path == "/teams/v3/conversations/a%3A1personal-conversation/activities/f%3A17%2F%C3%A9"
    assert call.body["id"] == "f:17/é"
    assert call.body["channelData"] == {"notification": {"alert": False}}


async def test_a_conversation_is_opened_with_one_member(house: House) -> None:
    opened = await house.door.open_conversation(house.far.service_url, TENANT, "29:bo")
    assert opened == house.address(conversation_id="a:personal-29:bo")
    assert house.far.calls[0].body == {
        "isGroup": False,
        "bot": {"id": BOT_ID},
        "members": [{"id": "29:bo"}],
        "tenantId": TENANT,
        "channelData": {"tenant": {"id": TENANT}},
    }


async def test_a_conversation_without_an_id_is_refused(house: House) -> None:
    house.far.answer(201, body=b"{}")
    with pytest.raises(Refused):
        await house.door.open_conversation(house.far.service_url, TENANT, "29:bo")


async def test_a_member_with_directory_id_and_principal_name(house: House) -> None:
    house.far.member = {"id": "29:bo", "objectId": "bo-aad", "name": "Bo", "userPrincipalName": "bo@kommun.example"}
    found = await house.door.member(house.address(), "bo-aad")
    assert found == Member(id="29:bo", aad_object_id="bo-aad", name="Bo", upn="bo@kommun.example")
    assert house.far.calls[0].path.endswith("/members/bo-aad")
    house.far.answer(404, "MemberNotFoundInConversation")
    with pytest.raises(StaleAddress):
        await house.door.member(house.address(), "somebody")


TABLE: list[tuple[int, str, type[ChannelError], bool]] = [
    (403, "BotNotInConversationRoster", NotInstalled, False),
    (403, "ForbiddenOperationException", NotInstalled, False),
    (403, "ConversationBlockedByUser", Blocked, False),
    (403, "MessageWritesBlocked", Blocked, False),
    (403, "BotDisabledByAdmin", DisabledByAdmin, False),
    (403, "SomethingNew", Refused, False),
    (404, "ConversationNotFound", StaleAddress, False),
    (404, "ActivityNotFoundInConversation", StaleAddress, False),
    (413, "MessageSizeTooBig", TooBig, False),
    (412, "PreconditionFailed", Passing, True),
    (502, "BadGateway", Passing, True),
    (503, "ServiceUnavailable", Passing, True),
    (504, "GatewayTimeout", Passing, True),
    (429, "TooManyRequests", Throttled, True),
    (400, "BadSyntax", Refused, False),
    (401, "Unauthorized", Refused, False),
    (500, "ServiceError", Faulty, False),
    (302, "Moved", Refused, False),
]


@pytest.mark.parametrize(("status", "code", "error", "retryable"), TABLE)
async def test_each_answer_has_its_error_and_is_not_tried_again(
    house: House, status: int, code: str, error: type[ChannelError], retryable: bool
) -> None:
    for call in (house.send(), house.door.update(house.address(), "1", CARD, summary="Stafett")):
        house.far.answer(status, code, headers={"Location": house.far.service_url})
        before = len(house.far.calls)
        with pytest.raises(error) as caught:
            await call
        assert type(caught.value) is error
        assert (caught.value.retryable, str(caught.value)) == (retryable, f"{status} {code}")
        assert len(house.far.calls) == before + 1


@pytest.mark.parametrize(
    ("body", "content_type", "error"),
    [
        (b"", "application/json", Refused),
        (b"<html>Forbidden</html>", "text/html", Refused),
        (b'{"errorCode":209,"message":"{\\r\\n \\"subCode\\": \\"MessageWritesBlocked\\"}"}', "text/plain", Blocked),
        (b'{"error":"text"}', "application/json", Refused),
        (b'{"error":{"code":"Anna Testsson"}}', "application/json", Refused),
    ],
)
async def test_odd_bodies_of_a_403(house: House, body: bytes, content_type: str, error: type[ChannelError]) -> None:
    house.far.answer(403, body=body, headers={"Content-Type": content_type})
    with pytest.raises(error) as caught:
        await house.send()
    assert caught.value.code in {"403", "403 MessageWritesBlocked"}


async def test_a_web_page_instead_of_json_is_still_a_passing_fault(house: House) -> None:
    house.far.answer(502, body=b"<html>Bad gateway</html>", headers={"Content-Type": "text/html"})
    with pytest.raises(Passing):
        await house.send()


async def test_an_acknowledgement_without_an_id_is_borne(house: House) -> None:
    house.far.answer(202, body=b"")
    assert await house.send() == ""


async def test_what_has_been_done_is_not_refused_for_what_else_the_answer_says(house: House) -> None:
    """A model of the SDK's that does not fit the answer must not turn a message that was sent into a failure."""
    odd = b'{"id":"7","activityId":null,"serviceUrl":"","name":null,"objectId":"bo-aad","email":5,"more":{"a":[1]}}'
    for _ in range(4):
        house.far.answer(200, body=odd)
    assert await house.send() == "7"
    await house.door.update(house.address(), "1", CARD, summary="Stafett")
    assert (await house.door.open_conversation(house.far.service_url, TENANT, "29:bo")).conversation_id == "7"
    found = await house.door.member(house.address(), "29:bo")
    assert found == Member(id="7", aad_object_id="bo-aad", name="", upn=None)


async def test_how_long_to_wait_when_throttled(house: House) -> None:
    later = house.clock() + timedelta(seconds=90)
    waits = {"7": 7.0, "1.5": 1.5, format_datetime(later, usegmt=True): 90.0, "soon": None, "": None}
    for header, seconds in waits.items():
        house.far.answer(429, headers={"Retry-After": header})
        with pytest.raises(Throttled) as caught:
            await house.send()
        assert caught.value.retry_after == seconds


async def test_a_connector_that_does_not_answer_in_time(open_house: Open) -> None:
    house = await open_house(timeout=0.3)
    assert await house.send() == "activity-1"  # the token is in place
    never = asyncio.Event()
    house.far.answer(201, hold=never)
    with pytest.raises(Passing) as caught:
        await house.send()
    assert caught.value.code == "timeout"
    assert len(house.far.calls) == 2
    never.set()


async def test_a_message_is_not_sent_again_when_the_connection_breaks(house: House) -> None:
    await house.send()  # so that the next one goes over a connection that is already open
    house.far.answer(201, drop=True)
    with pytest.raises(Passing) as caught:
        await house.send()
    assert caught.value.code == "connection"
    assert len(house.far.calls) == 2


async def test_a_connector_that_cannot_be_reached(house: House) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        closed = f"http://127.0.0.1:{free.getsockname()[1]}/"
    with pytest.raises(Passing) as caught:
        await house.door.send(house.address(service_url=closed), CARD, summary="Stafett", alert=False)
    assert caught.value.code == "connection"


@pytest.mark.parametrize(
    "url",
    ["https://elsewhere.example/", "http://127.0.0.1{x}/", "ftp://127.0.0.1/", "", "https://127.0.0.1@a.example/"],
)
async def test_no_token_leaves_for_a_host_that_is_not_on_the_list(house: House, url: str) -> None:
    with pytest.raises(Refused):
        await house.door.send(house.address(service_url=url), CARD, summary="Stafett", alert=False)
    assert house.far.token_requests == []


async def test_the_demo_sends_without_a_token(open_house: Open) -> None:
    house = await open_house(ChannelSettings(demo=True))
    assert await house.send() == "activity-1"
    assert "Authorization" not in house.far.calls[0].headers
    assert house.far.token_requests == []


async def test_a_slow_connector_holds_up_nobody_else(house: House) -> None:
    """Fifty sends wait for the connector side by side, not in a queue for a handful of threads."""
    released = asyncio.Event()
    for _ in range(50):
        house.far.answer(201, body=b'{"id":"1"}', hold=released)
    async with asyncio.timeout(10):
        sends = asyncio.gather(*(house.send() for _ in range(50)))
        await house.far.arrived(50)
        released.set()
        assert await sends == ["1"] * 50


async def test_closing_waits_for_what_is_under_way(house: House) -> None:
    house.answer = Answer(message="Klart", posts=(CARD,))
    await house.post(executed(house.far.service_url))
    await house.door.close()
    assert len(house.far.calls) == 1
