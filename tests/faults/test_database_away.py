"""PostgreSQL goes away and comes back: who presses is told, nothing is half done, and what was due comes afterwards."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta

import pytest
from city import City, opened
from line import Line
from postgres import OwnServer, Server, own_postgres
from sqlalchemy import make_url
from teams import FaultyTeams
from test_teams_fails import DELIVERED, NEW, nothing_waits, sends

from bot.guard import AWAY
from bot.health import FAILING, OK


@pytest.fixture
def line(postgres_server: Server) -> Iterator[Line]:
    made = Line(postgres_server.url.host or "127.0.0.1", postgres_server.url.port or 5432)
    yield made
    made.close()


@pytest.fixture
async def city(teams: FaultyTeams, postgres_server: Server, line: Line) -> AsyncIterator[City]:
    """A city that reaches its database over a line that can be cut."""
    direct = postgres_server.create()
    made = await opened(teams, make_url(direct).set(host="127.0.0.1", port=line.port).render_as_string(False))
    yield made
    line.mend()
    await made.session.close()
    await made.close()
    postgres_server.drop(direct)


async def test_who_presses_meanwhile_is_told_and_nothing_is_half_done(city: City, line: Line) -> None:
    await city.sara.begins_urgent()
    line.cut()
    await city.sara.presses("Skicka")
    assert city.sara.said.startswith(AWAY) and "Felkod: F-" in city.sara.said
    assert [check.state for check in (await city.house.health.ready()).checks if check.name == "database"] == [FAILING]
    line.mend()
    assert city.rows("SELECT state FROM thread") == [("draft",)]
    assert city.rows("SELECT count(*) FROM log WHERE signal = 'send'") == [(0,)]
    city.house.health.fresh = 0.0
    assert [check.state for check in (await city.house.health.ready()).checks if check.name == "database"] == [OK]

    await city.sara.presses("Skicka")
    assert city.sara.sees("Läge: Skickat")
    await city.settle()
    assert city.anna.got(NEW) == 1 and city.sara.sees(DELIVERED)
    await city.passes(10)
    nothing_waits(city)


async def test_a_line_that_breaks_and_is_whole_again_is_not_noticed(city: City, line: Line) -> None:
    """The connections that were kept are dead, and the first use of one finds out."""
    await city.sara.begins_urgent()
    line.cut()
    line.mend()
    await city.sara.presses("Skicka")
    assert not city.sara.said and city.sara.sees("Läge: Skickat")
    await city.settle()
    assert city.anna.got(NEW) == 1


async def test_the_answer_to_a_commit_is_lost(city: City, line: Line) -> None:
    """Nobody knows whether it was done. The same activity is handled again, and answered with how things stand."""
    await city.sara.begins_urgent()
    line.cut_once_at(b"COMMIT")
    await city.sara.presses("Skicka")
    assert line.cuts == 1
    assert not city.sara.said and city.sara.sees("Läge: Skickat")
    assert city.rows("SELECT count(*) FROM log WHERE signal = 'send'") == [(1,)]
    await city.settle()
    assert city.anna.got(NEW) == 1


@pytest.fixture
def own_server() -> Iterator[OwnServer]:
    """A server of our own, to stop and start."""
    with own_postgres() as server:
        yield server


async def test_the_server_stops_for_a_while_and_everything_goes_on(
    teams: FaultyTeams, own_server: OwnServer, caplog: pytest.LogCaptureFixture
) -> None:
    """Stopped as by a crash, with everything running. What became due meanwhile comes when it is back."""
    city = await opened(teams, own_server.create())
    try:
        await sends(city)
        await city.starts()
        await asyncio.to_thread(own_server.down)
        city.clock.time += timedelta(minutes=2, seconds=1)
        nudges = (city.house.waker.nudge, city.house.outbox.nudge)
        await _until(lambda: {"stafett.waker", "stafett.outbox"} <= {one.name for one in caplog.records}, *nudges)
        assert city.house.health.alive(), "both loops go on"
        await city.sara.types("mina")
        assert city.sara.chat[-1].words.startswith(AWAY)

        await asyncio.to_thread(own_server.up)
        await _until(lambda: city.anna.got("Påminnelse") >= 1, *nudges)
        assert city.rows("SELECT count(*) FROM log WHERE by = 'clock'")[0][0] >= 1
        assert city.anna.got(NEW) == 1
    finally:
        await city.session.close()
        await city.close()


async def test_a_send_whose_answer_cannot_be_written_down(city: City, line: Line) -> None:
    """Teams has the message, and the database is away: it is written down when it is back, or sent once more."""
    await city.sara.begins_urgent()
    await city.sara.presses("Skicka")
    city.teams.when_posted("a:anna", line.cut)
    draining = asyncio.ensure_future(city.house.outbox.drain())
    await _until(lambda: line.cuts == 1)
    line.mend()
    await asyncio.gather(draining, return_exceptions=True)
    await city.passes(120)
    assert 1 <= city.anna.got(NEW) <= 2
    assert city.sara.sees(DELIVERED)
    await city.passes(10)
    nothing_waits(city)


async def _until(happened, *nudges) -> None:  # type: ignore[no-untyped-def]
    """Wait for what the loops do, nudging them, for a minute at the most."""
    async with asyncio.timeout(30):
        while not happened():
            for nudge in nudges:
                nudge()
            await asyncio.sleep(0.02)
