"""Which lists have become due: worked out every minute, and put among the errands, once for each occasion.

What has been worked out is kept with the errands themselves, in one transaction: how far in care time it has been
looked, and the errands with their unique keys. A process that dies between two looks loses nothing, and two replicas
that look at the same time add the same errands, of which one of each is kept.
"""

import logging
from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import Connection, insert, select, update

from bot.clock import Clock
from bot.looks import Looks
from cases import errands
from cases import tables as t
from cases.errands import LIST
from cases.record import Record
from cases.store import Store
from dialogs.lists_sent import occasions

_LOG = logging.getLogger("stafett.occasions")

EVERY = 60.0  # seconds
_SEEN = "lists_seen_until"
_SETTING = t.setting.c


class Occasions(Looks):
    """`added` is called when there is something to do. Lists come at the latest `every` seconds after their time."""

    def __init__(self, store: Store, record: Record, clock: Clock, *, added: Callable[[], None]) -> None:
        super().__init__("occasions", every=EVERY, log=_LOG, failed="lists not looked for: %s")
        self._store, self._record, self._clock, self._added = store, record, clock, added

    async def look(self) -> int:
        """Put what has become due since the last look among the errands; how many are new."""
        new = await self._store.run(self._add)
        if new:
            self._added()
        return new

    def _add(self, tx: Connection) -> int:
        now = self._clock.care()
        seen = _seen_until(tx)
        if seen is not None and now <= seen:
            return 0
        _note(tx, now, is_first=seen is None)
        if seen is None:  # the first look of all: nothing was promised before it
            return 0
        found = occasions(tx, self._record.scene(tx), seen, now)
        return sum(
            errands.add(
                tx, kind=LIST, key=one.key, not_before=one.at, person_id=one.person_id, unit_id=one.unit_id,
                what=one.what,
            )
            for one in found
        )  # fmt: skip


def _seen_until(tx: Connection) -> datetime | None:
    found = tx.scalar(select(_SETTING.value).where(_SETTING.key == _SEEN))
    return datetime.fromisoformat(found).astimezone(UTC) if found else None


def _note(tx: Connection, now: datetime, *, is_first: bool) -> None:
    """How far it has been looked. Replicas that note at once both look, and add the same."""
    text = now.astimezone(UTC).isoformat(timespec="microseconds")
    changed = tx.execute(
        update(t.setting).where(_SETTING.key == _SEEN, _SETTING.value < text).values(value=text)
    ).rowcount
    if is_first and not changed:
        tx.execute(insert(t.setting).values(key=_SEEN, value=text))
