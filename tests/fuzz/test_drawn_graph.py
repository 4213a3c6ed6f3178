"""A short run of drawn answers of Graph, and what they have found before."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from town import MONDAY, SetClock

from bot.graph import shifts
from bot.graph.client import Graph
from bot.graph.errors import GraphRefused
from bot.graph.ids import directory_id
from bot.graph.settings import GraphSettings
from fuzz import fuzzed_graph
from fuzz.draw import NUMBERS
from fuzz.fuzzed_graph import FuzzedGraph

RUNS = 40
LINKS = ("Ring om 811218-9876.", "https://graph.exempel.invalid/v1.0/groups/delta?x=1", "/")


async def test_answers_of_graph() -> None:
    count = await fuzzed_graph.played(RUNS, seed=7)
    assert sum(count.values()) == RUNS
    assert {one.partition(" ")[0] for one in count} == fuzzed_graph.TARGETS.keys()
    assert {one.partition(" ")[2] for one in count} == {"answered", "refused"}


async def falls(graph: Graph) -> Any:
    raise LookupError


async def tells(graph: Graph) -> Any:
    return f"Sara {NUMBERS[0]}"


@pytest.mark.parametrize(("ask", "told"), [(falls, "LookupError"), (tells, "personal number")])
async def test_a_fault_is_found(ask: Any, told: str) -> None:
    graph = FuzzedGraph()
    graph.ask = ask
    await graph.open()
    with pytest.raises(AssertionError, match=told):
        await graph.play("members", b"")
    await graph.close()


# --- found before ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("told", ["Ring om 811218-9876.", "", 7, None, "0f6a2c1e-1111-4222-8333-444455556666\n"])
def test_what_is_no_id_of_the_directory_is_kept_nowhere(told: object) -> None:
    assert directory_id(told) == ""
    assert directory_id("0F6A2C1E-1111-4222-8333-444455556666") == "0f6a2c1e-1111-4222-8333-444455556666"


@pytest.mark.parametrize("link", LINKS)
async def test_a_link_that_does_not_lead_to_graph_is_neither_kept_nor_followed(link: str) -> None:
    graph = Graph(GraphSettings.local("http://127.0.0.1:9/v1.0", "t"), SetClock(MONDAY))
    with pytest.raises(GraphRefused, match="strange_link"):
        graph.own(link)
    own = "http://127.0.0.1:9/v1.0/groups/delta?$deltatoken=x"
    assert graph.own(own) == own and graph.own("") is None and graph.own(None) is None


def test_a_shift_with_a_zone_on_one_side_alone_is_read() -> None:
    begins = datetime.fromisoformat("2026-11-16T16:00:00")
    told = SimpleNamespace(start_date_time=begins, end_date_time=begins.replace(tzinfo=UTC) + timedelta(hours=8))
    person, span = shifts._when("0f6a2c1e-1111-4222-8333-444455556666", told)
    assert person and span is not None and span.ends_at - span.starts_at == timedelta(hours=8)
