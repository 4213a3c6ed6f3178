"""A meeting from the invitation to its end, on each kind of database; and what operators see of Graph meanwhile."""

from collections.abc import Iterator

import pytest
from meeting_town import annas, calls, connected, record
from played_graph import PlayedGraph
from town import Town, instant

from bot.channel.settings import ChannelSettings
from bot.graph.client import Graph
from bot.health import DEGRADED, OK, Report
from bot.house import House
from cases import tables as t


@pytest.fixture
def town(database: str) -> Iterator[Town]:
    made = Town(database, record=record())
    yield made
    made.close()


def test_invited_moved_answered_and_called_off(town: Town, town_graph: Graph, graph_world: PlayedGraph) -> None:
    looks = connected(town, town_graph)
    calls(town)
    (entry,) = annas(graph_world)
    town.do(looks.look())
    graph_world.world.answer("karim@exempel.invalid", entry.master, "accepted")
    assert town.do(looks.look()) == 1
    town.anna.answers("Flytta mötet", starts_date="2026-11-20", starts_time="13:00", mode="on_site")
    assert entry.master.start == instant("2026-11-20 13:00")
    assert {row.answer for row in town.rows(t.meeting_invited)} == {"none"}, "another time is another question"
    graph_world.world.call_off(entry.master)
    assert town.do(looks.look()) == 1
    town.settle()
    assert town.thread().state == "called_off" and annas(graph_world) == []
    assert {row.status for row in town.rows_of("errand")} <= {"sent", "superseded"}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_operators_see_that_graph_is_away(town: Town, town_graph: Graph, graph_world: PlayedGraph) -> None:
    house = House.build(town.store, town.record, ChannelSettings(demo=True), town.clock, graph=town_graph)

    def state(report: Report) -> str | None:
        return next((check.state for check in report.checks if check.name == "graph"), None)

    assert state(town.do(house.health.ready())) == OK
    connected(town, town_graph)
    graph_world.world.faults.down()
    calls(town)
    for _ in range(5):
        town.clock.time = town.clock.time.replace(minute=town.clock.time.minute + 2)
        town.settle()
    assert state(town.do(house.health.ready())) == DEGRADED
    page = house.metrics.page(None).decode()
    assert 'stafett_graph_calls_total{code="503",outcome="away"}' in page
    assert "anna" not in page
