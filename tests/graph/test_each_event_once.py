"""Lost answers, changes that cross a lost answer, and an hour without Graph: every event stands once, as it should.

It is Monday 16 November 2026 at 09.00.
"""

from collections.abc import Iterator
from datetime import date, time, timedelta

import pytest
from meeting_town import KIND, annas, calls, connected, record
from played_graph import PlayedGraph
from sqlalchemy import Connection, update
from town import Town, instant

from bot.graph.calendar_looks import CalendarLooks
from bot.graph.client import Graph
from cases import meetings
from cases import tables as t
from cases.meeting import Invited, MeetingNow, SeriesNow
from reminders.localtime import to_local

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

POST = "POST /users/{id}/events"
FIRST, LAST = date(2026, 12, 3), date(2027, 1, 28)


@pytest.fixture
def town(database: str) -> Iterator[Town]:
    made = Town(database, record=record())
    yield made
    made.close()


@pytest.fixture
def looks(town: Town, town_graph: Graph) -> CalendarLooks:
    return connected(town, town_graph)


def later(town: Town, minutes: int = 10) -> None:
    town.clock.time += timedelta(minutes=minutes)
    town.settle()


def test_an_answer_that_is_lost_makes_no_second_event(
    town: Town, looks: CalendarLooks, graph_world: PlayedGraph
) -> None:
    graph_world.world.faults.cut(call=POST, acts=True)
    calls(town)
    assert town.rows(t.meeting)[0].synced == 0 and len(annas(graph_world)) == 1
    later(town)
    (row,) = town.rows(t.meeting)
    assert (row.synced, row.revision) == (1, 1) and len(annas(graph_world)) == 1


def test_moved_after_a_lost_answer_it_is_the_first_event_that_moves(
    town: Town, looks: CalendarLooks, graph_world: PlayedGraph
) -> None:
    graph_world.world.faults.cut(call=POST, acts=True)
    calls(town)
    town.anna.answers("Flytta mötet", starts_date="2026-11-20", starts_time="13:00", mode="on_site")
    later(town)
    (entry,) = annas(graph_world)
    assert entry.master.start == instant("2026-11-20 13:00")
    assert town.rows(t.meeting)[0].synced == 2


@pytest.mark.parametrize("acts", [True, False])
def test_called_off_after_a_lost_answer_nothing_is_left(
    town: Town, looks: CalendarLooks, graph_world: PlayedGraph, acts: bool
) -> None:
    graph_world.world.faults.cut(call=POST, acts=acts)
    calls(town)
    town.anna.presses("Ställ in mötet")
    later(town)
    later(town)
    assert annas(graph_world) == []
    ended = [entry for entry in graph_world.world.calendar.entries if entry.data.get("attendees")]
    assert len(ended) == int(acts), "nobody was invited only to be called off"


def test_called_off_before_it_was_sent_asks_nothing_of_the_calendar(
    town: Town, town_graph: Graph, graph_world: PlayedGraph
) -> None:
    town.doors = []
    calls(town)
    town.anna.presses("Ställ in mötet")
    connected(town, town_graph)
    town.settle()
    later(town)
    assert graph_world.world.made() == []


def test_throttled_it_waits_as_long_as_graph_asks(town: Town, looks: CalendarLooks, graph_world: PlayedGraph) -> None:
    graph_world.world.faults.throttle(60, call=POST)
    calls(town)
    later(town, 0)
    assert len(graph_world.world.made(POST)) == 1, "not asked again before that"
    later(town, 2)
    assert len(annas(graph_world)) == 1
    assert town.rows_of("errand")[-1].attempts == 1, "a pause that was asked for is no try"


def test_graph_is_down_for_an_hour_and_nothing_is_dropped(
    town: Town, looks: CalendarLooks, graph_world: PlayedGraph
) -> None:
    graph_world.world.faults.down(timedelta(hours=1))
    calls(town)
    assert town.karim.sees("tor 19 nov kl. 10.00"), "the card does not wait for the calendar"
    for _ in range(11):
        later(town, 5)
        town.do(looks.look())
        town.settle()
    assert town.anna.sees("Kalendern"), "whoever called the meeting is told that the invitations wait"
    told = [toast for toast in town.anna.toasts() if "kalender" in toast.lower()]
    assert len(told) <= 1
    for _ in range(3):
        later(town, 5)
    (entry,) = annas(graph_world)
    (row,) = town.rows(t.meeting)
    assert (row.synced, row.failure) == (1, None)
    assert len(entry.data["attendees"]) == 2
    assert {one.status for one in town.rows_of("errand") if one.kind == "calendar"} <= {"sent", "superseded"}


def test_a_permission_that_is_missing_is_waited_for(town: Town, looks: CalendarLooks, graph_world: PlayedGraph) -> None:
    granted = graph_world.world.granted
    graph_world.world.granted = frozenset()
    calls(town)
    later(town, 20)
    town.do(looks.look())
    town.settle()
    assert town.anna.sees("Kalendern")
    graph_world.world.granted = granted
    later(town, 20)
    assert len(annas(graph_world)) == 1


def test_a_convener_without_a_mailbox_is_told(town: Town, looks: CalendarLooks, graph_world: PlayedGraph) -> None:
    graph_world.world.person("anna@exempel.invalid").has_mailbox = False
    calls(town)
    assert town.rows(t.meeting)[0].failure is not None
    assert town.anna.sees("Kalendern")


# --- series ------------------------------------------------------------------------------------------------------


def series(town: Town, *, last: date = LAST) -> None:
    """Thursdays at 14, kept by Anna; thread 1 carries it."""
    row = SeriesNow(
        id=None, kind=KIND.name, organizer_id=town.anna.id, weekday=4, at=time(14, 0), minutes=30, first_day=FIRST,
        last_day=last, mode="on_site", place="Hemtjänst Norr",
    )  # fmt: skip
    off = _occurrence(town, "2026-12-10 14:00", status="cancelled")  # a week with a team meeting
    moved = _occurrence(town, "2026-12-24 14:00", starts="2026-12-22 14:00")  # Christmas Eve

    def write(tx: Connection) -> None:
        meetings.save_series(tx, 1, row, town.clock.care())
        for one in (off, moved):
            one.series_id = row.id
            meetings.save(tx, 1, one, town.clock.care())

    town.store.transaction(write)
    town.settle()


def _occurrence(town: Town, original: str, starts: str = "", status: str = "invited") -> MeetingNow:
    begins = instant(starts or original)
    return MeetingNow(
        id=None, slot=original[:10], kind=KIND.name, organizer_id=town.anna.id, starts_at=begins,
        ends_at=begins + timedelta(minutes=30), mode="on_site", place="Hemtjänst Norr", series_id=None,
        original_start=instant(original), status=status,
    )  # fmt: skip


def thursdays(played: PlayedGraph) -> list[str]:
    """When Anna's series meets, local time: month, day and hour."""
    slots = played.world.slots("anna@exempel.invalid", instant("2026-12-01 00:00"), instant("2027-03-01 00:00"))
    return [to_local(slot.start).strftime("%m-%d %H") for slot in slots]


def end_earlier(town: Town, last: date) -> None:
    def write(tx: Connection) -> None:
        tx.execute(update(t.meeting_series).values(last_day=last, revision=t.meeting_series.c.revision + 1))
        found = meetings.series(tx, 1)
        assert found is not None
        meetings.save_series(tx, *found, town.clock.care())

    town.store.transaction(write)
    town.settle()
    later(town)


WEEKS = ["12-03 14", "12-17 14", "12-22 14", "12-31 14", "01-07 14", "01-14 14", "01-21 14", "01-28 14"]


def test_a_series_stands_once_with_its_exceptions(town: Town, looks: CalendarLooks, graph_world: PlayedGraph) -> None:
    calls(town)
    series(town)
    later(town)
    whole = [entry for entry in annas(graph_world) if entry.is_series]
    assert len(whole) == 1 and whole[0].data["start"]["timeZone"] == "Europe/Stockholm"
    assert thursdays(graph_world) == WEEKS, "over week 53, without the team week, and not on Christmas Eve"
    assert {(row.synced, row.failure) for row in town.rows(t.meeting)} == {(1, None)}
    assert len(whole[0].data["attendees"]) == 2


def test_a_lost_answer_makes_no_second_series(town: Town, looks: CalendarLooks, graph_world: PlayedGraph) -> None:
    calls(town)
    graph_world.world.faults.cut(call=POST, acts=True)
    series(town)
    for _ in range(3):
        later(town)
    assert len([entry for entry in annas(graph_world) if entry.is_series]) == 1
    assert thursdays(graph_world) == WEEKS


def test_a_series_that_ends_earlier_keeps_its_exceptions(
    town: Town, looks: CalendarLooks, graph_world: PlayedGraph
) -> None:
    calls(town)
    series(town)
    later(town)
    end_earlier(town, date(2027, 1, 7))
    assert thursdays(graph_world) == WEEKS[:5]


def test_a_series_that_is_called_off_leaves_nothing(town: Town, looks: CalendarLooks, graph_world: PlayedGraph) -> None:
    calls(town)
    series(town)
    later(town)

    def write(tx: Connection) -> None:
        tx.execute(update(t.meeting_series).values(status="cancelled", revision=2))
        found = meetings.series(tx, 1)
        assert found is not None
        meetings.save_series(tx, *found, town.clock.care())

    town.store.transaction(write)
    town.settle()
    assert [entry for entry in annas(graph_world) if entry.is_series] == []
    assert town.rows(t.meeting_series)[0].event_id is None


def test_the_meeting_of_a_week_finds_its_place_and_its_answers(
    town: Town, looks: CalendarLooks, graph_world: PlayedGraph
) -> None:
    calls(town)
    series(town)
    later(town)
    (whole,) = [entry for entry in annas(graph_world) if entry.is_series]
    graph_world.world.answer("karim@exempel.invalid", whole.master, "accepted")
    week = _occurrence(town, "2026-12-17 14:00")
    week.series_id, week.invited = 1, [Invited(person_id=town.karim.id, role="team_lead", unit_id="HT-NORR")]
    town.store.transaction(lambda tx: meetings.save(tx, 1, week, town.clock.care()))
    before = len(graph_world.world.made("PATCH"))
    town.settle()
    assert len(graph_world.world.made("PATCH")) == before, "an ordinary week is left as its series has it"
    (answer,) = [row for row in town.rows(t.meeting_invited) if row.meeting_id == week.id]
    assert (answer.answer, answer.source) == ("accepted", "calendar")
    slot = next(one for one in whole.slots() if one.day == date(2026, 12, 17))
    town.do(looks.look())
    graph_world.world.move(slot, instant("2026-12-18 09:00"))
    assert town.do(looks.look()) == 1
    assert town.store.transaction(lambda tx: meetings.one(tx, week.id or 0)).meeting.starts_at == instant(  # type: ignore[union-attr]
        "2026-12-18 09:00"
    )
