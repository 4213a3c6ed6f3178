"""Drawn answers of Graph against everything that asks it: what is wrong with an answer has a name, and is never used.

A server on this machine answers every question with what Graph documents, with something in it changed, its bytes
spoilt or another status. What asks may be told that Graph is away or refuses; nothing else may come of it.
"""

import asyncio
import json
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from random import Random
from typing import Any

from aiohttp import web
from town import MONDAY, SetClock

from bot.graph import absence, free_busy, groups, shifts
from bot.graph.client import Graph
from bot.graph.errors import GraphAway, GraphRefused
from bot.graph.settings import GraphSettings
from fuzz.draw import Draw
from fuzz.fuzzed_door import around

LENGTH = 200  # bytes to draw one answer from
WITHIN = 20.0  # seconds: longer than any of them may take
OPENED_ANEW = 40  # answers of one line, whose breaker opens when Graph has been away too often
_WHO = "00000000-0000-4000-8000-000000000001"
_SARA = "sara@exempel.invalid"
_STATUSES = (200,) * 14 + (404, 500)

Json = dict[str, Any]


def _moment(day: int, hour: int, zone: str = "UTC") -> Json:
    return {"dateTime": f"2026-11-{day}T{hour:02d}:00:00.0000000", "timeZone": zone}


_MEMBERS: Json = {
    "value": [
        {
            "@odata.type": "#microsoft.graph.user", "id": _WHO, "displayName": "Sara Lind",
            "userPrincipalName": _SARA,
        },
        {"@odata.type": "#microsoft.graph.group", "id": _WHO},
    ]
}  # fmt: skip
_REPLIES: Json = {
    "automaticRepliesSetting": {
        "status": "scheduled", "scheduledStartDateTime": _moment(16, 0, "W. Europe Standard Time"),
        "scheduledEndDateTime": _moment(18, 0),
    }
}  # fmt: skip
_SCHEDULE: Json = {
    "value": [
        {
            "scheduleId": _SARA, "availabilityView": "0001233330",
            "workingHours": {
                "daysOfWeek": ["monday", "friday"], "startTime": "08:00:00.0000000", "endTime": "17:00:00.0000000",
                "timeZone": {"name": "W. Europe Standard Time"},
            },
        }
    ]
}  # fmt: skip
_SHIFTS: Json = {
    "value": [
        {
            "id": "SHFT", "userId": _WHO,
            "sharedShift": {
                "displayName": "Jour", "startDateTime": "2026-11-16T16:00:00Z", "endDateTime": "2026-11-17T06:00:00Z",
            },
            "sharedTimeOff": {"startDateTime": "2026-11-16T16:00:00Z", "endDateTime": "2026-11-16T18:00:00Z"},
        }
    ]
}  # fmt: skip
_EVENT: Json = {
    "id": "AAMk1", "changeKey": "CK1", "isCancelled": False, "start": _moment(19, 9), "end": _moment(19, 10),
    "location": {"displayName": "Hemtjänst Norr"}, "type": "singleInstance",
    "attendees": [
        {
            "emailAddress": {"address": _SARA, "name": "Sara Lind"},
            "status": {"response": "accepted", "time": "2026-11-16T09:00:00Z"},
        }
    ],
}  # fmt: skip


async def _whole(graph: Graph) -> Any:
    return await groups.whole(graph, _WHO)


async def _news(graph: Graph) -> Any:
    return await groups.news(graph, _WHO, None)


async def _absence(graph: Graph) -> Any:
    return await absence.ask(graph, {_SARA: 1}, _now())


async def _free_busy(graph: Graph) -> Any:
    return await free_busy.free_busy(graph, "anna@exempel.invalid", {_SARA: 1}, (_now(), _now() + timedelta(days=5)))


async def _passes(graph: Graph) -> Any:
    return await shifts.read(graph, "team", "jour", _now(), _now() + timedelta(days=7))


async def _event(graph: Graph) -> Any:
    """What of an event is kept: addresses are only looked up, and the change key is the calendar's own mark."""
    from bot.graph import calendar_calls  # it loads the SDK

    await graph.warm()
    seen = await graph.call(_SARA, lambda: calendar_calls.read(graph.client, _SARA, "AAMk1"))
    return seen.starts, seen.ends, seen.cancelled, [(one.answer, one.at) for one in seen.answers]


def _now() -> Any:
    return SetClock(MONDAY).time


# What is asked, and what Graph documents as the answer. `LINK` is where the next question goes.
LINK = "@odata.deltaLink"
TARGETS: Mapping[str, tuple[Callable[[Graph], Awaitable[Any]], Json]] = {
    "members": (_whole, _MEMBERS), "changes": (_news, _MEMBERS | {LINK: ""}), "shifts": (_passes, _SHIFTS),
    "absence": (_absence, _REPLIES | _SCHEDULE), "free_busy": (_free_busy, _SCHEDULE), "event": (_event, _EVENT),
}  # fmt: skip


class FuzzedGraph:
    """The server and those who ask it. `count` is of what came of each question."""

    def __init__(self) -> None:
        self.count: Counter[str] = Counter()
        self.ask: Callable[[Graph], Awaitable[Any]] | None = None  # in place of a target, to see that a fault is found
        self._draw, self._documented = Draw(b""), Json()
        self._graph: Graph | None = None
        self._runner: web.AppRunner | None = None
        self._asked = 0
        self.base = ""

    async def open(self) -> None:
        app = web.Application()
        app.router.add_route("*", "/{rest:.*}", self._answer)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.base = f"http://127.0.0.1:{self._runner.addresses[0][1]}/v1.0"

    async def close(self) -> None:
        if self._graph is not None:
            await self._graph.close()
        if self._runner is not None:
            await self._runner.cleanup()

    async def play(self, target: str, data: bytes) -> None:
        """One question. Raises: AssertionError, with the bytes that the answer was drawn from."""
        self._draw = Draw(data)
        ask, documented = TARGETS[target]
        link = {LINK: f"{self.base}/groups/delta?$deltatoken=x"} if LINK in documented else {}
        self._documented = documented | link
        graph = await self._line()
        await graph.warm()  # the SDK takes its time to load, once
        with _errors() as logged:
            try:
                async with asyncio.timeout(WITHIN):
                    outcome = repr(await (self.ask or ask)(graph))
            except (GraphAway, GraphRefused) as fault:
                outcome = fault.code
                self.count[f"{target} refused"] += 1
            except Exception as fault:
                raise AssertionError(f"{target} {data.hex()}: {type(fault).__name__}: {fault}") from fault
            else:
                self.count[f"{target} answered"] += 1
        told = around("\n".join([outcome, *logged]))
        if told:
            raise AssertionError(f"{target} {data.hex()}: a personal number was taken in or told again: {told}")

    async def _line(self) -> Graph:
        if self._graph is None or self._asked % OPENED_ANEW == 0:
            if self._graph is not None:
                await self._graph.close()
            self._graph = Graph(GraphSettings.local(self.base, "t"), SetClock(MONDAY))
        self._asked += 1
        return self._graph

    async def _answer(self, request: web.Request) -> web.Response:
        await request.read()
        draw = self._draw
        whole: Any = self._documented
        if not draw.once_in(8):
            whole = draw.changed(whole, draw.value)
        if draw.once_in(3):
            whole = draw.changed(whole, draw.value)
        raw = json.dumps(whole).encode()
        if draw.once_in(16):
            raw = draw.spoilt(raw)
        return web.Response(body=raw, status=draw.pick(_STATUSES), content_type="application/json")


@contextmanager
def _errors() -> Iterator[list[str]]:
    """What Stafett logs meanwhile."""
    lines: list[str] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(record.getMessage())

    kept, house = Kept(), logging.getLogger("stafett")
    house.addHandler(kept)
    try:
        yield lines
    finally:
        house.removeHandler(kept)


async def played(runs: int, seed: int, tell: Callable[[int], None] = lambda _done: None) -> Counter[str]:
    """So many answers, in turn to each question: how many were used and how many refused."""
    rng, graph, targets = Random(seed), FuzzedGraph(), list(TARGETS)
    await graph.open()
    try:
        for number in range(runs):
            await graph.play(targets[number % len(targets)], rng.randbytes(LENGTH))
            tell(number + 1)
    finally:
        await graph.close()
    return graph.count


def run(runs: int, seed: int, tell: Callable[[int], None] = lambda _done: None) -> Counter[str]:
    """The same, from outside an event loop."""
    return asyncio.run(played(runs, seed, tell))
