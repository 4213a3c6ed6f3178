"""What keeps us from asking Graph too much, and from asking at all while it is away.

Outlook takes four requests at once of an app for a mailbox; several processes share them. After a few faults in a row
nobody asks for a while, then one of us tries: a Graph that is away is not made worse, and whoever asks hears at once.
Times are seconds on the steady clock.
"""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

_MAILBOX = 4
_ALL = 16  # at once, by this process
_KEPT = 2_000  # mailboxes remembered

_FAULTS = 5  # in a row, until nobody asks
_PAUSE, _LONGEST = 15.0, 120.0


@dataclass(kw_only=True)
class Breaker:
    """Opens after some faults in a row; then one call at a time may try, and each failure doubles the pause."""

    faults: int = 0
    closed_until: float = 0.0
    pause: float = _PAUSE
    _tries: bool = False

    @property
    def is_open(self) -> bool:
        """Whether Graph is taken to be away."""
        return self.faults >= _FAULTS

    def enter(self, now: float) -> float:
        """Zero when a call may be made; else how long until asking again makes sense."""
        if not self.is_open:
            return 0.0
        if now < self.closed_until:
            return self.closed_until - now
        if self._tries:
            return 1.0
        self._tries = True
        return 0.0

    def leave(self, now: float, *, good: bool | None) -> None:
        """What came of it; None when that is not known, as of a call that its caller gave up."""
        self._tries = False
        if good is None:
            return
        if good:
            self.faults, self.pause = 0, _PAUSE
            return
        if self.is_open:
            self.pause = min(self.pause * 2, _LONGEST)
        self.faults += 1
        if self.is_open:
            self.closed_until = now + self.pause


@dataclass(kw_only=True)
class _Mailbox:
    places: asyncio.Semaphore
    held_until: float = 0.0
    users: int = 0


@dataclass(kw_only=True)
class Limits:
    """Places for calls, and the pauses that Graph has asked for."""

    replicas: int = 1
    _all: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_ALL))
    _mailboxes: OrderedDict[str, _Mailbox] = field(default_factory=OrderedDict)
    _held_until: float = 0.0

    def wait(self, mailbox: str | None, now: float) -> float:
        """How long Graph wants no call for this mailbox; it may have asked for all of us."""
        own = self._mailboxes.get(mailbox or "")
        return max(self._held_until - now, own.held_until - now if own else 0.0, 0.0)

    def hold(self, mailbox: str | None, until: float) -> None:
        """Graph has asked for a pause. One that came of no mailbox is for everything we ask."""
        if mailbox is None:
            self._held_until = max(self._held_until, until)
        else:
            own = self._mailbox(mailbox)
            own.held_until = max(own.held_until, until)

    @asynccontextmanager
    async def place(self, mailbox: str | None) -> AsyncIterator[None]:
        """Wait for a place, first for the mailbox, so that one that is slow keeps no place from the others."""
        if mailbox is None:
            async with self._all:
                yield
            return
        own = self._mailbox(mailbox)
        own.users += 1
        try:
            async with own.places, self._all:
                yield
        finally:
            own.users -= 1

    def _mailbox(self, name: str) -> _Mailbox:
        own = self._mailboxes.get(name)
        if own is None:
            own = _Mailbox(places=asyncio.Semaphore(max(_MAILBOX // self.replicas, 1)))
            self._mailboxes[name] = own
        self._mailboxes.move_to_end(name)
        if len(self._mailboxes) > _KEPT:
            oldest = next(iter(self._mailboxes))
            if not self._mailboxes[oldest].users:
                del self._mailboxes[oldest]
        return own
