"""The waker: APScheduler aims one job at the next due instant. It holds no case data, only the time to look.

The aim is a time on this machine's own clock, which may be set back or forward and stands still for nobody: that can
make the aim miss. Therefore the waker also looks after half a minute on the event loop's clock, which nobody sets.
Whether something is due is never the waker's to say, so that no step of a clock makes anything early.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.date import DateTrigger

_LOG = logging.getLogger("stafett.waker")

SAFETY = timedelta(seconds=30)  # how late a missed aim can make anything
_AIM = "next-deadline"


class Waker:
    """Calls `look` when something is due. `look` claims and fires what is due and returns the next due instant.

    All times here are what this machine's own clock shows, in UTC. Two never look at once; an error is logged, and
    the next look comes. A suspended machine looks at the latest `safety` after it has woken.
    """

    def __init__(self, look: Callable[[], Awaitable[datetime | None]], safety: timedelta = SAFETY) -> None:
        self._look, self._safety = look, safety.total_seconds()
        self.looked = asyncio.Event()  # for the first time since the start, whatever came of it
        self._wake = asyncio.Event()
        self._aimed: datetime | None = None
        self._expected: datetime | None = None  # told of while a look is under way, which may not have seen it
        self._looking: asyncio.Task[datetime | None] | None = None
        self._task: asyncio.Task[None] | None = None
        self._scheduler = AsyncIOScheduler(
            timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )

    def start(self) -> None:
        """Look at once, and from then on whenever something is due."""
        self._scheduler.start()
        self._task = asyncio.create_task(self._run(), name="waker")
        self.nudge()

    def nudge(self) -> None:
        """Look now: something was armed, or care time was moved."""
        self._wake.set()

    def expect(self, when: datetime) -> None:
        """Something may be due at this time: look no later than then."""
        self._expected = when if self._expected is None else min(self._expected, when)
        if self._aimed is None or when < self._aimed:
            self._aim(when)

    async def stop(self) -> None:
        """Let a look that is under way finish, then stop."""
        self._scheduler.shutdown(wait=False)
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        if self._looking is not None:
            await asyncio.gather(self._looking, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            await self._sleep()
            self._wake.clear()
            self._expected = None
            try:
                self._looking = asyncio.ensure_future(self._look())
                found = await asyncio.shield(self._looking)
                self._aim(min((when for when in (found, self._expected) if when is not None), default=None))
            except Exception:  # the loop outlives every fault; the safety interval brings the next look
                _LOG.exception("looking for due deadlines failed")
            self.looked.set()

    async def _sleep(self) -> None:
        """Until we are woken, or it has been long since the last look."""
        with suppress(TimeoutError):
            async with asyncio.timeout(self._safety):
                await self._wake.wait()

    def _aim(self, when: datetime | None) -> None:
        self._aimed = when
        if when is None:
            if self._scheduler.get_job(_AIM):
                self._scheduler.remove_job(_AIM)
            return
        self._scheduler.add_job(self._ring, DateTrigger(when, timezone=UTC), id=_AIM, replace_existing=True)

    async def _ring(self) -> None:
        self._wake.set()
