"""Settings from the environment (`STAFETT_…`) or files named there. Secrets are read here and shown nowhere."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.board.board import BoardSettings
from bot.channel.settings import (
    Certificate,
    ChannelSettings,
    ClientSecret,
    Credentials,
    ManagedIdentity,
    SdkName,
    SettingsError,
    is_secure,
)
from bot.errand.smtp import MailSettings
from bot.graph import prompt
from bot.graph.settings import GraphSettings
from bot.heartbeat import HeartbeatSettings
from bot.jour import JourSettings
from bot.numbers import refuse_in
from bot.rota import ShiftsSettings
from bot.secret_files import ENVIRONMENT as ENVIRONMENT
from bot.secret_files import SECRETS, secret
from cases.group_map import GroupMap, GroupMapError, read_group_map
from reminders.profile import profile_names

_ADDRESS = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;]+")
_TEAM = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


class Settings(BaseSettings):
    """Every setting has the environment variable `STAFETT_` and its name in capitals.

    Raises: SettingsError, naming what cannot be used and never what stands in it.
    """

    model_config = SettingsConfigDict(env_prefix=ENVIRONMENT, extra="ignore", hide_input_in_errors=True)

    database_url: str = Field(default="sqlite:///stafett.sqlite", repr=False)  # a password may stand in it
    database_url_file: Path | None = None  # a file with it instead, as for each secret
    host: str = "127.0.0.1"
    port: int = Field(default=3978, ge=1, le=65535)
    internal_host: str = "127.0.0.1"  # for operators alone: readiness and figures
    internal_port: int = Field(default=3979, ge=1, le=65535)
    log_format: Literal["json", "text"] = "json"
    routines: Path | None = None  # the municipality's own profiles; without it, those that are shipped

    smtp_url: SecretStr = SecretStr("")  # where e-mail is handed in; without it no pointers go by e-mail
    smtp_url_file: Path | None = None
    smtp_ca_file: Path | None = None
    mail_from: str = ""

    sdk: SdkName = "botbuilder"  # which bot SDK carries turns and calls
    app_id: str = ""
    tenant_id: str = ""
    app_password: SecretStr = SecretStr("")
    app_password_file: Path | None = None
    certificate_file: Path | None = None  # PEM with the private key
    certificate_thumbprint: str = ""
    managed_identity: bool = False
    allowed_tenants: Annotated[frozenset[str], NoDecode] = frozenset()
    domain: str = ""
    teams_app_id: str = ""
    teams_script: Path | None = None  # Microsoft's script for tabs, where `stafett board fetch` has not put it
    dialogs: bool = True  # forms open in dialogs of Teams; else they are cards in the chat

    graph: bool = False  # calendars, absence and people through Microsoft Graph
    graph_teams_app: str = ""  # the bot's id in the tenant's app catalogue
    people: Path | None = None  # which group of the directory gives which role (TOML)
    shifts: str = ""  # the units whose rota is read from Teams Shifts: HT-NORR=id of the team, …
    shifts_word: str = "jour"  # what stands in the label of a shift that is on call
    call_prompt: Path | None = None  # what is played at night, WAV; without it three tones
    public_url: str = ""  # https address on which this server is reached from outside

    heartbeat: str = ""  # the test account that Stafett sends a message to now and then, to see that it gets through
    heartbeat_minutes: int = Field(default=30, ge=5, le=1440)
    alarm_to: str = ""  # the e-mail address of whoever is told when none gets through

    turns_per_minute: int = Field(default=240, ge=1)  # of one person, and in one conversation
    refusals_per_minute: int = Field(default=120, ge=0)  # to one address; 0: as many as it likes
    proxies: int = Field(default=0, ge=0, le=8)  # of our own in front, whose X-Forwarded-For is true

    def __init__(self, **given: Any) -> None:
        found: dict[str, Any] = {name: told for name in SECRETS if name not in given and (told := secret(name))}
        try:
            super().__init__(**given, **found)
        except ValidationError as fault:  # its own text would show a traceback, and may show more
            wrong = ", ".join(sorted({f"{ENVIRONMENT}{str(one['loc'][0]).upper()}" for one in fault.errors()}))
            raise SettingsError(f"Inställningen går inte att använda: {wrong}. Se docs/reference.md.") from None

    @field_validator("allowed_tenants", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return frozenset(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    def profiles(self) -> Path | None:
        """The folder of profiles, or None for those that are shipped.

        Raises: SettingsError when it is no folder with a profile in it.
        """
        if self.routines is None:
            return None
        if not profile_names(self.routines):
            raise SettingsError(f"{ENVIRONMENT}ROUTINES ska vara en mapp med minst en profil, till exempel lund.toml.")
        return self.routines

    def channel(self) -> ChannelSettings:
        """The settings of the channel door.

        Raises: SettingsError, naming what is missing, so that the server does not start without authentication.
        """
        if not self.app_id.strip() or not self.tenant_id.strip():
            raise SettingsError(
                f"{ENVIRONMENT}APP_ID och {ENVIRONMENT}TENANT_ID saknas. Servern startar inte utan dem. "
                "För att prova lokalt: make demo."
            )
        return ChannelSettings(
            sdk=self.sdk,
            app_id=self.app_id,
            tenant_id=self.tenant_id,
            credentials=self._credentials(),
            allowed_tenants=self.allowed_tenants,
            dialogs=self.dialogs,
            turns_per_minute=self.turns_per_minute,
            refusals_per_minute=self.refusals_per_minute,
            proxies=self.proxies,
        )

    def mail(self) -> MailSettings | None:
        """Where e-mail is handed in, or None. Raises: SettingsError when only half of it is told."""
        url, sender = self.smtp_url.get_secret_value().strip(), self.mail_from.strip()
        if not url and not sender:
            return None
        if not url or not sender:
            raise SettingsError(f"Ange både {ENVIRONMENT}SMTP_URL och {ENVIRONMENT}MAIL_FROM, eller ingen av dem.")
        return MailSettings.parse(url, sender, self.smtp_ca_file)

    def heartbeats(self) -> HeartbeatSettings | None:
        """To whom and how often a message is sent to see that it gets through, or None. Raises: SettingsError."""
        account, alarm_to = self.heartbeat.strip(), self.alarm_to.strip()
        if alarm_to and (not _ADDRESS.fullmatch(alarm_to) or self.mail() is None):
            raise SettingsError(
                f"{ENVIRONMENT}ALARM_TO ska vara en e-postadress, och kräver {ENVIRONMENT}SMTP_URL och "
                f"{ENVIRONMENT}MAIL_FROM."
            )
        if not account:
            return None
        every = timedelta(minutes=self.heartbeat_minutes)
        return HeartbeatSettings(account=account, every=every, mail=self.mail(), alarm_to=alarm_to)

    def graph_door(self, channel: ChannelSettings) -> GraphSettings | None:
        """Microsoft Graph with the bot's own app, or None when it is not switched on. Raises: SettingsError."""
        return GraphSettings.of(channel, teams_app=self.graph_teams_app.strip()) if self.graph else None

    def on_call(self) -> JourSettings:
        """Whose rota is read from Shifts, and what is played at night. Raises: SettingsError."""
        teams: dict[str, str] = {}
        for pair in filter(None, (part.strip() for part in self.shifts.split(","))):
            unit, _, team = (part.strip() for part in pair.partition("="))
            if not unit or not _TEAM.fullmatch(team):
                raise SettingsError(
                    f"{ENVIRONMENT}SHIFTS skrivs ENHET=TEAMETS-ID, flera med komma, till exempel "
                    "HT-NORR=19e5c3d2-0000-4000-8000-1f0a2b3c4d5e."
                )
            teams[unit] = team
        return JourSettings(
            shifts=ShiftsSettings(teams=teams, word=self.shifts_word.strip()), sound=prompt.read(self.call_prompt)
        )

    def board(self) -> BoardSettings:
        """What the personal tab is served with."""
        return BoardSettings(domain=self.domain.strip().lower(), teams_script=self.teams_script)

    def groups(self) -> GroupMap | None:
        """Which group gives which role, or None when the roster alone says. Raises: SettingsError."""
        if self.people is None:
            return None
        try:
            refuse_in(self.people, GroupMapError)
            return read_group_map(self.people)
        except GroupMapError as fault:
            raise SettingsError(f"{ENVIRONMENT}PEOPLE: {fault}") from fault

    def public(self) -> str:
        """The address of this server from outside, without a slash at its end; from the domain when only that is told.

        Raises: SettingsError when it is not https.
        """
        url = self.public_url.strip().rstrip("/") or (f"https://{self.domain.strip()}" if self.domain.strip() else "")
        if url and not is_secure(url):
            raise SettingsError(
                f"{ENVIRONMENT}PUBLIC_URL ska börja med https://, till exempel https://stafett.lund.se."
            )
        return url

    def _credentials(self) -> Credentials:
        """Managed identity before certificate before secret: the fewer secrets, the better."""
        if self.managed_identity:
            return ManagedIdentity()
        if self.certificate_file is not None:
            key = _pem(self.certificate_file)
            return Certificate(private_key=key, thumbprint=self.certificate_thumbprint)
        secret = self.app_password.get_secret_value()
        if not secret:
            raise SettingsError(
                f"Ange {ENVIRONMENT}MANAGED_IDENTITY=true, {ENVIRONMENT}CERTIFICATE_FILE "
                f"eller {ENVIRONMENT}APP_PASSWORD."
            )
        return ClientSecret(value=secret)


def _pem(file: Path) -> str:
    """The certificate with its key. Raises: SettingsError."""
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        raise SettingsError(
            f"{ENVIRONMENT}CERTIFICATE_FILE: filen går inte att läsa ({type(fault).__name__})."
        ) from None
