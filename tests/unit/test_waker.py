"""The waker looks when it is told to, when something is due, and goes on after an error."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from reminders.localtime import to_utc
from reminders.waker import SAFETY, Waker

PAST = datetime(2020, 1, 1, tzinfo=UTC)
FAR = datetime(2090, 1, 1, tzinfo=UTC)
PATIENCE = 20  # seconds; only a broken waker takes them


class Looks:
    """Counts the looks; each answers with the next instant of a list, then with none."""

    def __init__(self, *answers: datetime | Exception | None) -> None:
        self._answers = list(answers)
        self.count = 0
        self._looked = asyncio.Condition()

    async def __call__(self) -> datetime | None:
        self.count += 1
        async with self._looked:
            self._looked.notify_all()
        answer = self._answers.pop(0) if self._answers else None
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def reach(self, count: int) -> None:
        async with asyncio.timeout(PATIENCE), self._looked:
            await self._looked.wait_for(lambda: self.count >= count)


@asynccontextmanager
async def awake(look: Callable[[], Awaitable[datetime | None]], safety: timedelta = SAFETY) -> AsyncIterator[Waker]:
    waker = Waker(look, safety)
    waker.start()
    try:
        yield waker
    finally:
        await waker.stop()


async def test_it_looks_at_start_and_when_nudged() -> None:
    looks = Looks()
    async with awake(looks) as waker:
        await looks.reach(1)
        waker.nudge()
        await looks.reach(2)


async def test_it_looks_when_the_next_deadline_is_due() -> None:
    looks = Looks(PAST)  # due already when it is aimed at: it fires at once, however late
    async with awake(looks):
        await looks.reach(2)


async def test_something_earlier_than_the_aim_is_not_waited_for() -> None:
    looks = Looks(FAR, FAR)
    async with awake(looks) as waker:
        await looks.reach(1)
        waker.expect(FAR + timedelta(days=1))  # later than the aim: nothing changes
        waker.expect(PAST)
        await looks.reach(2)


async def test_an_error_does_not_end_the_watch() -> None:
    looks = Looks(RuntimeError("the database is away"))
    async with awake(looks) as waker:
        await looks.reach(1)
        waker.nudge()
        await looks.reach(2)


async def test_what_is_armed_while_it_looks_is_not_forgotten() -> None:
    started, go_on = asyncio.Event(), asyncio.Event()
    looks = Looks(FAR)

    async def look() -> datetime | None:
        if looks.count == 0:
            started.set()
            await go_on.wait()  # it has read the record, and does not know of what is armed now
        return await looks()

    async with awake(look) as waker:
        async with asyncio.timeout(PATIENCE):
            await started.wait()
        waker.expect(PAST)
        go_on.set()
        await looks.reach(2)


async def settled() -> None:
    """Let every task that can go on do so."""
    for _ in range(20):
        await asyncio.sleep(0)


@pytest.mark.parametrize("step", [-3600, 3600], ids=["set back an hour", "set forward an hour"])
async def test_a_clock_that_is_set_makes_nothing_later_than_the_safety_interval(step: int) -> None:
    """The aim was a minute ahead. Set back, it would be missed by an hour; set forward, it is overdue already."""
    start = datetime(2026, 11, 16, 8, tzinfo=UTC)
    looks = Looks(start + timedelta(minutes=1), start + timedelta(minutes=1))
    with time_machine.travel(start, tick=True) as machine:
        async with awake(looks, safety=timedelta(milliseconds=50)):
            await looks.reach(1)
            machine.shift(step)
            await looks.reach(4)


@pytest.mark.parametrize(
    ("before", "due", "early", "late"),
    [
        ("2026-03-29T00:59:00", "2026-03-29T03:30:00", "2026-03-29T01:29:59", "2026-03-29T01:30:00"),
        ("2026-10-25T00:00:00", "2026-10-25T02:30:00", "2026-10-25T00:29:59", "2026-10-25T00:30:00"),
    ],
    ids=["summer time begins", "summer time ends"],
)
async def test_on_the_nights_when_the_hour_changes_it_aims_at_the_instant(
    before: str, due: str, early: str, late: str
) -> None:
    """The local time that is missing or doubled is only a name: the aim is an instant, and is hit on it."""
    instant = to_utc(datetime.fromisoformat(due))
    assert instant == datetime.fromisoformat(late).replace(tzinfo=UTC)
    looks = Looks(instant)
    with time_machine.travel(datetime.fromisoformat(before).replace(tzinfo=UTC), tick=False) as machine:
        async with awake(looks) as waker:
            await looks.reach(1)
            await settled()
            machine.move_to(datetime.fromisoformat(early).replace(tzinfo=UTC))
            waker._scheduler.wakeup()
            await settled()
            assert looks.count == 1, "not a second early"
            machine.move_to(instant)
            waker._scheduler.wakeup()
            await looks.reach(2)
