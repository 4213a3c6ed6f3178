"""What becomes of a row that was not sent: tried again later or given up, and in neither case in silence."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import Connection

from bot.channel.errors import (
    Blocked,
    ChannelError,
    DisabledByAdmin,
    NotInstalled,
    Refused,
    StaleAddress,
    Throttled,
)
from bot.clock import Clock
from bot.throttle import Throttle
from cases import cards, deliveries, installs, load, notices, outbox, people
from cases.errors import IllegalMove
from cases.outbox import RENEWED, TOLD, Row
from cases.outbox_figures import Tally
from cases.people import Reach
from cases.record import Record
from cases.thread import DELIVERY, Signal

_LOG = logging.getLogger("stafett.outbox")

_TRIES_BEFORE_A_HUMAN = 5  # about a minute of passing faults: then somebody is told to ring, and we go on trying
_LONG_PAUSE = timedelta(minutes=1)  # when Teams asks for more, nobody waits for five tries
_TRIES_OF_OURS = 10  # of a row that we fail to draw or send: some twenty minutes, then it is set aside
_LONGEST_PAUSE = timedelta(minutes=15)  # more than Teams has reason to ask for
# Between the tries when Teams fails without a word; an urgent row has its human within a minute.
_SPACED = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15))
_SPACED_URGENT = (timedelta(seconds=10), timedelta(seconds=20), timedelta(seconds=30))


def shuts_the_bot_out(fault: ChannelError) -> bool:
    """Whether it is the bot itself that is refused: its credentials or a policy. That says nothing of the receiver."""
    return isinstance(fault, DisabledByAdmin) or (
        isinstance(fault, Refused) and fault.code.startswith(("401", "token"))
    )


def may_pass(fault: ChannelError) -> bool:
    """Whether the same row can succeed later."""
    return fault.retryable or shuts_the_bot_out(fault)


class Setbacks:
    """Every method works in the caller's transaction and writes down what became of claimed rows.

    A row that another sender has taken meanwhile is that one's. `hold` puts a person's other rows off (seconds).
    """

    def __init__(self, record: Record, clock: Clock, throttle: Throttle, rng: Random, tally: Tally) -> None:
        self._record, self._clock, self._rng = record, clock, rng
        self.throttle, self._tally = throttle, tally
        self.hold: Callable[[int, float], None] = lambda _person, _seconds: None

    def retry(self, tx: Connection, rows: Sequence[Row], fault: ChannelError, conversation_id: str) -> None:
        """A fault that may pass. When Teams asks for a pause, everything else that this process has for the
        same person waits as well."""
        asked = self._asked(fault, rows[0])
        if isinstance(fault, Throttled):
            self._throttled(rows[0], conversation_id, asked)
        if shuts_the_bot_out(fault):
            _LOG.critical("Teams refuses the bot itself (%s): nothing can be delivered until it is let in", fault.code)
        for row in rows:
            when = self._clock.machine() + asked if asked else self._later(row)
            long = asked is not None and asked > _LONG_PAUSE
            self._put_off(tx, row, when, fault.code, tell=row.urgent, at_once=long)

    def faulty(self, tx: Connection, rows: Sequence[Row], fault: ChannelError) -> None:
        """Teams failed without saying why: an alarm, a few tries far apart, and then a human."""
        _LOG.critical("Teams failed without a reason (%s) for outbox row %s", fault.code, rows[0].id)
        for row in rows:
            pauses = _SPACED_URGENT if row.urgent else _SPACED
            tries = deliveries.tries_with(tx, row, fault.code)  # other faults before it say nothing of this one
            if tries < len(pauses):
                self._put_off(tx, row, self._clock.machine() + pauses[tries], fault.code, tell=False)
            else:
                self.undeliverable(tx, row, fault.code)

    def broken(self, tx: Connection, row: Row, code: str) -> None:
        """A row that we ourselves fail to draw or send: tried again, and a human is told also when it is not urgent."""
        if row.attempts + 1 >= _TRIES_OF_OURS:
            self.set_aside(tx, row, code)
        else:
            self._put_off(tx, row, self._later(row), code, tell=True)

    def set_aside(self, tx: Connection, row: Row, code: str) -> None:
        """A row that stops us however often it is tried: it lies still until somebody looks, and a human is told."""
        notes = row.notes
        if row.kind == "message" and TOLD not in notes and self._safely_told(tx, row):
            notes |= {TOLD}
        failure = outbox.noted(code, notes)
        if not outbox.finish(tx, row, outbox.SET_ASIDE, self._clock.machine(), failure=failure):
            return
        self._tried(tx, row, outbox.SET_ASIDE, code)
        self._tally.set_aside += 1
        _LOG.critical("outbox row %s is set aside (%s): see stafett outbox", row.id, code)

    def renewed(self, tx: Connection, rows: Sequence[Row], reach: Reach, code: str) -> None:
        """The lost conversation has been opened anew: the rows are tried there at once."""
        now = self._clock.machine()
        people.remember(tx, rows[0].person_id, reach, now)
        for row in rows:
            if outbox.put_back(tx, row, now, code, notes=row.notes | {RENEWED}):
                self._tried(tx, row, deliveries.RETRY, code)

    def gone(self, tx: Connection, row: Row) -> None:
        """The card no longer exists in Teams: the next message makes a new one."""
        if outbox.finish(tx, row, outbox.SUPERSEDED, self._clock.machine(), failure="card_gone"):
            cards.forget(tx, row.thread_id, row.person_id)

    def unreachable(self, tx: Connection, rows: Sequence[Row], fault: ChannelError) -> None:
        """The person cannot be reached in this way any more."""
        who = rows[0].person_id
        if isinstance(fault, Blocked):
            people.mark(tx, who, people.BLOCKED)
            notices.ask(tx, who, self._clock.care())
        elif isinstance(fault, NotInstalled):
            people.mark(tx, who, people.REMOVED)
        elif isinstance(fault, StaleAddress):
            people.forget_address(tx, who)
        for row in rows:
            self.undeliverable(tx, row, fault.code)

    def undeliverable(self, tx: Connection, row: Row, code: str) -> None:
        """Never a silent final failure: what did not reach anybody becomes a signal that reaches a human."""
        if not outbox.finish(tx, row, outbox.UNDELIVERABLE, self._clock.machine(), failure=code):
            return
        self._tried(tx, row, outbox.UNDELIVERABLE, code)
        self._tally.undeliverable += 1
        if row.kind == "message":
            self._tell_a_human(tx, row)
            if installs.lacks_it(tx, row.person_id):
                installs.ask(tx, row.person_id, self._clock.care())

    # --- pieces -------------------------------------------------------------------------------------------------

    def _asked(self, fault: ChannelError, row: Row) -> timedelta | None:
        """How long Teams wants us to wait, within reason."""
        asked = fault.retry_after if isinstance(fault, Throttled) else None
        if asked is None or asked <= 0:
            return None
        if asked > _LONGEST_PAUSE.total_seconds():
            _LOG.warning(
                "Teams asks for %.0f s before outbox row %s: waiting %s instead", asked, row.id, _LONGEST_PAUSE
            )
        return min(timedelta(seconds=min(asked, 1e6)), _LONGEST_PAUSE)

    def _throttled(self, row: Row, conversation_id: str, asked: timedelta | None) -> None:
        now = self._clock.steady()
        seconds = asked.total_seconds() if asked else 2.0 ** min(row.attempts, 8)
        self.hold(row.person_id, seconds)
        if self.throttle.hold(conversation_id, now + seconds, now):
            self._tally.throttled_tenant += 1
            _LOG.warning("several conversations throttled at once: slowing down to %.1f calls/s", self.throttle.rate)

    def _put_off(
        self, tx: Connection, row: Row, when: datetime, code: str, *, tell: bool, at_once: bool = False
    ) -> None:
        notes = row.notes
        enough = at_once or row.attempts >= _TRIES_BEFORE_A_HUMAN
        if tell and row.kind == "message" and enough and TOLD not in notes:
            notes |= {TOLD} if self._safely_told(tx, row) else frozenset()
        if outbox.put_back(tx, row, when, code, notes=notes):
            self._tried(tx, row, deliveries.RETRY, code)
            self._tally.retried += 1

    def _tried(self, tx: Connection, row: Row, outcome: str, code: str) -> None:
        deliveries.tried(tx, row, self._clock.machine(), outcome, code)

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
        if row.original_due_at is not None and deliveries.told_before(tx, row):
            return True  # a reminder of what somebody already rings about
        load.threads(tx, [row.thread_id], lock=True)  # colleagues who fail at the same moment see each other
        told = deliveries.also_told(tx, row)
        if self._record.seat_is_reached(tx, row.thread_id, row.person_id, told, self._clock.care()):
            return False
        signal = Signal(thread_id=row.thread_id, name="undeliverable", by=DELIVERY, about=row.person_id)
        try:
            self._record.signal(tx, [signal], self._clock.care(), self._clock.machine())
        except IllegalMove:
            _LOG.info("thread %s has ended: its undeliverable row needs nobody", row.thread_id)
        return True
