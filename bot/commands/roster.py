"""`stafett roster`: check a roster file, or bring it into the record."""

import argparse
import os
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, make_url
from sqlalchemy.exc import DBAPIError

from bot.clock import Clock
from bot.numbers import refuse_in
from bot.roster_files import RosterUnreadable, read_roster
from bot.secret_files import secret
from cases import postgresql, roster
from cases.group_map import GroupMap, GroupMapError, read_group_map
from cases.store import Store
from dialogs.personal_number import has_personal_number
from reminders.profile import profile_names

OK, REFUSED = 0, 1


def add_parser(subparsers: "argparse._SubParsersAction[Any]") -> None:
    """Add `roster import` and `roster check`; each sets `func`, which takes the arguments and gives the exit code."""
    top = subparsers.add_parser("roster", help="läs in enheter, personer, roller, jour och ärenden")
    actions = top.add_subparsers(dest="action", required=True, metavar="{import,check}")

    bring = actions.add_parser("import", help="gör databasen lik filen")
    bring.add_argument("path", type=Path, metavar="PATH", help="en xlsx-fil eller en mapp med CSV-filer")
    bring.add_argument("--dry-run", action="store_true", help="visa vad som skulle ändras, ändra inget")
    bring.add_argument("--database", metavar="URL", help="databasens adress (annars STAFETT_DATABASE_URL)")
    bring.set_defaults(func=_import)

    look = actions.add_parser("check", help="kontrollera filen utan databas")
    look.add_argument("path", type=Path, metavar="PATH", help="en xlsx-fil eller en mapp med CSV-filer")
    look.set_defaults(func=_check)


def database_url(given: str | None) -> str:
    """The database to use: the one given, else the environment's, else a file in the working folder."""
    return given or secret("database_url") or "sqlite:///stafett.sqlite"


def group_map() -> GroupMap | None:
    """Which group of the directory gives which role, as the environment names the file. Raises: GroupMapError."""
    file = os.environ.get("STAFETT_PEOPLE")
    if not file:
        return None
    refuse_in(Path(file), GroupMapError)
    return read_group_map(Path(file))


def load_roster(path: Path) -> roster.Roster | list[roster.Fault]:
    """Read and check; raises `RosterUnreadable`."""
    own = os.environ.get("STAFETT_ROUTINES")
    names = profile_names(Path(own) if own else None)
    return roster.check(read_roster(path), profiles=names, has_personal_number=has_personal_number)


def _check(args: argparse.Namespace) -> int:
    found = _load_or_tell(args.path)
    if found is None:
        return REFUSED
    print(
        f"Filen är rätt: {len(found.units)} enheter, {len(found.people)} personer, {len(found.roles)} roller, "
        f"{len(found.passes)} jourpass, {len(found.cases)} ärenden."
    )
    return OK


def _import(args: argparse.Namespace) -> int:
    found = _load_or_tell(args.path)
    if found is None:
        return REFUSED
    url = database_url(args.database)
    try:
        done = _compare_with(url, found) if args.dry_run else _bring_into(url, found)
    except GroupMapError as wrong:
        print(wrong)
        return REFUSED
    except DBAPIError as wrong:
        print(f"Databasen går inte att använda: {wrong.orig}. Inget har ändrats.")
        if args.dry_run:
            print("Är den från en äldre version, starta Stafett eller kör utan --dry-run så uppdateras den.")
        return REFUSED
    _tell(done, dry_run=args.dry_run)
    return OK


def _load_or_tell(path: Path) -> roster.Roster | None:
    try:
        found = load_roster(path)
    except RosterUnreadable as wrong:
        print(wrong)
        return None
    if isinstance(found, roster.Roster):
        return found
    for fault in found:
        print(fault)
    print(f"{len(found)} fel. Inget har lästs in.")
    return None


def _bring_into(url: str, found: roster.Roster) -> roster.Diff:
    store = Store(url)
    try:
        store.migrate()
        return store.transaction(lambda tx: _applied(tx, found))
    finally:
        store.close()


def _applied(tx: Connection, found: roster.Roster) -> roster.Diff:
    if tx.dialect.name == "postgresql":
        postgresql.unhurried(tx)
    return roster.apply(tx, found, Clock().care(), group_map())


def _compare_with(url: str, found: roster.Roster) -> roster.Diff:
    """A dry run neither makes a database nor changes the form of one: a file that is missing counts as empty."""
    missing = _is_missing_file(url)
    store = Store("sqlite://" if missing else url)
    try:
        if missing:
            store.migrate()
        return store.transaction(lambda tx: roster.diff(tx, found, Clock().care(), group_map()))
    finally:
        store.close()


def _is_missing_file(url: str) -> bool:
    parts = make_url(url)
    return parts.get_backend_name() == "sqlite" and bool(parts.database) and not Path(str(parts.database)).exists()


def _tell(done: roster.Diff, *, dry_run: bool) -> None:
    for line in (*done.lines, *done.remarks):
        print(line)
    if done.empty:
        print("Inget att ändra: databasen är redan lik filen.")
        return
    counts = f"{done.new} nya, {done.changed} ändrade, {done.gone} borttagna"
    print(f"Provkörning: {counts}. Inget har ändrats." if dry_run else f"Klart: {counts}.")
