"""The waker looks when it is told to, when something is due, and goes on after an error."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from reminders.waker import Waker

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
async def awake(look: Callable[[], Awaitable[datetime | None]]) -> AsyncIterator[Waker]:
    waker = Waker(look)
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
