"""Draining the outbox to Teams: urgent first, within Teams' limits, many at once and never two in one conversation."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from datetime import timedelta
from random import Random
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection

from bot.clock import Clock
from bot.delivery.batch import Batches
from bot.delivery.dispatch import Dispatch
from bot.delivery.jobs import Channel, Job
from bot.setbacks import Setbacks
from bot.throttle import Throttle
from cases import outbox, outbox_figures, replicas
from cases.lanes import Room
from cases.outbox import Row
from cases.outbox_figures import Tally
from cases.record import Record
from cases.store import Store

__all__ = ["BATCH", "LEASE", "SEND_TIMEOUT", "Channel", "Outbox"]

_LOG = logging.getLogger("stafett.outbox")

LEASE = timedelta(seconds=60)
SEND_TIMEOUT = 20.0  # seconds for a whole send, token and all; the channel's own limit for a call is 15
BATCH = 16
PATIENCE = timedelta(minutes=2)  # an urgent row that has waited longer is told of in the log

_FRESHEST = 5.0  # seconds that a claimed job may wait for its turn, at the most
_AT_ONCE, _KEPT_FOR_URGENT = 64, 16  # sends under way
_SWEEP_EVERY = 30.0
_LONGEST_PAUSE = 30.0
_SHORTEST_PAUSE = 0.25  # what is due may be held by another sender, and looking does not free it
_A_BLINK = 0.01  # what comes within it is looked for once


class Outbox:
    """One drain loop of a process. Several processes may drain the same outbox: a row is leased to one at a time.
    `shared` is told how many they are.

    Raises ValueError when a send could outlast its lease: then two processes would send the same row.
    """

    def __init__(
        self, store: Store, record: Record, channel: Channel, clock: Clock, *, inline: bool, rng: Random | None = None,
        lease: timedelta | None = None, send_timeout: float | None = None, throttle: Throttle | None = None,
        shared: Callable[[int], None] | None = None,
    ) -> None:  # fmt: skip
        rng = rng or Random()  # noqa: S311 (jitter, not secrecy)
        self._lease = lease or LEASE
        timeout = SEND_TIMEOUT if send_timeout is None else send_timeout
        spare = self._lease.total_seconds() - timeout
        if spare <= 0:
            raise ValueError("a send may take as long as its lease: make the lease longer or the time-out shorter")
        self._store, self._clock, self._shared = store, clock, shared
        self.tally = Tally()
        self._throttle = throttle or Throttle(clock.steady())
        self._setbacks = Setbacks(record, clock, self._throttle, rng, self.tally)
        self._batches = Batches(record, clock, self._throttle, self._setbacks, inline=inline)
        self._setbacks.hold = self._batches.hold
        self._dispatch = Dispatch(
            store, channel, clock, self._setbacks, self.tally, rng,
            timeout=timeout, fresh=min(_FRESHEST, spare / 2), lease=self._lease.total_seconds(),
        )  # fmt: skip
        self._name = uuid4().hex
        self._wake = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._claiming: asyncio.Future[int] | None = None
        self._under_way: dict[asyncio.Task[None], Row] = {}  # each send, and its row
        self._stopping = False

    @property
    def throttle(self) -> Throttle:
        """The limits that it keeps to: whoever else sends by the same bot keeps to the same."""
        return self._throttle

    def paced_by(self, throttle: Throttle) -> None:
        """Keep to other limits from now on: for measurements against a far side that takes whatever it is sent."""
        self._throttle = self._batches.throttle = self._setbacks.throttle = throttle

    # --- the loop -----------------------------------------------------------------------------------------------

    def start(self) -> None:
        self._tasks = [
            asyncio.create_task(self._run(), name="outbox"),
            asyncio.create_task(self._look_over(), name="outbox-sweep"),
        ]
        self.nudge()

    def nudge(self) -> None:
        """There is something new to send, or care time has been moved."""
        self._wake.set()

    async def stop(self) -> None:
        """Let what is under way finish, so that its answer is written down, then stop."""
        self._stopping = True
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._claiming is not None:
            await asyncio.gather(self._claiming, return_exceptions=True)
        while self._under_way:
            await asyncio.wait(self._under_way)
        if self._tasks:
            await asyncio.gather(self._store.run(lambda tx: replicas.gone(tx, self._name)), return_exceptions=True)

    async def drain(self) -> int:
        """Send everything that may be sent now; how many rows were handled."""
        handled = 0
        while not self._stopping:
            taken = await self._claim()
            handled += taken
            if not taken and not self._under_way:
                break
            if self._under_way and not taken:
                await asyncio.wait(self._under_way, return_when=asyncio.FIRST_COMPLETED)
        return handled

    async def _run(self) -> None:
        while True:
            pause = 1.0
            self._wake.clear()  # before looking: what comes while we look wakes us again
            try:
                self._claiming = asyncio.ensure_future(self._claim())
                taken = await asyncio.shield(self._claiming)
                pause = 0.0 if taken else await self._until_next()
            except Exception:  # the loop outlives every fault; leases bring unfinished rows back
                _LOG.exception("draining the outbox failed")
            await self._nap(pause)

    async def _nap(self, seconds: float) -> None:
        await asyncio.sleep(_A_BLINK)
        try:
            async with asyncio.timeout(seconds):
                await self._wake.wait()
        except TimeoutError:
            return

    async def _until_next(self) -> float:
        """Seconds until there is something to send and Teams lets us. While the limit holds, nobody need look."""
        if self._slots().all <= 0:
            return _LONGEST_PAUSE  # a send that ends wakes us
        room = self._throttle.room(self._clock.steady())
        if room.all <= 0:
            return self._throttle.pause(self._clock.steady(), urgent=True)
        not_now = self._batches.not_now()
        now = self._clock.machine()
        when = await self._store.run(lambda tx: outbox.next_time(tx, now, not_now))
        left = _LONGEST_PAUSE if when is None else (when - self._clock.machine()).total_seconds()
        if left <= 0 and room.other <= 0:  # what waits is not urgent, and the rest of the room is kept
            left = self._throttle.pause(self._clock.steady(), urgent=False)
        opens = min(not_now.values(), default=float("inf")) - self._clock.steady()
        return min(max(min(left, opens), _SHORTEST_PAUSE), _LONGEST_PAUSE)

    # --- claiming and sending -----------------------------------------------------------------------------------

    async def _claim(self) -> int:
        """Claim as many rows as there is room for and start sending them; how many rows were handled."""
        room = self._throttle.room(self._clock.steady()).within(self._slots()).within(Room.of(BATCH))
        if room.all <= 0 or self._stopping:
            return 0
        busy = {row.person_id for row in self._under_way.values()}
        try:
            taken, jobs = await self._store.run(lambda tx: self._batches.take(tx, room, self._lease, busy))
        except Exception as fault:  # what may have been claimed all the same comes back with its lease
            _LOG.error("a batch could not be made ready: %s", type(fault).__name__)
            taken, jobs = await self._store.run(
                lambda tx: self._batches.take(tx, room, self._lease, busy, careful=True)
            )
        for job in jobs:
            self._send(job)
        return taken

    def _send(self, job: Job) -> None:
        task = asyncio.create_task(self._dispatch.deliver(job))
        self._under_way[task] = job.first
        task.add_done_callback(self._sent)

    def _sent(self, task: asyncio.Task[None]) -> None:
        del self._under_way[task]
        self._wake.set()

    def _slots(self) -> Room:
        """How many more sends may be under way; one that hangs must not stop what is urgent."""
        free = _AT_ONCE - len(self._under_way)
        return Room(all=free, other=max(free - _KEPT_FOR_URGENT, 0))

    # --- looking over -------------------------------------------------------------------------------------------

    async def _look_over(self) -> None:
        """Say that this process sends, count who else does, and raise an alarm when something urgent waits too long."""
        swept = -_SWEEP_EVERY
        while True:
            await _safely(self._share(), "replicas not counted")
            if self._clock.steady() - swept >= _SWEEP_EVERY:
                swept = self._clock.steady()
                await _safely(self.sweep(), "the outbox was not looked over")
            await asyncio.sleep(replicas.EVERY.total_seconds())

    async def _share(self) -> None:
        if self._store.shared:
            here = await self._store.run(lambda tx: replicas.seen(tx, self._name, self._clock.shared(tx)))
            self._throttle.divide(here)
            if self._shared is not None:
                self._shared(here)

    async def sweep(self) -> None:
        """Raise an alarm when urgent rows have waited too long."""

        def look(tx: Connection) -> outbox_figures.Late:
            return outbox_figures.late(tx, self._clock.machine(), PATIENCE)

        found = await self._store.run(look)
        self.tally.urgent_late = found.urgent
        if found.urgent:
            seconds = found.oldest.total_seconds()
            _LOG.critical("%s urgent rows wait, the oldest for %.0f s: see stafett outbox", found.urgent, seconds)


async def _safely(work: Coroutine[Any, Any, None], what: str) -> None:
    try:
        await work
    except Exception as fault:
        _LOG.error("%s: %s", what, type(fault).__name__)
