"""The disk under a SQLite file fills up: people are told in Swedish, nothing is half written, and it goes on after."""

from contextlib import suppress

import pytest
from city import City
from sqlalchemy.exc import OperationalError
from test_teams_fails import DELIVERED, NEW, nothing_waits, sends

from bot.guard import FULL

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def fill(city: City) -> None:
    """No page more than there are now: SQLite answers «database or disk is full», as on a full disk."""
    pages = city.rows("PRAGMA page_count")[0][0]
    city.rows(f"PRAGMA max_page_count = {pages}")


def make_room(city: City) -> None:
    city.rows("PRAGMA max_page_count = 1000000")


async def full(city: City) -> int:
    """Fill the disk, with whatever work still fits in; how many messages were acknowledged on the way."""
    fill(city)
    for number in range(200):
        await city.sara.types("brådskande")
        if city.sara.chat[-1].words.startswith(FULL):
            return number
    raise AssertionError("it never became full")


async def test_who_presses_is_told_and_nothing_is_half_written(city: City) -> None:
    await city.sara.begins_urgent()
    card = city.sara.chat[-1]
    await full(city)
    before = {name: city.rows(f"SELECT * FROM {name}") for name in ("thread", "log", "outbox", "deadline", "party")}
    message = next(message for message in city.sara.chat if message is card)
    city.sara.chat.append(message)
    await city.sara.presses("Skicka")
    assert city.sara.said.startswith(FULL) and "Felkod: F-" in city.sara.said
    after = {name: city.rows(f"SELECT * FROM {name}") for name in before}
    assert after == before, "not a row more"

    make_room(city)
    await city.sara.presses("Skicka")
    assert city.sara.sees("Läge: Skickat")
    await city.settle()
    assert city.anna.got(NEW) == 1 and city.sara.sees(DELIVERED)
    assert city.rows("PRAGMA integrity_check") == [("ok",)]


async def test_what_was_due_comes_when_there_is_room_again(city: City) -> None:
    await sends(city)
    await full(city)
    city.clock.time = city.clock.time.replace(minute=2, second=1)
    with suppress(OperationalError):
        await city.house.look()
    assert city.anna.got("Påminnelse") == 0
    make_room(city)
    await city.passes(70)
    assert city.anna.got("Påminnelse") == 1 and city.rows("SELECT count(*) FROM log WHERE by = 'clock'") == [(1,)]
    await city.passes(10)
    nothing_waits(city)
