"""Teams takes too long: the send is given up after its time-out, and nobody can know whether it arrived."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from city import City, opened
from teams import Fault, FaultyTeams
from test_teams_fails import DELIVERED, NEW, nothing_waits, sends


@pytest.fixture
async def impatient(teams: FaultyTeams, database: str) -> AsyncIterator[City]:
    """A city whose calls to Teams are given up soon, so that the test need not wait."""
    made = await opened(teams, database, timeout=0.4)
    yield made
    await made.session.close()
    await made.close()


@pytest.mark.parametrize("kept", [True, False], ids=["answers late", "never answers"])
async def test_an_answer_that_does_not_come(impatient: City, kept: bool) -> None:
    never = asyncio.Event()
    impatient.teams.fails("a:anna", Fault(hold=never, kept=kept))
    await sends(impatient)
    assert impatient.anna.got(NEW) == (1 if kept else 0)
    await impatient.passes(90, step=10)
    assert impatient.anna.got(NEW) == (2 if kept else 1), "sent again, once"
    assert impatient.sara.sees(DELIVERED) and not impatient.sara.sees("Inte levererat")
    nothing_waits(impatient)
    never.set()


async def test_everybody_else_goes_on_while_one_conversation_hangs(impatient: City) -> None:
    never = asyncio.Event()
    impatient.teams.fails("a:anna", *[Fault(hold=never)] * 3)
    await sends(impatient)
    await impatient.sara.begins_urgent("NK-2042")
    await impatient.sara.presses("Skicka")
    await impatient.settle()
    assert impatient.johan.got(NEW) == 1
    never.set()
