"""`stafett export`: the team's quality answers, or the follow-up board, as an Excel file.

It is taken out for a named person of the roster, whose role decides what is in it; every try stands in the account.
"""

import argparse
import sys
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from bot.clock import Clock
from bot.commands import export_access, export_case, export_meeting, export_not_started, export_on_time
from bot.commands.taken_out import WRONG, note, to_file
from bot.excel import write_sheet
from cases import follow_ups, people
from cases.follow_ups import BOARD, QUALITY
from cases.policy import Act, OfUnit, Who, decide
from cases.record import Record
from dialogs.sheets import Sheet, board_sheet, quality_sheet

_ACTS = {QUALITY: Act.QUALITY, BOARD: Act.BOARD}
_SHEETS = {QUALITY: "de fyra kvalitetsfrågorna, utan ärende och namn", BOARD: "uppföljningstavlan, med ärendenummer"}


def add_parser(subparsers: Any) -> None:
    """Add `export quality`, `board`, `not-started`, `on-time`, `answers`, `evaluation`, `access` and `case`."""
    top = subparsers.add_parser("export", help="ta ut uppföljningar, eller det som inte är verkställt, till fil")
    names = "{quality,board,not-started,on-time,answers,evaluation,access,case}"
    actions = top.add_subparsers(dest="what", required=True, metavar=names)
    for what, told in _SHEETS.items():
        one = actions.add_parser(what, help=told)
        one.add_argument("--unit", required=True, metavar="ENHET", help="myndighetsenhetens id i registret")
        one.add_argument("--from", dest="first", required=True, type=_day, metavar="DATUM", help="första dagen")
        one.add_argument("--to", dest="last", required=True, type=_day, metavar="DATUM", help="sista dagen")
        one.add_argument("--by", required=True, metavar="KONTO", help="vem filen tas ut för, till exempel namn@kommun")
        one.add_argument("--out", required=True, type=Path, metavar="FIL.xlsx", help="ny fil; den får inte finnas")
        one.add_argument("--database", metavar="URL", help="databasens adress (annars STAFETT_DATABASE_URL)")
        one.set_defaults(func=run)
    export_not_started.add_action(actions)
    export_on_time.add_action(actions)
    export_meeting.add_actions(actions)
    export_access.add_action(actions)
    export_case.add_action(actions)


def run(args: argparse.Namespace) -> int:
    """Write the file, or say why not; the exit code."""
    if args.first > args.last:
        sys.stderr.write("Den första dagen ligger efter den sista.\n")
        return WRONG
    return to_file(args, taken_out, write_sheet)


def taken_out(tx: Connection, record: Record, args: argparse.Namespace, clock: Clock) -> Sheet | None:
    """The sheet, with a line in the account; None when this person may not have it."""
    directory, now = record.directory(tx), clock.care()
    person_id = people.with_upn(tx, args.by)
    who = Who(person_id=person_id or 0, directory=directory, now=now)
    taken = decide(who, _ACTS[args.what], OfUnit(unit_id=args.unit))
    if not taken:
        note(tx, directory, args, now, args.what, given=False, person_id=person_id)
        return None
    note(tx, directory, args, now, args.what, given=True, person_id=person_id)
    if args.what == QUALITY:
        held = follow_ups.held(tx, args.unit, args.first, args.last)
        return quality_sheet(record.flows, directory.units[args.unit].name, held)
    planned = follow_ups.planned(tx, args.unit, args.first, args.last, taken.only)
    return board_sheet(record.flows, directory, planned)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("skriv datumet som ÅÅÅÅ-MM-DD") from None
