"""Which databases there are, and what is wrong with one that cannot be used: told in Swedish to whoever starts us."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from cases import grants

_HOW = "Skriv sqlite:///stafett.sqlite eller postgresql://ANVÄNDARE:LÖSENORD@VÄRD/DATABAS i STAFETT_DATABASE_URL."
_DRIVERS = frozenset({"sqlite", "sqlite+pysqlite", "postgresql", "postgresql+psycopg"})

_FORBIDDEN = "42501"  # the SQLSTATE of what a role may not do
_NOT_OWNER = (
    "Databasen är inte klar för den här versionen, och rollen {role} får inte ändra den. Kör som databasens ägare: "
    "stafett database migrate, och sedan stafett database grants --role {role} --apply."
)
_SQLITE = {
    sqlite3.SQLITE_NOTADB: "Filen {file} är ingen databas. Flytta undan den eller välj en annan fil.",
    sqlite3.SQLITE_CORRUPT: "Filen {file} är skadad. Återställ den från en säkerhetskopia.",
    sqlite3.SQLITE_READONLY: "Filen {file} går inte att skriva i. Ge Stafett rätt att skriva i filen och dess mapp.",
    sqlite3.SQLITE_CANTOPEN: "Filen {file} går inte att öppna. Ge Stafett rätt att skriva i filen och dess mapp.",
    sqlite3.SQLITE_FULL: "Disken med filen {file} är full. Frigör utrymme.",
    sqlite3.SQLITE_BUSY: "Filen {file} är låst av ett annat program. Vänta tills det är klart, eller avsluta det.",
}


class DatabaseUnusable(RuntimeError):
    """The database cannot be used as it is; the message says why and what to do. No password stands in it."""


def checked_url(url: str) -> URL:
    """The address, when it is one of a database we know. Raises: DatabaseUnusable."""
    try:
        found = make_url(url)
    except (ArgumentError, ValueError):
        raise DatabaseUnusable(f"Databasens adress går inte att läsa. {_HOW}") from None
    if found.drivername not in _DRIVERS:
        raise DatabaseUnusable(f"Stafett känner inte till databasen {found.drivername}. {_HOW}")
    if "@" in (found.host or ""):  # the end of a password, which would be told as the name of a host
        raise DatabaseUnusable(f"Databasens adress går inte att läsa. {_HOW} Ett @ i lösenordet skrivs %40.")
    return found


def sqlite_file(url: URL) -> Path | None:
    """The file of a SQLite database; None for PostgreSQL and for one in memory."""
    name = url.database or ""
    in_memory = not name or name == ":memory:" or name.startswith("file:")
    return None if url.get_backend_name() != "sqlite" or in_memory else Path(name).resolve()


def refuse_newer(tx: Connection, config: Config) -> None:
    """A record that a newer Stafett has changed is left alone. Raises: DatabaseUnusable."""
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    unknown = set(MigrationContext.configure(tx).get_current_heads()) - known
    if unknown:
        raise DatabaseUnusable(
            f"Databasen är från en nyare Stafett ({', '.join(sorted(unknown))}). Starta den versionen i stället."
        )


def refuse_not_earlier(tx: Connection, config: Config, revision: str) -> None:
    """Only a revision that the record has passed can be gone back to. Raises: DatabaseUnusable."""
    heads = MigrationContext.configure(tx).get_current_heads()
    passed = [one.revision for one in ScriptDirectory.from_config(config).iterate_revisions(heads, "base")]
    if revision not in passed[1:]:
        raise DatabaseUnusable(
            f"Databasen kan inte gå tillbaka till {revision}. Den är {', '.join(passed[:1]) or 'tom'}; "
            f"äldre versioner är {', '.join(passed[1:]) or 'inga'}."
        )


def is_current(tx: Connection, config: Config) -> bool:
    """Whether the tables are those of this version."""
    heads = ScriptDirectory.from_config(config).get_heads()
    return set(MigrationContext.configure(tx).get_current_heads()) == set(heads)


def refuse_out_of_reach(tx: Connection, role: str) -> None:
    """A role that lacks the right to a newer table is told of now. Raises: DatabaseUnusable."""
    tables = grants.out_of_reach(tx)
    if tables:
        raise DatabaseUnusable(
            f"Rollen {role} har inte rätt till {', '.join(tables)}. Kör stafett database grants --role {role} --apply "
            "som databasens ägare."
        )


@contextmanager
def told_plainly(url: URL) -> Iterator[None]:
    """Turn the database's own errors into DatabaseUnusable."""
    file = sqlite_file(url)
    if file is not None and not file.parent.is_dir():
        raise DatabaseUnusable(f"Mappen {file.parent} finns inte. Skapa den, eller välj en annan. {_HOW}")
    try:
        yield
    except DBAPIError as fault:
        raise DatabaseUnusable(_plain(fault, url)) from fault


def _plain(fault: DBAPIError, url: URL) -> str:
    code = getattr(fault.orig, "sqlite_errorcode", 0) & 0xFF  # the extended codes keep the plain one in the last byte
    if code in _SQLITE:
        return _SQLITE[code].format(file=url.database)
    if getattr(fault.orig, "sqlstate", "") == _FORBIDDEN:
        return _NOT_OWNER.format(role=url.username)
    said = str(fault.orig).strip().splitlines() or [type(fault.orig).__name__]
    where = "" if url.host is None else f" på {url.host}:{url.port or 5432}"
    return f"Databasen{where} går inte att använda: {said[0]}. Kontrollera att den är igång, och adressen. {_HOW}"
