"""`stafett database`: bring the tables to this version or back, and give a PostgreSQL role the right to use them."""

import argparse
import sys
from contextlib import closing
from typing import Any

from bot.commands.roster import database_url
from bot.commands.taken_out import OK, REFUSED, WRONG
from bot.one_process import alone_with
from cases import grants
from cases.database import checked_url, sqlite_file, told_plainly
from cases.store import Store


def add_parser(subparsers: Any) -> None:
    """Add `database migrate`, `database rollback` and `database grants`."""
    top = subparsers.add_parser("database", help="uppdatera databasens tabeller, eller ge en roll rätt att använda dem")
    actions = top.add_subparsers(dest="what", required=True, metavar="{migrate,rollback,grants}")

    migrate = actions.add_parser("migrate", help="uppdatera tabellerna till den här versionen, som databasens ägare")
    migrate.set_defaults(func=_migrate)

    back = actions.add_parser("rollback", help="ta tabellerna tillbaka till en äldre version")
    back.add_argument("--to", required=True, metavar="VERSION", help="till exempel 0018_give_access_for_a_time")
    back.set_defaults(func=_rollback)

    give = actions.add_parser("grants", help="SQL för en roll som inte kan ändra loggen (PostgreSQL)")
    give.add_argument("--role", required=True, metavar="NAMN", help="rollen som stafett serve ansluter med")
    give.add_argument("--apply", action="store_true", help="kör det som databasens ägare, i stället för att visa det")
    give.set_defaults(func=_grants)

    for one in (migrate, back, give):
        one.add_argument("--database", metavar="URL", help="databasens adress (annars STAFETT_DATABASE_URL)")


def _migrate(args: argparse.Namespace) -> int:
    url = database_url(args.database)
    with alone_with(sqlite_file(checked_url(url))), closing(Store(url)) as store:
        store.migrate()
    print("Databasens tabeller är de som den här versionen använder.")
    return OK


def _rollback(args: argparse.Namespace) -> int:
    url = database_url(args.database)
    with alone_with(sqlite_file(checked_url(url))), closing(Store(url)) as store:
        store.take_back(args.to)
    print(f"Databasens tabeller är de som version {args.to} använder. Installera den innan Stafett startas.")
    return OK


def _grants(args: argparse.Namespace) -> int:
    if not grants.is_name(args.role):
        sys.stderr.write("Rollens namn får bara ha bokstäverna a–z, siffror och understreck.\n")
        return WRONG
    found = grants.statements(args.role)
    if not args.apply:
        print("\n".join(f"{one};" for one in found))
        return OK
    url = checked_url(database_url(args.database))
    if url.get_backend_name() != "postgresql":
        sys.stderr.write("Roller finns bara i PostgreSQL. En SQLite-fil skyddas av filens rättigheter.\n")
        return REFUSED
    with told_plainly(url), closing(Store(database_url(args.database))) as store:
        store.transaction(lambda tx: [tx.exec_driver_sql(one) for one in found])
    print(f"Rollen {args.role} kan köra stafett serve, och kan inte ändra eller ta bort något i loggen.")
    return OK
