"""Doing errands: each kind goes out by its own door, so that one far side that is slow or away holds up no other.

An errand is leased while it is done. A fault that may pass is tried again with growing pauses, and after an hour or so
the errand is set aside: an alarm in the log, and somebody is told by the door. It is never given up in silence. What a
far side asks to wait for is waited for, however often, and is no fault; that too shows in health.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from random import Random

from sqlalchemy import Connection

from bot.clock import Clock
from bot.errand.door import Door
from bot.errand.tries import Tally, Tries, Try
from cases import errands
from cases.errands import Errand
from cases.store import Store

_LOG = logging.getLogger("stafett.errands")

LEASE = timedelta(seconds=60)
TIMEOUT = 20.0  # seconds for a whole try; the rest of the lease is for writing down
AT_ONCE = 4  # of each kind

_FRESHEST = 5.0  # seconds that a claimed errand may wait for its turn
_LONGEST_PAUSE = 30.0
_SHORTEST_PAUSE = 0.25
_A_BLINK = 0.25  # errands are not for split seconds: what comes within it is looked for once


@dataclass(eq=False)
class _Kind:
    """One door, and what is under way by it."""

    door: Door
    under_way: dict[asyncio.Task[None], int] = field(default_factory=dict)


class Errands:
    """The drain of one process. Several processes may do errands of the same record: each is leased to one at a time.

    `told` is called with the kind and the outcome of every try, `ended` when one has been written down: a thread may
    have moved. Raises ValueError when a try could outlast its lease.
    """

    def __init__(
        self, store: Store, clock: Clock, doors: Sequence[Door], *, rng: Random | None = None,
        lease: timedelta = LEASE, timeout: float = TIMEOUT, told: Callable[[str, str], None] = lambda _k, _o: None,
        ended: Callable[[], None] = lambda: None,
    ) -> None:  # fmt: skip
        spare = lease.total_seconds() - timeout
        if spare <= 0:
            raise ValueError("a try may take as long as its lease: make the lease longer or the time-out shorter")
        self._store, self._clock, self._lease = store, clock, lease
        self._tries = Tries(
            store, clock, rng or Random(), told, ended,  # noqa: S311 (jitter, not secrecy)
            timeout=timeout, fresh=min(_FRESHEST, spare / 2), lease=lease.total_seconds(),
        )  # fmt: skip
        self._kinds = [_Kind(door) for door in doors]
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._claiming: asyncio.Future[int] | None = None
        self._stopping = False

    @property
    def tally(self) -> Tally:
        return self._tries.tally

    # --- the loop -----------------------------------------------------------------------------------------------

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="errands")
        self.nudge()

    def nudge(self) -> None:
        """There is something new to do, or care time has been moved."""
        self._wake.set()

    async def stop(self) -> None:
        """Let what is under way come back, so that its answer is written down, then stop."""
        self._stopping = True
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        if self._claiming is not None:
            await asyncio.gather(self._claiming, return_exceptions=True)
        while tasks := self._tasks():
            await asyncio.wait(tasks)

    async def drain(self) -> int:
        """Do everything that may be done now; how many errands were handled."""
        handled = 0
        while not self._stopping:
            taken = await self._claim()
            handled += taken
            tasks = self._tasks()
            if not taken and not tasks:
                break
            if tasks:
                await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        return handled

    async def _run(self) -> None:
        while True:
            pause = 1.0
            self._wake.clear()  # before looking: what comes while we look wakes us again
            try:
                self._claiming = asyncio.ensure_future(self._claim())
                taken = await asyncio.shield(self._claiming)
                pause = 0.0 if taken else await self._until_next()
            except Exception as fault:  # the loop outlives every fault; leases bring errands back
                _LOG.error("errands not looked for: %s", type(fault).__name__)
            await asyncio.sleep(_A_BLINK)
            try:
                async with asyncio.timeout(pause):
                    await self._wake.wait()
            except TimeoutError:
                continue

    async def _until_next(self) -> float:
        """Seconds until something may be done. When as much is under way as may be, one that ends wakes us."""
        waits = [_LONGEST_PAUSE]
        roomy = [kind.door.kind for kind in self._kinds if len(kind.under_way) < AT_ONCE]
        found = await self._store.run(lambda tx: [errands.next_times(tx, one) for one in errands.kinds(tx, roomy)])
        now = self._clock.machine()
        for free in found:
            if free.care is not None:
                waits.append((self._clock.machine_of(free.care) - now).total_seconds())
            if free.machine is not None:
                waits.append((free.machine - now).total_seconds())
        return max(min(waits), _SHORTEST_PAUSE)

    def _tasks(self) -> list[asyncio.Task[None]]:
        return [task for kind in self._kinds for task in kind.under_way]

    # --- claiming -----------------------------------------------------------------------------------------------

    async def _claim(self) -> int:
        """Claim what there is room for and begin to do it; how many errands were handled."""
        roomy = {kind.door.kind: kind for kind in self._kinds if len(kind.under_way) < AT_ONCE}
        if not roomy or self._stopping:
            return 0
        busy = {name: set(kind.under_way.values()) for name, kind in roomy.items()}
        claimed_at = self._clock.steady()  # before the lease begins: it ends no earlier than we think
        taken = await self._store.run(partial(self._take, busy))
        for errand in taken:
            kind = roomy[errand.kind]
            task = asyncio.create_task(self._tries.make(Try(door=kind.door, errand=errand, claimed_at=claimed_at)))
            kind.under_way[task] = errand.id
            task.add_done_callback(partial(self._ended, kind))
        return len(taken)

    def _take(self, busy: Mapping[str, set[int]], tx: Connection) -> list[Errand]:
        """What may be done now, of each kind as many as there is room for."""
        taken: list[Errand] = []
        for kind in errands.kinds(tx, busy):  # most often there is nothing at all
            now, most = self._clock.shared(tx), AT_ONCE - len(busy[kind])
            taken += errands.claim(tx, kind, self._clock.care(), now, self._lease, most, under_way=busy[kind])
        return taken

    def _ended(self, kind: _Kind, task: asyncio.Task[None]) -> None:
        del kind.under_way[task]
        self._wake.set()
