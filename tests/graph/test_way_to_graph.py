"""The way to Graph: its limits, its pauses, what it calls what goes wrong, and when it is loaded."""

import asyncio
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from played_graph import PlayedGraph

from bot.channel.settings import Certificate, ChannelSettings, ClientSecret, SettingsError
from bot.graph.client import Graph
from bot.graph.errors import GraphAway, GraphRefused, named
from bot.graph.limits import Breaker, Limits
from bot.graph.settings import WORLD, GraphSettings
from bot.settings import Settings

NOW = datetime(2026, 11, 16, 8, tzinfo=UTC)
ANNA = "anna@exempel.invalid"


def test_a_start_without_graph_does_not_load_the_sdk() -> None:
    code = (
        "import sys, bot.cli, bot.commands.serve; print([m for m in sys.modules if m in ('msgraph', 'azure.identity')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# --- the breaker and the limits ----------------------------------------------------------------------------------


def test_after_five_faults_nobody_asks_until_one_may_try() -> None:
    breaker = Breaker()
    for second in range(5):
        assert breaker.enter(second) == 0
        breaker.leave(second, good=False)
    assert breaker.is_open and breaker.enter(5) == 14.0
    assert breaker.enter(19) == 0, "one may try"
    assert breaker.enter(19) == 1.0, "and only one"
    breaker.leave(20, good=False)
    assert breaker.enter(21) == 29.0, "twice as long now"
    assert breaker.enter(50) == 0
    breaker.leave(51, good=True)
    assert not breaker.is_open and breaker.enter(51) == 0


def test_a_try_that_its_caller_gave_up_leaves_the_place_to_another() -> None:
    breaker = Breaker(faults=5, closed_until=10.0)
    assert breaker.enter(10) == 0
    breaker.leave(11, good=None)
    assert breaker.is_open and breaker.enter(11) == 0


async def test_four_at_once_in_a_mailbox_and_fewer_when_replicas_share() -> None:
    for replicas, most in ((1, 4), (2, 2), (9, 1)):
        limits, inside, seen = Limits(replicas=replicas), 0, []

        async def ask(limits: Limits = limits, seen: list[int] = seen) -> None:
            nonlocal inside
            async with limits.place(ANNA):
                inside += 1
                seen.append(inside)
                await asyncio.sleep(0)
                inside -= 1

        await asyncio.gather(*(ask() for _ in range(12)))
        assert max(seen) == most


def test_a_pause_for_a_mailbox_is_not_for_the_others() -> None:
    limits = Limits()
    limits.hold(ANNA, 30.0)
    assert limits.wait(ANNA, 10.0) == 20.0 and limits.wait("eva@exempel.invalid", 10.0) == 0
    limits.hold(None, 15.0)
    assert limits.wait("eva@exempel.invalid", 10.0) == 5.0


# --- asking ------------------------------------------------------------------------------------------------------


async def test_a_short_pause_is_waited_for_on_the_spot(graph: Graph, graph_world: PlayedGraph) -> None:
    graph_world.world.faults.throttle(0, call="GET /users/{id}/mailboxSettings")
    settings = await graph.call(None, lambda: graph.client.users.by_user_id(ANNA).mailbox_settings.get())
    assert settings is not None and len(graph_world.world.made("GET")) == 2


async def test_a_long_pause_is_said_and_held_for_that_mailbox(graph: Graph, graph_world: PlayedGraph) -> None:
    graph_world.world.faults.throttle(60, call="GET /users/{id}/mailboxSettings")

    async def ask() -> object:
        return await graph.call(ANNA, lambda: graph.client.users.by_user_id(ANNA).mailbox_settings.get())

    for _ in range(2):
        with pytest.raises(GraphAway) as fault:
            await ask()
        assert fault.value.after == 60.0
    assert len(graph_world.world.made("GET")) == 1, "the second did not ask"
    assert graph.available, "a Graph that asks for a pause is not away"
    graph_world.clock.time += timedelta(seconds=61)
    assert await ask() is not None


async def test_what_is_away_is_left_alone_and_found_again(graph: Graph, graph_world: PlayedGraph) -> None:
    graph_world.world.faults.down(hard=True)
    codes = []
    for _ in range(7):
        with pytest.raises(GraphAway) as fault:
            await graph.call(None, lambda: graph.client.users.by_user_id(ANNA).mailbox_settings.get())
        codes.append(fault.value.code)
    assert codes == ["connection"] * 5 + ["open"] * 2
    assert not graph.available and not graph.is_up()
    graph_world.world.faults.clear()
    graph_world.clock.time += timedelta(seconds=16)
    assert await graph.call(None, lambda: graph.client.users.by_user_id(ANNA).mailbox_settings.get()) is not None
    assert graph.available


async def test_what_is_refused_is_not_tried_again(graph: Graph, graph_world: PlayedGraph) -> None:
    with pytest.raises(GraphRefused) as fault:
        await graph.call(None, lambda: graph.client.users.by_user_id("ingen@exempel.invalid").mailbox_settings.get())
    assert fault.value.code == "404 ErrorInvalidUser" and not fault.value.is_gone, "nothing is said of what stood there"
    assert len(graph_world.world.made()) == 1 and graph.available


async def test_every_call_is_told_of_without_saying_whose(graph: Graph, graph_world: PlayedGraph) -> None:
    told: list[tuple[str, str]] = []
    graph.told = lambda outcome, code, _seconds: told.append((outcome, code))
    graph_world.world.faults.fail(504)
    with pytest.raises(GraphAway):
        await graph.call(None, lambda: graph.client.users.by_user_id(ANNA).mailbox_settings.get())
    await graph.call(None, lambda: graph.client.users.by_user_id(ANNA).mailbox_settings.get())
    assert told == [("away", "504 GatewayTimeout"), ("ok", "")]


def test_a_time_out_and_a_fault_of_ours_are_told_apart() -> None:
    away = named(TimeoutError(), NOW)
    assert isinstance(away, GraphAway) and (away.code, away.after) == ("timeout", None)
    assert isinstance(named(TypeError("x"), NOW), GraphRefused)


# --- settings ----------------------------------------------------------------------------------------------------


def test_credentials_never_go_anywhere_but_to_graph() -> None:
    secret = ClientSecret(value="s")
    with pytest.raises(SettingsError, match="hemligheter"):
        GraphSettings(tenant_id="t", app_id="a", credentials=secret, base_url="http://127.0.0.1:5/v1.0")
    with pytest.raises(SettingsError, match="Microsoft Graph"):
        GraphSettings(tenant_id="t", app_id="a", credentials=secret, base_url="https://graph.exempel.invalid/v1.0")
    with pytest.raises(SettingsError, match="egna maskinen"):
        GraphSettings.local("http://graph.exempel.invalid/v1.0", "t")
    assert "s" not in repr(GraphSettings(tenant_id="t", app_id="a", credentials=secret)).split("=")


def test_it_is_switched_on_by_one_setting_and_uses_the_bots_own_app() -> None:
    channel = ChannelSettings(app_id="app", tenant_id="tenant", credentials=ClientSecret(value="s"))
    assert Settings().graph_door(channel) is None
    found = Settings(graph=True, graph_teams_app="cat").graph_door(channel)
    assert found is not None and (found.base_url, found.app_id, found.teams_app) == (WORLD, "app", "cat")
    bare = ChannelSettings(
        app_id="app", tenant_id="t", credentials=Certificate(private_key="-----BEGIN PRIVATE KEY-----", thumbprint="AB")
    )
    with pytest.raises(SettingsError, match="certifikatet"):
        Settings(graph=True).graph_door(bare)


@pytest.mark.parametrize("url", ["http://stafett.exempel.invalid", "stafett.exempel.invalid"])
def test_the_public_address_is_https(url: str) -> None:
    with pytest.raises(SettingsError, match="https"):
        Settings(public_url=url).public()
    assert Settings(domain="stafett.exempel.invalid").public() == "https://stafett.exempel.invalid"
    assert Settings().public() == ""
