"""`stafett outbox`: what waits too long and what has been set aside; `retry` lets a row be tried again."""

import argparse
import sys
from datetime import datetime, timedelta
from typing import Any

from bot.clock import Clock
from bot.commands.opened import opened
from cases import outbox_list
from cases.outbox_list import Lying
from cases.thread import thread_ref
from reminders.localtime import to_local

_PATIENCE = timedelta(minutes=2)
_LANES = {0: "brådskande", 1: "vanligt", 2: "massutskick"}
_KINDS = {"message": "meddelande", "update": "ändring av kort"}


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("outbox", help="visa meddelanden som har fastnat")
    parser.add_argument("--database", metavar="URL", help="databasens adress (annars STAFETT_DATABASE_URL)")
    parser.set_defaults(func=_list)
    actions = parser.add_subparsers(metavar="{retry}")
    again = actions.add_parser("retry", help="prova en undanlagd rad igen")
    again.add_argument("row", type=int, metavar="ID", help="radens nummer, som «stafett outbox» visar det")
    again.add_argument("--database", metavar="URL", default=argparse.SUPPRESS, help=argparse.SUPPRESS)
    again.set_defaults(func=_retry)


def _list(args: argparse.Namespace) -> int:
    now = Clock().machine()
    with opened(args.database) as store:
        rows = store.transaction(lambda tx: outbox_list.lying(tx, now, _PATIENCE))
    for row in rows:
        print(told(row, now))
    if not rows:
        print("Inget har fastnat.")
    return 0


def _retry(args: argparse.Namespace) -> int:
    with opened(args.database) as store:
        done = store.transaction(lambda tx: outbox_list.retry(tx, args.row, Clock().machine()))
    if done:
        print(f"Rad {args.row} provas igen.")
        return 0
    sys.stderr.write(f"Ingen undanlagd rad har nummer {args.row}. Se vilka som finns med «stafett outbox».\n")
    return 1


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
