"""The bot's own token: asked for once, renewed ahead of time, and what happens when none can be had."""

import asyncio

import pytest
from activities import typed
from counterpart import APP_ID, SECRET
from harness import CARD, House

from bot.channel.errors import Passing, Refused
from bot.channel.values import Answer


async def test_a_hundred_sends_at_once_ask_for_one_token(house: House) -> None:
    ids = await asyncio.gather(*(house.send() for _ in range(100)))
    assert len(set(ids)) == 100
    (asked,) = house.far.token_requests
    assert (asked["client_id"], asked["client_secret"]) == (APP_ID, SECRET)
    assert (asked["grant_type"], asked["scope"]) == ("client_credentials", "https://api.botframework.com/.default")


async def test_turns_ask_for_no_token_of_their_own(house: House) -> None:
    house.answer = Answer(card=CARD)
    for n in range(20):
        await house.post(typed(house.far.service_url, id=str(n)))
    assert (len(house.far.calls), len(house.far.token_requests)) == (20, 1)


async def test_a_token_is_renewed_before_it_ends_and_nobody_waits_for_it(house: House) -> None:
    await house.send()
    house.clock.forward(minutes=51)
    await house.send()
    assert house.far.calls[-1].headers["Authorization"] == "Bearer bot-token-1"
    await house.door.settled()
    await house.send()
    assert house.far.calls[-1].headers["Authorization"] == "Bearer bot-token-2"
    house.clock.forward(hours=2)  # long past its end: now they wait
    await asyncio.gather(*(house.send() for _ in range(5)))
    assert house.far.calls[-1].headers["Authorization"] == "Bearer bot-token-3"
    assert len(house.far.token_requests) == 3


async def test_the_old_token_serves_while_the_token_service_is_down(house: House) -> None:
    await house.send()
    house.far.token_error = "temporarily_unavailable"
    house.clock.forward(minutes=55)
    for _ in range(5):
        await house.send()
    await house.door.settled()
    assert len(house.far.token_requests) == 2
    house.clock.forward(minutes=10)
    with pytest.raises(Passing) as caught:
        await house.send()
    assert caught.value.code == "token temporarily_unavailable"


async def test_a_wrong_secret_is_refused_without_its_text(house: House) -> None:
    house.far.token_error = "invalid_client"
    with pytest.raises(Refused) as caught:
        await house.send()
    assert str(caught.value) == "token invalid_client"
    assert house.far.calls == []


async def test_a_refused_token_is_replaced_once_a_minute(house: House) -> None:
    for _ in range(3):
        house.far.answer(401, "Unauthorized")
        with pytest.raises(Refused):
            await house.send()
    assert len(house.far.token_requests) == 2
    house.clock.forward(minutes=1)
    house.far.answer(401, "Unauthorized")
    with pytest.raises(Refused):
        await house.send()
    assert await house.send() != ""
    assert len(house.far.token_requests) == 3
