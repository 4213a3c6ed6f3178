"""A real SMTP server on this machine, that keeps what it is given and can be told to refuse."""

import asyncio
import ssl
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any, cast

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

USER, PASSWORD = "stafett", "inte:hem/ligt@"


@dataclass(kw_only=True)
class PostOffice:
    """What came, and what to answer the next ones: `RCPT` or `DATA` → lines to refuse with, one each.

    With `trust` it offers STARTTLS and takes nothing without; `silent` never answers a message it has been given.
    """

    trust: ssl.SSLContext | None = None
    demands_user: bool = False
    silent: bool = False
    port: int = 0
    came: list[EmailMessage] = field(default_factory=list)
    receivers: list[list[str]] = field(default_factory=list)
    refuse: dict[str, list[str]] = field(default_factory=dict)
    encrypted: list[bool] = field(default_factory=list)
    users: list[str] = field(default_factory=list)
    _server: asyncio.Server | None = None

    async def open(self) -> None:
        """Listen on a free port of this machine."""
        self._server = await asyncio.get_running_loop().create_server(self._conversation, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()

    def _conversation(self) -> SMTP:
        more: dict[str, Any] = {"tls_context": self.trust, "require_starttls": True} if self.trust else {}
        if self.demands_user:
            more |= {"authenticator": self._sign_in, "auth_required": True}
        return SMTP(self, hostname="post.exempel.invalid", enable_SMTPUTF8=False, **more)

    async def handle_RCPT(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.refuse.get("RCPT"):
            return self.refuse["RCPT"].pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.refuse.get("DATA"):
            return self.refuse["DATA"].pop(0)
        message = message_from_bytes(cast("bytes", envelope.content), policy=default)
        self.came.append(cast("EmailMessage", message))
        self.receivers.append(list(envelope.rcpt_tos))
        self.encrypted.append(session.ssl is not None)
        if self.silent:
            await asyncio.Event().wait()
        return "250 OK"

    def _sign_in(self, _server: SMTP, _session: Session, _envelope: Envelope, _way: str, told: Any) -> AuthResult:
        right = isinstance(told, LoginPassword) and (told.login, told.password) == (USER.encode(), PASSWORD.encode())
        if right:
            self.users.append(USER)
        return AuthResult(success=right, handled=False)
