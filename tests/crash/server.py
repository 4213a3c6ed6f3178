"""A real Stafett on loopback that halts at a named point, so that it can be killed exactly there.

Run as a program it loads everything once and then starts one server after another, each in a process of its own, on
orders that come as lines of JSON. Nothing of Stafett is replaced: the record and the channel are watched from outside.
"""

import asyncio
import json
import os
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from http.client import HTTPConnection
from typing import Any, TypeVar
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler
from sqlalchemy import Connection, event

from bot.channel.door import ChannelDoor
from bot.channel.settings import ChannelSettings
from bot.channel.values import Address
from bot.clock import Clock
from bot.house import House, build_record
from bot.outbox import Outbox
from cases import statements
from cases.store import Store

T = TypeVar("T")

DELIVERED = "Levererat till"  # on the sender's card
_TURNS_OF_THE_LOOP = 20
CLAIM_BEGINS = "outbox.not_before <="


@dataclass(frozen=True, kw_only=True)
class Orders:
    """One start. `care_offset` and `lead` are seconds; `lead` is how far machine time has gone beyond the real one."""

    database: str
    recorder: str
    care_offset: float
    lead: float
    stop_at: str


class LeadingClock(Clock):
    """A clock whose machine time is ahead, as if the server had been down that long."""

    def __init__(self, offset: timedelta, lead: timedelta) -> None:
        super().__init__(offset)
        self._lead = lead

    def machine(self) -> datetime:
        return super().machine() + self._lead


class StopPoint:
    """Where this server is to halt for good. It counts from the moment that «Skicka» is being written to disk."""

    def __init__(self, orders: Orders) -> None:
        self._orders = orders
        self.live = False
        self.posted: str | None = None  # the newest message's id, given by the connector

    def is_at(self, name: str) -> bool:
        return self.live and name == self._orders.stop_at

    def halt_thread(self, name: str) -> None:
        """Halt the thread that holds the record; the event loop goes on, so an answer under way is still written."""
        if self.is_at(name):
            tell(self._orders.recorder, "halted", name)
            threading.Event().wait()

    async def halt(self, name: str) -> None:
        """Halt this one task."""
        if self.is_at(name):
            tell(self._orders.recorder, "halted", name)
            await asyncio.Event().wait()


class WatchedStore(Store):
    """The record itself, halting before or after the commit of a transaction that is known by what it writes."""

    def __init__(self, url: str, point: StopPoint) -> None:
        super().__init__(url)
        self._point = point
        self._kinds: set[str] = set()
        statements.watchers.append(self._statement)
        event.listen(
            self.engine, "before_cursor_execute", lambda _tx, _cursor, text, values, *_: self._statement(text, values)
        )

    def transaction(self, work: Callable[[Connection], T]) -> T:
        def watched(tx: Connection) -> T:
            self._kinds.clear()
            result = work(tx)
            self._point.live = self._point.live or "turn" in self._kinds
            for kind in sorted(self._kinds):
                self._point.halt_thread(f"{kind}_open")
            return result

        result = super().transaction(watched)
        for kind in sorted(self._kinds):
            self._point.halt_thread(f"{kind}_committed")
        return result

    def _statement(self, statement: str, parameters: Any) -> None:
        if CLAIM_BEGINS in statement:
            self._point.halt_thread("claim_begun")
        if kind := self._kind_of(statement, parameters):
            self._kinds.add(kind)

    def _kind_of(self, statement: str, parameters: Any) -> str:
        """What a transaction is about, known by a statement it makes and a value in it."""
        if statement.startswith("INSERT INTO log"):
            return "turn" if _holds(parameters, "send") else "fire" if _holds(parameters, "clock") else ""
        if statement.startswith("UPDATE outbox SET attempts"):
            return "claim"
        posted = self._point.posted is not None and _holds(parameters, self._point.posted)
        return "sent" if posted and statement.startswith("UPDATE outbox") else ""


class WatchedChannel:
    """The channel door, halting before a message leaves and after its answer has come."""

    def __init__(self, door: ChannelDoor, point: StopPoint) -> None:
        self._door, self._point = door, point

    async def send(self, address: Address, card: dict[str, Any], *, summary: str, alert: bool) -> str:
        await self._point.halt("post_leaving")
        activity_id = await self._door.send(address, card, summary=summary, alert=alert)
        self._point.posted = activity_id
        await self._point.halt("post_answered")
        return activity_id

    async def update(self, address: Address, activity_id: str, card: dict[str, Any], *, summary: str) -> None:
        await self._door.update(address, activity_id, card, summary=summary)
        if DELIVERED in json.dumps(card, ensure_ascii=False):
            await self._point.halt("update_answered")


class LastWords(web.Response):
    """An answer that is written in full, and then the process is killed."""

    async def write_eof(self, data: bytes = b"") -> None:
        await super().write_eof(data)
        os.kill(os.getpid(), signal.SIGKILL)


def tell(recorder: str, what: str, about: str | int) -> None:
    """Tell the test something, at once, from any thread."""
    far = HTTPConnection(urlsplit(recorder).netloc, timeout=60)
    far.request("POST", f"/house/{what}", json.dumps({"about": about}), {"Content-Type": "application/json"})
    far.getresponse().read()
    far.close()


async def serve(orders: Orders) -> None:
    """Be Stafett until killed."""
    point = StopPoint(orders)
    store = WatchedStore(orders.database, point)
    record = build_record()
    clock = LeadingClock(timedelta(seconds=orders.care_offset), timedelta(seconds=orders.lead))
    house = House.build(store, record, ChannelSettings(demo=True), clock)
    house.outbox = Outbox(store, record, WatchedChannel(house.door, point), clock, inline=False)

    @web.middleware
    async def last_words(request: web.Request, handler: Handler) -> web.StreamResponse:
        response = await handler(request)
        if point.is_at("answered") and isinstance(response, web.Response):
            return LastWords(body=response.body, status=response.status, content_type=response.content_type)
        return response

    async def forward(request: web.Request) -> web.Response:
        clock.offset += timedelta(minutes=(await request.json())["minutes"])
        house.waker.nudge()
        return web.Response()

    app = house.app()
    app.middlewares.append(last_words)
    app.router.add_post("/forward", forward)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    await calm(house)
    await asyncio.to_thread(tell, orders.recorder, "listening", runner.addresses[0][1])
    await asyncio.Event().wait()


async def calm(house: House) -> None:
    """Until everything that looks by itself has looked once: the record shares the commits of what comes together, and
    what is watched for is to come alone."""
    await house.waker.looked.wait()
    for _ in range(_TURNS_OF_THE_LOOP):
        await asyncio.sleep(0)
        await house.store.run(lambda tx: None)


def _holds(parameters: Any, value: str) -> bool:
    if isinstance(parameters, (list, tuple, dict)):
        return any(_holds(one, value) for one in (parameters.values() if isinstance(parameters, dict) else parameters))
    return bool(parameters == value)


def _leave_with_the_test() -> None:
    """Whoever gives orders is gone: so are we."""
    os.read(0, 1)
    os._exit(3)


def _start(orders: Orders) -> int:
    """A server in a process of its own. Forked before there is any thread, loop or database to inherit."""
    pid = os.fork()
    if pid:
        return pid
    threading.Thread(target=_leave_with_the_test, daemon=True).start()
    try:
        asyncio.run(serve(orders))
    finally:
        os._exit(1)


def main() -> None:
    os.write(1, b"ready\n")
    while line := os.read(0, 65536):
        orders = Orders(**json.loads(line))
        pid = _start(orders)
        with suppress(OSError):  # a test that has failed listens no more; the next one does
            tell(orders.recorder, "started", pid)
        _, status = os.waitpid(pid, 0)
        with suppress(OSError):
            tell(orders.recorder, "died", os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    main()
