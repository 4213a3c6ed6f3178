"""What every export to a file does: it is for a named person of the roster, and never writes over what is there."""

import argparse
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from bot.clock import Clock
from bot.commands.opened import opened
from bot.house import build_record
from bot.settings import Settings
from cases import account
from cases.directory import Directory
from cases.record import Record
from dialogs.sheets import Sheet

OK, REFUSED, WRONG = 0, 1, 2

TakenOut = Callable[[Connection, Record, argparse.Namespace, Clock], Sheet | None]


def note(
    tx: Connection, directory: Directory, args: argparse.Namespace, now: datetime, reason: str, *, given: bool,
    person_id: int | None, thread_id: int | None = None,
) -> None:  # fmt: skip
    """That a file was taken out, or asked for in vain."""
    account.note(
        tx, now, person_id=person_id, action="export" if given else "denied", outcome="done" if given else "refused",
        reason=reason if given else f"export_{reason}", thread_id=thread_id, directory=directory,
        unit_id=args.unit if args.unit in directory.units else "", channel=account.COMMAND,
    )  # fmt: skip


def to_file(args: argparse.Namespace, taken_out: TakenOut, write: Callable[[Path, Sheet], None]) -> int:
    """Write what `taken_out` gives to the file `args.out`, or say why not; the exit code."""
    if args.out.exists():
        sys.stderr.write(f"{args.out} finns redan. Välj ett annat namn.\n")
        return REFUSED
    record = build_record(Settings().profiles())
    with opened(args.database) as store:
        sheet = store.transaction(lambda tx: taken_out(tx, record, args, Clock()))
    if sheet is None:
        sys.stderr.write(f"{args.by} får inte ta ut det här för {args.unit}. Försöket är noterat.\n")
        return REFUSED
    try:
        write(args.out, sheet)
    except OSError as fault:
        sys.stderr.write(f"{args.out} kunde inte skrivas: {fault.strerror}.\n")
        return REFUSED
    print(f"{args.out} är klar: {len(sheet.rows)} rader.")
    return OK
