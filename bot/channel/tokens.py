"""The bot's own token for calls to the connector: one holder, asked for off the event loop, renewed ahead of time."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

import msal  # type: ignore[import-untyped]
import requests

from bot.channel.errors import ChannelError, Passing, Refused
from bot.channel.settings import Certificate, ChannelSettings, ClientSecret

log = logging.getLogger(__name__)

_RENEW_BEFORE = timedelta(minutes=10)
_UNUSABLE_BEFORE = timedelta(minutes=1)  # a token this near its end may expire on the way
_BETWEEN_TRIES = timedelta(seconds=30)  # while an older token still serves
_BETWEEN_FORGETTINGS = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class Token:
    """An access token and the seconds it lives, counted from when it was asked for."""

    value: str
    lifetime: float


class TokenSource(Protocol):
    """Where the sender gets its token. None means that calls go without one (the local demo)."""

    async def get(self) -> str | None:
        """A token that is valid now. Raises ChannelError."""

    def forget(self) -> None:
        """The far side refused the token: fetch another for the next call."""

    async def settled(self) -> None:
        """Wait for a fetch under way."""


class NoToken:
    """The demo's source: no token."""

    async def get(self) -> str | None:
        """Nothing to send along."""
        return None

    def forget(self) -> None:
        """Nothing to forget."""

    async def settled(self) -> None:
        """Nothing to wait for."""


class TokenHolder:
    """Holds one token. All callers share one fetch; callers with a usable token never wait for its renewal."""

    def __init__(self, fetch: Callable[[], Token], now: Callable[[], datetime]) -> None:
        self._fetch = fetch  # blocking; run in a thread
        self._now = now
        self._token: str | None = None
        self._ends_at = self._renew_at = now()
        self._forgotten_at: datetime | None = None
        self._renewal: asyncio.Task[None] | None = None

    async def get(self) -> str:
        """A token that is valid now. Raises Passing or Refused when none can be had."""
        now = self._now()
        if self._token is not None and now < self._ends_at:
            if now >= self._renew_at:
                self._renew_at = now + _BETWEEN_TRIES
                self._start().add_done_callback(_log_failure)
            return self._token
        # Shielded: one caller's cancellation must not take the fetch away from the others.
        await asyncio.shield(self._start())
        if self._token is None:
            raise Passing("token")
        return self._token

    def forget(self) -> None:
        """Drop a token that was refused, at most once a minute, so that a lasting refusal is not a storm."""
        now = self._now()
        if self._forgotten_at is None or now - self._forgotten_at >= _BETWEEN_FORGETTINGS:
            self._forgotten_at = now
            self._token = None

    async def settled(self) -> None:
        """Wait for a fetch under way, whatever comes of it."""
        if self._renewal is not None:
            await asyncio.gather(self._renewal, return_exceptions=True)

    def _start(self) -> asyncio.Task[None]:
        if self._renewal is None or self._renewal.done():
            self._renewal = asyncio.create_task(self._renew())
        return self._renewal

    async def _renew(self) -> None:
        asked_at = self._now()
        token = await asyncio.to_thread(self._fetch)
        self._token = token.value
        lifetime = timedelta(seconds=token.lifetime)
        self._ends_at = asked_at + lifetime - min(_UNUSABLE_BEFORE, lifetime / 4)
        self._renew_at = asked_at + lifetime - min(_RENEW_BEFORE, lifetime / 2)


def _log_failure(renewal: asyncio.Task[None]) -> None:
    error = None if renewal.cancelled() else renewal.exception()
    if error is not None:
        log.warning("token not renewed: %s", error.code if isinstance(error, ChannelError) else type(error).__name__)


class _Session(requests.Session):
    """MSAL's HTTP client under the same settings as our own calls: time-out, CA file, proxy; nothing retried.

    The environment is left out: there a CA bundle or proxy would silently win over the settings.
    """

    def __init__(self, settings: ChannelSettings) -> None:
        super().__init__()
        self.trust_env = False
        self._timeout = settings.timeout
        if settings.ca_file is not None:
            self.verify = str(settings.ca_file)
        if settings.proxy is not None:
            self.proxies = {"https": settings.proxy}

    def request(self, method: Any, url: Any, *args: Any, **kwargs: Any) -> requests.Response:
        """One request within the time-out."""
        kwargs.setdefault("timeout", self._timeout)
        return super().request(method, url, *args, **kwargs)


def msal_fetch(settings: ChannelSettings) -> Callable[[], Token]:
    """A blocking fetch with MSAL for the settings' kind of credential. Raises Passing or Refused when called."""
    ask = _managed_identity(settings) if _has_managed_identity(settings) else _confidential_client(settings)

    def fetch() -> Token:
        try:
            answer = ask()
        except (requests.RequestException, OSError) as fault:
            raise Passing("token connection") from fault
        except Exception as fault:
            # MSAL lets its libraries' own errors through (authority, key); their text may hold what must not be logged.
            raise Refused(f"token {type(fault).__name__}") from fault
        if "access_token" in answer:
            return Token(value=str(answer["access_token"]), lifetime=float(answer.get("expires_in", 0)))
        error = str(answer.get("error", "unknown"))
        if error in {"temporarily_unavailable", "server_error"}:
            raise Passing(f"token {error}")
        raise Refused(f"token {error if error.isidentifier() else 'unknown'}")

    return fetch


def _has_managed_identity(settings: ChannelSettings) -> bool:
    return not isinstance(settings.credentials, ClientSecret | Certificate)


def _confidential_client(settings: ChannelSettings) -> Callable[[], dict[str, Any]]:
    def ask() -> dict[str, Any]:
        # A fresh client each time, about once an hour: we keep the token ourselves, and asked, we want a new one.
        with _Session(settings) as session:
            app = msal.ConfidentialClientApplication(
                client_id=settings.app_id,
                client_credential=_client_credential(settings),
                authority=f"{settings.login_authority.rstrip('/')}/{settings.tenant_id}",
                instance_discovery=False,  # the authority is the operator's own setting
                http_client=session,
            )
            answer: dict[str, Any] = app.acquire_token_for_client(scopes=[f"{settings.token_resource}/.default"])
            return answer

    return ask


def _client_credential(settings: ChannelSettings) -> str | dict[str, str]:
    match settings.credentials:
        case ClientSecret(value=value):
            return value
        case Certificate(private_key=key, thumbprint=thumbprint):
            return {"private_key": key, "thumbprint": thumbprint}
        case _:
            raise TypeError("no client credential")


def _managed_identity(settings: ChannelSettings) -> Callable[[], dict[str, Any]]:
    def ask() -> dict[str, Any]:
        # The endpoint is the host's own (plain http on a link-local address), so neither proxy nor CA file applies.
        with requests.Session() as session:
            identity = msal.UserAssignedManagedIdentity(client_id=settings.app_id)
            client = msal.ManagedIdentityClient(identity, http_client=session, token_cache=msal.TokenCache())
            answer: dict[str, Any] = client.acquire_token_for_client(resource=settings.token_resource)
            return answer

    return ask
