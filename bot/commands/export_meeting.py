"""`stafett export answers` and `stafett export evaluation`: what came of an information meeting, without any person.

The page is whole and stands by itself, to be put on the municipality's own web site; the CSV opens as it is in Excel.
"""

import argparse
import sys
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from bot.clock import Clock
from bot.commands.export_not_started import write_csv
from bot.commands.taken_out import WRONG, note, to_file
from cases import load, people
from cases import tables as t
from cases.policy import Act, Who, decide
from cases.record import Record
from dialogs.questions import answers_sheet, evaluation_sheet
from dialogs.sheets import Sheet

_FLOW = "information_meeting"
_CSV, _PAGE = ".csv", ".html"
_SHEETS = {"answers": answers_sheet, "evaluation": evaluation_sheet}
_TOLD = {
    "answers": "ett informationsmötes frågor och svar, utan namn, som sida (.html) eller CSV",
    "evaluation": "ett informationsmötes utvärdering, sammanräknad, som sida (.html) eller CSV",
}
_FRAME = """<!doctype html>
<html lang="sv"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title></head><body><main><h1>{title}</h1>
{body}
</main></body></html>
"""


def add_actions(actions: Any) -> None:
    """Add both."""
    for what, told in _TOLD.items():
        one = actions.add_parser(what, help=told)
        one.add_argument("--unit", required=True, metavar="ENHET", help="enheten som kallade till mötet")
        one.add_argument("--meeting", required=True, metavar="BETECKNING", help="mötets beteckning på kortet")
        one.add_argument("--by", required=True, metavar="KONTO", help="vem filen tas ut för, till exempel namn@kommun")
        one.add_argument("--out", required=True, type=Path, metavar="FIL", help="ny fil, .html eller .csv")
        one.add_argument("--database", metavar="URL", help="databasens adress (annars STAFETT_DATABASE_URL)")
        one.set_defaults(func=run, sheet=what)


def run(args: argparse.Namespace) -> int:
    """Write the file, or say why not; the exit code."""
    if args.out.suffix.lower() not in (_CSV, _PAGE):
        sys.stderr.write(f"{args.out} ska sluta på {_PAGE} eller {_CSV}.\n")
        return WRONG
    return to_file(args, taken_out, write_page if args.out.suffix.lower() == _PAGE else write_csv)


def taken_out(tx: Connection, record: Record, args: argparse.Namespace, clock: Clock) -> Sheet | None:
    """The sheet, with a line in the account; None when this person may not have it, or there is no such meeting."""
    directory, now = record.directory(tx), clock.care()
    person_id = people.with_upn(tx, args.by)
    row = t.thread.c
    found = tx.scalar(
        select(row.id).where(
            row.flow == _FLOW, row.case_ref == args.meeting.upper(), row.sender_unit_id == args.unit
        )
    )  # fmt: skip
    if found is None or not _may(tx, record, person_id or 0, found, now):
        note(tx, directory, args, now, args.sheet, given=False, person_id=person_id)
        return None
    note(tx, directory, args, now, args.sheet, given=True, person_id=person_id, thread_id=found)
    return _SHEETS[args.sheet](tx, found)


def _may(tx: Connection, record: Record, person_id: int, number: int, now: datetime) -> bool:
    """Whoever called the meeting, or acts for whoever did."""
    scene = record.scene(tx)
    who = Who(person_id=person_id, directory=scene.directory, now=now)
    return decide(who, Act.PUBLISH, scene.what(load.one(tx, number))).allowed


def write_page(file: Path, sheet: Sheet) -> None:
    """Write the sheet as a page of its own to a new file. Raises: FileExistsError, OSError."""
    rows = "\n".join(_section(row) for row in sheet.rows) or "<p>Inget att visa än.</p>"
    with file.open("x", encoding="utf-8") as out:
        out.write(_FRAME.format(title=escape(sheet.title), body=rows))


def _section(row: tuple[Any, ...]) -> str:
    """A question, or a line of the evaluation: its first words as a heading, the rest beneath."""
    first, *rest = (escape(str(cell)) for cell in row if cell)
    heading = f"{first}. {rest.pop(0)}" if first.isdecimal() and rest else first
    return f"<h2>{heading}</h2>\n" + "\n".join(f"<p>{text}</p>" for text in rest)
