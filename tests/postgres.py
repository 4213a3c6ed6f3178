"""A real PostgreSQL for tests and tools: the one in the wheel, or a server whose URL is given.

    with postgres() as server:      # STAFETT_TEST_POSTGRES_URL, else the wheel's own
        url = server.create()       # an empty, migrated database

The wheel's server runs under a keeper, a process of its own that stops it and removes its files when the pipe from
us closes, so that nothing is left however we end.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, make_url, text
from sqlalchemy.pool import NullPool

from cases.store import Store

GIVEN = "STAFETT_TEST_POSTGRES_URL"
KEEPER = Path(__file__).with_name("postgres_keeper.py")


class Server:
    """A server to make databases on. `url` names its maintenance database."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url).set(drivername="postgresql")
        self._number = 0

    def create(self, *, migrated: bool = True) -> str:
        """The URL of a new database."""
        template = f" TEMPLATE {self._template}" if migrated else ""
        return self._url_of(self._create(template))

    def drop(self, url: str) -> None:
        self.tell(f"DROP DATABASE IF EXISTS {make_url(url).database} WITH (FORCE)")

    def cut(self, url: str) -> None:
        """Cut every connection to a database, as a failing server does."""
        self.tell(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{make_url(url).database}'")

    def tell(self, sql: str) -> list[Any]:
        """Run one statement as the owner of the server."""
        engine = create_engine(self.url.set(drivername="postgresql+psycopg"), poolclass=NullPool)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            result = connection.execute(text(sql))
            return list(result) if result.returns_rows else []

    def clean(self) -> None:
        """Remove what this program has made on the server."""
        for (name,) in self.tell(f"SELECT datname FROM pg_database WHERE datname LIKE '{self._prefix}%'"):
            self.tell(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    @cached_property
    def _template(self) -> str:
        name = self._create("")
        store = Store(self._url_of(name))
        store.migrate()
        store.close()
        return name

    def _create(self, template: str) -> str:
        self._number += 1
        name = f"{self._prefix}{self._number}"
        self.tell(f"CREATE DATABASE {name}{template}")
        return name

    @property
    def _prefix(self) -> str:
        return f"stafett_test_{os.getpid()}_"

    def _url_of(self, name: str) -> str:
        return self.url.set(database=name).render_as_string(hide_password=False)


class OwnServer(Server):
    """The wheel's server on a loopback port. `durable` waits for the disk at every commit, as a real one does."""

    def __init__(self, *, durable: bool = False) -> None:
        command = [sys.executable, str(KEEPER), *(["--durable"] if durable else [])]
        pipe = subprocess.PIPE
        self._keeper = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, start_new_session=True)
        answer = self._answer()
        self.pid: int = answer["pid"]
        super().__init__(f"postgresql://postgres@127.0.0.1:{answer['port']}/postgres")

    def down(self) -> None:
        """Stop the server at once, as when the machine it runs on dies; its files stay."""
        self._order("down")

    def up(self) -> None:
        """Start it again, on the same port and files."""
        self.pid = self._order("up")["pid"]

    def close(self) -> None:
        """Stop the server and remove its files."""
        assert self._keeper.stdin is not None and self._keeper.stdout is not None
        self._keeper.stdin.close()
        self._keeper.wait()
        self._keeper.stdout.close()

    def _order(self, word: str) -> dict[str, Any]:
        assert self._keeper.stdin is not None
        self._keeper.stdin.write(f"{word}\n")
        self._keeper.stdin.flush()
        return self._answer()

    def _answer(self) -> dict[str, Any]:
        assert self._keeper.stdout is not None
        line = self._keeper.stdout.readline()
        if not line:
            raise RuntimeError("PostgreSQL could not be started; what it said is on stderr")
        answer: dict[str, Any] = json.loads(line)
        return answer


@contextmanager
def postgres() -> Iterator[Server]:
    """The given server, else one of our own that does not wait for the disk."""
    given = os.environ.get(GIVEN)
    server, done = _given(given) if given else _own()
    try:
        yield server
    finally:
        done()


@contextmanager
def own_postgres(*, durable: bool = False) -> Iterator[OwnServer]:
    """A server of one's own, to stop and start: `down`, `up`. `durable` for crashes and measurements."""
    server = OwnServer(durable=durable)
    try:
        yield server
    finally:
        server.close()


def _given(url: str) -> tuple[Server, Callable[[], None]]:
    server = Server(url)
    return server, server.clean


def _own() -> tuple[Server, Callable[[], None]]:
    server = OwnServer()
    return server, server.close
