"""A played Graph over loopback, and Stafett's real way to Graph in front of it.

`graph_world` runs in a thread of its own, so that stories, which have an event loop of their own, and asynchronous
tests use it alike. Whatever a test sends is read back through the SDK's own classes: at the end nothing may be unknown.
"""

from collections.abc import AsyncIterator, Iterator

import pytest
from played_graph import PlayedGraph
from town import MONDAY, SetClock, Town

from bot.graph.client import Graph


@pytest.fixture
def graph_world() -> Iterator[PlayedGraph]:
    """The played Graph with everybody of the stories' town in it, at the town's first Monday until `keep_time`."""
    played = PlayedGraph(SetClock(MONDAY))
    yield played
    played.stop()
    assert played.world.unknown == [], "sent to Graph, which does not know it"


@pytest.fixture
async def graph(graph_world: PlayedGraph) -> AsyncIterator[Graph]:
    """The way to the played Graph, for an asynchronous test."""
    made = graph_world.way(graph_world.clock)
    await made.warm()  # the SDK's loading must not be taken for a slow Graph
    yield made
    await made.close()


@pytest.fixture
def town_graph(town: Town, graph_world: PlayedGraph) -> Iterator[Graph]:
    """The way to the played Graph, for a story: it and the town go by the same clock."""
    graph_world.keep_time(town.clock)
    made = graph_world.way(town.clock)
    town.do(made.warm())  # the SDK's loading must not be taken for a slow Graph
    yield made
    town.do(made.close())
