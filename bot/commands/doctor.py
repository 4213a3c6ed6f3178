"""`stafett doctor`: what is wrong with this installation, and what to do about it."""

import argparse
import asyncio
import json
from pathlib import Path
from typing import Any

from bot.channel.settings import ChannelSettings, SettingsError
from bot.clock import Clock
from bot.doctor.examination import examine
from bot.doctor.finding import Finding, Level, Looked, Patient, split
from bot.house import build_record
from bot.settings import Settings
from cases.database import DatabaseUnusable
from cases.record import Record
from cases.store import Store
from dialogs.catalogue import FlowError
from reminders.errors import ProfileError

OK, FAULTS, WARNINGS = 0, 1, 3
_TABLE = "Rätta och kör stafett doctor igen. Alla inställningar står i docs/reference.md."


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("doctor", help="undersök installationen och säg vad som ska göras")
    parser.add_argument("--offline", action="store_true", help="fråga ingen utanför maskinen och databasen")
    parser.add_argument("--package", type=Path, metavar="FIL.zip", help="det uppladdade Teams-paketet, att jämföra med")
    parser.add_argument("--json", action="store_true", help="skriv som JSON")
    parser.set_defaults(func=run)


def run(args: argparse.Namespace) -> int:
    """0: allt är som det ska. 1: något är fel. 3: bara varningar."""
    looked = look(args.package, offline=args.offline)
    print(_json(looked) if args.json else _text(looked))
    return FAULTS if looked.of(Level.FAULT) else WARNINGS if looked.findings else OK


def look(package: Path | None = None, *, offline: bool = False) -> Looked:
    """Put the installation together as far as it goes, and examine it."""
    early: list[Finding] = []
    try:
        settings = Settings()
    except SettingsError as wrong:
        return Looked(checks=["inställningar"], findings=[split("inställningar", str(wrong), _TABLE)])
    channel, record, store = _channel(settings, early), _record(settings, early), _store(settings, early)
    patient = Patient(
        settings=settings, clock=Clock(), channel=channel, record=record, store=store, package=package
    )  # fmt: skip
    try:
        looked = asyncio.run(examine(patient, offline=offline))
    finally:
        if store is not None:
            store.close()
    for one in early:
        looked.add(one.check, [one])
    return looked


def _channel(settings: Settings, early: list[Finding]) -> ChannelSettings | None:
    try:
        return settings.channel()
    except SettingsError as wrong:
        early.append(split("inställningar", str(wrong), _TABLE))
        return None


def _record(settings: Settings, early: list[Finding]) -> Record | None:
    try:
        return build_record(settings.profiles())
    except SettingsError:
        return None  # told of with the other settings
    except (ProfileError, FlowError) as wrong:
        early.append(split("profiler", str(wrong).replace("\n", " · "), "Rätta filen på det ställe som står."))
        return None


def _store(settings: Settings, early: list[Finding]) -> Store | None:
    try:
        return Store(settings.database_url)
    except DatabaseUnusable as wrong:
        early.append(split("databas", str(wrong), _TABLE))
        return None


def _json(looked: Looked) -> str:
    told = {
        "state": Level.FAULT if looked.of(Level.FAULT) else Level.WARNING if looked.findings else "ok",
        "checks": looked.checks, "findings": [one.told() for one in looked.findings],
    }  # fmt: skip
    return json.dumps(told, ensure_ascii=False, indent=2)


def _text(looked: Looked) -> str:
    lines = []
    for level in Level:
        for one in looked.of(level):
            lines += [f"{level.value.upper()}  {one.check}: {one.found}", f"    Gör så här: {one.cure}"]
    wrong = {one.check for one in looked.findings}
    well = [check for check in looked.checks if check not in wrong]
    if well:
        lines.append(f"Utan anmärkning: {', '.join(well)}.")
    lines.append(f"{len(looked.of(Level.FAULT))} fel, {len(looked.of(Level.WARNING))} varningar.")
    return "\n".join(lines)
