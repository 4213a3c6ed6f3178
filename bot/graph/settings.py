"""What the Graph door must be told: the same app and credentials as the bot's own, and where Graph is."""

from dataclasses import dataclass, field
from pathlib import Path

from bot.channel.settings import Certificate, ChannelSettings, Credentials, SettingsError, is_secure

WORLD = "https://graph.microsoft.com/v1.0"
_OF_CERTIFICATE = "-----BEGIN CERTIFICATE-----"


@dataclass(frozen=True, kw_only=True)
class GraphSettings:
    """Settings of the door. A Graph on this very machine (the demo, the tests) is told a `token` and never credentials;
    anything else than Graph itself is refused, so that no token can be sent astray.

    Raises SettingsError when they do not fit together.
    """

    tenant_id: str = ""
    app_id: str = ""
    credentials: Credentials | None = field(default=None, repr=False)
    base_url: str = WORLD
    token: str = field(default="", repr=False)  # for a Graph on this machine
    login_authority: str = "https://login.microsoftonline.com"
    timeout: float = 15.0  # seconds for a whole call
    ca_file: Path | None = None  # PEM bundle to trust instead of the machine's own
    proxy: str | None = None
    teams_app: str = ""  # the bot's id in the tenant's app catalogue, for installing it for people who lack it

    def __post_init__(self) -> None:
        if self.is_local:
            if self.credentials is not None:
                raise SettingsError("graph: ett Graph på den egna maskinen får aldrig appens hemligheter")
            return
        if self.base_url != WORLD or self.token:
            raise SettingsError("graph: adressen får bara vara Microsoft Graph, eller den egna maskinen i demon")
        if not self.tenant_id.strip() or not self.app_id.strip() or self.credentials is None:
            raise SettingsError("graph: tenant, app-id och hemlighet, certifikat eller hanterad identitet krävs")
        if isinstance(self.credentials, Certificate) and _OF_CERTIFICATE not in self.credentials.private_key:
            raise SettingsError(
                "STAFETT_CERTIFICATE_FILE ska för Microsoft Graph innehålla både nyckeln och certifikatet i PEM."
            )

    @property
    def is_local(self) -> bool:
        """Whether Graph is played on this very machine: plain http, which only loopback may be."""
        return self.base_url.startswith("http://") and is_secure(self.base_url)

    @classmethod
    def of(cls, channel: ChannelSettings, *, teams_app: str = "") -> "GraphSettings":
        """Graph itself, with the bot's own app. Raises: SettingsError."""
        return cls(
            tenant_id=channel.tenant_id, app_id=channel.app_id, credentials=channel.credentials,
            login_authority=channel.login_authority, timeout=channel.timeout, ca_file=channel.ca_file,
            proxy=channel.proxy, teams_app=teams_app,
        )  # fmt: skip

    @classmethod
    def local(cls, base_url: str, token: str, timeout: float = 15.0, *, teams_app: str = "") -> "GraphSettings":
        """A Graph that is played on this machine. Raises: SettingsError when it is elsewhere."""
        if not (base_url.startswith("http://") and is_secure(base_url)):
            raise SettingsError("graph: ett spelat Graph ska ligga på den egna maskinen (http://127.0.0.1)")
        return cls(base_url=base_url, token=token, timeout=timeout, teams_app=teams_app)
