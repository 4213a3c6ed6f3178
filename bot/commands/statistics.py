"""`stafett statistics`: how many messages ended each month, by kind, without anything that could tell of somebody."""

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
from cases import people, thread_figures
from cases.policy import Act, OfUnit, Who, decide
from cases.record import Record
from cases.thread_figures import SMALLEST
from dialogs.sheets import Sheet

_EXCEL, _CSV = ".xlsx", ".csv"
_HEADINGS = ("Månad", "Typ av meddelande", "Avslutade", "varav en frist passerades")
_FEW, _HIDDEN = f"färre än {SMALLEST}", "visas inte"


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("statistics", help="antal avslutade meddelanden per månad och typ, utan personer")
    parser.add_argument("--unit", required=True, metavar="ENHET", help="enheten vars kommunprofil statistiken gäller")
    parser.add_argument("--from", dest="first", required=True, type=month, metavar="ÅÅÅÅ-MM", help="första månaden")
    parser.add_argument("--to", dest="last", required=True, type=month, metavar="ÅÅÅÅ-MM", help="sista månaden")
    parser.add_argument("--by", required=True, metavar="KONTO", help="vem filen tas ut för, till exempel namn@kommun")
    parser.add_argument("--out", required=True, type=Path, metavar="FIL", help="ny fil, .csv eller .xlsx")
    parser.add_argument("--database", metavar="URL", help="databasens adress (annars STAFETT_DATABASE_URL)")
    parser.set_defaults(func=run)


def run(args: argparse.Namespace) -> int:
    """Write the file, or say why not; the exit code."""
    if args.out.suffix.lower() not in (_EXCEL, _CSV):
        sys.stderr.write(f"{args.out} ska sluta på {_CSV} eller {_EXCEL}.\n")
        return WRONG
    return to_file(args, taken_out, write_sheet if args.out.suffix.lower() == _EXCEL else write_csv)


def taken_out(tx: Connection, record: Record, args: argparse.Namespace, clock: Clock) -> Sheet | None:
    """The sheet, with a line in the account; None when this person may not have it."""
    scene, now = record.scene(tx), clock.care()
    person_id = people.with_upn(tx, args.by)
    who = Who(person_id=person_id, directory=scene.directory, now=now) if person_id is not None else None
    allowed = who is not None and bool(args.unit) and decide(who, Act.STATISTICS, OfUnit(unit_id=args.unit)).allowed
    note(tx, scene.directory, args, now, "statistics", given=allowed, person_id=person_id)
    if not allowed:
        return None
    profile = scene.profile_of_unit(args.unit)
    found = [thread_figures.shown(one) for one in thread_figures.of_profile(tx, profile.name, args.first, args.last)]
    rows = tuple(
        (
            f"{one.month:%Y-%m}", record.flows[one.flow].title if one.flow in record.flows else one.flow,
            _FEW if one.threads is None else one.threads, _HIDDEN if one.late is None else one.late,
        )
        for one in found
    )  # fmt: skip
    return Sheet(title="Statistik", headings=_HEADINGS, rows=rows)
