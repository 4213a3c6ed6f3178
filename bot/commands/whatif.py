"""`stafett whatif`: what a year would have been with another profile."""

import argparse
import json
import sys
from collections.abc import Mapping
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from bot.clock import Clock
from bot.commands.opened import opened
from bot.excel import write_book
from bot.house import build_record
from bot.profiles.faults import extends, read
from bot.secret_files import secret
from bot.settings import Settings
from cases import account, what_if_rows
from cases.flow import Flow
from cases.replay import Run
from cases.what_if import compare
from dialogs.care_year import CASES, CareYear
from dialogs.what_if_words import WhatIf, page, plain, sheets
from reminders.errors import UnknownProfile
from reminders.localtime import at, to_local
from reminders.profile import Profile

OK, REFUSED, WRONG = 0, 1, 2
_YEARS = range(2020, 2100)
_MOST = 200_000
_REAL = "Underlag: {threads} meddelanden ur databasen med {runs} frister."
_MADE_UP = (
    "Underlag: {threads} påhittade meddelanden med {runs} frister. Hur ofta man skriver och hur fort man svarar är "
    "antaget; flöden, regler och stegar är de riktiga."
)
_NOTHING = "Databasen har inget från det året. "


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("whatif", help="jämför två profiler på ett år: tidigare, senare, aldrig och nytt")
    parser.add_argument("--profile", required=True, type=Path, metavar="FIL.toml", help="den nya profilen")
    parser.add_argument("--against", metavar="PROFIL", help="profilen som den jämförs med (annars den med samma namn)")
    parser.add_argument("--year", type=int, metavar="ÅR", help="året som spelas upp (annars det som är nu)")
    parser.add_argument(
        "--cases", type=int, metavar="ANTAL", help=f"så många påhittade meddelanden om året (annars {CASES})"
    )
    parser.add_argument("--database", metavar="URL", help="spela upp det som har hänt i den här databasen i stället")
    parser.add_argument("--json", action="store_true", help="svara i JSON")
    parser.add_argument("--out", type=Path, metavar="FIL.xlsx", help="skriv svaret till en ny fil för Excel")
    parser.set_defaults(func=run)


def run(args: argparse.Namespace) -> int:
    """Print the comparison, or write it to a file; the exit code. Raises: ProfileError, DatabaseUnusable."""
    wrong = _wrong(args)
    if wrong:
        sys.stderr.write(f"{wrong}\n")
        return WRONG
    record = build_record(Settings().profiles())
    after = read(args.profile, record.flows)
    before = _other(args, record.profiles, after)
    told = _told(args, record.flows, before, after)
    if args.out is not None:
        try:
            write_book(args.out, sheets(told))
        except OSError as fault:
            sys.stderr.write(f"{args.out} kunde inte skrivas: {fault.strerror}.\n")
            return REFUSED
    print(json.dumps(plain(told), ensure_ascii=False, indent=2) if args.json else page(told))
    return OK


def _wrong(args: argparse.Namespace) -> str:
    if args.year is not None and args.year not in _YEARS:
        return f"Året ska ligga mellan {_YEARS[0]} och {_YEARS[-1]}."
    if args.cases is not None and not 1 <= args.cases <= _MOST:
        return f"Antalet ska ligga mellan 1 och {_MOST}."
    if args.out is not None and args.out.suffix.lower() != ".xlsx":
        return f"{args.out} ska sluta på .xlsx."
    if args.out is not None and args.out.exists():
        return f"{args.out} finns redan. Välj ett annat namn."
    return ""


def _other(args: argparse.Namespace, profiles: Mapping[str, Profile], after: Profile) -> Profile:
    """What the new one is held against: what is asked for, the one in use with its name, or what it builds on."""
    names = [args.against] if args.against else [after.name, extends(args.profile)]
    for name in names:
        if name in profiles:
            return profiles[name]
    known = ", ".join(sorted(profiles))
    raise UnknownProfile((f"Säg med --against vilken profil den ska jämföras med. De som finns är {known}.",))


def _told(args: argparse.Namespace, flows: Mapping[str, Flow], before: Profile, after: Profile) -> WhatIf:
    year = args.year or to_local(Clock().care()).year
    begin, end = (at(date(one, 1, 1), time()) for one in (year, year + 1))
    url = args.database or (None if args.cases else secret("database_url"))
    runs: list[Run] = []
    if url is not None:
        with opened(url) as store:
            runs = store.transaction(lambda tx: _of_record(tx, flows, before, begin, end))
    if runs:
        until, basis, is_real = min(end, Clock().care()), _REAL, True
    else:
        made = CareYear(flows=flows, profile=before, other=after, year=year, threads=args.cases or CASES)
        runs, until, is_real = list(made.runs()), end, False
        basis = _NOTHING + _MADE_UP if url is not None else _MADE_UP
    found = compare(runs, before, after, until)
    return WhatIf(before=before, after=after, year=year, basis=basis, is_real=is_real, found=found)


def _of_record(
    tx: Connection, flows: Mapping[str, Flow], before: Profile, begin: datetime, end: datetime
) -> list[Run]:  # fmt: skip
    """The year as it was. Who has a copy of it is noted, as of everything that is taken out."""
    account.note(
        tx, Clock().care(), person_id=None, action="export", outcome="done", reason=f"whatif {before.name}",
        channel=account.COMMAND,
    )  # fmt: skip
    return list(what_if_rows.runs_of(tx, flows, before.name, begin, end))
