"""A city, on either database, with Teams on the other side."""

from collections.abc import AsyncIterator
from functools import cache
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from city import City
from counterpart import APP_ID, SECRET, TENANT
from cryptography.hazmat.primitives.asymmetric import rsa
from people import settle
from teams import FaultyTeams
from town import SetClock

from bot.channel.settings import ChannelSettings, ClientSecret
from bot.house import build_record
from cases.store import Store

record = cache(build_record)


@pytest.fixture(scope="session")
def rsa_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture
async def teams(rsa_key: rsa.RSAPrivateKey, tmp_path: Path) -> AsyncIterator[FaultyTeams]:
    clock = SetClock("2026-11-16 09:00")
    made = FaultyTeams(clock=clock.machine, time=clock, signing=rsa_key, folder=tmp_path)
    await made.start()
    yield made
    await made.stop()


async def opened(teams: FaultyTeams, url: str, **changes: Any) -> City:
    """A city on this database, everybody installed."""
    store = Store(url)
    given: dict[str, Any] = {
        "app_id": APP_ID, "tenant_id": TENANT, "credentials": ClientSecret(value=SECRET),
        "service_hosts": frozenset({"127.0.0.1"}), "openid_metadata": f"{teams.url}/openid",
        "login_authority": teams.login, "ca_file": teams.ca_file, "timeout": 5.0,
    }  # fmt: skip
    made = City(
        teams=teams, clock=teams.time, store=store, record=record(), settings=ChannelSettings(**given | changes),
        session=aiohttp.ClientSession(), ids=store.transaction(settle),
    )  # fmt: skip
    await made.open()
    for person in made.people.values():
        await made.post(person._activity("installationUpdate", action="add"))
    return made


@pytest.fixture
async def city(teams: FaultyTeams, database: str) -> AsyncIterator[City]:
    """Monday 16 November 2026, 09.00."""
    made = await opened(teams, database)
    yield made
    await made.session.close()
    await made.close()
