"""Work on the record that is in no hurry: batch by batch, at rest for most of the time.

What there is to count, anchor or dispose of is little on a common day. At a start after an upgrade, or after a long
stop, it may be millions of rows, and neither a deadline nor a person's press is to wait for that.
"""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection

from bot.clock import Clock
from cases.store import Store

T = TypeVar("T")

_SHARE = 0.05  # the part of the time that such work takes
_BREATH = 0.05  # seconds between two batches, at the least


class Unhurried:
    """Runs one batch and then rests. `share` is the part of the time that batches may take, `breath` the shortest rest
    in seconds."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock
        self.share, self.breath = _SHARE, _BREATH

    async def run(self, work: Callable[[Connection], T]) -> T:
        """The batch's own answer, given when it has been rested for.

        Raises: whatever the batch raises, at once.
        """
        begin = self._clock.steady()
        done = await self._store.run(work)
        await self.rest(begin)
        return done

    async def rest(self, since: float) -> None:
        """Rest for a batch that was begun at `since`, in seconds of the clock that never steps."""
        took = self._clock.steady() - since
        await asyncio.sleep(max(self.breath, took * (1 / self.share - 1)))

    def in_haste(self) -> None:
        """Without rest, where nobody waits for anything else."""
        self.share, self.breath = 1.0, 0.0
