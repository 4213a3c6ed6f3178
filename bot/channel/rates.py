"""How often somebody may ask: a bucket each, which holds a minute's worth and fills again evenly.

What is due to a person's own haste never empties it: the buckets stop programmes that have run wild, not people.
"""

import math
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime

from aiohttp import web

# On a request: whether the log is spared it, since whoever sent it has been refused too often of late.
HUSHED = web.RequestKey("hushed", bool)

_KEPT = 10_000  # of whom a bucket is kept; whoever has not asked for the longest time has a full one anyway


class Buckets:
    """A bucket for each key. `now` gives the machine's time (aware); set backwards it neither fills nor empties."""

    def __init__(self, per_minute: int, now: Callable[[], datetime]) -> None:
        self._most, self._now = per_minute, now
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()  # how much, and when that was so

    def take(self, key: str) -> int:
        """Take one: 0, or whole seconds until there is one to take."""
        left, now = self._filled(key)
        wait = 0 if left >= 1 else math.ceil((1 - left) * 60 / self._most)
        self._left[key] = (left if wait else left - 1, now)
        self._left.move_to_end(key)
        if len(self._left) > _KEPT:
            self._left.popitem(last=False)
        return wait

    def is_empty(self, key: str) -> bool:
        """Whether there is none to take now."""
        return self._filled(key)[0] < 1

    def _filled(self, key: str) -> tuple[float, float]:
        now = self._now().timestamp()
        left, at = self._left.get(key, (float(self._most), now))
        return min(float(self._most), left + max(now - at, 0.0) * self._most / 60), now
