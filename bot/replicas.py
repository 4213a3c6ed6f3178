"""What replicas on one PostgreSQL share: its clock, and word that something has been written.

Nobody leads, and nobody waits for word: each looks by itself at least every half minute. Word only makes it sooner.
It is sent for itself and not with the transaction it tells of, because a transaction that notifies keeps the others
from sharing its wait for the disk.
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection

from bot.clock import Clock
from cases import postgresql
from cases.store import Store

_LOG = logging.getLogger("stafett.replicas")

KEEP_TIME_EVERY = 20.0  # seconds
_AT_MOST_EVERY = 0.05  # seconds between two words from one process
_RECONNECT = 2.0  # seconds
_TOO_SLOW = 1.0  # seconds; an answer that took longer says too little of the time
_COMPARISONS = 3


class Role(StrEnum):
    """What a process does: `web` answers Teams, `worker` watches deadlines and sends, `all` does both."""

    WEB = "web"
    WORKER = "worker"
    ALL = "all"

    @property
    def answers(self) -> bool:
        return self is not Role.WORKER

    @property
    def works(self) -> bool:
        return self is not Role.WEB


class Replicas:
    """This process among the others; without others, on SQLite, it does nothing. `told` is called when word comes."""

    def __init__(self, store: Store, clock: Clock, told: Callable[[], None], *, listens: bool) -> None:
        self._store, self._clock, self._told, self._listens = store, clock, told, listens
        self._word = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        if store.shared:
            self.keep_time()

    def keep_time(self) -> None:
        """Set our clock by the database's."""
        shown, at, took = self._store.transaction(self._compare)
        if took > _TOO_SLOW:
            _LOG.warning("the database answered too slowly to tell the time")
            return
        self._clock.keep_to(shown, at)

    def start(self) -> None:
        if not self._store.shared:
            return
        self._tasks = [
            asyncio.create_task(self._keep_time(), name="replicas-time"),
            asyncio.create_task(self._tell(), name="replicas-tell"),
        ]
        if self._listens:
            self._tasks.append(asyncio.create_task(self._listen(), name="replicas-listen"))

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def tell(self) -> None:
        """Something that another replica may act on is on disk."""
        self._word.set()

    def _compare(self, tx: Connection) -> tuple[datetime, float, float]:
        """What the database's clock showed, by which time on the steady clock, and how long the look took."""
        found = []
        for _ in range(_COMPARISONS):
            before = self._clock.steady()
            shown = postgresql.clock(tx)
            after = self._clock.steady()
            found.append((after - before, shown, after))  # so that we are never ahead of it: nothing comes early
        took, shown, at = min(found)
        return shown, at, took

    async def _keep_time(self) -> None:
        while True:
            await asyncio.sleep(KEEP_TIME_EVERY)
            try:
                await asyncio.to_thread(self.keep_time)
            except Exception as error:  # the clock goes on as it was set
                _LOG.warning("clock not compared with the database's: %s", type(error).__name__)

    async def _tell(self) -> None:
        while True:
            await self._word.wait()
            self._word.clear()
            try:
                await self._store.run(postgresql.wake)
            except Exception as error:  # they look by themselves
                _LOG.warning("the other replicas were not told: %s", type(error).__name__)
            await asyncio.sleep(_AT_MOST_EVERY)

    async def _listen(self) -> None:
        while True:
            try:
                async for _ in postgresql.wakes(self._store.url):
                    self._told()
            except Exception as error:
                _LOG.warning("not listening to the other replicas: %s", type(error).__name__)
            await asyncio.sleep(_RECONNECT)
