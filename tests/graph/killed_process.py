"""The process that is killed while it puts meetings into a calendar; `killed_series` tells when.

Run as a program it loads everything once, and then forks a process for each line of orders.
"""

import asyncio
import json
import os
import sys
import time as clocks
from datetime import datetime, timedelta
from typing import Any

from meeting_town import record
from sqlalchemy import Connection, func, select

from bot.clock import Clock
from bot.errand.drain import Errands
from bot.graph.calendar_door import CalendarDoor
from bot.graph.client import Graph
from bot.graph.settings import GraphSettings
from cases import tables as t
from cases.store import Store

_FASTER = 120


class LedClock(Clock):
    """Care time begins on the stories' Monday; machine time is ahead, as if leases had run out, and goes faster, so
    that nobody waits long for the pauses between tries."""

    def __init__(self, offset: float, lead: float) -> None:
        super().__init__(timedelta(seconds=offset))
        self._lead, self._began = timedelta(seconds=lead), clocks.monotonic()

    def machine(self) -> datetime:
        return super().machine() + self._lead + timedelta(seconds=(clocks.monotonic() - self._began) * _FASTER)


async def work(orders: dict[str, Any]) -> None:
    """Do the errands of the record until none is left."""
    store, made = Store(orders["database"]), record()
    clock = LedClock(orders["offset"], orders["lead"])
    graph = Graph(GraphSettings.local(orders["graph"], orders["token"]), clock)
    errands = Errands(store, clock, (CalendarDoor(made, clock, graph),))
    errands.start()
    while await store.run(_left):
        errands.nudge()
        await asyncio.sleep(0.02)
    await errands.stop()
    await graph.close()
    store.close()


def _left(tx: Connection) -> int:
    waiting = select(func.count()).where(t.errand.c.status == "waiting", t.errand.c.kind == "calendar")
    return int(tx.scalar(waiting) or 0)


def starter() -> None:
    """Load everything, then fork a process for each line of orders, and say how it ended."""
    from bot.graph import connect

    record()
    connect.Line(GraphSettings.local("http://127.0.0.1:9/v1.0", "-"))
    say("ready")
    for line in sys.stdin:
        pid = os.fork()
        if not pid:
            try:
                asyncio.run(work(json.loads(line)))
                os._exit(0)
            finally:
                os._exit(1)
        say(str(pid))
        say(str(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])))


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    starter()
