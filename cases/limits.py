"""Which limit a thread's cards and lists show: the next one to come, or the one that is late."""

from collections.abc import Iterable
from datetime import datetime

from cases.thread import Armed, ThreadNow


def limit_of(armed: Armed) -> datetime | None:
    return armed.soft_at or armed.hard_at


def nearest_limit(running: Iterable[Armed], now: datetime) -> Armed | None:
    """The deadline to show: the next limit to come; when all have passed, the one that is late, else the latest."""
    limits = [(limit, armed) for armed in running if (limit := limit_of(armed)) is not None]
    if len(limits) < 2:
        return limits[0][1] if limits else None
    coming = [pair for pair in limits if pair[0] >= now]
    late = [pair for pair in limits if pair[1].hard_at is not None and pair[1].hard_at < now]
    if late and not coming:
        return max(late, key=lambda pair: pair[0])[1]
    chosen = min(coming, key=lambda pair: pair[0], default=None) or max(limits, key=lambda pair: pair[0], default=None)
    return chosen[1] if chosen else None


def show_next_limit(thread: ThreadNow, now: datetime) -> None:
    """Let the thread say which limit its cards and lists show."""
    nearest = nearest_limit([armed for armed in thread.deadlines.values() if armed.status == "armed"], now)
    thread.due_step = nearest.step if nearest else None
    thread.due_soft = nearest.soft_at if nearest else None
    thread.due_hard = nearest.hard_at if nearest else None
