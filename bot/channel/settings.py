"""What the channel door must be told. Built and checked at start, so that a wrong setting stops the start."""

import ipaddress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})


class SettingsError(ValueError):
    """The settings do not let the server start; the message names the setting and what is wanted."""


@dataclass(frozen=True, kw_only=True)
class ClientSecret:
    """A client secret of the app registration."""

    value: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Certificate:
    """A certificate credential: the private key in PEM and the certificate's SHA-1 thumbprint in hexadecimal."""

    private_key: str = field(repr=False)
    thumbprint: str


@dataclass(frozen=True, kw_only=True)
class ManagedIdentity:
    """A user-assigned managed identity with the app's own client id."""


Credentials = ClientSecret | Certificate | ManagedIdentity
SdkName = Literal["botbuilder", "agents"]


@dataclass(frozen=True, kw_only=True)
class ChannelSettings:
    """Settings of the door. `demo=True` switches authentication off, accepts loopback alone and takes no credentials.

    Raises SettingsError when they do not fit together.
    """

    app_id: str = ""
    tenant_id: str = ""
    credentials: Credentials | None = None
    demo: bool = False
    sdk: SdkName = "botbuilder"  # which bot SDK carries turns and calls
    dialogs: bool = True  # forms open in dialogs of Teams; the demo's client has none
    allowed_tenants: frozenset[str] = frozenset()  # besides tenant_id
    service_hosts: frozenset[str] = frozenset({"smba.trafficmanager.net"})
    openid_metadata: str = "https://login.botframework.com/v1/.well-known/openidconfiguration"
    issuer: str = "https://api.botframework.com"
    login_authority: str = "https://login.microsoftonline.com"
    token_resource: str = "https://api.botframework.com"  # noqa: S105 (a resource's name, no secret)
    timeout: float = 15.0  # seconds for a whole call to the connector
    # A minute's worth may come at once. Nobody presses four times a second for a minute; outside the demo alone.
    turns_per_minute: int = 240  # of one person, and in one conversation
    refusals_per_minute: int = 120  # to one address; 0: as many as it likes
    proxies: int = 0  # in front of us, whose X-Forwarded-For is true
    ca_file: Path | None = None  # PEM bundle to trust instead of the machine's own
    proxy: str | None = None

    def __post_init__(self) -> None:
        if self.demo:
            if self.app_id or self.credentials is not None:
                raise SettingsError("demo: takes neither app_id nor credentials; choose one or the other")
            return
        for name in ("app_id", "tenant_id"):
            if not getattr(self, name).strip():
                raise SettingsError(f"{name}: missing; the server does not start without it outside the local demo")
        if self.credentials is None or self.credentials == ClientSecret(value=""):
            raise SettingsError("credentials: missing; give a client secret, a certificate or a managed identity")
        if not self.service_hosts:
            raise SettingsError("service_hosts: empty; name the hosts that Teams' connector answers on")
        if self.turns_per_minute < 1:
            raise SettingsError("turns_per_minute: at least 1, or nobody gets in")
        for name in ("openid_metadata", "login_authority"):
            if not is_secure(getattr(self, name)):
                raise SettingsError(f"{name}: must be an https address")

    @property
    def tenants(self) -> frozenset[str]:
        """Tenants whose activities are let in."""
        return self.allowed_tenants | {self.tenant_id}

    @property
    def opens_dialogs(self) -> bool:
        """Whether forms open in dialogs: every Teams client has them, the demo's has not."""
        return self.dialogs and not self.demo

    @property
    def hosts(self) -> frozenset[str]:
        """Hosts that the connector may answer on; in the demo this machine alone."""
        return LOOPBACK_NAMES if self.demo else self.service_hosts

    def serves(self, service_url: object) -> bool:
        """True when the service URL is one we may send a token or a message to."""
        # Braces would be taken for a template by the SDK's address builder.
        if not isinstance(service_url, str) or any(sign in service_url for sign in "{}\\@ "):
            return False
        try:
            host = urlsplit(service_url).hostname
        except ValueError:
            return False
        return host in self.hosts and is_secure(service_url)


def is_secure(url: str) -> bool:
    """True for https, and for plain http to this very machine."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return bool(parts.hostname) and (
        parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK_NAMES)
    )


def is_loopback(peer: str | None) -> bool:
    """True when a socket's peer address is this machine."""
    try:
        address = ipaddress.ip_address((peer or "").partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return bool((mapped or address).is_loopback)
