"""In front of Teams: a bucket for the tenant, part of it kept for what is urgent, and four windows a conversation.

Teams' limits per bot and conversation are 7 in 1 s, 8 in 2 s, 60 in 30 s and 1800 in an hour, all at once, and about 50
requests a second for the tenant. Somewhat less is used: people's own presses make the bot post too. Teams' answer 429
does not say which limit was reached, so several conversations that are throttled at nearly the same time are taken as
the tenant's limit, and everything slows down.

Times are seconds on the steady clock: a clock that somebody sets must neither open nor close a limit.
"""

from collections import OrderedDict, deque
from dataclasses import dataclass, field
from threading import Lock

from cases.lanes import Room

# (calls, seconds): what is used of Teams' own windows, and how much of that is left for the urgent alone.
_WINDOWS = ((6, 1.0, 1), (7, 2.0, 1), (56, 30.0, 4), (1780, 3600.0, 30))
_LONGEST = _WINDOWS[-1]
_TENANT, _SAVED = 36.0, 12.0  # calls a second, and as many saved up: together less than 50 in any second
_FOR_URGENT = 0.5  # of what is saved up
_HANDFUL = 8
_KEPT = 10_000  # conversations remembered

_TOGETHER = 5.0  # seconds; throttled conversations within this are one matter
_SEVERAL = 3
_RECOVERS = 30.0  # seconds for each doubling of the pace after the tenant was throttled
_SLOWEST = 1 / 16


@dataclass(kw_only=True)
class Conversation:
    """When the latest calls were made, and until when Teams wants none."""

    calls: deque[float] = field(default_factory=lambda: deque(maxlen=_LONGEST[0]))
    closed_until: float = 0.0

    def wait(self, now: float, *, urgent: bool) -> float:
        """How long until a call is within every window."""
        longest = max(self.closed_until - now, 0.0)
        for most, seconds, kept in _WINDOWS:
            allowed = most if urgent else most - kept
            if len(self.calls) >= allowed:
                # The call that must have left the window before there is room for one more.
                longest = max(longest, self.calls[-allowed] + seconds - now)
        return longest


class Throttle:
    """What this process may send now. Transactions in several threads may ask at once."""

    def __init__(self, now: float) -> None:
        self._tokens, self._at = _SAVED, now
        self._replicas = 1
        self._pace, self._slowed_at = 1.0, now
        self._closed_until: float = 0.0
        self._throttled: deque[tuple[float, str]] = deque(maxlen=64)
        self._conversations: OrderedDict[str, Conversation] = OrderedDict()
        self._lock = Lock()

    # --- the tenant ---------------------------------------------------------------------------------------------

    def divide(self, replicas: int) -> None:
        """So many processes send for the tenant: each takes its part."""
        self._replicas = max(replicas, 1)

    @property
    def rate(self) -> float:
        """Calls a second that this process may make."""
        return _TENANT * self._pace / self._replicas

    def room(self, now: float) -> Room:
        """How many messages the tenant's limit allows now: there is no use in claiming more."""
        with self._lock:
            self._fill(now)
            if now < self._closed_until:
                return Room.of(0)
            return Room(all=max(int(self._tokens), 0), other=max(int(self._tokens - self._kept), 0))

    def pause(self, now: float, *, urgent: bool) -> float:
        """How long until there is room: for an urgent message one is enough, of others a handful go together."""
        with self._lock:
            self._fill(now)
            wanted = 1.0 if urgent else min(_HANDFUL, self._size - self._kept) + self._kept
            return max(self._closed_until - now, (wanted - self._tokens) / self.rate, 0.0)

    @property
    def _size(self) -> float:
        return max(_SAVED / self._replicas, 2.0)

    @property
    def _kept(self) -> float:
        return self._size * _FOR_URGENT

    def _fill(self, now: float) -> None:
        """Count what has been saved up until now."""
        while self._pace < 1 and now - self._slowed_at >= _RECOVERS:
            self._pace, self._slowed_at = min(self._pace * 2, 1.0), self._slowed_at + _RECOVERS
        elapsed = max(now - self._at, 0.0)
        self._tokens = min(self._size, self._tokens + elapsed * self.rate)
        self._at = now

    # --- a conversation -----------------------------------------------------------------------------------------

    def wait(self, conversation_id: str, now: float, *, urgent: bool) -> float:
        """Zero when a message may go in this conversation now, and it is counted; else how long it must wait."""
        with self._lock:
            longest = self._conversation(conversation_id).wait(now, urgent=urgent)
            if longest <= 0:
                self._spend(conversation_id, now)
            return longest

    def spend(self, conversation_id: str, now: float) -> None:
        """A call that is made whatever the limits say counts as well."""
        with self._lock:
            self._spend(conversation_id, now)

    def _spend(self, conversation_id: str, now: float) -> None:
        self._fill(now)
        self._tokens -= 1
        self._conversation(conversation_id).calls.append(now)

    def hold(self, conversation_id: str, until: float, now: float) -> bool:
        """Teams has asked for a pause in this conversation: nothing is sent there until then.

        Whether this was taken as the tenant's limit, so that everything has slowed down.
        """
        with self._lock:
            own = self._conversation(conversation_id)
            own.closed_until = max(own.closed_until, until)
            self._throttled.append((now, conversation_id))
            lately = {who for at, who in self._throttled if now - at <= _TOGETHER}
            if len(lately) < _SEVERAL:
                return False
            self._throttled.clear()
            self._pace, self._slowed_at = max(self._pace / 2, _SLOWEST), now
            self._tokens = min(self._tokens, 0.0)
            self._closed_until = max(self._closed_until, min(until, now + _RECOVERS))
            return True

    def _conversation(self, conversation_id: str) -> Conversation:
        found = self._conversations.pop(conversation_id, None) or Conversation()
        self._conversations[conversation_id] = found
        while len(self._conversations) > _KEPT:
            self._conversations.popitem(last=False)
        return found


class Unlimited(Throttle):
    """For a far side that takes everything at once, such as a terminal; it may still ask for a pause."""

    def room(self, now: float) -> Room:
        return Room.of(1_000)

    def wait(self, conversation_id: str, now: float, *, urgent: bool) -> float:
        return max(self._conversation(conversation_id).closed_until - now, 0.0)
