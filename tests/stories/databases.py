"""Databases for stories, each made once and then copied: empty, and with the whole town in it."""

import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

from cases.store import Store, sqlite_url

_settled: dict[str, bytes] = {}


@cache
def empty_database() -> bytes:
    """A database with every migration run."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "empty.sqlite"
        store = Store(sqlite_url(path))
        store.migrate()
        store.close()
        return path.read_bytes()


def new_sqlite(folder: Path) -> str:
    """The URL of an empty, migrated database on a file in this folder."""
    (folder / "stafett.sqlite").write_bytes(empty_database())
    return sqlite_url(folder / "stafett.sqlite")


def move_in(url: str, local: str, settle: Callable[[str], None]) -> None:
    """Put the town as it is at this local time into an empty SQLite file; any other database is left as it is.

    `settle` is done once for each time, to a database whose URL it is given, and must leave it closed.
    """
    path = Path(url.removeprefix("sqlite:///"))
    if not url.startswith("sqlite:") or path.read_bytes() != empty_database():
        return
    if local not in _settled:
        with tempfile.TemporaryDirectory() as folder:
            made = new_sqlite(Path(folder))
            settle(made)
            _settled[local] = Path(made.removeprefix("sqlite:///")).read_bytes()
    path.write_bytes(_settled[local])
