"""Meetings as they come into people's calendars, change there, and come back. It is Monday 16 November 2026, 09.00."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from meeting_town import annas, calls, connected, record
from played_graph import PlayedGraph
from town import Town, instant

from bot.graph.calendar_looks import CalendarLooks
from bot.graph.client import Graph
from cases import tables as t

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

THURSDAY = instant("2026-11-19 10:00")


@pytest.fixture
def town(database: str) -> Iterator[Town]:
    made = Town(database, record=record())
    yield made
    made.close()


@pytest.fixture
def looks(town: Town, town_graph: Graph) -> CalendarLooks:
    return connected(town, town_graph)


def look(town: Town, looks: CalendarLooks) -> int:
    found = town.do(looks.look())
    town.settle()
    return found


def answers(town: Town) -> dict[int, str]:
    return {row.person_id: row.answer for row in town.rows(t.meeting_invited)}


def test_who_is_called_is_invited_in_the_calendar(town: Town, looks: CalendarLooks, graph_world: PlayedGraph) -> None:
    calls(town)
    (entry,) = annas(graph_world)
    assert entry.data["subject"] == "Planeringsmöte"
    assert entry.data["start"] == {"dateTime": "2026-11-19T10:00:00", "timeZone": "Europe/Stockholm"}
    assert entry.data["location"]["displayName"] == "Hemtjänst Norr"
    invited = {one["emailAddress"]["address"]: one["type"] for one in entry.data["attendees"]}
    assert invited == {"karim@exempel.invalid": "required", "maria@exempel.invalid": "optional"}
    assert "Läget i veckan" in entry.data["body"]["content"]
    assert "NK-2041" not in repr(entry.data), "no case stands in a calendar"
    (row,) = town.rows(t.meeting)
    assert (row.synced, row.failure, bool(row.event_id)) == (1, None, True)


def test_a_moved_and_a_called_off_meeting_follow(town: Town, looks: CalendarLooks, graph_world: PlayedGraph) -> None:
    calls(town, mode="digital")
    (entry,) = annas(graph_world)
    assert entry.data["isOnlineMeeting"] is True
    town.anna.answers("Flytta mötet", starts_date="2026-11-20", starts_time="13:00", mode="digital")
    assert [one.uid for one in annas(graph_world)] == [entry.uid], "the same event, at another time"
    assert entry.master.start == instant("2026-11-20 13:00") and entry.data["isOnlineMeeting"] is True
    town.anna.presses("Ställ in mötet")
    assert annas(graph_world) == []
    assert [one.call for one in graph_world.world.made("DELETE")] == []
    assert len(graph_world.world.made("POST /users/{id}/events/{event}/cancel")) == 1


def test_answers_in_the_calendar_stand_on_the_card(town: Town, looks: CalendarLooks, graph_world: PlayedGraph) -> None:
    calls(town)
    (entry,) = annas(graph_world)
    look(town, looks)
    graph_world.world.answer("karim@exempel.invalid", entry.master, "accepted")
    graph_world.world.answer("maria@exempel.invalid", entry.master, "declined")
    assert look(town, looks) == 1
    assert answers(town) == {town.karim.id: "accepted", town.maria.id: "declined"}
    assert look(town, looks) == 0, "nothing new"


def test_the_latest_answer_counts_wherever_it_was_given(
    town: Town, looks: CalendarLooks, graph_world: PlayedGraph
) -> None:
    calls(town)
    (entry,) = annas(graph_world)
    graph_world.world.answer("karim@exempel.invalid", entry.master, "accepted")
    town.clock.time += timedelta(minutes=5)
    town.karim.presses("Kan inte komma")
    look(town, looks)
    assert answers(town)[town.karim.id] == "declined"
    town.clock.time += timedelta(minutes=5)
    graph_world.world.answer("karim@exempel.invalid", entry.master, "tentativelyAccepted")
    look(town, looks)
    assert answers(town)[town.karim.id] == "tentative"


def test_a_meeting_moved_in_outlook_moves_here(town: Town, looks: CalendarLooks, graph_world: PlayedGraph) -> None:
    calls(town)
    look(town, looks)
    (entry,) = annas(graph_world)
    graph_world.world.move(entry.master, THURSDAY + timedelta(hours=3))
    assert look(town, looks) == 1
    (row,) = town.rows(t.meeting)
    assert row.starts_at == THURSDAY + timedelta(hours=3) and row.ends_at == row.starts_at + timedelta(minutes=30)
    assert town.karim.sees("tor 19 nov kl. 13.00")
    assert entry.master.start == row.starts_at and len(annas(graph_world)) == 1
    assert look(town, looks) == 0


def test_a_meeting_taken_away_in_outlook_is_called_off(
    town: Town, looks: CalendarLooks, graph_world: PlayedGraph
) -> None:
    calls(town)
    look(town, looks)
    graph_world.world.call_off(annas(graph_world)[0].master)
    assert look(town, looks) == 1
    assert town.thread().state == "called_off" and town.rows(t.meeting)[0].status == "cancelled"
    assert "inställt" in town.karim.newest().lower()


def test_a_mailbox_that_is_gone_calls_no_meeting_off(
    town: Town, looks: CalendarLooks, graph_world: PlayedGraph
) -> None:
    calls(town)
    graph_world.world.person("anna@exempel.invalid").has_mailbox = False
    town.anna.answers("Flytta mötet", starts_date="2026-11-20", starts_time="13:00", mode="on_site")
    look(town, looks)
    (row,) = town.rows(t.meeting)
    assert (town.thread().state, row.status, row.synced) == ("called", "invited", 1)
    assert town.karim.sees("fre 20 nov kl. 13.00") and "Kalendern svarar inte." in town.anna.newest()


def test_what_happened_while_nobody_looked_is_found_at_the_start(
    town: Town, looks: CalendarLooks, graph_world: PlayedGraph, town_graph: Graph
) -> None:
    calls(town)
    (entry,) = annas(graph_world)
    graph_world.world.answer("karim@exempel.invalid", entry.master, "accepted")
    look(town, looks)
    graph_world.world.call_off(entry.master)
    look(town, CalendarLooks(town.store, town.record, town.clock, town_graph, changed=lambda: None))
    assert town.thread().state == "called_off"


def test_a_place_to_go_on_from_that_is_too_old_costs_one_look_more(
    town: Town, looks: CalendarLooks, graph_world: PlayedGraph
) -> None:
    calls(town)
    look(town, looks)
    graph_world.world.forget_links()
    graph_world.world.answer("karim@exempel.invalid", annas(graph_world)[0].master, "accepted")
    assert [look(town, looks), look(town, looks)] == [0, 1]
    assert answers(town)[town.karim.id] == "accepted"


def test_without_a_calendar_the_card_carries_the_meeting(town: Town) -> None:
    connected(town, None)
    calls(town)
    (row,) = town.rows(t.meeting)
    assert (row.failure, row.synced, row.event_id) == ("not_connected", 0, None)
    assert town.karim.sees("tor 19 nov kl. 10.00")
    town.karim.presses("Jag kommer")
    assert answers(town)[town.karim.id] == "accepted"
