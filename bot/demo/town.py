"""The demo's invented municipality: its roster, its profile, and the people one can play."""

import shutil
from datetime import datetime
from pathlib import Path

from bot.demo.playground import Person
from bot.demo.roster_passes import passes
from bot.roster_files import read_rows
from cases.roster import apply, build
from cases.store import Store
from dialogs.personal_number import has_personal_number
from reminders.profile import FOLDER as PROFILES
from reminders.profile import profile_names

_ROSTER = Path(__file__).parent / "roster"

# The demo shows content on «Visa», so its copy of the profile says so. The references are as invented as the people.
_PRIVACY = """
[privacy]
mode = "visa"
decision_ref = "DEMO-1"
dpia_ref = "DEMO-2"
retention_decision_ref = "DEMO-3"
"""


def profiles_for(folder: Path) -> Path:
    """A copy of the profiles in which Norrköping's keeps content in Stafett."""
    made = folder / "rutiner"
    shutil.rmtree(made, ignore_errors=True)
    shutil.copytree(PROFILES, made, ignore=shutil.ignore_patterns("__pycache__"))
    profile = made / "norrkoping.toml"
    profile.write_text(profile.read_text(encoding="utf-8") + _PRIVACY, encoding="utf-8")
    return made
