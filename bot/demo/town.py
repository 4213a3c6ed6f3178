"""The demo's invented municipality: its roster, its profile, and the people one can play."""

import shutil
from datetime import datetime
from functools import cache
from pathlib import Path

from sqlalchemy import Connection

from bot.demo.playground import Person
from bot.demo.roster_passes import passes
from bot.roster_files import read_roster
from cases import roster
from dialogs.personal_number import has_personal_number
from reminders.profile import FOLDER as PROFILES
from reminders.profile import profile_names

_ROSTER = Path(__file__).parent / "roster"
PROFILE_FOLDER = "rutiner"
USUAL = "norrkoping"

# The demo shows content on «Visa», so its copy of the profile says so. The references are as invented as the people.
_PRIVACY = """
[privacy]
mode = "visa"
decision_ref = "DEMO-1"
dpia_ref = "DEMO-2"
retention_decision_ref = "DEMO-3"
"""


def profiles_for(folder: Path, *, shows: bool = True) -> Path:
    """A copy of the profiles; where it `shows`, Norrköping's keeps content in Stafett."""
    made = folder / PROFILE_FOLDER
    shutil.rmtree(made, ignore_errors=True)
    shutil.copytree(PROFILES, made, ignore=shutil.ignore_patterns("__pycache__"))
    profile = made / "norrkoping.toml"
    if shows:
        profile.write_text(profile.read_text(encoding="utf-8") + _PRIVACY, encoding="utf-8")
    return made


def settle(tx: Connection, now: datetime, profile: str = USUAL) -> None:
    """Bring the invented roster into the record, with somebody on call every night for two months from `now`; all its
    units follow the routine of `profile`."""
    sheets = read_roster(_ROSTER)
    sheets["enheter"] = [(at, {**row, "profil": profile}) for at, row in sheets["enheter"]]
    sheets["jour"] = passes(now)
    found = roster.check(sheets, profiles=profile_names(), has_personal_number=has_personal_number)
    if not isinstance(found, roster.Roster):
        raise ValueError(f"the demo's own roster is wrong: {found[0]}")
    roster.apply(tx, found, now)


@cache
def people() -> dict[str, Person]:
    """Everybody one can play, by first name in small letters."""
    return {
        row["namn"].split()[0].lower(): Person(
            key=row["namn"].split()[0].lower(),
            name=row["namn"],
            aad_object_id=row["aad_object_id"],
            upn=row["upn"],
        )
        for _, row in read_roster(_ROSTER)["personer"]
    }


@cache
def workplaces() -> dict[str, str]:
    """The unit that each of them works in, the first where there are several."""
    keys = {person.upn: key for key, person in people().items()}
    found: dict[str, str] = {}
    for _, row in read_roster(_ROSTER)["roller"]:
        found.setdefault(keys[row["person"]], row["enhet"])
    return found


@cache
def titles() -> dict[str, str]:
    """What each of them works as."""
    rows = read_roster(_ROSTER)["personer"]
    return {row["namn"].split()[0].lower(): row["titel"] for _, row in rows}
