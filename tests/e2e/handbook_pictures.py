"""The handbook's pictures, taken of Microsoft's own client as on a small phone: `make handbok` takes them all anew.

Each is one card out of a short walk through the demo. One that is not met on the way is named, and the old one stays.
"""

from __future__ import annotations

import asyncio
import re
import shutil
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from pictures import take
from ways import URGENT, Day, Way

OUT = Path("docs/bilder/handbok")
MOST_BYTES = 120_000

DAYS = (
    Day(
        start="2026-11-16T09:00", people=("sara", "karim", "anna", "maria", "lena"),
        ways=(
            URGENT,
            Way(
                flow="return_home_team_request", who="maria", seen_by=("anna", "lena"),
                answers={"wished_from": "2026-11-19", "reason": "Behöver mer stöd än vi kan ge just nu."},
                steps=(
                    ("sender", "Skicka", "sent"),
                    ("anna", "Hemgångsteamet tar över", "with_team", {"period_ends": "2026-12-03"}),
                ),
            ),
        ),
        left_open=(URGENT,),
        lists=(("sara", "start", "Vad vill du skicka?"), ("maria", "dagen", ""), ("lena", "mina", "")),
    ),
    Day(
        start="2026-11-16T09:00", people=("sara", "anna"),
        ways=(
            Way(
                flow="urgent_limited", who="sara", seen_by=(), answers={"day1": "2026-11-16"},
                steps=(
                    ("sender", "Börja räkna dagarna", "within_three_days"), ("clock", "+1d", ""), ("clock", "+1d", ""),
                    ("clock", "next", ""), ("clock", "next", "day_four_due"),
                ),
            ),
        ),
    ),
    Day(
        start="2026-11-15T22:00", people=("nils", "anna"),
        ways=(Way(flow="on_call_grant", who="nils", case="", seen_by=(), steps=(("sender", "Skicka", "valid"),)),),
        lists=(("nils", "jour", ""),),
    ),
    Day(
        start="2026-11-16T09:00", people=("sara", "eva"),
        ways=(
            replace(
                URGENT, name="untaken", seen_by=("eva",),
                steps=(("sender", "Skicka", "sent"), ("clock", "+10m", ""), ("clock", "+10m", "escalated")),
            ),
        ),
    ),
)  # fmt: skip

# the handbook's name → the walk's, and whose card of what; of several the first
PICTURES = {
    "hemtjanst-start": ("_lista", "sara-start"),
    "hemtjanst-formular": ("urgent_lasting", "sara-formular"),
    "hemtjanst-kontrollera": ("urgent_lasting", "sara-utkast"),
    "hemtjanst-skickat": ("urgent_lasting", "sara-1-sent"),
    "hemtjanst-ring": ("untaken", "sara-3-escalated"),
    "hemtjanst-svar": ("urgent_lasting", "sara-3-answered"),
    "hemtjanst-dag-4": ("urgent_limited", "sara-5-day_four_due"),
    "handlaggare-nytt": ("urgent_lasting", "anna-1-sent"),
    "handlaggare-aterkoppling": ("urgent_lasting", "anna-svarsformular"),
    "handlaggare-varfor": ("urgent_lasting", "anna-varför?"),
    "forste-nasta-i-tur": ("untaken", "eva-3-escalated"),
    "chef-dagen": ("_lista", "maria-dagen"),
    "jour-lista": ("_lista", "nils-jour"),
    "jour-beviljar": ("on_call_grant", "nils-1-valid"),
    "hemgangsteam-uppdrag": ("return_home_team_request", "lena-2-with_team"),
}


async def walked(folder: Path) -> list[str]:
    """Walk the days, each into a folder of its own; what was missed on the way."""
    missed: list[str] = []
    for number, day in enumerate(DAYS):
        gallery = await take(day, folder / str(number), (), ())
        missed += gallery.missed if gallery is not None else []
    return missed


def kept(folder: Path, out: Path) -> list[str]:
    """Keep the pictures that the handbook shows; what is missing or too heavy, in words."""
    missing = []
    every = sorted(folder.rglob("*.png"))
    for name, (called, what) in PICTURES.items():
        pattern = re.compile(rf"{re.escape(called)}-\d+-{re.escape(what)}-narrow\.png")
        found = next((path for path in every if pattern.fullmatch(path.name)), None)
        if found is None or found.stat().st_size > MOST_BYTES:
            missing.append(f"{name}: {'not met' if found is None else 'too heavy'}")
            continue
        shutil.copy(found, out / f"{name}.png")
    return missing


def main() -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number in range(len(DAYS)):
            (folder / str(number)).mkdir()
        missed = asyncio.run(walked(folder))
        sys.exit("\n".join([*missed, *kept(folder, OUT)]) or None)


if __name__ == "__main__":
    main()
