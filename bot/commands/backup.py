"""`stafett backup` and `stafett restore`: the whole record in one file, and back again."""

import argparse
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection

from bot.clock import Clock
from bot.commands.roster import database_url
from bot.house import build_record
from bot.one_process import alone_with
from bot.settings import Settings
from cases import account
from cases.backup import BackupError, Manifest, save
from cases.database import DatabaseUnusable, checked_url, is_current, sqlite_file, told_plainly
from cases.restore import Restored, restore
from cases.store import Store, migrations
from dialogs.swedish import moment_text

OK, REFUSED = 0, 1


def add_parser(subparsers: Any) -> None:
    """Add `backup` and `restore`."""
    copy = subparsers.add_parser("backup", help="säkerhetskopiera databasen, också medan Stafett är igång")
    copy.add_argument("path", type=Path, metavar="FIL.zip", help="ny fil; den får inte finnas")
    copy.add_argument("--database", metavar="URL", help="databasens adress (annars STAFETT_DATABASE_URL)")
    copy.set_defaults(func=_backup)

    back = subparsers.add_parser("restore", help="återställ databasen från en säkerhetskopia")
    back.add_argument("path", type=Path, metavar="FIL.zip", help="en fil från stafett backup")
    back.add_argument("--replace", action="store_true", help="ersätt en databas som inte är tom")
    back.add_argument("--database", metavar="URL", help="databasens adress (annars STAFETT_DATABASE_URL)")
    back.set_defaults(func=_restore)


def _backup(args: argparse.Namespace) -> int:
    try:
        url = checked_url(database_url(args.database))
        with told_plainly(url):
            done = save(url, args.path.absolute(), Clock().machine())
        _note(url)
    except (BackupError, DatabaseUnusable) as wrong:
        print(wrong, file=sys.stderr)
        return REFUSED
    print(f"{args.path} är klar och kontrollerad: {_holds(done)}.")
    return OK


def _note(url: URL) -> None:
    """That everything has been copied stands in the account. One of an older form, before an upgrade, is left alone."""

    def note(tx: Connection) -> None:
        if is_current(tx, migrations(tx)):
            account.note(
                tx, Clock().care(), person_id=None, action="export", outcome="done", reason="backup",
                channel=account.COMMAND,
            )  # fmt: skip

    with told_plainly(url), closing(Store(url.render_as_string(hide_password=False))) as store:
        store.transaction(note)


def _restore(args: argparse.Namespace) -> int:
    clock, url = Clock(), database_url(args.database)
    try:
        with alone_with(sqlite_file(checked_url(url))):
            done = restore(
                url, args.path, build_record(Settings().profiles()), clock.care(), clock.machine(), replace=args.replace
            )
    except (BackupError, DatabaseUnusable) as wrong:
        print(wrong, file=sys.stderr)
        return REFUSED
    _tell(done)
    return OK


def _holds(manifest: Manifest) -> str:
    return f"{manifest.rows} rader i {len(manifest.tables)} tabeller, läget {moment_text(manifest.made_at)}"


def _tell(done: Restored) -> None:
    print(f"Återställt: {_holds(done.manifest)}.")
    if done.kept is not None:
        print(f"Den förra databasen finns kvar som {done.kept.name}.")
    print(
        f"{done.open_threads} öppna meddelanden. {done.fired} frister hade förfallit sedan kopian togs. "
        f"{done.to_send} meddelanden skickas när Stafett startas, högst ett per person och ärende; "
        f"{done.left_out} äldre ersätts av dem."
    )
    if done.unguarded:
        print(f"OBS: {done.unguarded} öppna meddelanden saknar ägare eller frist. Se handboken för drift.")
    print("Det som hände efter kopian saknas. Berätta för alla vilken tid det gäller, och läs in registret på nytt.")
