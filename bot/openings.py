"""What is opened ahead of time: each week's meeting of a series, and each month's claim. Looked for every minute.

The looking and the opening are one transaction, and each opening has a key of its own that is unique: a process that
dies between two looks loses nothing, and two replicas that look at the same time open the same things once.
"""

import logging
from collections.abc import Callable
from functools import partial

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from bot.clock import Clock
from bot.looks import Looks
from cases.record import Record
from cases.store import Store
from dialogs.supervision_openings import Step, steps

_LOG = logging.getLogger("stafett.openings")

EVERY = 60.0  # seconds


class Openings(Looks):
    """`opened` is called when there is something to send. What is due is opened at the latest `every` seconds later."""

    def __init__(self, store: Store, record: Record, clock: Clock, *, opened: Callable[[], None]) -> None:
        super().__init__("openings", every=EVERY, log=_LOG, failed="openings not looked for: %s")
        self._store, self._record, self._clock, self._opened = store, record, clock, opened

    async def look(self) -> int:
        """Open what has become due; how many threads have been opened or told of a new sum.

        Each one is a transaction of its own: what cannot be opened must not hold up the rest.
        """
        found = await self._store.run(lambda tx: steps(tx, self._record.scene(tx), self._clock.care()))
        done = 0
        for step in found:
            try:
                done += await self._store.run(partial(self._take, step))
            except IntegrityError:
                continue  # another replica has just opened it
            except Exception as fault:  # the next look tries it again
                _LOG.error("not opened: %s, %s", step.key, type(fault).__name__)
        if done:
            self._opened()
        return done

    def _take(self, step: Step, tx: Connection) -> int:
        return int(step.take(tx, self._record, self._clock.care(), self._clock.machine()))
