"""Katrineholm's handledning as it stands in the unit manager's calendar: over Christmas, New Year and week 53."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from meeting_town import connected
from played_graph import PlayedGraph
from supervised import SupervisedTown
from town import instant

from bot.graph.client import Graph
from cases import tables as t
from reminders.localtime import to_local

# None in the week with the team meeting; the Thursdays of Christmas Eve and New Year's Eve are held the day before.
WEEKS = ["11-19 14", "11-26 14", "12-10 14", "12-17 14", "12-23 14", "12-30 14", "01-07 14", "01-14 14"]

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def town(database: str) -> Iterator[SupervisedTown]:
    made = SupervisedTown(database, "2026-11-16 09:00")
    yield made
    made.close()


def thursdays(played: PlayedGraph) -> list[str]:
    """When Maria's calendar has it, local time: month, day and hour."""
    slots = played.world.slots("maria@exempel.invalid", instant("2026-11-01 00:00"), instant("2027-03-01 00:00"))
    return [to_local(slot.start).strftime("%m-%d %H") for slot in slots]


def calls(town: SupervisedTown) -> None:
    town.maria.types("start")
    town.maria.chooses("Handledning varje vecka")
    time = {"first_meeting_date": "2026-11-19", "first_meeting_time": "14:00"}
    town.maria.presses("Fortsätt", **time, last_day="2027-01-14", mode="on_site", team_days="2026-12-01")
    town.maria.presses("Kalla")
    for _ in range(3):
        town.looks()
        town.clock.time += timedelta(minutes=5)
    town.settle()


def test_the_series_the_team_week_and_the_holidays(
    town: SupervisedTown, town_graph: Graph, graph_world: PlayedGraph
) -> None:
    looks = connected(town, town_graph)
    calls(town)
    whole = [entry for entry in graph_world.world.events("maria@exempel.invalid") if entry.is_series]
    assert len(whole) == 1 and "MÖTE-" not in repr(whole[0].data)
    assert thursdays(graph_world) == WEEKS
    assert {(row.synced == row.revision, row.failure) for row in town.rows(t.meeting)} == {(True, None)}

    slot = next(one for one in whole[0].slots() if to_local(one.start).strftime("%m-%d") == "11-19")
    town.do(looks.look())
    graph_world.world.move(slot, instant("2026-11-20 09:00"))
    assert town.do(looks.look()) == 1
    town.settle()
    moved = [row for row in town.rows(t.meeting) if row.slot == "main"]
    assert [row.starts_at for row in moved] == [instant("2026-11-20 09:00")], "Maria dragged this week's in Outlook"

    town.maria.presses("Ställ in mötet")
    town.settle()
    assert "11-20 09" not in thursdays(graph_world) and "11-26 14" in thursdays(graph_world)
