"""Errors planted on purpose, one at a time and by name, each a small change of Stafett's own code for a while.

A simulation that finds none of them shows nothing. A plant that can no longer be put in raises AttributeError.
"""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from apscheduler.triggers.date import DateTrigger
from sqlalchemy import update

from bot.channel.errors import Throttled
from bot.delivery import dispatch as dispatch_room
from bot.delivery.batch import Batches
from bot.delivery.dispatch import Dispatch
from bot.outbox import Outbox
from bot.turn import Turns
from cases import outbox as outbox_room
from cases import tables as t
from cases import write as write_room
from cases.flow import Flow
from cases.store import Store
from reminders.waker import Waker
from simulation.ordeals import (
    AsleepWhenDue,
    CommitsFail,
    DatabaseAway,
    DiesWithAMove,
    FreezesWithAClaim,
    Ordeal,
    SlowTeams,
)
from simulation.swap import swapped

Put = Callable[[], AbstractContextManager[Any]]


@dataclass(frozen=True, kw_only=True)
class Plant:
    """`expects` is the invariant that it breaks, and `seed` one of the runs in which that is soon seen: in any weather,
    or in the `ordeal` that is made for such an error."""

    says: str
    put: Put
    expects: str
    seed: int = 1
    ordeal: type[Ordeal] | None = None


@contextmanager
def _several(*swaps: AbstractContextManager[Any]) -> Iterator[None]:
    with ExitStack() as stack:
        for swap in swaps:
            stack.enter_context(swap)
        yield


def _outbox_in_a_second_transaction() -> AbstractContextManager[Any]:
    put, transaction = write_room._outbox, Store.transaction
    later: list[tuple[Any, ...]] = []

    def put_off(_tx: Any, *what: Any) -> None:
        later.append(what)

    def twice(self: Store, work: Any) -> Any:
        later.clear()
        value = transaction(self, work)
        rows = list(later)
        later.clear()
        if rows:
            transaction(self, lambda tx: [put(tx, *one) for one in rows])
        return value

    return _several(swapped(write_room, "_outbox", put_off), swapped(Store, "transaction", twice))


def _sent_before_the_send() -> AbstractContextManager[Any]:
    send = Dispatch._send

    async def marked(self: Any, job: Any, address: Any) -> Any:
        rows, now = [told.row for told in job.told], self._clock.machine()

        def mark(tx: Any, external_id: str) -> None:
            for row in rows:
                outbox_room.finish(tx, row, outbox_room.SENT, now, external_id=external_id)
                tx.execute(update(t.outbox).where(t.outbox.c.id == row.id).values(external_id=external_id))

        await self._store.run(lambda tx: mark(tx, "on its way"))
        activity_id = await send(self, job, address)
        await self._store.run(lambda tx: mark(tx, activity_id))
        return activity_id

    return swapped(Dispatch, "_send", marked)


def _no_lease_check_after_a_freeze() -> AbstractContextManager[Any]:
    return swapped(Dispatch, "_age", lambda _self, _job: 0.0)


def _time_out_as_refusal() -> AbstractContextManager[Any]:
    may_pass = dispatch_room.may_pass
    return swapped(dispatch_room, "may_pass", lambda fault: fault.code != "timeout" and may_pass(fault))


def _request_outlives_its_lease() -> AbstractContextManager[Any]:
    take = Batches.take

    def short(self: Any, tx: Any, room: Any, _lease: timedelta, *more: Any, **named: Any) -> Any:
        return take(self, tx, room, timedelta(seconds=4), *more, **named)

    return swapped(Batches, "take", short)


def _database_error_ends_the_loop() -> AbstractContextManager[Any]:
    async def run(self: Any) -> None:
        while True:
            self._wake.clear()
            taken = await self._claim()
            await self._nap(0.0 if taken else await self._until_next())

    return swapped(Outbox, "_run", run)


def _waker_does_the_work() -> AbstractContextManager[Any]:
    """The scheduler's job fires the deadlines itself, with the scheduler's own grace, and then aims the next one."""

    async def ring(self: Any) -> None:
        self._aim(await self._look())

    async def run(self: Any) -> None:
        await self._wake.wait()
        await ring(self)

    def aim(self: Any, when: datetime | None) -> None:
        self._aimed = when
        if when is not None:
            trigger = DateTrigger(when, timezone="UTC")
            self._scheduler.add_job(self._ring, trigger, id="next", replace_existing=True, misfire_grace_time=1)

    return _several(swapped(Waker, "_ring", ring), swapped(Waker, "_run", run), swapped(Waker, "_aim", aim))


def _throttled_counts_as_sent() -> AbstractContextManager[Any]:
    send = Dispatch._send

    async def sent(self: Any, job: Any, address: Any) -> Any:
        try:
            return await send(self, job, address)
        except Throttled:
            return job.activity_id or "accepted"

    return swapped(Dispatch, "_send", sent)


def _cancel_ignores_state() -> AbstractContextManager[Any]:
    """Whoever may withdraw a message may do so whenever a card offers it, whatever has become of it."""
    pick, signals_for, asks = Flow.pick, Flow.signals_for, Flow.asks

    def withdraw(self: Flow) -> Any:
        found = (moves[0] for (state, signal), moves in self.moves.items() if signal == "withdraw" and state != "draft")
        return next(found, None)

    def picked(self: Flow, signal: str, situation: Any) -> Any:
        return pick(self, signal, situation) or (withdraw(self) if signal == "withdraw" else None)

    def offered(self: Flow, situation: Any, relations: Any) -> Any:
        mine, found = frozenset(relations), signals_for(self, situation, relations)
        move = withdraw(self)
        if move is not None and move.by & mine and all(signal != "withdraw" for signal, _ in found):
            return [*found, ("withdraw", move)]
        return found

    def asked(self: Flow, state: str, signal: str, move: Any) -> Any:
        return move.needs if signal == "withdraw" else asks(self, state, signal, move)

    return _several(swapped(Flow, "pick", picked), swapped(Flow, "signals_for", offered), swapped(Flow, "asks", asked))


def _claim_not_committed_before_the_send() -> AbstractContextManager[Any]:
    return swapped(outbox_room, "lease_out", lambda _tx, rows, _now, _lease: list(rows))


def _success_told_before_the_commit() -> AbstractContextManager[Any]:
    handle = Turns.handle

    async def early(self: Turns, incoming: Any) -> Any:
        store = self._store
        self._store = _Early(store)  # type: ignore[assignment]
        try:
            return await handle(self, incoming)
        finally:
            self._store = store

    return swapped(Turns, "handle", early)


class _Early:
    """A store whose answer comes as soon as the work is done, and not when it is on disk."""

    def __init__(self, store: Any) -> None:
        self._store = getattr(store, "_store", store)

    async def run(self, work: Any) -> Any:
        early: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

        def told(tx: Any) -> Any:
            value = work(tx)
            if not early.done():
                early.set_result(value)
            return value

        task = asyncio.ensure_future(self._store.run(told))
        await asyncio.wait({early, task}, return_when=asyncio.FIRST_COMPLETED)
        return early.result() if early.done() else task.result()


PLANTS: Mapping[str, Plant] = {
    "outbox-second-transaction": Plant(
        says="outbox row written in a second transaction",
        put=_outbox_in_a_second_transaction,
        expects="not-in-outbox",
        ordeal=DiesWithAMove,
    ),
    "sent-before-send": Plant(says="marked sent before the send", put=_sent_before_the_send, expects="not-received"),
    "no-lease-check": Plant(
        says="no lease check after a freeze",
        put=_no_lease_check_after_a_freeze,
        expects="told-twice",
        ordeal=FreezesWithAClaim,
    ),
    "time-out-refused": Plant(says="a time-out treated as refused", put=_time_out_as_refusal, expects="not-refused"),
    "outlives-lease": Plant(
        says="a request that may outlive its lease",
        put=_request_outlives_its_lease,
        expects="told-twice",
        ordeal=SlowTeams,
    ),
    "error-ends-loop": Plant(
        says="a database error that ends the loop",
        put=_database_error_ends_the_loop,
        expects="lies-still",
        ordeal=DatabaseAway,
    ),
    "waker-works": Plant(
        says="the waker doing the work itself", put=_waker_does_the_work, expects="missed", ordeal=AsleepWhenDue
    ),
    "throttled-sent": Plant(says="429 counted as sent", put=_throttled_counts_as_sent, expects="not-received"),
    "cancel-ignores-state": Plant(
        says="cancel ignoring state", put=_cancel_ignores_state, expects="no-such-move", ordeal=SlowTeams
    ),
    "claim-not-committed": Plant(
        says="claim not committed before the send",
        put=_claim_not_committed_before_the_send,
        expects="told-twice",
        ordeal=SlowTeams,
    ),
    "success-before-commit": Plant(
        says="success told before the commit",
        put=_success_told_before_the_commit,
        expects="told-not-recorded",
        ordeal=CommitsFail,
    ),
}
