"""The record, opened for a command that looks at it: what cannot be opened is told in one line."""

from collections.abc import Iterator
from contextlib import closing, contextmanager

from bot.commands.roster import database_url
from cases.database import DatabaseUnusable, checked_url, sqlite_file, told_plainly
from cases.store import Store


@contextmanager
def opened(database: str | None) -> Iterator[Store]:
    """The store at an address, or at STAFETT_DATABASE_URL. No file is made. Raises: DatabaseUnusable."""
    url = checked_url(database_url(database))
    file = sqlite_file(url)
    if file is not None and not file.is_file():
        raise DatabaseUnusable(f"Filen {file} finns inte. Ange databasen med --database eller STAFETT_DATABASE_URL.")
    with told_plainly(url), closing(Store(database_url(database))) as store:
        yield store
