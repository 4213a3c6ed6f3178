"""Sending one message by SMTP, with the standard library in a thread of its own, and how the settings say where.

Nothing leaves this machine unencrypted: `smtp://` demands STARTTLS, `smtps://` is encrypted from the first byte. Only a
server on this very machine may be spoken to in the open.
"""

import asyncio
import smtplib
import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bot.channel.settings import LOOPBACK_NAMES, SettingsError
from bot.errand.door import Later, Never

_PORTS = {"smtp": 587, "smtps": 465}
_WAIT = 10.0  # seconds for each answer of the server
_HOW = "Skriv smtp://ANVÄNDARE:LÖSENORD@VÄRD:587 (STARTTLS) eller smtps://ANVÄNDARE:LÖSENORD@VÄRD:465."


@dataclass(frozen=True, kw_only=True)
class MailSettings:
    """Where e-mail is handed in, and the address it is sent from."""

    host: str
    port: int
    sender: str
    tls: bool  # from the first byte; else by STARTTLS
    user: str = ""
    password: str = field(default="", repr=False)
    ca_file: Path | None = None  # PEM bundle to trust instead of the machine's own

    @classmethod
    def parse(cls, url: str, sender: str, ca_file: Path | None = None) -> "MailSettings":
        """Read STAFETT_SMTP_URL and STAFETT_MAIL_FROM. Raises: SettingsError; no password stands in it."""
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port or _PORTS[parts.scheme]
        except (ValueError, KeyError):
            raise SettingsError(f"STAFETT_SMTP_URL går inte att läsa. {_HOW}") from None
        if not host or parts.path not in ("", "/") or parts.query:
            raise SettingsError(f"STAFETT_SMTP_URL går inte att läsa. {_HOW}")
        name, _, domain = sender.partition("@")
        if not name or "." not in domain or any(sign.isspace() or sign in "<>,;" for sign in sender):
            raise SettingsError("STAFETT_MAIL_FROM ska vara en e-postadress, till exempel stafett@kommunen.se.")
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        if not (user + password).isascii():
            raise SettingsError(
                "STAFETT_SMTP_URL: användare och lösenord får inte ha å, ä, ö eller andra sådana tecken."
            )
        tls = parts.scheme == "smtps"
        return cls(host=host, port=port, sender=sender, tls=tls, user=user, password=password, ca_file=ca_file)

    @property
    def domain(self) -> str:
        return self.sender.partition("@")[2]


async def send(settings: MailSettings, message: EmailMessage, receiver: str) -> None:
    """Hand in one message. Raises: Later, Never; the codes carry no address."""
    line = _Line(settings)
    try:
        await asyncio.to_thread(line.send, message, receiver)
    finally:
        line.cut()  # whoever waits no longer leaves no thread behind


class _Line:
    """One conversation with the server."""

    def __init__(self, settings: MailSettings) -> None:
        self._settings = settings
        self._smtp: smtplib.SMTP | None = None

    def send(self, message: EmailMessage, receiver: str) -> None:
        try:
            smtp = self._greet()
            smtp.sendmail(self._settings.sender, [receiver], message.as_bytes(policy=WIRE))
        except smtplib.SMTPRecipientsRefused as fault:
            code, _said = next(iter(fault.recipients.values()))
            raise _refused(code) from None  # the cause quotes the address
        except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as fault:
            raise _refused(fault.smtp_code) from None
        except smtplib.SMTPAuthenticationError as fault:
            raise Later(f"auth {fault.smtp_code}") from None
        except smtplib.SMTPNotSupportedError:
            raise Later("no_starttls") from None
        except smtplib.SMTPResponseException as fault:
            raise Later(str(fault.smtp_code)) from None
        except ssl.SSLError as fault:
            raise Later("certificate" if isinstance(fault, ssl.SSLCertVerificationError) else "tls") from None
        except (smtplib.SMTPException, OSError):
            raise Later("connection") from None
        with suppress(smtplib.SMTPException, OSError):
            smtp.quit()  # it has been taken; what the server says of our leaving changes nothing

    def cut(self) -> None:
        smtp, line = self._smtp, self._smtp.sock if self._smtp is not None else None
        if line is not None:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)  # whoever waits for its answer waits no longer
        if smtp is not None:
            smtp.close()

    def _greet(self) -> smtplib.SMTP:
        settings = self._settings
        own_name = settings.domain  # and not what a look-up of this machine's name would give, however slowly
        if settings.tls:
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(
                settings.host, settings.port, local_hostname=own_name, timeout=_WAIT, context=self._trust()
            )
        else:
            smtp = smtplib.SMTP(settings.host, settings.port, local_hostname=own_name, timeout=_WAIT)
        self._smtp = smtp
        smtp.ehlo_or_helo_if_needed()
        if not settings.tls and (settings.host not in LOOPBACK_NAMES or smtp.has_extn("starttls")):
            smtp.starttls(context=self._trust())
            smtp.ehlo_or_helo_if_needed()
        if settings.user:
            smtp.login(settings.user, settings.password)
        return smtp

    def _trust(self) -> ssl.SSLContext:
        ca_file = self._settings.ca_file
        return ssl.create_default_context(cafile=str(ca_file) if ca_file else None)


def _refused(code: int) -> Later | Never:
    """A refusal by 5xx stands, one by 4xx is for now."""
    return Never(str(code)) if code >= 500 else Later(str(code))
