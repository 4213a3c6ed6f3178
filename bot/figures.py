"""The nightly count of what was handled in time, in small batches, at rest for most of the time.

The first count of all may find millions, and it comes at a start: it must not hold up deadlines or presses.

What has ended is counted once, whoever does it, and says so in its own row; what is late and open is looked for anew
each night. A process that dies half-way begins again, and two replicas at the same time come to the same figures.
"""

import logging
from collections import Counter
from datetime import date
from functools import partial

from bot.clock import Clock
from bot.looks import Looks
from bot.unhurried import Unhurried
from cases import on_time
from cases.store import Store

_LOG = logging.getLogger("stafett.figures")

EVERY = 600.0  # seconds between looks at whether a new night has come


class Figures(Looks):
    """Counts once a night, and at the very first start, how many of the routine's limits were kept."""

    def __init__(self, store: Store, clock: Clock) -> None:
        super().__init__("figures", every=EVERY, log=_LOG, failed="not counted: %s")
        self._store, self._clock = store, clock
        self.unhurried = Unhurried(store, clock)

    async def look(self) -> bool:
        """Make the night's count, if it is time and not done yet; whether it was made."""
        now = self._clock.care()
        day = await self._store.run(lambda tx: on_time.day_to_count(tx, now))
        if day is None:
            return False
        counted = 0
        while batch := await self.unhurried.run(lambda tx: on_time.count_ended(tx, now)):
            counted += batch
        await self._late(day)
        _LOG.info("counted %d ended deadlines", counted)
        return True

    async def _late(self, day: date) -> None:
        now, late = self._clock.care(), Counter[on_time.Key]()
        after: int | None = 0
        while after is not None:
            found, after = await self.unhurried.run(partial(on_time.late_and_open, now=now, after=after))
            late.update(found)
        await self._store.run(lambda tx: on_time.finish(tx, late, day))
