"""`stafett audit`: whether the account is whole, what stands in it, and what a manager goes through each month."""

import argparse
import sys
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from bot import anchors
from bot.clock import Clock
from bot.commands.audit_words import listed_sheet, month_sheets, told
from bot.commands.export_not_started import write_csv
from bot.commands.opened import opened
from bot.commands.taken_out import OK, REFUSED, WRONG
from bot.excel import write_sheet
from bot.house import build_record
from bot.settings import Settings
from cases import account, account_list, account_month, people
from cases.account_check import Checked, check
from cases.directory import Directory, read
from cases.policy import Act, OfUnit, Who, decide
from dialogs.sheets import Sheet
from reminders.localtime import Month, at

_EXCEL = ".xlsx"
_MOST_SHOWN = 200  # faults
_UNCHECKED = 3

Sheets = Callable[[Connection, Directory, argparse.Namespace, datetime], list[Sheet] | None]


def add_parser(subparsers: Any) -> None:
    """Add `audit verify`, `audit list` and `audit month`."""
    top = subparsers.add_parser("audit", help="kontrollera, läs och ta ut loggen över vem som har sett och gjort vad")
    actions = top.add_subparsers(dest="what", required=True, metavar="{verify,list,month}")

    verify = actions.add_parser("verify", help="kontrollera att inget i loggen är ändrat eller borttaget")
    verify.add_argument("--anchors", type=Path, metavar="FIL", help="Stafetts driftlogg, där ankarna också står")
    verify.set_defaults(func=_verify)

    listed = actions.add_parser("list", help="vem har sett och gjort vad (för granskare)")
    listed.add_argument("--case", default="", metavar="ÄRENDE", help="bara det här ärendet")
    listed.add_argument("--person", default="", metavar="KONTO", help="bara den här personen")
    listed.add_argument("--from", dest="first", type=_day, metavar="DATUM", help="första dagen")
    listed.add_argument("--to", dest="last", type=_day, metavar="DATUM", help="sista dagen")
    listed.set_defaults(func=_to_reader, sheets=_list)

    month = actions.add_parser("month", help="månadens kontrollista för en enhet (för chef och granskare)")
    month.add_argument("--unit", required=True, metavar="ENHET", help="enhetens id i registret")
    month.add_argument("--month", required=True, type=_month, metavar="ÅÅÅÅ-MM", help="månaden")
    month.set_defaults(func=_to_reader, sheets=_month_list)

    for one in (listed, month):
        one.add_argument("--by", required=True, metavar="KONTO", help="vem som läser, till exempel namn@kommun")
        one.add_argument("--out", type=Path, metavar="FIL.csv", help="ny fil, .csv eller .xlsx; annars på skärmen")
    for one in (verify, listed, month):
        one.add_argument("--database", metavar="URL", help="databasens adress (annars STAFETT_DATABASE_URL)")


# --- verify ------------------------------------------------------------------------------------------------------


def _verify(args: argparse.Namespace) -> int:
    """0 when all is as it was written, 1 when something is not, 2 when it could not be looked at, and 3 when nothing is
    wrong but a restore has left anchors that cannot be checked."""
    outside = None
    if args.anchors is not None:
        try:
            with args.anchors.open(encoding="utf-8", errors="replace") as lines:
                outside = anchors.read(lines)
        except OSError as fault:
            sys.stderr.write(f"{args.anchors} går inte att läsa: {fault.strerror}.\n")
            return WRONG
        if not outside:
            sys.stderr.write(f"Det står inga ankare i {args.anchors}. Ange Stafetts driftlogg.\n")
            return WRONG
    with opened(args.database) as store:
        done = store.transaction(lambda tx: check(tx, outside))
    _tell(done, len(outside) if outside is not None else None)
    return REFUSED if done.faults else _UNCHECKED if done.replaced else OK


def _tell(done: Checked, outside: int | None) -> None:
    looked_at = f"{done.rows} rader i {done.chains} kedjor och {done.anchors} ankare"
    copies = "" if outside is None else f", {outside} ankare i driftloggen"
    if done.replaced:
        print(
            f"Databasen är återställd från en säkerhetskopia: {len(done.replaced)} ankare från tiden mellan kopian och "
            "återställningen går inte att kontrollera."
        )
    if not done.faults:
        print(f"Loggen är hel: {looked_at}{copies}.")
        return
    for fault in done.faults[:_MOST_SHOWN]:
        print(told(fault))
    if len(done.faults) > _MOST_SHOWN:
        print(f"… och {len(done.faults) - _MOST_SHOWN} fel till.")
    print(f"Loggen är inte hel: {len(done.faults)} fel. Kontrollerat: {looked_at}{copies}.")


# --- reading -----------------------------------------------------------------------------------------------------


def _to_reader(args: argparse.Namespace) -> int:
    """Show or write what this person may read; that they read it is noted itself."""
    if args.out is not None and args.out.exists():
        sys.stderr.write(f"{args.out} finns redan. Välj ett annat namn.\n")
        return REFUSED
    build_record(Settings().profiles())  # the roles of the profiles are known from here on
    with opened(args.database) as store:
        sheets = store.transaction(lambda tx: args.sheets(tx, read(tx, ""), args, Clock().care()))
    if sheets is None:
        sys.stderr.write(f"{args.by} får inte läsa det här. Försöket är noterat.\n")
        return REFUSED
    if args.out is None:
        for sheet in sheets:
            _show(sheet)
        return OK
    try:
        for sheet in sheets:
            file = args.out if len(sheets) == 1 else args.out.with_stem(f"{args.out.stem}-{sheet.title.lower()}")
            (write_sheet if file.suffix.lower() == _EXCEL else write_csv)(file, sheet)
            print(f"{file} är klar: {len(sheet.rows)} rader.")
    except OSError as fault:
        sys.stderr.write(f"{args.out} kunde inte skrivas: {fault.strerror}.\n")
        return REFUSED
    return OK


def _list(tx: Connection, directory: Directory, args: argparse.Namespace, now: datetime) -> list[Sheet] | None:
    by = people.with_upn(tx, args.by)
    units = account_list.scope(directory, by, now) if by is not None else set()
    if not units:
        _note(tx, directory, by, now, "list", given=False)
        return None
    about = people.with_upn(tx, args.person) if args.person else None
    asked = account_list.Asked(
        case_ref=args.case, person_id=about if about is not None or not args.person else 0,
        first=at(args.first, time(0)) if args.first else None,
        last=at(args.last + timedelta(days=1), time(0)) if args.last else None,
    )  # fmt: skip
    found = account_list.rows(tx, directory, units, asked)
    case_ref = next((row.case_ref for row in found), "") if args.case else ""
    _note(tx, directory, by, now, "list", given=True, case_ref=case_ref, about_id=about)
    return [listed_sheet(directory, found)]


def _month_list(tx: Connection, directory: Directory, args: argparse.Namespace, now: datetime) -> list[Sheet] | None:
    by = people.with_upn(tx, args.by)
    leads = by is not None and bool(
        decide(Who(person_id=by, directory=directory, now=now), Act.LEAD, OfUnit(unit_id=args.unit))
    )
    if by is None or not (leads or args.unit in account_list.scope(directory, by, now)):
        _note(tx, directory, by, now, "month", given=False)
        return None
    _note(tx, directory, by, now, "month", given=True, unit_id=args.unit)
    return month_sheets(directory, account_month.of(tx, directory, args.unit, args.month))


def _note(
    tx: Connection, directory: Directory, by: int | None, now: datetime, what: str, *, given: bool, case_ref: str = "",
    about_id: int | None = None, unit_id: str = "",
) -> None:  # fmt: skip
    account.note(
        tx, now, person_id=by, action="audit" if given else "denied", outcome="listed" if given else "refused",
        reason=" ".join(part for part in (f"audit_{what}", unit_id) if part), case_ref=case_ref, about_id=about_id,
        directory=directory, channel=account.COMMAND,
    )  # fmt: skip


def _show(sheet: Sheet) -> None:
    print(f"{sheet.title}: {len(sheet.rows)}")
    if sheet.rows:
        print("\t".join(sheet.headings))
    for row in sheet.rows:
        print("\t".join("" if cell is None else str(cell) for cell in row))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("skriv datumet som ÅÅÅÅ-MM-DD") from None


def _month(text: str) -> Month:
    try:
        return Month.of(date.fromisoformat(f"{text}-01"))
    except ValueError:
        raise argparse.ArgumentTypeError("skriv månaden som ÅÅÅÅ-MM") from None
