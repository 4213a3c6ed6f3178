"""Secrets come from the environment, or from a file that the environment names: nowhere else.

A file is what a container is given by its orchestrator, and what a key vault is mounted as; it is in nobody's process
list and in no crash report. A platform that looks up references in a key vault (App Service) puts the secret itself in
the environment; when it could not, the reference stands there, and must not be taken for the secret.
"""

import os
from pathlib import Path

from bot.channel.settings import SettingsError

ENVIRONMENT = "STAFETT_"
SECRETS = ("app_password", "database_url", "smtp_url")
_LONGEST = 64 * 1024  # bytes: a longer file is another file
_REFERENCE = "@microsoft.keyvault("


def secret(name: str) -> str:
    """One of the secrets, "" where it is not told.

    Raises: SettingsError, which names the setting and what is wrong with it, never what stands in it.
    """
    setting = f"{ENVIRONMENT}{name.upper()}"
    told, file = os.environ.get(setting, ""), os.environ.get(f"{setting}_FILE", "")
    if told and file:
        raise SettingsError(f"Ange {setting} eller {setting}_FILE, inte båda.")
    found = _read(f"{setting}_FILE", Path(file)) if file else told
    if found.strip().lower().startswith(_REFERENCE):
        raise SettingsError(
            f"{setting} är en hänvisning till Key Vault som inte har slagits upp. Kontrollera att appens hanterade "
            "identitet får läsa hemligheten, och starta om."
        )
    return found


def _read(setting: str, file: Path) -> str:
    try:
        raw = file.read_bytes()
        text = raw.decode("utf-8").strip()
    except (OSError, UnicodeDecodeError) as fault:
        raise SettingsError(f"{setting}: filen går inte att läsa ({type(fault).__name__}).") from None
    if not text or len(raw) > _LONGEST:
        raise SettingsError(f"{setting}: filen är tom eller för stor för att vara en hemlighet.")
    return text
