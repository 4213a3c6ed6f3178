"""`stafett export on-time`: how many of the routine's limits a unit has kept, month by month, with a diagram."""

import argparse
import sys
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from bot.clock import Clock
from bot.commands.export_not_started import write_csv
from bot.commands.months import month
from bot.commands.taken_out import WRONG, note, to_file
from bot.excel import write_sheet
from cases import on_time, people
from cases.policy import Who
from cases.record import Record
from dialogs.on_time_sheets import on_time_sheet
from dialogs.sheets import Sheet

_EXCEL, _CSV = ".xlsx", ".csv"


def add_action(actions: Any) -> None:
    one = actions.add_parser("on-time", help="hur många av rutinens frister en enhet har hållit, med diagram")
    one.add_argument("--unit", required=True, metavar="ENHET", help="enhetens id i registret")
    one.add_argument("--from", dest="first", required=True, type=month, metavar="ÅÅÅÅ-MM", help="första månaden")
    one.add_argument("--to", dest="last", required=True, type=month, metavar="ÅÅÅÅ-MM", help="sista månaden")
    one.add_argument("--by", required=True, metavar="KONTO", help="vem filen tas ut för, till exempel namn@kommun")
    one.add_argument(
        "--out", required=True, type=Path, metavar="FIL.xlsx", help="ny fil, .xlsx (med diagram) eller .csv"
    )
    one.add_argument("--database", metavar="URL", help="databasens adress (annars STAFETT_DATABASE_URL)")
    one.set_defaults(func=run)


def run(args: argparse.Namespace) -> int:
    """Write the file, or say why not; the exit code."""
    if args.out.suffix.lower() not in (_EXCEL, _CSV):
        sys.stderr.write(f"{args.out} ska sluta på {_CSV} eller {_EXCEL}.\n")
        return WRONG
    if args.first > args.last:
        sys.stderr.write("Den första månaden ligger efter den sista.\n")
        return WRONG
    return to_file(args, taken_out, write_sheet if args.out.suffix.lower() == _EXCEL else write_csv)


def taken_out(tx: Connection, record: Record, args: argparse.Namespace, clock: Clock) -> Sheet | None:
    """The sheet, with a line in the account; None when this person may not have it."""
    directory, now = record.directory(tx), clock.care()
    person_id = people.with_upn(tx, args.by)
    given = person_id is not None and args.unit in on_time.shares(
        Who(person_id=person_id, directory=directory, now=now)
    )
    note(tx, directory, args, now, "on_time", given=given, person_id=person_id)
    if not given:
        return None
    found = on_time.of_unit(tx, args.unit, args.first, args.last)
    return on_time_sheet(record.profiles, found, on_time.counted_on(tx))
