"""«Föreslå tider» by people's calendars. It is Monday 16 November 2026 at 09.00."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from meeting_town import FLOW, KIND, connected, record
from played_graph import PlayedGraph
from town import Town, instant

from bot.demo.graph.faults import Fault
from bot.graph.client import Graph
from bot.graph.free_busy import free_busy
from bot.proposing import Proposing
from bot.turn import Turns
from cases.flow import By, Move, by
from cases.record import Record

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

CALL = "POST /users/{id}/calendar/getSchedule"
ANNA, KARIM, MARIA = (f"{name}@exempel.invalid" for name in ("anna", "karim", "maria"))


@pytest.fixture
def town(database: str) -> Iterator[Town]:
    change = {("draft", "edit"): (Move(to="draft", by=by(By.SENDER), label="Ändra", needs=FLOW.form),)}
    known = record()
    changeable = replace(FLOW, moves={**FLOW.moves, **change})
    made = Town(database, record=Record({**known.flows, FLOW.name: changeable}, known.profiles))
    yield made
    made.close()


@pytest.fixture
def proposing(town: Town, town_graph: Graph) -> Proposing:
    """The town's turns ask this Graph first."""
    connected(town, town_graph)
    made = Proposing(town.store, town.desk, town.clock, town_graph)
    town.turns = Turns(
        town.store, town.desk, town.clock, look=town.teams.member, changed=lambda _due: None, before=(made,)
    )
    return made


def drafts(town: Town, day: str = "2026-11-19", at: str = "10:00") -> None:
    town.anna.begins("planning_meeting", "NK-2041", starts_date=day, starts_time=at, mode="digital")


def times(town: Town) -> list[str]:
    return [label for label in town.anna.buttons() if " kl. " in label]


def test_around_what_stands_in_their_calendars(town: Town, proposing: Proposing, graph_world: PlayedGraph) -> None:
    graph_world.world.block(KARIM, instant("2026-11-19 09:00"), instant("2026-11-19 15:30"))
    graph_world.world.block(ANNA, instant("2026-11-20 00:00"), instant("2026-11-21 00:00"), "oof")
    graph_world.world.block(MARIA, instant("2026-11-19 08:00"), instant("2026-11-19 09:00"), subject="Läkarbesök")
    drafts(town)
    town.anna.presses("Föreslå tider")
    assert times(town)[:2] == ["tor 19 nov kl. 15.30–16.00", "tor 19 nov kl. 16.30–17.00"]
    assert not [one for one in times(town) if one.startswith("fre 20 nov")], "Anna is away"
    said = town.anna.newest()
    assert "Efter kalendern för Anna Berg, Karim Aziz och Maria Ek." in said and "Läkarbesök" not in said
    town.anna.presses(times(town)[0])
    assert town.thread().values["starts"] == instant("2026-11-19 15:30").isoformat()


def test_it_is_asked_once_in_the_name_of_whoever_asks(
    town: Town, proposing: Proposing, graph_world: PlayedGraph
) -> None:
    drafts(town)
    town.anna.presses("Föreslå tider")
    (made,) = graph_world.world.made(CALL)
    assert (made.status, graph_world.world.person(made.about).upn) == (200, ANNA)


def test_a_calendar_that_nobody_may_read_is_unknown_and_is_said_to_be(
    town: Town, proposing: Proposing, graph_world: PlayedGraph
) -> None:
    graph_world.world.person(KARIM).has_mailbox = False
    drafts(town)
    town.anna.presses("Föreslå tider")
    assert "Kalendern kunde inte läsas för Karim Aziz. Fråga om tiden passar." in town.anna.newest()
    assert "Efter kalendern för Anna Berg och Maria Ek." in town.anna.newest() and len(times(town)) == 5


def test_graph_is_down_and_stafetts_own_meetings_are_known(
    town: Town, proposing: Proposing, graph_world: PlayedGraph
) -> None:
    drafts(town, at="09:00")
    town.anna.presses("Kalla till mötet")
    graph_world.world.faults.down()
    drafts(town, at="09:00")
    assert "Karim Aziz har ett annat möte tor 19 nov kl. 09.00–09.30." in town.anna.newest()
    town.anna.presses("Föreslå tider")
    assert "Kalendern kunde inte läsas för Anna Berg, Karim Aziz och Maria Ek." in town.anna.newest()
    assert "tor 19 nov kl. 09.00–09.30" not in times(town) and len(times(town)) == 5


def test_whoever_waits_at_the_screen_is_answered_in_time(
    town: Town, proposing: Proposing, graph_world: PlayedGraph
) -> None:
    drafts(town)
    opens = threading.Event()
    graph_world.world.faults.active.append(Fault(call=CALL, gate=opens, times=1))
    proposing.within = 0.2
    town.anna.presses("Föreslå tider")
    assert "Kalendern kunde inte läsas för Anna Berg, Karim Aziz och Maria Ek." in town.anna.newest()
    opens.set()


def test_no_other_press_asks_anybody(town: Town, proposing: Proposing, graph_world: PlayedGraph) -> None:
    drafts(town)
    town.anna.presses("Kalla till mötet")
    assert graph_world.world.made(CALL) == []
    town.olle.forges(verb="propose", thread=town.thread().id)
    assert graph_world.world.made(CALL) == [], "the thread is not his to know of"


def test_the_meetings_own_place_in_the_calendars_does_not_hinder_its_moving(
    town: Town, proposing: Proposing, graph_world: PlayedGraph
) -> None:
    drafts(town)
    town.anna.presses("Kalla till mötet")
    town.settle()
    town.anna.types(town.thread().ref)
    town.anna.presses("Föreslå tider")
    assert "tor 19 nov kl. 10.00–10.30" in times(town)
    town.anna.presses(times(town)[-1])
    moved = town.thread().meetings["main"]
    assert moved.ends_at - moved.starts_at == timedelta(minutes=KIND.minutes) and moved.revision == 2
    told = [row.person_id for row in town.rows_of("outbox") if row.text == "meeting_moved"]
    assert told == [town.karim.id, town.maria.id]


def test_more_calendars_than_one_request_takes(town: Town, town_graph: Graph, graph_world: PlayedGraph) -> None:
    who = {f"person{number}@exempel.invalid": number for number in range(1, 24)} | {KARIM: 99}
    graph_world.world.block(KARIM, instant("2026-11-19 09:00"), instant("2026-11-19 10:00"))
    span = instant("2026-11-19 07:00"), instant("2026-11-19 17:00")
    found = town.do(free_busy(town_graph, ANNA, who, span))
    assert len(graph_world.world.made(CALL)) == 2 and found.unknown == frozenset(range(1, 24))
    busy = [one for one in found.busy[99] if one[0] >= instant("2026-11-19 08:00")]
    assert (busy[0][0], busy[3][1]) == (instant("2026-11-19 09:00"), instant("2026-11-19 10:00"))
