"""The heartbeat: every so often a message goes all the way to a test account by itself, and its absence is an alarm.

It shows what no part of the house can show of itself: that a deadline wakes the clock, that what it says reaches the
outbox, that the bot's token is good, that Teams takes the message and that its receipt is written down. When none has
come for too long, that cannot be told through Teams. So the log says it (CRITICAL), `/readyz` and `/metrics` do, and an
e-mail goes to whoever runs Stafett, past the errands, which may be what has stopped.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from bot.clock import Clock
from bot.errand import smtp
from bot.errand.door import Later, Never
from bot.errand.smtp import MailSettings
from bot.looks import Looks
from cases import heartbeat
from cases.record import Record
from cases.store import Store

_LOG = logging.getLogger("stafett.heartbeat")

EVERY = 60.0  # seconds between looks
ALLOWED = timedelta(minutes=10)  # as long as an urgent message may wait before somebody should look
_LOST = (
    "Stafetts hjärtslag har uteblivit",
    "Provmeddelandet har inte gått hela vägen på {minutes} minuter. Meddelanden kan vara försenade.\n\n"
    "1. Kör stafett doctor på servern, och gör som den säger.\n"
    "2. Se /readyz och stafett outbox.\n"
    "3. Dröjer det: säg till verksamheten att ringa i stället.\n",
)
_BACK = ("Stafetts hjärtslag är tillbaka", "Provmeddelandet går hela vägen igen. Kontrollera med stafett outbox.\n")


@dataclass(frozen=True, kw_only=True)
class HeartbeatSettings:
    """`account` is the test account that messages go to, `every` how often. `mail` and `alarm_to` say who is told by
    e-mail when they stop; without them the log, `/readyz` and `/metrics` tell."""

    account: str
    every: timedelta
    mail: MailSettings | None = None
    alarm_to: str = ""

    @property
    def longest(self) -> timedelta:
        """For so long there may be none: one that is on its way, and the time that a message may take."""
        return self.every + ALLOWED


class Heartbeat(Looks):
    """The loop of one process that works. `asked` is called when a heartbeat has been asked for.

    A process counts from its own start, so that a stop for an upgrade is no alarm.
    """

    def __init__(
        self, store: Store, record: Record, clock: Clock, settings: HeartbeatSettings | None,
        *, asked: Callable[[], None],
    ) -> None:  # fmt: skip
        super().__init__("heartbeat", every=EVERY, log=_LOG, failed="heartbeats not looked after: %s")
        self._store, self._record, self._clock, self._settings, self._asked = store, record, clock, settings, asked
        self._heard = clock.machine()
        self._is_lost = self._is_mailed = False

    async def look(self) -> None:
        """See whether the latest has come, ask for the next when it is time, and raise the alarm when none has come
        for too long, also when the database is what is away."""
        settings = self._settings
        if settings is None:
            return
        try:
            at, is_new = await self._store.run(lambda tx: self._beat(tx, settings))
        except IntegrityError as fault:  # as a rule another replica has just asked for it; the next look tells
            _LOG.info("no heartbeat asked for: %s", type(fault).__name__)
        except heartbeat.NobodyToTell:
            _LOG.error("the account of STAFETT_HEARTBEAT has no role in any unit of the roster")
        except Exception as fault:
            _LOG.error("the heartbeat was not looked for: %s", type(fault).__name__)
        else:
            self._heard = max(self._heard, at or self._heard)
            if is_new:
                self._asked()
        await self._tell(settings)

    def _beat(self, tx: Connection, settings: HeartbeatSettings) -> tuple[datetime | None, bool]:
        """When the latest came, and whether another has been asked for."""
        beat, now = heartbeat.latest(tx), self._clock.care()
        at = heartbeat.arrived(tx, beat) if beat is not None else None
        if beat is not None and now - beat.asked_at < settings.every:
            return at, False
        heartbeat.ask(tx, self._record, settings.account, settings.every, now, self._clock.machine())
        return at, True

    async def _tell(self, settings: HeartbeatSettings) -> None:
        """Once when it is lost, and once when it is back; an e-mail that cannot be sent is tried at the next look."""
        silent = self._clock.machine() - self._heard
        is_lost, minutes = silent > settings.longest, int(silent.total_seconds() // 60)
        if is_lost and not self._is_lost:
            _LOG.critical("no heartbeat for %s minutes: run stafett doctor", minutes)
        elif self._is_lost and not is_lost:
            _LOG.warning("the heartbeat is back")
        self._is_lost = is_lost
        if settings.mail is None or not settings.alarm_to or self._is_mailed == is_lost:
            return
        try:
            message = self._letter(settings.mail, settings.alarm_to, _LOST if is_lost else _BACK, minutes)
            await smtp.send(settings.mail, message, settings.alarm_to)
            self._is_mailed = is_lost
        except (Later, Never) as fault:
            _LOG.error("the alarm could not be sent by e-mail: %s", fault.code)

    def _letter(self, mail: MailSettings, receiver: str, words: tuple[str, str], minutes: int) -> EmailMessage:
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = mail.sender, receiver, words[0]
        message["Date"] = format_datetime(self._clock.machine())
        message["Message-ID"] = make_msgid(domain=mail.domain)
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(words[1].format(minutes=minutes), cte="quoted-printable")
        return message
