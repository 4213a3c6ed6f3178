"""Errors planted in a server on order, so that the harness is known to see them.

Each is a mistake somebody could make, put in from outside: the code that runs is otherwise Stafett's own.
"""

import asyncio
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, event, text, update

from cases import outbox, statements, write
from cases import tables as t
from cases.statements import Statement

Kinds = set[str]

TELLING = 0.03  # seconds: an answer's way to the person
LONGEST_HOLD = 1.0
SWEEP = 0.2
SHORT_LEASE = 0.3  # shorter than a slow answer


class Watch:
    """What the transaction under way in this thread has done so far."""

    def __init__(self, house: Any) -> None:
        self._own = threading.local()
        statements.watchers.append(lambda statement, _values: self._saw(statement))
        event.listen(
            house.store.engine, "before_cursor_execute", lambda _tx, _cursor, statement, *_: self._saw(statement)
        )

    def begin(self) -> None:
        self._own.kinds = set()

    @property
    def kinds(self) -> Kinds:
        found: Kinds = getattr(self._own, "kinds", set())
        return found

    def _saw(self, statement: str) -> None:
        if statement.startswith("INSERT INTO log"):
            self.kinds.add("signal")
        elif statement.startswith("UPDATE outbox") and "attempts +" in statement:
            self.kinds.add("claim")


def commit_after_send(house: Any) -> None:
    """The claim is committed only when everything it sends has been answered."""
    calls = Calls(house.door)
    _tell_early(house, "claim", calls.wait)


def told_before_commit(house: Any) -> None:
    """Whoever pressed has the answer while the transaction is still open."""
    _tell_early(house, "signal", lambda: time.sleep(TELLING))


def outbox_in_second_transaction(house: Any) -> None:
    """State and log first; the messages in a transaction of their own."""
    store, original, later = house.store, write._outbox, threading.local()
    transaction = store.transaction
    write._outbox = lambda tx, *rest: later.rows.append(rest)

    def two(work: Callable[[Connection], Any]) -> Any:
        later.rows = []
        value = transaction(work)
        rows, later.rows = later.rows, []
        if rows:
            transaction(lambda tx: [original(tx, *rest) for rest in rows])
        return value

    store.transaction = two


def marked_before_send(house: Any) -> None:
    """A claimed message counts as sent at once; its id is filled in when the answer has come."""
    box = t.outbox.c
    outbox._SENT = Statement(update(t.outbox).where(box.id == bindparam("row")).values(outbox._END))
    watch, transaction = Watch(house), house.store.transaction
    mark = text("UPDATE outbox SET status = 'sent' WHERE status = 'waiting' AND claimed_until IS NOT NULL")

    def marking(work: Callable[[Connection], Any]) -> Any:
        def watched(tx: Connection) -> Any:
            watch.begin()
            value = work(tx)
            if "claim" in watch.kinds:
                tx.execute(mark)
            return value

        return transaction(watched)

    house.store.transaction = marking


def shorter_lease(house: Any) -> None:
    """The lease runs out while a slow answer is still on its way."""
    house.outbox._lease = timedelta(seconds=SHORT_LEASE)


def no_check_after_freeze(house: Any) -> None:
    """A job that was claimed long ago is sent all the same."""
    house.outbox._dispatch._fresh = float("inf")


def resend_without_recheck(house: Any) -> None:
    """What has been out for a moment is taken back, without a look at its lease, and sent again."""
    free = text("UPDATE outbox SET claimed_until = NULL WHERE status = 'waiting' AND claimed_until IS NOT NULL")

    async def sweep() -> None:
        while True:
            await asyncio.sleep(SWEEP)
            await house.store.run(lambda tx: tx.execute(free))
            house.outbox.nudge()

    house.sweeping = asyncio.ensure_future(sweep())


def _tell_early(house: Any, kind: str, hold: Callable[[], None]) -> None:
    """A transaction of this kind hands over its result before it is committed, and is held open for a while."""
    store, watch = house.store, Watch(house)

    async def run(work: Callable[[Connection], Any]) -> Any:
        loop = asyncio.get_running_loop()
        told: asyncio.Future[Any] = loop.create_future()

        def early(tx: Connection) -> Any:
            watch.begin()
            value = work(tx)
            if kind in watch.kinds:
                loop.call_soon_threadsafe(_settle, told, value, None)
                hold()
            return value

        whole = loop.run_in_executor(store._threads, store.transaction, early)
        whole.add_done_callback(
            lambda done: _settle(told, None if done.exception() else done.result(), done.exception())
        )
        return await told

    store.run = run


def _outcome(done: "asyncio.Future[Any]") -> tuple[Any, BaseException | None]:
    error = done.exception()
    return (None, error) if error else (done.result(), None)


def _settle(told: "asyncio.Future[Any]", value: Any, error: BaseException | None) -> None:
    if told.done():
        return
    if error is None:
        told.set_result(value)
    else:
        told.set_exception(error)


class Calls:
    """The calls to the connector that are under way."""

    def __init__(self, door: Any) -> None:
        self._news, self._begun, self._ended = threading.Condition(), 0, 0
        for name in ("send", "update"):
            setattr(door, name, self._counted(getattr(door, name)))

    def wait(self) -> None:
        """Until calls have begun and all of them have ended, if they do."""
        with self._news:
            before = self._begun
            self._news.wait_for(lambda: self._begun > before and self._begun == self._ended, LONGEST_HOLD)

    def _counted(self, call: Any) -> Any:
        async def counted(*args: Any, **kwargs: Any) -> Any:
            self._count(begun=1)
            try:
                return await call(*args, **kwargs)
            finally:
                self._count(ended=1)

        return counted

    def _count(self, *, begun: int = 0, ended: int = 0) -> None:
        with self._news:
            self._begun, self._ended = self._begun + begun, self._ended + ended
            self._news.notify_all()


PLANTS: dict[str, Callable[[Any], None]] = {
    one.__name__: one
    for one in (
        commit_after_send, told_before_commit, outbox_in_second_transaction, marked_before_send, shorter_lease,
        resend_without_recheck, no_check_after_freeze,
    )
}  # fmt: skip


def plant(name: str, house: Any) -> None:
    """Put an error in. Raises: KeyError for one we do not have."""
    if name:
        PLANTS[name](house)
