"""Group commit: transactions that wait for the one writer of a SQLite file share one commit, each in its own savepoint.

A commit waits for the disk, and a change of thread costs as much as a small transaction. When several wait, they are
done one after the other in one transaction; each is told its result only after the common commit. One that fails is
rolled back alone. Nobody waits for others to come: a single transaction is committed at once.
"""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import dataclass
from threading import Lock
from typing import Any

from sqlalchemy import Connection

from cases.statements import told

Work = Callable[[Connection], Any]
Transaction = Callable[[Work], Any]

_TOGETHER = 64


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of a piece of work: its value, or the error that rolled it back."""

    value: Any = None
    error: BaseException | None = None


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A piece of work, and who waits for it in which loop."""

    work: Work
    future: asyncio.Future[Any]
    loop: asyncio.AbstractEventLoop


class GroupCommit:
    """`transaction` runs a piece of work and commits it; `executor` has the one thread that may."""

    def __init__(self, transaction: Transaction, executor: Executor) -> None:
        self._transaction, self._executor = transaction, executor
        self._lock = Lock()
        self._queue: list[Waiting] = []
        self._busy = False

    async def run(self, work: Work) -> Any:
        """The result of the work, once it is on disk. Raises whatever the work raised."""
        loop = asyncio.get_running_loop()
        waiting = Waiting(work=work, future=loop.create_future(), loop=loop)
        with self._lock:
            self._queue.append(waiting)
            start, self._busy = not self._busy, True
        if start:
            self._start()
        return await waiting.future

    def _start(self) -> None:
        """Set the writer to work. If it cannot, all who wait are told, and whoever comes next starts anew."""
        try:
            self._executor.submit(self._work_off)
        except BaseException as error:
            with self._lock:
                left, self._queue, self._busy = self._queue, [], False
            _tell_all(left, [Outcome(error=error)] * len(left))

    def _work_off(self) -> None:
        while True:
            with self._lock:
                batch, self._queue = self._queue[:_TOGETHER], self._queue[_TOGETHER:]
                self._busy = bool(batch)
            if not batch:
                return
            _tell_all(batch, self._done([waiting.work for waiting in batch]))

    def _done(self, works: Sequence[Work]) -> list[Outcome]:
        if len(works) > 1:
            try:
                together: list[Outcome] = self._transaction(lambda tx: [_in_savepoint(tx, work) for work in works])
            except BaseException:  # nothing of the group is on disk: each is done again, alone, and meets its own fate
                return [self._alone(work) for work in works]
            return together
        return [self._alone(work) for work in works]

    def _alone(self, work: Work) -> Outcome:
        try:
            return Outcome(value=self._transaction(work))
        except BaseException as error:
            return Outcome(error=error)


def _in_savepoint(tx: Connection, work: Work) -> Outcome:
    told(tx, "SAVEPOINT one")
    try:
        value = work(tx)
    except BaseException as error:
        told(tx, "ROLLBACK TO one")
        told(tx, "RELEASE one")
        return Outcome(error=error)
    told(tx, "RELEASE one")
    return Outcome(value=value)


def _tell_all(batch: Sequence[Waiting], outcomes: Sequence[Outcome]) -> None:
    for loop in {waiting.loop for waiting in batch}:
        _tell(loop, [pair for pair in zip(batch, outcomes, strict=True) if pair[0].loop is loop])


def _tell(loop: asyncio.AbstractEventLoop, pairs: list[tuple[Waiting, Outcome]]) -> None:
    """Give the results over in the loop's own thread. A loop that has ended has nobody waiting."""

    def settle() -> None:
        for waiting, outcome in pairs:
            if waiting.future.done():
                continue
            if outcome.error is not None:
                waiting.future.set_exception(_settable(outcome.error))
            else:
                waiting.future.set_result(outcome.value)

    with suppress(RuntimeError):  # closed, perhaps at this very moment
        loop.call_soon_threadsafe(settle)


def _settable(error: BaseException) -> BaseException:
    """A future takes every error but StopIteration, which would end the coroutine that waits for it."""
    if not isinstance(error, StopIteration):
        return error
    converted = RuntimeError("the work raised StopIteration")
    converted.__cause__ = error
    return converted
