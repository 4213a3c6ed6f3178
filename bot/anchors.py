"""Anchoring the account every hour, and writing each anchor in the log, so that a copy lies outside the database.

An anchor is one transaction. What has been added meanwhile is anchored by the next; two replicas that look at the same
time make one between them.
"""

import logging
import re
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from bot.clock import Clock
from bot.looks import Looks
from bot.unhurried import Unhurried
from cases import anchors
from cases.account_check import Outside
from cases.store import Store

_LOG = logging.getLogger("stafett.account")

EVERY = 60.0  # seconds
_LINE = "account anchor %s at %s over %s chains: %s"
_READ = re.compile(r"account anchor (\d{1,9}) at (\S{20,32}) over \d+ chains: ([a-p]{64})(?![a-p])")
# The log hides rows of digits that could be a personal number, so a hash stands in it without any: 0–9 are g–p.
_DIGITS, _LETTERS = "0123456789", "ghijklmnop"


class Anchors(Looks):
    """The loop of one process. It looks every minute whether it is time."""

    def __init__(self, store: Store, clock: Clock) -> None:
        super().__init__("anchors", every=EVERY, log=_LOG, failed="account not anchored: %s")
        self._store, self._clock, self.unhurried = store, clock, Unhurried(store, clock)

    async def look(self) -> int:
        """Make the anchors that are due; how many."""
        made = 0
        while True:
            begin = self._clock.steady()
            try:
                anchor = await self._store.run(lambda tx: anchors.make(tx, self._clock.care()))
            except IntegrityError:  # another replica has just made it
                return made
            if anchor is None:
                return made
            _LOG.info(_LINE, anchor.n, anchor.at.isoformat(timespec="seconds"), anchor.chains, in_letters(anchor.hash))
            made += 1
            if not anchor.more:
                return made
            await self.unhurried.rest(begin)


def read(lines: Iterable[str]) -> list[Outside]:
    """The anchors that stand in lines of the log, in either of its forms. Other lines are passed over."""
    found = []
    for line in lines:
        for n, at, letters in _READ.findall(line):
            hash_ = letters.translate(str.maketrans(_LETTERS, _DIGITS))
            found.append(Outside(n=int(n), at=datetime.fromisoformat(at), hash=hash_))
    return found


def in_letters(hash_: str) -> str:
    """A hash as the log has it."""
    return hash_.translate(str.maketrans(_DIGITS, _LETTERS))
