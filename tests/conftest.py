import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from databases import new_sqlite
from postgres import Server, postgres
from town import Town

from cases.store import sqlite_url

# What is removed when its test has passed need not wait for a disk.
MEMORY, ENOUGH = Path("/dev/shm"), 256 * 1024 * 1024  # bytes
if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ENOUGH:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """A PostgreSQL server, started when the first test asks for it."""
    with postgres() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty, migrated database of each kind. A module that keeps to one kind says so:

    pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
    """
    if request.param == "sqlite":
        yield new_sqlite(tmp_path)
        return
    server: Server = request.getfixturevalue("postgres_server")
    url = server.create(prepare=lived_in if "town" in request.fixturenames else None)
    yield url
    server.drop(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def blank(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database of each kind in which nothing has been made."""
    if request.param == "sqlite":
        yield sqlite_url(tmp_path / "blank.sqlite")
        return
    server: Server = request.getfixturevalue("postgres_server")
    url = server.create(migrated=False)
    yield url
    server.drop(url)


@pytest.fixture
def shared(postgres_server: Server) -> Iterator[str]:
    """The URL of an empty, migrated PostgreSQL database, for what only happens where there are several replicas."""
    url = postgres_server.create()
    yield url
    postgres_server.drop(url)


def lived_in(url: str) -> None:
    """Everybody moves into the town."""
    Town(url).close()


@pytest.fixture
def town(database: str) -> Iterator[Town]:
    """The town on Monday 16 November 2026 at 09.00, everybody installed."""
    made = Town(database)
    yield made
    made.close()
