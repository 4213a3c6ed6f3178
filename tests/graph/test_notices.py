"""Whoever has closed their chat with the bot is told in their activity feed, once a day, and of nothing in it."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from graph_words import address
from played_graph import PlayedGraph
from town import Town

from bot.channel.errors import Blocked
from bot.graph.client import Graph
from bot.graph.notice_door import NoticeDoor
from cases import tables as t

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

APP = "00000000-0000-4000-8000-0000000000cc"


@pytest.fixture
def way(town: Town, graph_world: PlayedGraph) -> Iterator[Graph]:
    """The way to a Graph where Anna has the app; the town tells people by that way."""
    graph_world.keep_time(town.clock)
    graph_world.world.person(address("anna")).apps.add(APP)
    graph = Graph(replace(graph_world.settings, teams_app=APP), town.clock)
    town.doors.append(NoticeDoor(graph))
    yield graph
    town.do(graph.close())


def anna_is_written_to(town: Town) -> None:
    town.teams.refuse[town.anna.conversation] = [Blocked("403 ConversationBlockedByUser")]
    town.karim.begins("question", "NK-2041", category="planning")
    town.karim.presses("Skicka")


def notices(town: Town) -> list[tuple[int, str]]:
    return [(row.person_id, row.status) for row in town.rows(t.errand) if row.kind == "notice"]


def test_who_has_closed_the_chat_is_told_where_to_look(town: Town, graph_world: PlayedGraph, way: Graph) -> None:
    anna_is_written_to(town)
    assert notices(town) == [(town.anna.id, "sent")]
    (told,) = graph_world.world.person(address("anna")).feed
    assert told["topic"]["webUrl"] == f"https://teams.microsoft.com/l/entity/{APP}/tavlan"
    said = json.dumps(told, ensure_ascii=False)
    assert not any(word in said for word in ("NK-2041", "ST-", "Karim", "Fråga", "HT-NORR"))
    assert town.eva.sees("nådde inte mottagaren i Teams. Du är nästa i tur."), "nobody waits for it"


def test_once_a_day_however_much_waits(town: Town, graph_world: PlayedGraph, way: Graph) -> None:
    for _ in range(3):
        town.anna.installs()
        anna_is_written_to(town)
    assert notices(town) == [(town.anna.id, "sent")]
    town.clock.time += timedelta(days=1)
    town.anna.installs()
    anna_is_written_to(town)
    assert len(notices(town)) == 2


def test_it_cannot_be_told_and_the_message_has_gone_on_all_the_same(
    town: Town, graph_world: PlayedGraph, way: Graph
) -> None:
    graph_world.world.granted -= {"TeamsActivity.Send.User"}
    anna_is_written_to(town)
    assert notices(town) == [(town.anna.id, "undeliverable")]
    assert town.eva.sees("Du är nästa i tur.")


def test_without_graph_or_without_need_nobody_is_told(town: Town) -> None:
    anna_is_written_to(town)  # nobody tells anything yet
    town.anna.installs()  # and the chat is open again
    town.doors.append(NoticeDoor(None))
    town.settle()
    assert notices(town) == [(town.anna.id, "superseded")]
