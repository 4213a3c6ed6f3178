"""Whoever lacks the bot gets it through Graph, once, and nobody waits for that."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from graph_words import address
from played_graph import PlayedGraph
from town import Town

from bot.graph.client import Graph
from bot.graph.install_door import InstallDoor
from bot.people import People
from cases import tables as t

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

APP = "00000000-0000-4000-8000-0000000000cc"


@pytest.fixture
def installer(town: Town, graph_world: PlayedGraph) -> Iterator[Graph]:
    """The way to a Graph in which the organisation's catalogue has the app; the town installs it by that way."""
    graph_world.world.catalogue.add(APP)
    graph_world.keep_time(town.clock)
    graph = Graph(replace(graph_world.settings, teams_app=APP), town.clock)
    town.doors.append(InstallDoor(town.record, town.clock, graph))
    yield graph
    town.do(graph.close())


def lacks_the_bot(town: Town, person_id: int) -> None:
    table = t.conversation
    town.store.transaction(lambda tx: tx.execute(table.delete().where(table.c.person_id == person_id)))


def karim_asks(town: Town) -> None:
    town.karim.begins("question", "NK-2041", category="planning")
    town.karim.presses("Skicka")


def installs(town: Town) -> list[tuple[int, str]]:
    return [(row.person_id, row.status) for row in town.rows(t.errand) if row.kind == "install"]


def test_who_could_not_be_reached_gets_the_bot(town: Town, graph_world: PlayedGraph, installer: Graph) -> None:
    lacks_the_bot(town, town.anna.id)
    karim_asks(town)
    assert installs(town) == [(town.anna.id, "sent")]
    assert graph_world.world.person(address("anna")).apps == {APP}
    assert town.eva.sees("nådde inte mottagaren i Teams. Du är nästa i tur."), "nobody waits for it"
    town.anna.installs()
    town.settle()
    assert len(installs(town)) == 1


def test_it_is_there_already(town: Town, graph_world: PlayedGraph, installer: Graph) -> None:
    lacks_the_bot(town, town.anna.id)
    graph_world.world.person(address("anna")).apps.add(APP)
    karim_asks(town)
    assert installs(town) == [(town.anna.id, "sent")]


def test_it_cannot_be_installed_and_whoever_answers_is_told(
    town: Town, graph_world: PlayedGraph, installer: Graph
) -> None:
    lacks_the_bot(town, town.anna.id)
    graph_world.world.granted -= {"TeamsAppInstallation.ReadWriteSelfForUser.All"}
    karim_asks(town)
    assert installs(town) == [(town.anna.id, "undeliverable")]
    assert town.eva.sees("Anna Berg saknar Stafett i Teams. Det gick inte att installera.")


def test_without_graph_nobody_asks_for_it_again(town: Town) -> None:
    town.doors.append(InstallDoor(town.record, town.clock, None))
    lacks_the_bot(town, town.anna.id)
    karim_asks(town)
    assert installs(town) == [(town.anna.id, "superseded")]


def test_everybody_with_a_role_gets_it_by_and_by(town: Town, graph_world: PlayedGraph, installer: Graph) -> None:
    lacks_the_bot(town, town.sara.id)
    made = People(town.store, town.record, town.clock, installer, None, changed=lambda: None)
    assert town.do(made.look()) == 1
    town.settle()
    assert installs(town) == [(town.sara.id, "sent")]
    assert town.do(made.look()) == 0, "asked for once a week, and no oftener"
