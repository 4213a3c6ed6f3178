"""What becomes of a row that was not sent: tried again later or given up, and in neither case in silence."""

import logging
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import Connection

from bot.channel.errors import Blocked, ChannelError, DisabledByAdmin, NotInstalled, Refused, StaleAddress, Throttled
from bot.clock import Clock
from bot.throttle import Throttle
from cases import cards, outbox, people
from cases.errors import IllegalMove
from cases.outbox import RENEWED, TOLD, Row
from cases.people import Reach
from cases.record import Record
from cases.thread import DELIVERY, Signal

_LOG = logging.getLogger("stafett.outbox")

_TRIES_BEFORE_A_HUMAN = 5  # about a minute of passing faults: then somebody is told to ring, and we go on trying


def shuts_the_bot_out(fault: ChannelError) -> bool:
    """Whether it is the bot itself that is refused: its credentials or a policy. That says nothing of the receiver."""
    return isinstance(fault, DisabledByAdmin) or (
        isinstance(fault, Refused) and fault.code.startswith(("401", "token"))
    )


def may_pass(fault: ChannelError) -> bool:
    """Whether the same row can succeed later."""
    return fault.retryable or shuts_the_bot_out(fault)


class Setbacks:
    """Every method works in the caller's transaction and writes down what became of one claimed row."""

    def __init__(self, record: Record, clock: Clock, throttle: Throttle, rng: Random) -> None:
        self._record, self._clock, self._throttle, self._rng = record, clock, throttle, rng

    def retry(self, tx: Connection, row: Row, fault: ChannelError, conversation_id: str) -> None:
        """A fault that may pass. When Teams asks for a pause, everything else to the same person waits as well."""
        asked = fault.retry_after if isinstance(fault, Throttled) else None
        when = self._clock.machine() + timedelta(seconds=asked) if asked else self._later(row)
        if isinstance(fault, Throttled):
            self._throttle.hold(conversation_id, when, self._clock.machine())
        if shuts_the_bot_out(fault):
            _LOG.critical("Teams refuses the bot itself (%s): nothing can be delivered until it is let in", fault.code)
        self._put_off(tx, row, when, fault.code, tell=row.urgent)

    def broken(self, tx: Connection, row: Row, code: str) -> None:
        """A row that we ourselves fail to draw or send: tried again, and a human is told also when it is not urgent."""
        self._put_off(tx, row, self._later(row), code, tell=True)

    def renewed(self, tx: Connection, row: Row, reach: Reach, code: str) -> None:
        """The lost conversation has been opened anew: the row is tried there at once."""
        now = self._clock.machine()
        people.remember(tx, row.person_id, reach, now)
        outbox.put_back(tx, row.id, now, code, notes=row.notes | {RENEWED})

    def gone(self, tx: Connection, row: Row) -> None:
        """The card no longer exists in Teams: the next message makes a new one."""
        cards.forget(tx, row.thread_id, row.person_id)
        outbox.finish(tx, row.id, outbox.SUPERSEDED, self._clock.machine(), failure="card_gone")

    def unreachable(self, tx: Connection, row: Row, fault: ChannelError) -> None:
        """The person cannot be reached in this way any more."""
        if isinstance(fault, Blocked):
            people.mark(tx, row.person_id, people.BLOCKED)
        elif isinstance(fault, NotInstalled):
            people.mark(tx, row.person_id, people.REMOVED)
        elif isinstance(fault, StaleAddress):
            people.forget_address(tx, row.person_id)
        self.undeliverable(tx, row, fault.code)

    def undeliverable(self, tx: Connection, row: Row, code: str) -> None:
        """Never a silent final failure: what did not reach anybody becomes a signal that reaches a human."""
        outbox.finish(tx, row.id, outbox.UNDELIVERABLE, self._clock.machine(), failure=code)
        if row.kind == "message":
            self._tell_a_human(tx, row)

    # --- pieces -------------------------------------------------------------------------------------------------

    def _put_off(self, tx: Connection, row: Row, when: datetime, code: str, *, tell: bool) -> None:
        notes = row.notes
        if tell and row.kind == "message" and row.attempts >= _TRIES_BEFORE_A_HUMAN and TOLD not in notes:
            notes |= {TOLD} if self._safely_told(tx, row) else frozenset()
        outbox.put_back(tx, row.id, when, code, notes=notes)

    def _later(self, row: Row) -> datetime:
        """Twice as long for each attempt, at most five minutes, and not everybody at once."""
        seconds = min(2.0 ** min(row.attempts, 9), 300.0) * self._rng.uniform(0.75, 1.25)
        return self._clock.machine() + timedelta(seconds=seconds)

    def _safely_told(self, tx: Connection, row: Row) -> bool:
        """A signal that fails must not keep the row from being put off; the next try tells."""
        try:
            with tx.begin_nested():
                return self._tell_a_human(tx, row)
        except Exception:
            _LOG.exception("nobody could be told of outbox row %s", row.id)
            return False

    def _tell_a_human(self, tx: Connection, row: Row) -> bool:
        """Whether the matter is settled: somebody has been told, or nobody need be. A seat in which a colleague gets
        the message is asked about again at the next failure, for then the colleague may have failed too."""
        told = outbox.also_told(tx, row)
        if self._record.seat_is_reached(tx, row.thread_id, row.person_id, told, self._clock.care()):
            return False
        signal = Signal(thread_id=row.thread_id, name="undeliverable", by=DELIVERY, about=row.person_id)
        try:
            self._record.signal(tx, [signal], self._clock.care(), self._clock.machine())
        except IllegalMove:
            _LOG.info("thread %s has ended: its undeliverable row needs nobody", row.thread_id)
        return True
