"""Calls in the played Graph: what the service tells whoever placed one, and what is pressed on the page."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from people import aad
from played_graph import PlayedGraph

from bot.graph.calls import Ringer
from bot.graph.client import Graph
from bot.graph.errors import GraphRefused


class Listener:
    """Whoever is told of the calls. `heard` is each thing's change and data, `shown` the token that came with it."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, dict[str, Any]]] = []
        self.shown: list[str | None] = []
        self.address = ""

    async def handle(self, request: web.Request) -> web.Response:
        self.shown.append(request.headers.get("Authorization"))
        for one in (await request.json())["value"]:
            self.heard.append((one["changeType"], one["resourceData"]))
        return web.Response(status=202)

    def states(self) -> list[str]:
        return [data["state"] for _, data in self.heard if "state" in data]


@pytest.fixture
async def listener() -> AsyncIterator[Listener]:
    made = Listener()
    app = web.Application()
    app.router.add_post("/calls", made.handle)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.address = f"http://127.0.0.1:{runner.addresses[0][1]}/calls"
    yield made
    await runner.cleanup()


@pytest.fixture
def ringer(graph: Graph, graph_world: PlayedGraph) -> Ringer:
    return Ringer(graph, graph_world.world.tenant_id, "http://127.0.0.1:9/prompt.wav")


async def test_a_call_is_picked_up_a_key_pressed_and_it_is_over(
    ringer: Ringer, listener: Listener, graph_world: PlayedGraph
) -> None:
    calls = graph_world.world.calls
    calls.signer = lambda: "signed"
    call_id = await ringer.place(aad(9), listener.address)
    await calls.answer(call_id)
    await ringer.speak(call_id)
    await calls.press(call_id, "tone1")
    await calls.hang_up(call_id)
    rung = calls.placed[-1]
    assert (rung.person.name, rung.state, len(rung.prompts), rung.tones) == ("Nils Fors", "terminated", 3, ["tone1"])
    tone = next(data["toneInfo"] for _, data in listener.heard if "toneInfo" in data)
    assert (tone["tone"], tone["sequenceId"]) == ("tone1", 1)
    assert listener.heard[-1][0] == "deleted"
    assert set(listener.shown) == {"Bearer signed"}


async def test_nobody_hears_a_key_who_has_not_asked_to(
    ringer: Ringer, listener: Listener, graph_world: PlayedGraph
) -> None:
    call_id = await ringer.place(aad(9), listener.address)
    await graph_world.world.calls.answer(call_id)
    assert await graph_world.world.calls.press(call_id) == 0
    assert not any("toneInfo" in data for _, data in listener.heard)


async def test_nothing_is_played_before_somebody_has_picked_up(ringer: Ringer, listener: Listener) -> None:
    call_id = await ringer.place(aad(9), listener.address)
    with pytest.raises(GraphRefused, match="400"):
        await ringer.speak(call_id)


async def test_a_call_that_is_over_is_not_found(ringer: Ringer, listener: Listener) -> None:
    call_id = await ringer.place(aad(9), listener.address)
    await ringer.put_down(call_id)
    with pytest.raises(GraphRefused, match="404"):
        await ringer.put_down(call_id)


async def test_somebody_who_is_not_there_cannot_be_rung(ringer: Ringer, listener: Listener) -> None:
    with pytest.raises(GraphRefused, match="404"):
        await ringer.place("nobody", listener.address)


async def test_the_telephone_is_answered_on_its_page(
    ringer: Ringer, listener: Listener, graph_world: PlayedGraph
) -> None:
    call_id = await ringer.place(aad(9), listener.address)
    async with aiohttp.ClientSession(graph_world.address) as browser:
        for verb, state in (("svara", "pågår"), ("lagg-pa", "slut")):
            async with browser.post(f"/samtal/{call_id}/{verb}") as page:
                assert f"<td>Nils Fors</td><td>{state}" in await page.text()
    assert listener.states()[-1] == "terminated"
