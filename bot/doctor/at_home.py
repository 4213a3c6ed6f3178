"""What can be seen without asking anybody: settings, files with secrets, profiles, time zones, the Teams package."""

import json
import os
import stat
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zipfile import BadZipFile, ZipFile
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cryptography import x509
from cryptography.hazmat.primitives import hashes

from bot.channel.settings import ChannelSettings, SettingsError
from bot.doctor.finding import Finding, Patient, fault, split, warning
from bot.secret_files import ENVIRONMENT, SECRETS
from bot.settings import Settings
from bot.teams_package import TeamsPackageError, build_package
from cases.record import Record
from cases.retention_section import NO_DECISION

_TABLE = "Rätta inställningen och starta om. Alla inställningar står i docs/reference.md."
_MOUNTED = Path("/run/secrets")  # where a container is given them: there the orchestrator decides who may read
_SOON = timedelta(days=30)


def settings(told: Settings, channel: ChannelSettings | None) -> Iterator[Finding]:
    """Each group of settings by itself, so that every fault is told at once."""
    asked: tuple[Callable[[], object], ...] = (
        told.profiles, told.mail, told.groups, told.on_call, told.public, told.heartbeats,
        *((lambda: told.graph_door(channel),) if channel is not None else ()),
    )  # fmt: skip
    seen: set[str] = set()
    for ask in asked:
        try:
            ask()
        except SettingsError as wrong:
            if str(wrong) not in seen:  # what hangs on e-mail says the same of it
                seen.add(str(wrong))
                yield split("inställningar", str(wrong), _TABLE)
    if told.internal_host in ("0.0.0.0", "::"):  # noqa: S104 (looked for, not listened on)
        yield warning(
            "inställningar",
            "Driftens port lyssnar på alla nät.",
            f"Sätt {ENVIRONMENT}INTERNAL_HOST till den adress som driften når, eller spärra porten i brandväggen.",
        )


def secrets(told: Settings, now: datetime) -> Iterator[Finding]:
    """Whether others can read them, and how long the certificate is good."""
    files = [(f"{ENVIRONMENT}{name.upper()}_FILE", getattr(told, f"{name}_file")) for name in SECRETS]
    files.append((f"{ENVIRONMENT}CERTIFICATE_FILE", told.certificate_file))
    for setting, path in files:
        if path is not None and path.is_file() and not path.is_relative_to(_MOUNTED) and _is_open(path):
            yield fault(
                "hemligheter",
                f"Filen i {setting} kan läsas av andra konton på maskinen.",
                "Ge den till Stafetts konto och kör chmod 600 på den. Byt hemligheten om någon kan ha läst den.",
            )
    if told.certificate_file is not None and told.certificate_file.is_file():
        yield from _certificate(told.certificate_file, told.certificate_thumbprint, now)


def _is_open(path: Path) -> bool:
    return os.name == "posix" and bool(path.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH))


def _certificate(path: Path, thumbprint: str, now: datetime) -> Iterator[Finding]:
    renew = "Skapa ett nytt certifikat, ladda upp det i Entra ID bredvid det gamla, byt filen och starta om."
    try:
        found = x509.load_pem_x509_certificate(path.read_bytes())
    except ValueError:  # a key alone is enough for the bot; Graph's own check wants both
        return
    left = found.not_valid_after_utc - now
    if left <= timedelta():
        yield fault("hemligheter", "Certifikatet har gått ut.", renew)
    elif left < _SOON:
        yield warning("hemligheter", f"Certifikatet går ut om {left.days} dagar.", renew)
    own = found.fingerprint(hashes.SHA1()).hex()  # noqa: S303 (a name that Entra ID gives it, no protection)
    if thumbprint and own != thumbprint.replace(":", "").replace(" ", "").lower():
        yield fault(
            "hemligheter",
            f"{ENVIRONMENT}CERTIFICATE_THUMBPRINT är inte certifikatets.",
            f"Sätt det till {own.upper()}, och kontrollera att det är certifikatet i Entra ID.",
        )


def zones() -> Iterator[Finding]:
    """Whether Swedish time is known here, with its summer and its winter."""
    cure = "Installera om paketen ur låsfilen (tzdata följer med), eller uppdatera systemets tidszoner. Starta om."
    try:
        here = ZoneInfo.no_cache("Europe/Stockholm")
    except (ZoneInfoNotFoundError, ValueError):
        yield fault("tidszon", "Maskinen känner inte till svensk tid (Europe/Stockholm).", cure)
        return
    winter, summer = (datetime(2027, month, 15, 12, tzinfo=here).utcoffset() for month in (1, 7))
    if (winter, summer) != (timedelta(hours=1), timedelta(hours=2)):
        yield fault("tidszon", "Maskinens tidszoner är fel: sommartid eller vintertid stämmer inte.", cure)


def profiles(record: Record) -> Iterator[Finding]:
    """What the municipality has not decided, and what is switched on without what it needs."""
    refs = {name: one.section("privacy").retention_decision_ref for name, one in record.profiles.items()}
    without = sorted(name for name, ref in refs.items() if ref in ("", NO_DECISION))
    if without:
        yield warning(
            "profiler",
            f"Inget gallras: {', '.join(without)} saknar gallringsbeslut.",
            "Skriv beslutets nummer i profilen, privacy.retention_decision_ref.",
        )


def night_calls(patient: Patient, record: Record) -> Iterator[Finding]:
    """A profile that rings at night, in an installation that cannot ring."""
    rings = sorted(name for name, one in record.profiles.items() if one.section("night_call").on)
    try:
        reached = bool(patient.settings.public())
    except SettingsError:
        return  # told of already
    if rings and not (patient.settings.graph and reached):
        yield fault(
            "profiler",
            f"{', '.join(rings)} ringer jouren på natten (night_call.on), men installationen kan inte ringa.",
            f"Sätt {ENVIRONMENT}GRAPH=true och {ENVIRONMENT}PUBLIC_URL, eller stäng av det i profilen.",
        )


def package(patient: Patient) -> Iterator[Finding]:
    """Whether a package can be made of the settings, and whether the one that is told of was made of the same."""
    told = patient.settings
    app = (told.teams_app_id or told.app_id).strip().lower()
    rebuild = "Kör stafett manifest build --out stafett.zip och ladda upp filen i Teams administrationscenter."
    try:
        with tempfile.TemporaryDirectory() as folder:
            build_package(Path(folder) / "stafett.zip", app_id=app, bot_id=told.app_id, domain=told.domain)
    except TeamsPackageError as wrong:
        yield split("paket", str(wrong), _TABLE)
        return
    except OSError:
        yield warning("paket", "Det finns ingen plats för tillfälliga filer.", "Montera ett minne (tmpfs) på /tmp.")
    if patient.package is None:
        return
    try:
        with ZipFile(patient.package) as zipped:
            found = json.loads(zipped.read("manifest.json"))
        same = {
            "appens id": found["id"] == app,
            "botens id": [one["botId"] for one in found["bots"]] == [told.app_id.strip().lower()],
            "domänen": told.domain.strip().lower() in found["validDomains"],
        }
    except (OSError, BadZipFile, KeyError, TypeError, ValueError):
        yield fault("paket", "Paketet går inte att läsa.", rebuild)
        return
    wrong_ones = [what for what, is_same in same.items() if not is_same]
    if wrong_ones:
        yield fault("paket", f"Paketet är byggt för något annat: {', '.join(wrong_ones)} stämmer inte.", rebuild)
