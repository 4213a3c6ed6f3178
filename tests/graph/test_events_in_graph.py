"""Events in the played Graph, as Microsoft documents them: asked with the SDK that Stafett uses."""

from typing import Any

import pytest
from graph_words import address, local, meeting
from msgraph.generated.models.event import Event
from msgraph.generated.models.o_data_errors.o_data_error import ODataError
from played_graph import PlayedGraph

from bot.graph.client import Graph
from bot.graph.errors import GraphRefused


def mailbox(graph: Graph, key: str = "anna") -> Any:
    return graph.client.users.by_user_id(address(key))


async def book(graph: Graph, event: Event, key: str = "anna") -> Event:
    made: Event = await graph.call(address(key), lambda: mailbox(graph, key).events.post(event))
    return made


async def test_a_booked_meeting_stands_with_organizer_and_invited(graph: Graph, graph_world: PlayedGraph) -> None:
    made = await book(graph, meeting("2026-11-19 09:00", 60, "sara", "maria"))
    found = await graph.call(None, lambda: mailbox(graph).events.by_event_id(made.id).get())
    assert found.start.date_time == "2026-11-19T08:00:00.0000000"  # UTC when nothing else is preferred
    assert [one.status.response.value for one in found.attendees] == ["none", "none"]
    slot = graph_world.world.events("sara@exempel.invalid")[0].master
    assert slot.showing(graph_world.world.person(address("sara"))) == "tentative"


async def test_the_same_request_again_gives_the_first_event(graph: Graph, graph_world: PlayedGraph) -> None:
    made = [await book(graph, meeting("2026-11-19 09:00", 60, "sara", key="k1")) for _ in range(3)]
    assert len({one.id for one in made}) == 1
    assert len(graph_world.world.events()) == 1


async def test_the_key_of_one_event_makes_no_other(graph: Graph, graph_world: PlayedGraph) -> None:
    await book(graph, meeting("2026-11-19 09:00", 60, key="k1"))
    with pytest.raises(ODataError) as caught:
        await mailbox(graph).events.post(meeting("2026-11-20 09:00", 60, key="k1"))
    assert caught.value.error is not None
    assert caught.value.error.code == "ErrorDuplicateTransactionId"
    entry = graph_world.world.events()[0]
    organizer = graph_world.world.person(address("anna"))
    assert caught.value.error.additional_data["@event.existingEventId"] == entry.id_for(organizer, immutable=True)


async def test_the_key_cannot_be_changed(graph: Graph) -> None:
    made = await book(graph, meeting("2026-11-19 09:00", 60, key="k1"))
    with pytest.raises(GraphRefused, match="ErrorPropertyValidationFailure"):
        await graph.call(None, lambda: mailbox(graph).events.by_event_id(made.id).patch(Event(transaction_id="k2")))


async def test_who_has_answered_is_asked_anew_when_the_time_changes(graph: Graph, graph_world: PlayedGraph) -> None:
    made = await book(graph, meeting("2026-11-19 09:00", 60, "sara"))
    slot = graph_world.world.events()[0].master
    graph_world.world.answer(address("sara"), slot, "accepted")
    one = mailbox(graph).events.by_event_id(made.id)
    assert (await one.get()).attendees[0].status.response.value == "accepted"
    await one.patch(Event(subject="Nytt ämne"))
    assert (await one.get()).attendees[0].status.response.value == "accepted"
    await one.patch(Event(start=local("2026-11-19 10:00"), end=local("2026-11-19 11:00")))
    assert (await one.get()).attendees[0].status.response.value == "none"


async def test_a_cancelled_meeting_is_gone_for_its_organizer_and_said_to_the_invited(
    graph: Graph, graph_world: PlayedGraph
) -> None:
    made = await book(graph, meeting("2026-11-19 09:00", 60, "sara"))
    entry = graph_world.world.events()[0]
    theirs = entry.id_for(graph_world.world.person(address("sara")), immutable=False)
    await mailbox(graph).events.by_event_id(made.id).cancel.post(_words("Mötet är inställt."))
    with pytest.raises(GraphRefused) as caught:
        await graph.call(None, lambda: mailbox(graph).events.by_event_id(made.id).get())
    assert caught.value.is_gone
    assert (await mailbox(graph, "sara").events.by_event_id(theirs).get()).is_cancelled


async def test_only_the_organizer_cancels(graph: Graph, graph_world: PlayedGraph) -> None:
    await book(graph, meeting("2026-11-19 09:00", 60, "sara"))
    theirs = graph_world.world.events()[0].id_for(graph_world.world.person(address("sara")), immutable=False)
    with pytest.raises(GraphRefused, match="400"):
        await graph.call(None, lambda: mailbox(graph, "sara").events.by_event_id(theirs).cancel.post(_words("")))


async def test_a_new_text_without_the_lines_of_the_online_meeting_ends_it(graph: Graph) -> None:
    made = await book(graph, meeting("2026-11-19 09:00", 60, online=True))
    one = mailbox(graph).events.by_event_id(made.id)
    assert made.online_meeting is not None and made.online_meeting.join_url in made.body.content
    await one.patch(Event(is_online_meeting=False))
    assert (await one.get()).is_online_meeting
    await one.patch(Event(body=meeting("2026-11-19 09:00", 60).body))
    assert not (await one.get()).is_online_meeting


async def test_an_event_that_ends_before_it_starts_is_refused(graph: Graph) -> None:
    with pytest.raises(GraphRefused, match="ErrorCalendarEndDateIsEarlierThanStartDate"):
        await graph.call(None, lambda: mailbox(graph).events.post(meeting("2026-11-19 09:00", -60)))


def _words(comment: str) -> Any:
    from msgraph.generated.users.item.events.item.cancel.cancel_post_request_body import CancelPostRequestBody

    return CancelPostRequestBody(comment=comment)
