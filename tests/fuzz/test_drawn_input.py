"""A short run of what `make fuzz` does for as long as one likes, and what it has found before."""

import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any

import activities
import pytest
from openpyxl import Workbook

from bot.channel.body import Malformed
from bot.channel.parse import parse
from bot.channel.values import Answer, Incoming
from bot.graph.free_busy import _taken
from bot.guard import Handler
from bot.roster_files import RosterUnreadable, read_roster
from dialogs.visit import thread_of, version_of
from fuzz import fuzzed_door, fuzzed_files
from fuzz.__main__ import FILES
from fuzz.fuzzed_door import Found, FuzzedDoor

SERVICE = "http://127.0.0.1/teams/"


@pytest.fixture
def door() -> Iterator[FuzzedDoor]:
    with tempfile.TemporaryDirectory() as folder:
        made = fuzzed_door.opened(Path(folder), fuzzed_door.new_keys(), seed=7)
        yield made
        made.close()


def play(door: FuzzedDoor, runs: int, seed: int = 7) -> None:
    rng = Random(seed)
    while door.number < runs:
        door.play([rng.randbytes(fuzzed_door.LENGTH) for _ in range(fuzzed_door.TOGETHER)])
    door.look_over()


def test_activities(door: FuzzedDoor) -> None:
    play(door, 160)
    assert set(door.count) >= {"200", "401"} and sum(door.count.values()) == 160


async def falls(incoming: Incoming) -> Answer:
    raise LookupError(incoming.kind)


async def echoes(incoming: Incoming) -> Answer:
    return Answer(message=f"{incoming.text} {dict(incoming.data)}")


@pytest.mark.parametrize(("plant", "told"), [(falls, "went wrong"), (echoes, "told again")])
def test_a_fault_is_found(door: FuzzedDoor, plant: Handler, told: str) -> None:
    door.handler = plant
    with pytest.raises(Found, match=told):
        play(door, 400)


def test_files() -> None:
    assert set(FILES) == set(fuzzed_files.TARGETS)
    count = fuzzed_files.run(FILES, 24, 7)
    assert sum(count.values()) == 24


# --- found before ------------------------------------------------------------------------------------------------


def test_a_verb_that_is_no_word_is_none() -> None:
    incoming = parse(activities.submitted(SERVICE, value={"verb": [], "thread": 7}))
    assert incoming is not None and incoming.data == {"verb": "", "thread": 7}


@pytest.mark.parametrize("told", ["191212121212", "x" * 5_000, "sv_SE; DROP", "sv-SE\n", 7, None])
def test_a_language_that_is_none_is_not_kept(told: object) -> None:
    incoming = parse(activities.typed(SERVICE, locale=told, entities=[]))
    assert incoming is not None and incoming.locale is None


@pytest.mark.parametrize("told", [-(2**63) - 1, 2**63, -1, "1e9", float("inf"), [], None, "x"])
def test_a_number_that_no_database_can_hold_names_no_thread_and_no_version(told: object) -> None:
    assert thread_of({"thread": told}) == version_of({"version": told}) == 0


@pytest.mark.parametrize("name", ["id", "replyToId", "serviceUrl"])
def test_an_identifier_that_the_record_cannot_keep_is_refused(name: str) -> None:
    with pytest.raises(Malformed, match=name):
        parse(activities.typed(SERVICE) | {name: "x" * 251})


def test_a_workbook_whose_stream_is_broken_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "roster.xlsx"
    book = Workbook()
    book.save(path)
    book.close()
    raw = bytearray(path.read_bytes())
    start = raw.index(b"xl/workbook.xml") + len(b"xl/workbook.xml")
    raw[start + 4 : start + 24] = b"\xff" * 20
    path.write_bytes(raw)
    with pytest.raises(RosterUnreadable, match=r"går inte att läsa som Excel-fil"):
        read_roster(path)


def test_a_day_that_graph_does_not_name_is_no_working_day() -> None:
    monday = SimpleNamespace(value="monday")
    hours = SimpleNamespace(days_of_week=[None, monday], start_time=time(8), end_time=time(17), time_zone=None)
    told: Any = SimpleNamespace(availability_view="", working_hours=hours)
    begins = datetime(2026, 11, 16, 7, tzinfo=UTC)
    ends = begins + timedelta(hours=10)
    assert list(_taken(told, begins, ends)) == [(begins + timedelta(hours=9), ends)], "open from 8 to 17 that day"
