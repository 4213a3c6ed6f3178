"""`stafett export access`: who has which role in a unit, since when and by what, as an Excel file without any case."""

import argparse
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from bot.clock import Clock
from bot.commands.taken_out import note, to_file
from bot.excel import write_sheet
from cases import access_review, people
from cases.policy import Who
from cases.record import Record, Scene
from dialogs.lists_review import sheet
from dialogs.sheets import Sheet


def add_action(actions: Any) -> None:
    one = actions.add_parser("access", help="vem som har vilken roll i en enhet, sedan när och varifrån")
    one.add_argument("--unit", required=True, metavar="ENHET", help="enhetens id i registret")
    one.add_argument("--by", required=True, metavar="KONTO", help="vem filen tas ut för, till exempel namn@kommun")
    one.add_argument("--out", required=True, type=Path, metavar="FIL.xlsx", help="ny fil; den får inte finnas")
    one.add_argument("--database", metavar="URL", help="databasens adress (annars STAFETT_DATABASE_URL)")
    one.set_defaults(func=run)


def run(args: argparse.Namespace) -> int:
    """Write the file, or say why not; the exit code."""
    return to_file(args, taken_out, write_sheet)


def taken_out(tx: Connection, record: Record, args: argparse.Namespace, clock: Clock) -> Sheet | None:
    """The sheet, with a line in the account; None when this person may not have it."""
    directory, now = record.directory(tx), clock.care()
    person_id = people.with_upn(tx, args.by)
    who = Who(person_id=person_id or 0, directory=directory, now=now)
    given = access_review.may_list(who, args.unit)
    note(tx, directory, args, now, "access", given=given, person_id=person_id)
    if not given:
        return None
    profile = Scene(record=record, directory=directory).profile_of_unit(args.unit)
    return sheet(tx, directory, profile, args.unit)
