"""Series in the played Graph, single occurrences of them, and what a delta query says of changes."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from graph_words import address, local, meeting, weekly
from kiota_abstractions.base_request_configuration import RequestConfiguration
from msgraph.generated.models.event import Event
from msgraph.generated.users.item.calendar_view.delta.delta_request_builder import DeltaRequestBuilder
from msgraph.generated.users.item.events.item.cancel.cancel_post_request_body import CancelPostRequestBody
from msgraph.generated.users.item.events.item.instances.instances_request_builder import InstancesRequestBuilder
from played_graph import PlayedGraph

from bot.graph.client import Graph
from bot.graph.errors import GraphRefused

Asked = DeltaRequestBuilder.DeltaRequestBuilderGetQueryParameters


def events(graph: Graph) -> Any:
    return graph.client.users.by_user_id(address("anna")).events


async def instances(graph: Graph, event_id: str) -> list[Event]:
    asked = InstancesRequestBuilder.InstancesRequestBuilderGetQueryParameters(
        start_date_time="2026-03-01T00:00:00Z", end_date_time="2027-02-01T00:00:00Z"
    )
    configured: RequestConfiguration[Any] = RequestConfiguration(query_parameters=asked)
    found = await events(graph).by_event_id(event_id).instances.get(configured)
    return list(found.value)


async def delta(graph: Graph, link: str | None = None, *, most: int = 100) -> tuple[list[Event], str]:
    """Every page of what has changed, and the link for next time."""
    builder = graph.client.users.by_user_id(address("anna")).calendar_view.delta
    configured: RequestConfiguration[Any] = RequestConfiguration(
        query_parameters=Asked(start_date_time="2026-11-01T00:00:00Z", end_date_time="2026-12-31T00:00:00Z")
    )
    if link is not None:
        builder, configured = builder.with_url(link), RequestConfiguration()
    found: list[Event] = []
    while True:
        configured.headers.add("Prefer", f"odata.maxpagesize={most}")
        page = await builder.get(configured)
        assert page is not None and page.value is not None
        found.extend(page.value)
        if page.odata_next_link is None:
            assert page.odata_delta_link is not None
            return found, page.odata_delta_link
        builder, configured = builder.with_url(page.odata_next_link), RequestConfiguration()


async def test_a_series_keeps_its_wall_clock_over_summer_time(graph: Graph) -> None:
    await graph.warm()
    made = await events(graph).post(weekly("2026-03-19 09:00", 30, date(2026, 4, 9), "sara"))
    found = await instances(graph, made.id)
    assert [one.start.date_time[5:16] for one in found if one.start and one.start.date_time] == [
        "03-19T08:00", "03-26T08:00", "04-02T07:00", "04-09T07:00",
    ]  # fmt: skip
    assert {one.series_master_id for one in found} == {made.id}


async def test_a_series_runs_through_week_53(graph: Graph) -> None:
    await graph.warm()
    made = await events(graph).post(weekly("2026-12-24 09:00", 30, date(2027, 1, 7)))
    days = [one.start.date_time[:10] for one in await instances(graph, made.id) if one.start and one.start.date_time]
    assert days == ["2026-12-24", "2026-12-31", "2027-01-07"]


async def test_one_occurrence_is_moved_and_one_cancelled(graph: Graph) -> None:
    await graph.warm()
    made = await events(graph).post(weekly("2026-11-05 09:00", 30, date(2026, 11, 26)))
    first, second, third, fourth = await instances(graph, made.id)
    await (
        events(graph)
        .by_event_id(second.id)
        .patch(Event(start=local("2026-11-11 13:00"), end=local("2026-11-11 13:30")))
    )
    await events(graph).by_event_id(third.id).cancel.post(CancelPostRequestBody())
    left = await instances(graph, made.id)
    assert [one.id for one in left] == [first.id, second.id, fourth.id]
    assert [one.type.value for one in left if one.type] == ["occurrence", "exception", "occurrence"]
    assert left[1].original_start == datetime(2026, 11, 12, 8, tzinfo=UTC)


async def test_an_occurrence_is_not_moved_past_the_next(graph: Graph) -> None:
    await graph.warm()
    made = await events(graph).post(weekly("2026-11-05 09:00", 30, date(2026, 11, 26)))
    second = (await instances(graph, made.id))[1]
    moved = Event(start=local("2026-11-19 13:00"), end=local("2026-11-19 13:30"))
    with pytest.raises(GraphRefused, match="ErrorOccurrenceCrossingBoundary"):
        await graph.call(None, lambda: events(graph).by_event_id(second.id).patch(moved))


async def test_a_series_that_does_not_start_on_its_first_day_is_refused(graph: Graph) -> None:
    await graph.warm()
    wrong = weekly("2026-11-05 09:00", 30, date(2026, 11, 26))
    wrong.recurrence.range.start_date = date(2026, 11, 6)
    with pytest.raises(GraphRefused, match="400"):
        await graph.call(None, lambda: events(graph).post(wrong))


async def test_delta_tells_of_what_has_changed_since(graph: Graph, graph_world: PlayedGraph) -> None:
    await graph.warm()
    made = await events(graph).post(meeting("2026-11-19 09:00", 60, "sara"))
    other = await events(graph).post(meeting("2026-11-20 09:00", 60))
    everything, link = await delta(graph, most=1)
    assert {one.id for one in everything} == {made.id, other.id}
    assert (await delta(graph, link))[0] == []
    slot = next(entry for entry in graph_world.world.events() if entry.data["attendees"]).master
    graph_world.world.answer(address("sara"), slot, "declined")
    changed, link = await delta(graph, link)
    assert [one.attendees[0].status.response.value for one in changed] == ["declined"]
    graph_world.world.call_off(slot)
    gone, _ = await delta(graph, link)
    assert [(one.id, "@removed" in one.additional_data) for one in gone] == [(made.id, True)]


async def test_delta_says_least_of_occurrences(graph: Graph) -> None:
    await graph.warm()
    made = await events(graph).post(weekly("2026-11-05 09:00", 30, date(2026, 11, 19), "sara"))
    found, link = await delta(graph)
    assert [one.type.value for one in found if one.type] == ["seriesMaster"] + ["occurrence"] * 3
    assert all(one.subject is None and one.series_master_id == made.id for one in found[1:])
    await events(graph).by_event_id(found[2].id).cancel.post(CancelPostRequestBody())
    gone, _ = await delta(graph, link)
    assert [one.id for one in gone] == [found[2].id]


async def test_what_is_moved_out_of_the_days_that_are_watched_is_told_as_removed(
    graph: Graph, graph_world: PlayedGraph
) -> None:
    await graph.warm()
    made = await events(graph).post(meeting("2026-11-19 09:00", 60))
    _, link = await delta(graph)
    graph_world.world.move(graph_world.world.events()[0].master, datetime(2027, 3, 1, 8, tzinfo=UTC))
    gone, _ = await delta(graph, link)
    assert [(one.id, "@removed" in one.additional_data) for one in gone] == [(made.id, True)]


async def test_a_link_that_is_too_old_asks_for_a_fresh_start(graph: Graph, graph_world: PlayedGraph) -> None:
    await graph.warm()
    _, link = await delta(graph)
    graph_world.world.forget_links()
    with pytest.raises(GraphRefused, match="410 SyncStateNotFound"):
        await graph.call(None, lambda: delta(graph, link))


async def test_ids_that_stand_differ_from_those_that_do_not(graph: Graph) -> None:
    await graph.warm()
    made = await events(graph).post(meeting("2026-11-19 09:00", 60))
    configured: RequestConfiguration[Any] = RequestConfiguration()
    configured.headers.add("Prefer", 'IdType="ImmutableId"')
    found = await events(graph).by_event_id(made.id).get(configured)
    assert found.id != made.id
    assert (await events(graph).by_event_id(found.id).get()).id == made.id
