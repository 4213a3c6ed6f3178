"""Firing the deadlines that are due: together as long as that goes well, and one at a time around a bad one."""

import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.clock import Clock
from bot.metrics import Metrics
from bot.pace import Pace
from cases.record import Record
from cases.store import Store
from reminders.deadlines import DueRow, claim_due, next_due, postpone

_LOG = logging.getLogger("stafett")

HELD = timedelta(milliseconds=250)  # what is due already is held by another replica, or by a turn: not for long


@dataclass(kw_only=True)
class Firing:
    """What the waker does when a deadline has come."""

    store: Store
    record: Record
    clock: Clock
    metrics: Metrics
    pace: Pace = field(default_factory=Pace)

    async def due(self) -> int:
        """Fire what is due, all at once; should that fail, one row at a time, so that only the bad one waits.

        0 when there is nothing left but what is held by somebody else. What was put off has made way for the rest.
        """
        try:
            rows, fired, moved = await self.store.run(self._together)
            if fired:
                self.metrics.fired(rows, self.clock.care())
            return fired or int(moved)
        except Exception as error:  # whatever it was, nothing has been written
            _LOG.error("due deadlines not written together: %s", type(error).__name__)
        rows = await self.store.run(lambda tx: claim_due(tx, self.clock.care(), self.pace.size))
        return sum([await self._alone(row) for row in rows])

    async def following(self) -> datetime | None:
        """When the next deadline is, as this machine's own clock will show it; None when there is none."""
        following = await self.store.run(next_due)
        if following is None:
            return None
        return self.clock.alarm_for(max(following, self.clock.care() + HELD))

    async def _alone(self, row: DueRow) -> int:
        """Whether the row is still due is asked again under the thread's lock."""
        try:
            return await self.store.run(lambda tx: self.record.fire(tx, [row], self.clock.care(), self.clock.machine()))
        except Exception as error:
            _LOG.error("deadline %s of thread %s put off: %s", row.id, row.thread_id, type(error).__name__)
            self.metrics.put_off()
            await self.store.run(lambda tx: postpone(tx, row, self.clock.care()))
            return 1

    def _together(self, tx: Connection) -> tuple[list[DueRow], int, bool]:
        """The rows claimed, how many fired, and whether any of them is no longer in the way."""
        now, begin, most = self.clock.care(), self.clock.steady(), self.pace.size
        rows = claim_due(tx, now, most)
        fired = self.record.fire(tx, rows, now, self.clock.machine()) if rows else 0
        self.pace.took(len(rows), self.clock.steady() - begin)
        return rows, fired, bool(rows) and (fired > 0 or claim_due(tx, now, most) != rows)
