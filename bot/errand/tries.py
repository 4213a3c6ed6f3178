"""One try of an errand, and what is written down of it: done, tried again later, or given up so that somebody hears."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from bot.clock import Clock
from bot.errand.door import Door, Later, Never
from bot.written import write_down
from cases import errands
from cases.errands import DONE, SET_ASIDE, SUPERSEDED, UNDELIVERABLE, Errand
from cases.store import Store

_LOG = logging.getLogger("stafett.errands")

_LOST_TOO_OFTEN = 5  # leases that ran out without an answer: doing it may be what ends the process
_MOST_TRIES = 12  # with the pauses between them somewhat more than an hour
_LONGEST_BACK_OFF = 900.0
_OF_ITS_AGE = 0.25  # an errand that is put off again and again waits so much of its age each time
_LONGEST_OF_AGE = 60.0

Work = Callable[[Connection], object]


@dataclass(kw_only=True)
class Tally:
    """Counted since this process started."""

    done: int = 0
    retried: int = 0
    failed: int = 0
    superseded: int = 0


@dataclass(frozen=True, kw_only=True)
class Try:
    """A claimed errand, its way out, and when it was claimed on the steady clock."""

    door: Door
    errand: Errand
    claimed_at: float


class Tries:
    """`timeout` is for a whole try, `fresh` how old a claim may be when the errand leaves, `lease` what it has;
    seconds. A process that has stood still gives it back undone: another may have it by now."""

    def __init__(
        self, store: Store, clock: Clock, rng: Random, told: Callable[[str, str], None], ended: Callable[[], None],
        *, timeout: float, fresh: float, lease: float,
    ) -> None:  # fmt: skip
        self._store, self._clock, self._rng = store, clock, rng
        self._told, self._ended = told, ended
        self._timeout, self._fresh, self._lease = timeout, fresh, lease
        self.tally = Tally()

    async def make(self, one: Try) -> None:
        """Do one errand. Whatever happens is written down, as long as the lease holds."""
        try:
            work, keep_on = await self._tried(one)
            await self._note(work, one, keep_on=keep_on)
            self._ended()
        except Exception as fault:  # the lease brings it back, and counts how often it had to
            _LOG.error("errand %s is left to its lease: %s", one.errand.id, type(fault).__name__)

    async def _tried(self, one: Try) -> tuple[Work, bool]:
        """What is to be written down of a try, and whether that must be written however long it takes."""
        errand = one.errand
        if errand.lost >= _LOST_TOO_OFTEN:
            return lambda tx: self._give_up(tx, one, SET_ASIDE, "lease_lost"), False
        try:
            ready = await self._store.run(lambda tx: one.door.ready(tx, errand))
            if ready is None:
                return lambda tx: self._superseded(tx, errand), False
            if self._clock.steady() - one.claimed_at > self._fresh:
                return lambda tx: errands.put_back(tx, errand, self._clock.machine(), "stale", tried=False), False
            known_as = await self._in_time(one, ready)
        except Never as fault:
            code = fault.code
            return lambda tx: self._give_up(tx, one, UNDELIVERABLE, code), False
        except Exception as error:
            setback = error
            return lambda tx: self._again(tx, one, setback), False
        return lambda tx: self._done(tx, one, known_as), True

    async def _in_time(self, one: Try, ready: Any) -> str:
        try:
            async with asyncio.timeout(self._timeout):
                return await one.door.do(one.errand, ready)
        except TimeoutError as fault:
            raise Later("timeout") from fault

    # --- writing down -------------------------------------------------------------------------------------------

    def _done(self, tx: Connection, one: Try, known_as: str) -> None:
        if errands.finish(tx, one.errand, DONE, self._clock.machine(), external_id=known_as):
            self._count(one.errand, "done")
            _safely(tx, lambda: one.door.done(tx, one.errand), one.errand)

    def _superseded(self, tx: Connection, errand: Errand) -> None:
        if errands.finish(tx, errand, SUPERSEDED, self._clock.machine()):
            self._count(errand, "superseded")

    def _again(self, tx: Connection, one: Try, fault: Exception) -> None:
        """A fault that may pass, or one of ours: tried later, and set aside when it has been tried often enough."""
        errand = one.errand
        code = fault.code if isinstance(fault, Later) else type(fault).__name__
        asked = fault.after if isinstance(fault, Later) else None
        if asked is None and errand.attempts >= _MOST_TRIES:
            self._give_up(tx, one, SET_ASIDE, code)
            return
        seconds = min(2.0**errand.attempts if asked is None else self._put_off(errand, asked), _LONGEST_BACK_OFF)
        when = self._clock.machine() + timedelta(seconds=seconds * self._rng.uniform(1.0, 1.25))
        if errands.put_back(tx, errand, when, code, tried=asked is None):
            self._count(errand, "retried")
            _LOG.warning("errand %s (%s) tried again in %.0f s: %s", errand.id, errand.kind, seconds, code)

    def _put_off(self, errand: Errand, asked: float) -> float:
        """Seconds: what was asked for, and more the longer it has gone on; health tells of what has waited too long."""
        age = (self._clock.care() - errand.not_before).total_seconds()
        return max(asked, min(age * _OF_ITS_AGE, _LONGEST_OF_AGE), 1.0)

    def _give_up(self, tx: Connection, one: Try, status: str, code: str) -> None:
        errand = one.errand
        if not errands.finish(tx, errand, status, self._clock.machine(), failure=code):
            return
        self._count(errand, "failed")
        level = logging.CRITICAL if status == SET_ASIDE else logging.WARNING
        _LOG.log(level, "errand %s (%s) is not done: %s. See stafett outbox", errand.id, errand.kind, code)
        _safely(tx, lambda: one.door.failed(tx, errand, code), errand)

    def _count(self, errand: Errand, outcome: str) -> None:
        setattr(self.tally, outcome, getattr(self.tally, outcome) + 1)
        self._told(errand.kind, outcome)

    async def _note(self, work: Work, one: Try, *, keep_on: bool) -> None:
        """Write it down. Should the database be away, again and again while the lease holds; what has been done is
        written down however long it takes, for an answer that is forgotten is an errand done twice."""

        def again(code: str) -> bool:
            _LOG.error("the answer to errand %s not written down: %s", one.errand.id, code)
            return keep_on or self._clock.steady() - one.claimed_at <= self._lease

        await write_down(self._store, work, self._rng, keep_on=again)


def _safely(tx: Connection, work: Callable[[], None], errand: Errand) -> None:
    """What the door wants to write must not undo that the errand has ended."""
    try:
        with tx.begin_nested():
            work()
    except SQLAlchemyError:
        raise
    except Exception as fault:
        _LOG.error("errand %s has ended, and nobody could be told: %s", errand.id, type(fault).__name__)
