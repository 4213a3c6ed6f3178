"""The way out by e-mail: a pointer to a unit's function mailbox that something waits in Stafett, and nothing else.

An e-mail may be read by anybody who reads the mailbox, and lies where Stafett cannot take it back. So it carries the
reference of the thread and of the case, the neutral class and the time, never what the matter is.
"""

import logging
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime
from hashlib import blake2s

from sqlalchemy import Connection

from bot.clock import Clock
from bot.errand import smtp
from bot.errand.door import Never
from bot.errand.smtp import MailSettings
from cases import load
from cases.errands import MAIL, Errand
from cases.errors import IllegalMove
from cases.record import Record
from cases.thread import DELIVERY, Signal
from dialogs.mailing import MAILED, NO_MAIL, NOT_MAILED
from dialogs.pointer import pointer

_LOG = logging.getLogger("stafett.errands")

_NOWHERE = frozenset({"not_configured", "no_mailbox"})  # nobody has set it up: no fault that may be mended by a try


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A message that is ready to go, and to whom."""

    receiver: str
    message: EmailMessage


class MailDoor:
    """Pointers by e-mail. Without `settings` none can be sent, and whoever waits for one is told so."""

    kind = MAIL

    def __init__(self, record: Record, clock: Clock, settings: MailSettings | None) -> None:
        self._record, self._clock, self._settings = record, clock, settings

    def ready(self, tx: Connection, errand: Errand) -> Letter | None:
        """The pointer as things stand now. Raises: Never, when there is nowhere to send it."""
        thread = load.threads(tx, [errand.thread_id or 0]).get(errand.thread_id or 0)
        if thread is None or thread.is_closed:
            return None
        if self._settings is None:
            raise Never("not_configured")
        scene = self._record.scene(tx)
        unit = scene.directory.units.get(errand.unit_id or "")
        if unit is None or not unit.mailbox:
            raise Never("no_mailbox")
        words = pointer(scene, thread, errand.what)
        message = EmailMessage()
        message["From"] = self._settings.sender
        message["To"] = unit.mailbox
        message["Subject"] = words.subject
        message["Date"] = format_datetime(self._clock.machine())
        message["Message-ID"] = message_id(errand.key, self._settings.domain)
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no automatic answers
        message["X-Auto-Response-Suppress"] = "All"
        message.set_content(words.text, cte="quoted-printable")
        return Letter(receiver=unit.mailbox, message=message)

    async def do(self, errand: Errand, ready: Letter) -> str:
        """Hand it in. Raises: Later, Never."""
        if self._settings is None:
            raise Never("not_configured")
        await smtp.send(self._settings, ready.message, ready.receiver)
        return str(ready.message["Message-ID"])

    def done(self, tx: Connection, errand: Errand) -> None:
        self._signal(tx, errand, MAILED)

    def failed(self, tx: Connection, errand: Errand, code: str) -> None:
        self._signal(tx, errand, NO_MAIL if code in _NOWHERE else NOT_MAILED)

    def _signal(self, tx: Connection, errand: Errand, name: str) -> None:
        if errand.thread_id is None:
            return
        signal = Signal(thread_id=errand.thread_id, name=name, by=DELIVERY)
        try:
            self._record.signal(tx, [signal], self._clock.care(), self._clock.machine())
        except IllegalMove:  # it has ended meanwhile: nobody need know
            _LOG.info("thread %s has ended: nobody need know of its errand", errand.thread_id)


def message_id(key: str, domain: str) -> str:
    """The same for every try of an errand, so that a mailbox that gets it twice can tell."""
    return f"<{blake2s(key.encode(), digest_size=16).hexdigest()}@{domain}>"
