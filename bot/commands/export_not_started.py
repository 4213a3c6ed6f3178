"""`stafett export not-started`: the decisions that have not been started, as a CSV or Excel file without any name."""

import argparse
import csv
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from bot.clock import Clock
from bot.commands.taken_out import WRONG, note, to_file
from bot.excel import harmless, write_sheet
from cases import not_started, people
from cases.policy import Who
from cases.record import Record
from dialogs.lists_not_started import sheet
from dialogs.sheets import Cell, Sheet
from reminders.localtime import to_local

_EXCEL, _CSV = ".xlsx", ".csv"


def add_action(actions: Any) -> None:
    one = actions.add_parser("not-started", help="beslut som inte har verkställts, räknat mot tre månader")
    one.add_argument("--unit", required=True, metavar="ENHET", help="enhetens id i registret")
    one.add_argument("--by", required=True, metavar="KONTO", help="vem filen tas ut för, till exempel namn@kommun")
    one.add_argument("--out", required=True, type=Path, metavar="FIL.csv", help="ny fil, .csv eller .xlsx")
    one.add_argument("--database", metavar="URL", help="databasens adress (annars STAFETT_DATABASE_URL)")
    one.set_defaults(func=run)


def run(args: argparse.Namespace) -> int:
    """Write the file, or say why not; the exit code."""
    if args.out.suffix.lower() not in (_EXCEL, _CSV):
        sys.stderr.write(f"{args.out} ska sluta på {_CSV} eller {_EXCEL}.\n")
        return WRONG
    return to_file(args, taken_out, write_sheet if args.out.suffix.lower() == _EXCEL else write_csv)


def taken_out(tx: Connection, record: Record, args: argparse.Namespace, clock: Clock) -> Sheet | None:
    """The sheet, with a line in the account; None when this person may not have it."""
    directory, now = record.directory(tx), clock.care()
    person_id = people.with_upn(tx, args.by)
    shares = not_started.shares(Who(person_id=person_id, directory=directory, now=now)) if person_id else []
    share = next((one for one in shares if one.unit_id == args.unit), None)
    if share is None:
        note(tx, directory, args, now, "not_started", given=False, person_id=person_id)
        return None
    note(tx, directory, args, now, "not_started", given=True, person_id=person_id)
    today = to_local(now).date()
    found = not_started.waiting(tx, directory, share, today)
    return sheet(record.flows[not_started.FLOW], directory, found, today)


def write_csv(file: Path, sheet: Sheet) -> None:
    """Write the sheet to a new file that a Swedish Excel opens as it is. Raises: FileExistsError, OSError."""
    with file.open("x", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out, delimiter=";", quoting=csv.QUOTE_ALL)
        writer.writerow([harmless(text) for text in sheet.headings])
        writer.writerows([[harmless(_text(value)) for value in row] for row in sheet.rows])


def _text(value: Cell) -> str:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    return value.isoformat() if isinstance(value, date) else ("" if value is None else str(value))
