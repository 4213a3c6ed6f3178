"""Seeing to it that the jour is rung at night: who is to be rung now, and what comes of each call.

Everything is written with the calls themselves, so that a process that dies between two looks loses nothing, and a call
that nobody says anything of is taken for unanswered.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from bot.clock import Clock
from bot.looks import Looks
from cases import account, phone_calls
from cases.errors import RecordError
from cases.phone_calls import ACKNOWLEDGED, NEEDLESS, UNANSWERED, Call
from cases.record import Record
from cases.store import Store
from cases.thread import DELIVERY, Actor, Signal
from dialogs import night_call

_LOG = logging.getLogger("stafett.night_calls")

EVERY = 15.0  # seconds
_TO_LISTEN = timedelta(seconds=60)  # whoever has picked up hears the prompt three times, and may press


class NightCalls(Looks):
    """The loop of one process. `added` is called when somebody is to be rung, `moved` when a thread has moved."""

    def __init__(
        self, store: Store, record: Record, clock: Clock, *, added: Callable[[], None], moved: Callable[[], None]
    ) -> None:
        super().__init__("night_calls", every=EVERY, log=_LOG, failed="night calls not looked for: %s")
        self._store, self._record, self._clock = store, record, clock
        self._added, self._moved = added, moved

    async def look(self) -> int:
        """Ring about what has waited long enough, and pass on what was not answered; how many calls changed."""
        ended = await self._store.run(self._pass_over)
        try:
            begun = await self._store.run(self._begin)
        except IntegrityError:  # another replica has begun with the same
            begun = 0
        if ended or begun:
            self._added()
            self._moved()
        return ended + begun

    def _begin(self, tx: Connection) -> int:
        now, scene = self._clock.care(), self._record.scene(tx)
        found = night_call.waiting(tx, scene, now)
        for one in found:
            line = night_call.to_ring(tx, scene, one.thread, one.unit_id, now)
            if line:
                self._ring(tx, one.thread.id, one.unit_id, line[0], one.since)
            else:
                _LOG.error("thread %s waits at night and there is nobody to ring", one.thread.id)
        return len(found)

    def _ring(self, tx: Connection, thread_id: int, unit_id: str, who: tuple[int, str], since: datetime) -> None:
        """The card and the call, in one transaction."""
        person_id, signal = who
        self._signal(tx, thread_id, signal)
        phone_calls.ask(tx, thread_id, unit_id, person_id, since, self._clock.care())

    def _pass_over(self, tx: Connection) -> int:
        """Calls of which nothing more is heard: not answered, or picked up and no key pressed."""
        now, done = self._clock.care(), 0
        scene = self._record.scene(tx)
        for call in phone_calls.overdue(tx, now):
            ring = timedelta(seconds=night_call.section_of(scene, call.unit_id).ring_seconds)
            due = (call.answered_at + _TO_LISTEN) if call.answered_at else (call.placed_at or now) + ring
            if due <= now:
                done += self.ended(tx, call, UNANSWERED)
        return done

    # --- what comes of a call, also from the routes and doors ---------------------------------------------------

    def ended(self, tx: Connection, call: Call, status: str) -> bool:
        """It has ended without an acknowledgement: the next in line is rung, or those who sent and lead are told.

        False when it already had ended. In the caller's transaction, as the rest.
        """
        now = self._clock.care()
        if not phone_calls.end(tx, call.id, status, now):
            return False
        _LOG.info("night call %s about thread %s: %s", call.id, call.thread_id, status)
        scene = self._record.scene(tx)
        if not night_call.still_waits(tx, scene, call, now):
            return True
        following = night_call.next_to_ring(tx, scene, call, now) if status != phone_calls.AWAY else None
        if following is not None:
            self._ring(tx, call.thread_id, call.unit_id, following, call.since)
        else:
            could = status != phone_calls.AWAY and phone_calls.has_rung(tx, call.thread_id, call.since)
            self._signal(tx, call.thread_id, night_call.UNHEARD if could else night_call.UNRUNG)
        return True

    def acknowledged(self, tx: Connection, call: Call) -> bool:
        """Key 1: a receipt by whoever was rung. The thread is still to be taken. False when the call had ended."""
        now = self._clock.care()
        if not phone_calls.end(tx, call.id, ACKNOWLEDGED, now):
            return False
        account.note(
            tx, now, person_id=call.person_id, action="call", outcome="acknowledged", thread_id=call.thread_id,
            directory=self._record.directory(tx), signal=night_call.HEARD, channel=account.PHONE,
        )  # fmt: skip
        self._signal(tx, call.thread_id, night_call.HEARD, call.person_id)
        return True

    def wanted(self, tx: Connection, call: Call) -> bool:
        """Whether it is still to be placed. One that is not has ended."""
        if call.ended_at is not None:
            return False
        if night_call.still_waits(tx, self._record.scene(tx), call, self._clock.care()):
            return True
        phone_calls.end(tx, call.id, NEEDLESS, self._clock.care())
        return False

    def _signal(self, tx: Connection, thread_id: int, name: str, person_id: int | None = None) -> None:
        """A move of the thread. One that has ended or changed meanwhile need not hear of it."""
        by = DELIVERY if person_id is None else Actor.person(person_id, account.PHONE)
        given = Signal(thread_id=thread_id, name=name, by=by)
        try:
            with tx.begin_nested():
                self._record.signal(tx, [given], self._clock.care(), self._clock.machine())
        except RecordError as fault:
            _LOG.info("thread %s not told of its night call: %s", thread_id, type(fault).__name__)
