"""What the door leans on in an SDK, asked of each of them without the door."""

from collections.abc import AsyncIterator

import pytest
from activities import AAD_ID, BOT_ID, CONVERSATION, USER_ID
from counterpart import TENANT, Clock, Counterpart
from harness import settings

from bot.channel.call import Caller
from bot.channel.errors import Refused
from bot.channel.sdk import PerService, Sdk, chosen
from bot.channel.settings import SdkName
from bot.channel.tokens import NoToken
from bot.channel.values import Address, Incoming
from bot.channel.wire import Wire


@pytest.fixture
async def bare(far: Counterpart, clock: Clock, sdk: SdkName) -> AsyncIterator[Sdk]:
    """An SDK that calls the counterpart."""
    given = settings(far, sdk=sdk)
    wire = Wire(given)
    yield chosen(given, Caller(wire, NoToken(), clock))
    await wire.close()


def _incoming(far: Counterpart, *, invoke: bool) -> Incoming:
    address = Address(
        conversation_id=CONVERSATION, service_url=far.service_url, tenant_id=TENANT, bot_id=BOT_ID,
        conversation_type="personal",
    )  # fmt: skip
    return Incoming(
        activity_id="1", kind="press" if invoke else "text", invoke=invoke, channel_user_id=USER_ID,
        aad_object_id=AAD_ID, user_name="Alva Exempel", locale=None, address=address,
    )  # fmt: skip


@pytest.mark.parametrize("invoke", [True, False])
async def test_a_fault_in_a_turn_comes_out_and_is_told_to_nobody(
    bare: Sdk, far: Counterpart, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture, invoke: bool
) -> None:
    async def fails() -> None:
        raise ValueError("Anna Testsson är sjuk")

    with pytest.raises(ValueError, match="Anna"):
        await bare.turn({}, _incoming(far, invoke=invoke), fails)
    assert far.calls == []
    assert capfd.readouterr() == ("", "")
    assert "Anna" not in caplog.text


async def test_the_body_of_an_invoke_comes_back_as_it_was_made(bare: Sdk, far: Counterpart) -> None:
    body = {"statusCode": 200, "value": {"unknownToTheSdk": [1, None, {"a": "å"}]}}

    async def answers() -> dict[str, object]:
        return body

    assert await bare.turn({"ver": "1.0", "appid": "another"}, _incoming(far, invoke=True), answers) is body
    assert await bare.turn({}, _incoming(far, invoke=False), answers) is None


async def test_no_turn_is_run_for_a_service_that_is_not_on_the_list(bare: Sdk, far: Counterpart) -> None:
    with pytest.raises(Refused):
        await bare.post("https://elsewhere.example/", CONVERSATION, {"type": "message"})
    assert far.calls == []


def test_clients_are_kept_and_the_longest_unused_is_let_go(far: Counterpart) -> None:
    kept = PerService(settings(far), lambda service_url: [service_url])
    first = kept.client(far.service_url)
    assert kept.client(far.service_url) is first
    for number in range(64):
        kept.client(f"{far.service_url}{number}/")
    assert kept.client(far.service_url) is not first
