"""`stafett outbox`: what waits too long and what has been set aside; `retry` lets a row be tried again.

Messages have a number; errands, such as a pointer by e-mail, have a number with an E before it.
"""

import argparse
import sys
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from bot.clock import Clock
from bot.commands.opened import opened
from cases import errand_figures, outbox_list
from cases.errand_figures import LyingErrand
from cases.outbox_list import Lying
from cases.thread import thread_ref
from reminders.localtime import to_local

_PATIENCE = timedelta(minutes=2)
_LANES = {0: "brådskande", 1: "vanligt", 2: "massutskick"}
_KINDS = {"message": "meddelande", "update": "ändring av kort"}
_ERRANDS = {"mail": "e-post", "list": "lista", "install": "installation"}
_ERRAND = "E"


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("outbox", help="visa meddelanden som har fastnat")
    parser.add_argument("--database", metavar="URL", help="databasens adress (annars STAFETT_DATABASE_URL)")
    parser.set_defaults(func=_list)
    actions = parser.add_subparsers(metavar="{retry}")
    again = actions.add_parser("retry", help="prova en undanlagd rad igen")
    again.add_argument("row", metavar="ID", help="radens nummer, som «stafett outbox» visar det")
    again.add_argument("--database", metavar="URL", default=argparse.SUPPRESS, help=argparse.SUPPRESS)
    again.set_defaults(func=_retry)


def _list(args: argparse.Namespace) -> int:
    now = Clock().machine()
    with opened(args.database) as store:
        rows = store.transaction(lambda tx: outbox_list.lying(tx, now, _PATIENCE))
        errands = store.transaction(lambda tx: errand_figures.lying(tx, now, _PATIENCE))
    for line in [*(told(row, now) for row in rows), *(errand_told(one, now) for one in errands)]:
        print(line)
    if not rows and not errands:
        print("Inget har fastnat.")
    return 0


def _retry(args: argparse.Namespace) -> int:
    is_errand, number = args.row[:1].upper() == _ERRAND, args.row.upper().removeprefix(_ERRAND)
    with opened(args.database) as store:
        done = number.isdecimal() and store.transaction(lambda tx: _again(tx, int(number), is_errand))
    if done:
        print(f"Rad {args.row} provas igen.")
        return 0
    sys.stderr.write(f"Ingen undanlagd rad har nummer {args.row}. Se vilka som finns med «stafett outbox».\n")
    return 1


def _again(tx: Connection, number: int, is_errand: bool) -> bool:
    return errand_figures.retry(tx, number) if is_errand else outbox_list.retry(tx, number, Clock().machine())


def errand_told(row: LyingErrand, now: datetime) -> str:
    """An errand in Swedish: what it is, to which unit or person by number, and why it lies there."""
    state = "UNDANLAGD" if row.status == "set_aside" else "väntar"
    seconds = int((now - (row.finished_at or row.not_before)).total_seconds())
    tries = f"{row.attempts} försök" + (f", senast {row.failure}" if row.failure else "")
    later = f", provas {to_local(row.retry_at):%Y-%m-%d %H:%M:%S}" if row.retry_at and row.retry_at > now else ""
    about = [thread_ref(row.thread_id)] if row.thread_id is not None else []
    about += [f"enhet {row.unit_id}"] if row.unit_id else []
    about += [f"person {row.person_id}"] if row.person_id is not None else []
    what = f"{_ERRANDS.get(row.kind, row.kind)}, {', '.join(about)}"
    shown = "" if state == "UNDANLAGD" else later
    return f"{_ERRAND}{row.id}  {state} sedan {seconds // 60} min: {what}; {tries}{shown}"


def told(row: Lying, now: datetime) -> str:
    """A row in Swedish: what it is, to whom by number, and why it lies there. Never what it says."""
    state = "UNDANLAGD" if row.status == "set_aside" else "väntar"
    seconds = int((now - (row.finished_at or row.created_at)).total_seconds())
    tries = f"{row.attempts} försök" + (f", senast {row.failure}" if row.failure else "")
    later = f", provas {to_local(row.not_before):%Y-%m-%d %H:%M:%S}" if row.not_before > now else ""
    what = f"{_LANES.get(row.lane, str(row.lane))} {_KINDS.get(row.kind, row.kind)}"
    about = f"{thread_ref(row.thread_id)}, person {row.person_id}"
    return (
        f"{row.id}  {state} sedan {seconds // 60} min: {what}, {about}; {tries}{'' if state == 'UNDANLAGD' else later}"
    )
