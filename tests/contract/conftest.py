"""A counterpart, and doors in front of it."""

import contextlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from counterpart import Clock, Counterpart
from cryptography.hazmat.primitives.asymmetric import rsa
from harness import SDKS, House, Open, opened, settings

from bot.channel.settings import ChannelSettings, SdkName

# What these send is turned away before an SDK is reached: with one of them it is enough.
BEFORE_THE_SDK = {"test_another_tenant", "test_forged_tokens", "test_inbound_auth", "test_the_door_is_bounded"}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Whatever opens a door is tried with both SDKs behind it."""
    if "sdk" in metafunc.fixturenames:
        metafunc.parametrize("sdk", SDKS[:1] if metafunc.module.__name__ in BEFORE_THE_SDK else SDKS)


@pytest.fixture(scope="session")
def rsa_keys() -> Sequence[rsa.RSAPrivateKey]:
    """Real keys; making them takes time, so they are made once."""
    return [rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2)]


@pytest.fixture
def clock() -> Clock:
    """A clock that stands still."""
    return Clock()


@pytest.fixture
async def far(clock: Clock, rsa_keys: Sequence[rsa.RSAPrivateKey], tmp_path: Path) -> AsyncIterator[Counterpart]:
    """A running counterpart."""
    counterpart = Counterpart(clock=clock, signing=rsa_keys[0], folder=tmp_path)
    await counterpart.start()
    yield counterpart
    await counterpart.stop()


@pytest.fixture
async def house(far: Counterpart, clock: Clock, sdk: SdkName) -> AsyncIterator[House]:
    """A door with authentication in force."""
    async with opened(far, clock, settings(far, sdk=sdk)) as running:
        yield running


@pytest.fixture
async def open_house(far: Counterpart, clock: Clock, sdk: SdkName) -> AsyncIterator[Open]:
    """Opens doors with other settings."""
    async with contextlib.AsyncExitStack() as stack:

        async def open_with(chosen: ChannelSettings | None = None, **changes: Any) -> House:
            given = replace(chosen, sdk=sdk) if chosen else settings(far, sdk=sdk, **changes)
            return await stack.enter_async_context(opened(far, clock, given))

        yield open_with
