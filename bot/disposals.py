"""The nightly disposal of what has had its time, in small batches between other work.

Each batch is a transaction of its own and looks anew, so that a process which dies half-way, or two replicas at the
same time, leave nothing half done. That the night's work is finished is noted; until then it is gone on with.
"""

import logging
from collections import Counter
from datetime import date, time
from functools import partial

from sqlalchemy import Connection, insert, select, update

from bot.clock import Clock
from bot.looks import Looks
from bot.unhurried import Unhurried
from cases import disposal, retention
from cases import tables as t
from cases.record import Record
from cases.store import Store
from reminders.localtime import to_local

_LOG = logging.getLogger("stafett.disposals")

EVERY = 600.0  # seconds between looks at whether a new night has come
AT = time(2, 30)  # local: when few people press
_DONE = "disposed_on"  # in `setting`: the last local day whose work is finished
_SETTING = t.setting.c


class Disposals(Looks):
    """Disposes once a night of what may go, and says in the log how much stays past its time, and why."""

    def __init__(self, store: Store, record: Record, clock: Clock) -> None:
        super().__init__("disposals", every=EVERY, log=_LOG, failed="disposal stopped: %s")
        self._store, self._record, self._clock = store, record, clock
        self.unhurried = Unhurried(store, clock)

    async def look(self) -> int:
        """Do the night's work, if it is time and not done yet; how many rows went."""
        today = await self._store.run(self._day_to_do)
        if today is None:
            return 0
        rows = batches = 0
        while went := await self.unhurried.run(lambda tx: disposal.batch(tx, self._record, self._clock.care())):
            rows, batches = rows + went, batches + 1
        stays = await self._stays()
        await self._store.run(lambda tx: self._finish(tx, today))
        if rows:
            _LOG.info("disposed of %d rows in %d batches", rows, batches)
        for (kind, why), number in sorted(stays.items()):
            _LOG.info("kept past its time: %d of %s, %s", number, kind, why)
        return rows

    async def _stays(self) -> Counter[tuple[str, str]]:
        """What stays, counted by kind and reason: one heap at a time, so that nobody waits long."""
        stays: Counter[tuple[str, str]] = Counter()
        heaps = await self._store.run(lambda tx: list(retention.heaps(tx, self._record, self._clock.care())))
        for heap in heaps:
            found = await self._store.run(partial(retention.how_many_stay, heap=heap))
            stays.update({(heap.kind, why): number for why, number in found.items()})
        return stays

    def _day_to_do(self, tx: Connection) -> date | None:
        now = to_local(self._clock.care())
        done = tx.scalar(select(_SETTING.value).where(_SETTING.key == _DONE))
        is_done = done is not None and date.fromisoformat(done) >= now.date()
        return None if is_done or now.time() < AT else now.date()

    def _finish(self, tx: Connection, today: date) -> None:
        """Note that the day is done."""
        change = update(t.setting).where(_SETTING.key == _DONE).values(value=today.isoformat())
        if not tx.execute(change).rowcount:
            tx.execute(insert(t.setting).values(key=_DONE, value=today.isoformat()))
