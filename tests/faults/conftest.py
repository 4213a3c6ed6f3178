"""A city, on either database, with Teams on the other side."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from city import City, opened
from cryptography.hazmat.primitives.asymmetric import rsa
from teams import FaultyTeams
from town import SetClock


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


@pytest.fixture
async def city(teams: FaultyTeams, database: str) -> AsyncIterator[City]:
    """Monday 16 November 2026, 09.00."""
    made = await opened(teams, database)
    yield made
    await made.session.close()
    await made.close()
