"""Token buckets in front of Teams: one for the tenant, one for each conversation."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

# Teams' own limits per bot and conversation (7 in one second, 1800 in an hour) and per tenant (50 in one second),
# with room to spare for what people's own presses make the bot post.
_CONVERSATION = (0.5, 6.0)
_TENANT = (40.0, 40.0)
_HANDFUL = 8
_KEPT = 10_000


@dataclass(kw_only=True)
class Bucket:
    """`rate` tokens a second, at most `size` saved up."""

    rate: float
    size: float
    tokens: float
    at: datetime
    closed_until: datetime | None = None

    def wait(self, now: datetime) -> timedelta:
        """Take a token; how long to wait until it may be used."""
        self.fill(now)
        self.tokens -= 1
        return timedelta(seconds=max(-self.tokens / self.rate, 0.0))

    def give_back(self) -> None:
        self.tokens += 1

    def fill(self, now: datetime) -> None:
        """Count what has been saved up until now."""
        elapsed = max((now - self.at).total_seconds(), 0.0)
        self.tokens = min(self.size, self.tokens + elapsed * self.rate)
        self.at = now


class Throttle:
    """Both buckets at once. Machine time in UTC."""

    def __init__(self, now: datetime) -> None:
        self._tenant = Bucket(rate=_TENANT[0], size=_TENANT[1], tokens=_TENANT[1], at=now)
        self._conversations: OrderedDict[str, Bucket] = OrderedDict()

    def wait(self, conversation_id: str, now: datetime) -> timedelta:
        """Zero when a message may go now and its tokens are taken; else how long it must wait, nothing taken."""
        own = self._bucket(conversation_id, now)
        if own.closed_until is not None and own.closed_until > now:
            return own.closed_until - now
        longest = max(own.wait(now), self._tenant.wait(now))
        if longest:
            own.give_back()
            self._tenant.give_back()
        return longest

    def hold(self, conversation_id: str, until: datetime, now: datetime) -> None:
        """Teams has asked for a pause in this conversation: nothing is sent there until then."""
        self._bucket(conversation_id, now).closed_until = until

    def free(self, now: datetime) -> int:
        """How many messages the tenant's limit allows now: there is no use in claiming more."""
        self._tenant.fill(now)
        return max(int(self._tenant.tokens), 0)

    def pause(self, now: datetime) -> timedelta:
        """How long to hold back when the tenant's limit is reached: until a handful may go together."""
        self._tenant.fill(now)
        if self._tenant.tokens >= 1:
            return timedelta()
        return timedelta(seconds=(_HANDFUL - self._tenant.tokens) / self._tenant.rate)

    def _bucket(self, conversation_id: str, now: datetime) -> Bucket:
        found = self._conversations.pop(conversation_id, None)
        if found is None:
            found = Bucket(rate=_CONVERSATION[0], size=_CONVERSATION[1], tokens=_CONVERSATION[1], at=now)
        self._conversations[conversation_id] = found
        while len(self._conversations) > _KEPT:
            self._conversations.popitem(last=False)
        return found
