"""Records with very many threads, made once in a run of the bench and gone when it ends."""

import atexit
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from pathlib import Path

from benchmarks.many import Burst, fill, next_monday
from bot.clock import Clock
from cases.store import Store, sqlite_url

PENDING, DUE = 1_000_000, 10_000
_TESTS = Path(__file__).resolve().parent.parent / "tests"


@cache
def monday() -> datetime:
    """When the burst is due: one and the same for the whole run."""
    return next_monday(Clock().care())


@cache
def _folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="stafett-bench-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@cache
def _original(threads: int, due: int) -> Path:
    file = _folder() / f"{threads}-{due}.sqlite"
    made(sqlite_url(file), threads, due)
    return file


def made(url: str, threads: int, due: int) -> None:
    """Fill an empty or migrated database."""
    store = Store(url)
    store.migrate()
    store.close()
    fill(url, threads, now=monday(), burst=Burst(threads=due, at=monday()) if due else None)


@contextmanager
def sqlite(threads: int = PENDING, due: int = DUE) -> Iterator[str]:
    """The URL of a file of one's own with so many threads."""
    original = _original(threads, due)
    file = _folder() / f"copy-of-{original.name}"
    shutil.copyfile(original, file)
    with file.open("rb+") as copy:
        os.fsync(copy.fileno())  # or the first commit would pay for it
    try:
        yield sqlite_url(file)
    finally:
        for left in _folder().glob(f"{file.name}*"):
            left.unlink()


@contextmanager
def postgres(threads: int = PENDING, due: int = DUE) -> Iterator[str]:
    """The same on a PostgreSQL that waits for the disk."""
    if str(_TESTS) not in sys.path:
        sys.path.append(str(_TESTS))
    from postgres import own_postgres  # the tests' own way to a server

    with own_postgres(durable=True) as server:
        url = server.create()
        made(url, threads, due)
        yield url
