"""Who is let in to the played Graph, how much may be asked of it, and what can be set to go wrong."""

import asyncio
import logging
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from azure.identity.aio import ClientSecretCredential
from certificate import certified
from graph_words import address, meeting
from msgraph.generated.models.event import Event
from msgraph.generated.models.o_data_errors.o_data_error import ODataError
from played_graph import PlayedGraph

from bot import logs
from bot.demo.graph.app import serve
from bot.demo.graph.permissions import ALL
from bot.graph.client import Graph
from bot.graph.errors import GraphAway, GraphRefused

SCOPE = "https://graph.microsoft.com/.default"
EVENTS = "POST /users/{id}/events"


@pytest.fixture
def talk() -> Iterator[StringIO]:
    """What the process writes to its log, as an operator who wants to know much has set it."""
    root, loggers = logging.getLogger(), ("azure", "httpcore", "httpx")
    before = list(root.handlers), root.level, {name: logging.getLogger(name).level for name in loggers}
    stream = StringIO()
    logs.configure(logs.JSON, stream, logging.DEBUG)
    yield stream
    root.handlers[:] = before[0]
    root.setLevel(before[1])
    for name, level in before[2].items():
        logging.getLogger(name).setLevel(level)


async def book(graph: Graph, key: str | None = None) -> Event:
    events = graph.client.users.by_user_id(address("anna")).events
    made: Event = await graph.call(address("anna"), lambda: events.post(meeting("2026-11-19 09:00", 60, key=key)))
    return made


async def test_without_a_token_nothing_is_answered(graph: Graph, graph_world: PlayedGraph) -> None:
    await graph.warm()
    graph_world.world.token = "another"
    with pytest.raises(GraphAway, match="401 InvalidAuthenticationToken"):
        await book(graph)
    assert graph_world.world.events() == []


async def test_without_the_permission_nothing_is_done(graph: Graph, graph_world: PlayedGraph) -> None:
    await graph.warm()
    graph_world.world.granted = ALL - {"Calendars.ReadWrite"}
    with pytest.raises(GraphRefused, match="403 ErrorAccessDenied"):
        await book(graph)


async def test_a_mailbox_outside_the_apps_scope_is_not_reached(graph: Graph, graph_world: PlayedGraph) -> None:
    await graph.warm()
    graph_world.world.scope = frozenset({address("eva")})
    with pytest.raises(GraphRefused, match="403 ErrorAccessDenied"):
        await book(graph)


async def test_a_fifth_request_at_once_to_a_mailbox_is_throttled(graph: Graph, graph_world: PlayedGraph) -> None:
    await graph.warm()
    world = graph_world.world
    held = world.faults.hold(call=EVENTS, times=None)
    events = graph.client.users.by_user_id(address("anna")).events
    asked = {asyncio.create_task(events.post(meeting("2026-11-19 09:00", 60))) for _ in range(5)}
    (refused,), waiting = await asyncio.wait(asked, return_when=asyncio.FIRST_COMPLETED)
    fault = refused.exception()
    assert isinstance(fault, ODataError) and fault.error is not None
    assert (fault.error.code, fault.response_headers["Retry-After"]) == ("ApplicationThrottled", "1")
    world.faults.release(held)
    await asyncio.gather(*waiting)
    assert len(world.events()) == 4


async def test_stafett_itself_never_asks_a_mailbox_too_much_at_once(graph: Graph, graph_world: PlayedGraph) -> None:
    await graph.warm()
    await asyncio.gather(*(book(graph, f"k{number}") for number in range(8)))
    assert [one.status for one in graph_world.world.made(EVENTS)] == [201] * 8


async def test_more_than_a_mailbox_takes_in_ten_minutes_is_throttled(graph: Graph, graph_world: PlayedGraph) -> None:
    await graph.warm()
    graph_world.world.often = 1
    await book(graph)
    with pytest.raises(GraphAway, match="429") as caught:
        await book(graph)
    assert caught.value.after is not None and caught.value.after > 60


async def test_a_line_that_is_cut_after_the_effect_leaves_one_event(graph: Graph, graph_world: PlayedGraph) -> None:
    await graph.warm()
    graph_world.world.faults.cut(call=EVENTS, acts=True)
    with pytest.raises(GraphAway, match="connection"):
        await book(graph, "k1")
    await book(graph, "k1")
    assert len(graph_world.world.events()) == 1


async def test_graph_is_away_for_an_hour_by_care_time(graph: Graph, graph_world: PlayedGraph) -> None:
    await graph.warm()
    graph_world.world.faults.down(timedelta(hours=1))
    with pytest.raises(GraphAway, match="503"):
        await book(graph)
    graph_world.clock.time += timedelta(hours=1)
    assert (await book(graph)).id


async def test_a_request_is_held_until_it_is_let_go(graph: Graph, graph_world: PlayedGraph) -> None:
    await graph.warm()
    held = graph_world.world.faults.hold(call=EVENTS)
    asked = asyncio.create_task(book(graph))
    assert await asyncio.to_thread(held.reached.wait, 10)
    assert not asked.done()
    graph_world.world.faults.release(held)
    assert (await asked).id


async def test_what_graph_does_not_document_is_refused(graph: Graph, graph_world: PlayedGraph) -> None:
    await graph.warm()
    wrong = meeting("2026-11-19 09:00", 60)
    wrong.additional_data = {"caseReference": "NK-2041"}
    events = graph.client.users.by_user_id(address("anna")).events
    with pytest.raises(GraphRefused, match="400 RequestBodyRead"):
        await graph.call(None, lambda: events.post(wrong))
    assert graph_world.world.unknown == [f"{EVENTS}: caseReference"]
    graph_world.world.unknown.clear()


async def test_a_call_that_is_on_no_list_is_not_answered(graph: Graph, graph_world: PlayedGraph) -> None:
    await graph.warm()
    with pytest.raises(GraphRefused, match="404"):
        await graph.call(None, graph.client.users.by_user_id(address("anna")).presence.get)
    assert graph_world.world.unknown == [f"GET /v1.0/users/{address('anna')}/presence"]
    graph_world.world.unknown.clear()


async def test_the_apps_secret_gives_a_token_that_lets_it_in(graph_world: PlayedGraph, tmp_path: Path) -> None:
    world, ca_file = graph_world.world, tmp_path / "ca.pem"
    runner, where = await serve(world, ssl_context=certified(ca_file))
    try:
        for secret, works in ((world.app_secret, True), ("wrong", False)):
            credential = ClientSecretCredential(
                world.tenant_id, world.app_id, secret, authority=where, disable_instance_discovery=True,
                connection_verify=str(ca_file), use_env_settings=False,
            )  # fmt: skip
            async with credential:
                if works:
                    assert (await credential.get_token(SCOPE)).token in world.tokens
                else:
                    with pytest.raises(Exception, match="AADSTS7000215"):
                        await credential.get_token(SCOPE)
    finally:
        await runner.cleanup()


async def test_neither_mailbox_nor_token_reaches_the_log(
    graph: Graph, graph_world: PlayedGraph, talk: StringIO
) -> None:
    await book(graph)
    graph_world.world.faults.fail(500)
    with pytest.raises(GraphAway):
        await book(graph)
    assert address("anna") not in talk.getvalue()
    assert graph_world.world.token not in talk.getvalue()
