"""A real Stafett on loopback that can be told at which commit or connector call to die.

Run as a program it loads everything once and then starts one server after another, each in a process of its own, on
orders that come as lines of JSON; what happens is told as lines of JSON. Nothing of Stafett is replaced unless an error
is planted on order: commits and calls are counted from outside.
"""

import asyncio
import importlib
import json
import os
import signal
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

from bot import outbox
from bot.channel import call
from bot.channel.settings import ChannelSettings
from bot.clock import Clock
from bot.delivery import batch
from bot.house import House, build_record
from cases.record import Record
from cases.store import Store
from chaos import plants

NEVER = 1_000_000


@dataclass(frozen=True, kw_only=True)
class Orders:
    """One start. Times are seconds; `lead` is how far machine time has gone beyond the real one.

    `lease` and `timeout` are shorter than in earnest, in the same order: a lease outlasts a whole call.
    """

    database: str
    replica: str
    care_offset: float
    lead: float
    lease: float
    timeout: float
    log: str
    plant: str = ""
    die: str = ""
    nth: int = 0


class LeadingClock(Clock):
    """A clock whose machine time is ahead, as if everybody had been down that long."""

    def __init__(self, offset: timedelta, lead: timedelta) -> None:
        super().__init__(offset)
        self._lead = lead

    def machine(self) -> datetime:
        return super().machine() + self._lead

    def shared(self, _tx: object) -> datetime:
        """The database stands on this same machine, and its time is as far ahead."""
        return self.machine()


class Death:
    """Comes at the nth time something happens; or the process is frozen where it stands."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._at, self._left, self._how = "", 0, signal.SIGKILL

    def at(self, name: str, nth: int, *, frozen: bool = False) -> None:
        with self._lock:
            self._at, self._left, self._how = name, nth, signal.SIGSTOP if frozen else signal.SIGKILL

    def may_come(self, name: str) -> None:
        if name != self._at:
            return
        with self._lock:
            self._left -= 1
            if self._left == 0:
                os.kill(os.getpid(), self._how)


def watch_commits(store: Store, death: Death) -> None:
    """Every commit of the engine, on its way to the database and back."""
    dialect: Any = store.engine.dialect
    commit = dialect.do_commit

    def watched(connection: Any) -> None:
        death.may_come("before_commit")
        commit(connection)
        death.may_come("after_commit")

    dialect.do_commit = watched


def watch_calls(door: Any, death: Death) -> None:
    """Every message that leaves, and every answer before anybody has seen it."""

    def watch(call: Any) -> Any:
        async def watched(*args: Any, **kwargs: Any) -> Any:
            death.may_come("before_call")
            answer = await call(*args, **kwargs)
            death.may_come("after_call")
            return answer

        return watched

    for name in ("send", "update"):
        setattr(door, name, watch(getattr(door, name)))


async def serve(orders: Orders, record: Record) -> None:
    """Be Stafett until killed."""
    death = Death()
    death.at(orders.die, orders.nth)
    store = Store(orders.database)
    clock = LeadingClock(timedelta(seconds=orders.care_offset), timedelta(seconds=orders.lead))
    house = House.build(store, record, ChannelSettings(demo=True, timeout=orders.timeout), clock)
    watch_commits(store, death)
    watch_calls(house.door, death)
    plants.plant(orders.plant, house)

    async def forward(request: web.Request) -> web.Response:
        clock.offset += timedelta(minutes=(await request.json())["minutes"])
        house.waker.nudge()
        house.outbox.nudge()
        return web.Response()

    async def die(request: web.Request) -> web.Response:
        order = await request.json()
        death.at(order["at"], order["nth"], frozen=order.get("frozen", False))
        return web.Response()

    app = house.app()
    app.router.add_post("/forward", forward)
    app.router.add_post("/die", die)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    tell(listening=runner.addresses[0][1])
    await asyncio.Event().wait()


def tell(**what: Any) -> None:
    """One line, whole, also when another process writes to the same pipe."""
    os.write(1, json.dumps(what).encode() + b"\n")


def _leave_with_the_harness() -> None:
    """Whoever gives orders is gone: so are we."""
    os.read(0, 1)
    os._exit(3)


def _start(orders: Orders, record: Record) -> int:
    """A server in a process of its own. Forked before there is any thread, loop or database to inherit."""
    pid = os.fork()
    if pid:
        return pid
    log = os.open(orders.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(log, 2)
    threading.Thread(target=_leave_with_the_harness, daemon=True).start()
    outbox.LEASE, outbox.SEND_TIMEOUT = timedelta(seconds=orders.lease), orders.timeout + 0.5
    batch._LOST_TOO_OFTEN = NEVER  # at a death a second the innocent would be set aside
    call.USER_AGENT = f"replica-{orders.replica}"
    try:
        asyncio.run(serve(orders, record))
    finally:
        os._exit(1)


def main() -> None:
    record = build_record()
    importlib.import_module("bot.channel.sdk_botbuilder.sdk")  # loaded once, before any server is forked
    tell(ready=True)
    while line := os.read(0, 65536):
        pid = _start(Orders(**json.loads(line)), record)
        tell(started=pid)
        _, status = os.waitpid(pid, 0)
        tell(died=os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    main()
