"""Makes the Teams app package: a zip with the manifest, its English strings and the icons, all at the root."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

_SOURCE = Path(__file__).resolve().parent.parent / "manifest"
_FILES = ("en.json", "color.png", "outline.png")
_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
_HOST = re.compile(r"(?=.{4,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")
# A fixed date makes the same settings give the same file.
_DATE = (2026, 1, 1, 0, 0, 0)


class TeamsPackageError(ValueError):
    """A setting for the Teams package is wrong, or the file cannot be written; the message is for the operator."""


def build_package(out: Path, *, app_id: str, bot_id: str, domain: str) -> None:
    """Write the package for one installation to `out`, in place of an earlier one.

    `app_id` and `bot_id` are UUIDs, `domain` is the bot's host name. Raises `TeamsPackageError`.
    """
    values = {
        "{app_id}": _identity("Appens id", app_id),
        "{bot_id}": _identity("Botens id", bot_id),
        "{domain}": _host(domain),
    }
    manifest = (_SOURCE / "manifest.json").read_text(encoding="utf-8")
    for place, value in values.items():
        manifest = manifest.replace(place, value)
    contents = {"manifest.json": manifest.encode()} | {name: (_SOURCE / name).read_bytes() for name in _FILES}
    part = out.with_name(f".{out.name}.part")
    try:
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as package:
            for name, content in contents.items():
                package.writestr(zipfile.ZipInfo(name, _DATE), content, zipfile.ZIP_DEFLATED)
        part.replace(out)
    except OSError as failure:
        raise TeamsPackageError(f"Paketet kan inte skrivas till {out}: {failure.strerror}.") from failure


def _identity(what: str, value: str) -> str:
    tidy = value.strip().lower()
    if not _UUID.fullmatch(tidy):
        raise TeamsPackageError(
            f"{what} är «{value}», men ska vara ett id som 3f2b8c1e-5d4a-4e6f-9b7a-0c1d2e3f4a5b (se Entra)."
        )
    return tidy


def _host(value: str) -> str:
    tidy = value.strip().lower()
    if not _HOST.fullmatch(tidy):
        raise TeamsPackageError(
            f"Domänen är «{value}», men ska vara ett värdnamn som stafett.kommun.example: "
            "utan https://, port och sökväg, å, ä och ö skrivna med xn--."
        )
    return tidy
