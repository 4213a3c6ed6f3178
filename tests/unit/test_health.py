"""Readiness: what counts as failing, what as degraded, and what the operator is told to do."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from people import CASES, PEOPLE
from sqlalchemy import update
from test_delivery import sara_sends
from town import Town

from bot.channel.errors import Passing, Throttled
from bot.channel.settings import ChannelSettings
from bot.health import CURES, DEGRADED, FAILING, OK
from bot.house import House
from bot.probes import internal_app
from cases import tables as t

ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@dataclass(kw_only=True)
class Asked:
    """A house whose loops run, and the operators' port."""

    town: Town
    house: House
    session: aiohttp.ClientSession
    url: str
    token: str | None = None  # the code of what is wrong with it
    times: int = 0

    async def page(self, path: str) -> tuple[int, str]:
        async with self.session.get(self.url + path) as answer:
            return answer.status, await answer.text()

    async def ready(self) -> tuple[int, dict[str, Any]]:
        status, text = await self.page("/readyz")
        return status, json.loads(text)

    async def state(self, check: str) -> tuple[int, str]:
        status, told = await self.ready()
        return status, told["checks"][check]["state"]


@pytest.fixture
async def asked(town: Town) -> AsyncIterator[Asked]:
    house = House.build(town.store, town.record, ChannelSettings(demo=True), town.clock)
    house.health.fresh = 0.0
    loops = [asyncio.create_task(asyncio.Event().wait(), name=name) for name in house.health.loops]
    runner = web.AppRunner(internal_app(house.health, house.metrics), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with aiohttp.ClientSession() as session:
        made = Asked(town=town, house=house, session=session, url=f"http://127.0.0.1:{runner.addresses[0][1]}")

        async def token() -> str | None:
            made.times += 1
            return made.token

        house.health.token = token
        yield made
    for loop in loops:
        loop.cancel()
    await runner.cleanup()
    await house.door.close()


def worked(town: Town, *steps: Any) -> None:
    """Do a story's steps beside the running loop."""
    for step in steps:
        thread = threading.Thread(target=step)
        thread.start()
        thread.join()


async def test_all_is_well(asked: Asked) -> None:
    status, told = await asked.ready()
    assert (status, told["state"]) == (200, OK)
    assert {check["state"] for check in told["checks"].values()} == {OK}
    assert await asked.page("/healthz") == (200, "ok\n")


async def test_a_loop_that_has_ended_means_restart(asked: Asked) -> None:
    next(task for task in asyncio.all_tasks() if task.get_name() == "waker").cancel()
    await asyncio.sleep(0)
    assert await asked.page("/healthz") == (503, "stopped\n")
    assert await asked.state("loops") == (503, FAILING)


async def test_a_process_that_is_stopping_gets_no_more_turns_but_is_alive(asked: Asked) -> None:
    asked.house.health.stopping = True
    assert (await asked.ready())[0] == 503
    assert (await asked.page("/healthz"))[0] == 200
    assert (await asked.page("/metrics"))[0] == 200


@ON_SQLITE
async def test_a_database_that_does_not_answer(asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody else holds it: the look waits no longer than its patience, and the next one asks no second time."""
    monkeypatch.setattr("bot.health.PATIENCE", 0.05)
    let_go = threading.Event()
    holder = asyncio.get_running_loop().run_in_executor(None, asked.town.store.transaction, lambda _tx: let_go.wait())
    try:
        status, told = await asked.ready()
        assert (status, told["checks"]["database"]["state"]) == (503, FAILING)
        assert told["checks"]["database"]["cure"] == CURES["database"]
        assert (await asked.ready())[0] == 503
    finally:
        let_go.set()
        await holder
    monkeypatch.undo()
    assert await asked.state("database") == (200, OK)


async def test_no_token_at_the_start_is_failing_and_a_lost_one_only_degraded(asked: Asked) -> None:
    asked.token = "token invalid_client"
    assert await asked.state("token") == (503, FAILING)
    asked.token = None
    assert await asked.state("token") == (200, OK)
    asked.token = "token connection"
    assert await asked.state("token") == (200, DEGRADED), "turns can still be taken, and nothing is lost"


async def test_one_look_serves_many_probes(asked: Asked) -> None:
    asked.house.health.fresh = 3600.0
    for _ in range(20):
        await asked.ready()
    assert asked.times == 1


def due_in(town: Town, **delta: float) -> None:
    """Every deadline is due then."""
    at = town.clock.time + timedelta(**delta)
    town.store.transaction(lambda tx: tx.execute(update(t.deadline).values(due_at=at)))


async def test_urgent_rows_that_wait(asked: Asked) -> None:
    town = asked.town
    town.teams.refuse["a:anna"] = [Throttled("429", 700.0)]
    worked(town, lambda: sara_sends(town))
    due_in(town, days=1)
    town.clock.time += timedelta(seconds=601)
    assert await asked.state("outbox") == (200, DEGRADED), "Teams has asked for a pause, but it is getting long"
    town.clock.time += timedelta(seconds=99 + 301)
    assert await asked.state("outbox") == (200, DEGRADED), "free to go for long: an alarm, and turns are still taken"
    worked(town, town.settle)
    assert (await asked.ready())[1]["checks"]["outbox"] == {"state": OK, "figure": 0.0}


@pytest.mark.parametrize(("minutes", "state"), [(10.5, OK), (12, DEGRADED), (16, FAILING)])
async def test_deadlines_that_are_not_fired(asked: Asked, minutes: float, state: str) -> None:
    worked(asked.town, lambda: sara_sends(asked.town))
    due_in(asked.town, minutes=10)
    asked.town.clock.time += timedelta(minutes=minutes)
    assert await asked.state("deadlines") == (503 if state == FAILING else 200, state)


async def test_a_deadline_that_is_tried_again_is_told_of(asked: Asked) -> None:
    worked(asked.town, lambda: sara_sends(asked.town))
    asked.town.store.transaction(lambda tx: tx.execute(update(t.deadline).values(attempts=3)))
    status, told = await asked.ready()
    assert status == 200 and told["checks"]["retried"] == {"state": DEGRADED, "figure": 1, "cure": CURES["retried"]}


async def test_another_rooms_notice_is_shown_with_its_cure(asked: Asked) -> None:
    asked.house.health.notices.add("profiles")
    assert (await asked.ready())[1]["checks"]["profiles"] == {"state": DEGRADED, "cure": CURES["profiles"]}


@ON_SQLITE
async def test_a_disk_that_fills_up_is_told_of_before_it_is_full(asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    for little, state in ((10**12, DEGRADED), (10**14, FAILING)):
        monkeypatch.setattr("bot.health._LITTLE", 10**12)
        monkeypatch.setattr("bot.health._NONE", 0 if state == DEGRADED else little)
        assert (await asked.state("disk"))[1] == state


async def test_nothing_personal_is_said(asked: Asked) -> None:
    asked.town.teams.refuse["a:anna"] = [Passing("502")] * 9
    worked(asked.town, lambda: sara_sends(asked.town))
    asked.town.clock.time += timedelta(hours=1)
    said = (await asked.page("/readyz"))[1] + (await asked.page("/metrics"))[1]
    for word in (*(name for _, name, *_ in PEOPLE), *(ref for ref, *_ in CASES), asked.town.thread().ref, "HT-NORR"):
        assert word not in said
