"""Settings from the environment (`STAFETT_…`) or files named there. Secrets are read here and shown nowhere."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.channel.settings import Certificate, ChannelSettings, ClientSecret, Credentials, ManagedIdentity, SettingsError
from bot.errand.smtp import MailSettings
from reminders.profile import profile_names

ENVIRONMENT = "STAFETT_"


class Settings(BaseSettings):
    """Every setting has the environment variable `STAFETT_` and its name in capitals."""

    model_config = SettingsConfigDict(env_prefix=ENVIRONMENT, extra="ignore", hide_input_in_errors=True)

    database_url: str = "sqlite:///stafett.sqlite"
    host: str = "127.0.0.1"
    port: int = Field(default=3978, ge=1, le=65535)
    internal_host: str = "127.0.0.1"  # for operators alone: readiness and figures
    internal_port: int = Field(default=3979, ge=1, le=65535)
    log_format: Literal["json", "text"] = "json"
    routines: Path | None = None  # the municipality's own profiles; without it, those that are shipped

    smtp_url: SecretStr = SecretStr("")  # where e-mail is handed in; without it no pointers go by e-mail
    smtp_ca_file: Path | None = None
    mail_from: str = ""

    app_id: str = ""
    tenant_id: str = ""
    app_password: SecretStr = SecretStr("")
    certificate_file: Path | None = None  # PEM with the private key
    certificate_thumbprint: str = ""
    managed_identity: bool = False
    allowed_tenants: Annotated[frozenset[str], NoDecode] = frozenset()
    domain: str = ""
    teams_app_id: str = ""

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
            app_id=self.app_id,
            tenant_id=self.tenant_id,
            credentials=self._credentials(),
            allowed_tenants=self.allowed_tenants,
        )

    def mail(self) -> MailSettings | None:
        """Where e-mail is handed in, or None. Raises: SettingsError when only half of it is told."""
        url, sender = self.smtp_url.get_secret_value().strip(), self.mail_from.strip()
        if not url and not sender:
            return None
        if not url or not sender:
            raise SettingsError(f"Ange både {ENVIRONMENT}SMTP_URL och {ENVIRONMENT}MAIL_FROM, eller ingen av dem.")
        return MailSettings.parse(url, sender, self.smtp_ca_file)

    def _credentials(self) -> Credentials:
        """Managed identity before certificate before secret: the fewer secrets, the better."""
        if self.managed_identity:
            return ManagedIdentity()
        if self.certificate_file is not None:
            key = self.certificate_file.read_text(encoding="utf-8")
            return Certificate(private_key=key, thumbprint=self.certificate_thumbprint)
        secret = self.app_password.get_secret_value()
        if not secret:
            raise SettingsError(
                f"Ange {ENVIRONMENT}MANAGED_IDENTITY=true, {ENVIRONMENT}CERTIFICATE_FILE "
                f"eller {ENVIRONMENT}APP_PASSWORD."
            )
        return ClientSecret(value=secret)
