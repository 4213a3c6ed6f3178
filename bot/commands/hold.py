"""`stafett hold`: keep everything of a case from disposal, and let go of it again.

The answer is the same whether the record knows the case or not.
"""

import argparse
import sys
from typing import Any

from sqlalchemy import Connection

from bot.clock import Clock
from bot.commands.opened import opened
from bot.house import build_record
from bot.settings import Settings
from cases import account, holds, people
from cases.holds import REASONS
from cases.policy import Act, OfUnit, Who, decide
from cases.record import Record
from dialogs.personal_number import has_personal_number
from reminders.localtime import to_local

OK, REFUSED, WRONG = 0, 1, 2
_LONGEST = 40  # of a case reference


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("hold", help="undanta ett ärende från gallring")
    parser.add_argument("case", nargs="?", metavar="ÄRENDE", help="ärendenumret")
    parser.add_argument("--by", metavar="KONTO", help="vem som har bestämt det, till exempel namn@kommun")
    parser.add_argument("--reason", choices=sorted(REASONS), help="varför ärendet undantas")
    parser.add_argument("--release", action="store_true", help="ärendet får gallras igen")
    parser.add_argument("--list", action="store_true", help="räkna upp de ärenden som är undantagna")
    parser.add_argument("--database", metavar="URL", help="databasens adress (annars STAFETT_DATABASE_URL)")
    parser.set_defaults(func=run)


def run(args: argparse.Namespace) -> int:
    """Place, release or list; the exit code."""
    if any(has_personal_number(str(one)) for one in (args.case, args.by) if one):
        sys.stderr.write("Skriv inte personnummer. Ange ärendenumret i verksamhetssystemet.\n")
        return WRONG
    if args.list:
        return _list(args)
    if not args.case or not args.by or len(args.case) > _LONGEST or not (args.release or args.reason):
        sys.stderr.write("Ange ärende, --by KONTO och --reason SKÄL (eller --release).\n")
        return WRONG
    record = build_record(Settings().profiles())
    with opened(args.database) as store:
        done = store.transaction(lambda tx: held(tx, record, args, Clock()))
    if done is None:
        sys.stderr.write(f"{args.by} får inte undanta ärenden från gallring. Försöket är noterat.\n")
        return REFUSED
    print(done)
    return OK


def held(tx: Connection, record: Record, args: argparse.Namespace, clock: Clock) -> str | None:
    """What was done, in Swedish; None when this person may not. Either way it stands in the account."""
    directory, now = record.directory(tx), clock.care()
    person_id = people.with_upn(tx, args.by)
    who = Who(person_id=person_id, directory=directory, now=now) if person_id is not None else None
    if who is None or not decide(who, Act.HOLD, OfUnit()):
        account.note(
            tx, now, person_id=person_id, action="denied", outcome="refused", reason="hold", channel=account.COMMAND
        )  # fmt: skip
        return None
    case_ref = directory.spelled(tx, args.case)
    if args.release:
        done = holds.release(tx, case_ref, who.person_id, now)
        return "Ärendet får gallras igen." if done else "Ärendet var inte undantaget från gallring."
    done = holds.place(tx, case_ref, args.reason, who.person_id, now)
    return "Ärendet är undantaget från gallring." if done else "Ärendet är redan undantaget från gallring."


def _list(args: argparse.Namespace) -> int:
    with opened(args.database) as store:
        found = store.transaction(holds.standing)
    for one in found:
        print(f"{one.case_ref}  sedan {to_local(one.placed_at):%Y-%m-%d}  {REASONS[one.reason]}")
    print(f"{len(found)} ärenden är undantagna från gallring.")
    return OK
