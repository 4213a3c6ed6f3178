"""`stafett hours import`: a unit's ordered and performed hours of a month, to be compared by the assessors.

All of the file is right or nothing is used. A month that is imported again replaces the earlier one.
"""

import argparse
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from bot.clock import Clock
from bot.commands.opened import opened
from bot.house import build_record
from bot.roster_files import RosterUnreadable, read_sheet
from bot.settings import Settings
from cases import hours
from cases.hours import Brought
from cases.hours_check import Checked, HoursFault, check
from cases.record import Record
from cases.roster import Row
from dialogs.personal_number import has_personal_number
from reminders.errors import RuleNotInProfile
from reminders.localtime import Month, to_local

REFUSED = 1
_MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")


class Refused(Exception):
    """The hours cannot be used; the message is Swedish and says what to do. Nothing has been changed."""


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("hours", help="läs in beställda och utförda timmar")
    actions = parser.add_subparsers(required=True, metavar="{import}")
    bring = actions.add_parser("import", help="läs in en månad för en enhet, ur en CSV-fil eller en xlsx-fil")
    bring.add_argument("file", type=Path, metavar="FIL", help="kolumnerna arende, bestalld och utford")
    bring.add_argument("--unit", required=True, metavar="ENHET", help="enhetens id, som i bladet enheter")
    bring.add_argument("--month", required=True, metavar="ÅÅÅÅ-MM", help="månaden som timmarna gäller")
    bring.add_argument("--dry-run", action="store_true", help="visa vad som skulle läsas in, men ändra inget")
    bring.add_argument("--database", metavar="URL", help="databasens adress (annars STAFETT_DATABASE_URL)")
    bring.set_defaults(func=_import)


def _import(args: argparse.Namespace) -> int:
    record = build_record(Settings().profiles())
    try:
        rows = read_sheet(args.file)
        month = _month(args.month, Clock())
        with opened(args.database) as store:
            checked, done = store.transaction(
                lambda tx: brought(tx, record, args.unit, month, rows, Clock(), dry_run=args.dry_run)
            )
    except (Refused, RosterUnreadable) as wrong:
        print(wrong)
        return REFUSED
    for case_ref in checked.nothing_ordered:
        print(f"{case_ref}: ingen tid är beställd. Ärendet jämförs inte. Kontrollera beställningen.")
    if done is None:
        print(f"Provkörning: {len(checked.hours)} ärenden. Inget har ändrats.")
        return 0
    again = f", i stället för {done.replaced} tidigare" if done.replaced else ""
    print(f"Klart: {done.kept} ärenden för {args.unit} {month}{again}. {done.told} handläggare får jämförelsen.")
    return 0


def brought(
    tx: Connection, record: Record, unit_id: str, month: Month, rows: Sequence[Row], clock: Clock, *, dry_run: bool
) -> tuple[Checked, Brought | None]:
    """Check the rows against the record and keep them. Raises: Refused, with every fault."""
    scene = record.scene(tx)
    unit = scene.directory.units.get(unit_id)
    if unit is None or unit.authority_unit_id is None:
        raise Refused(f"Det finns ingen utförare som heter {unit_id}. Skriv enhetens id, som i bladet enheter.")
    try:
        scene.profile_of_unit(unit_id).rule(hours.RULE)
    except RuleNotInProfile:
        raise Refused(
            f"Rutinen som gäller för {unit_id} har ingen jämförelse av timmar (rules.{hours.RULE})."
        ) from None
    found = check(rows, hours.cases_of(tx, unit_id), has_personal_number)
    if not isinstance(found, Checked):
        raise Refused(_told(found))
    if dry_run:
        return found, None
    return found, hours.bring_in(tx, scene, unit_id, month, found.hours, clock.care())


def _told(faults: Sequence[HoursFault]) -> str:
    lines = [str(fault) for fault in sorted(faults, key=lambda one: one.line)]
    return "\n".join([*lines, f"{len(faults)} fel. Inget har lästs in."])


def _month(text: str, clock: Clock) -> Month:
    """The month, which must be over. Raises: Refused."""
    found = _MONTH.fullmatch(text)
    if found is None:
        raise Refused(f"«{text}» är ingen månad. Skriv den som 2026-10.")
    month = Month(int(found[1]), int(found[2]))
    if month.plus(1).day(1) > to_local(clock.care()).date():
        raise Refused(f"{month} är inte slut. Läs in timmarna när månaden är över.")
    return month
