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
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.pool import NullPool

from cases.store import Store

GIVEN = "STAFETT_TEST_POSTGRES_URL"
KEEPER = Path(__file__).with_name("postgres_keeper.py")


Prepare = Callable[[str], None] | None

_FORM = """
    SELECT c.relname::text, c.relkind::text, c.relnatts, c.relchecks,
        (SELECT count(*) FROM pg_trigger g WHERE g.tgrelid = c.oid)
    FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace ORDER BY c.relname
"""
_FILLED = """
    SELECT relname::text FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > 0
"""
_COUNTED = "SELECT sequencename::text, last_value FROM pg_sequences WHERE schemaname = 'public'"
_ALONE = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> %s"


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """A database that others are copies of: its name, the form of its tables, their rows, and its sequences."""

    name: str
    form: list[Any]
    rows: dict[str, bytes]
    counted: list[Any]

    @classmethod
    def read(cls, name: str, url: str) -> "Prepared":
        with psycopg.connect(url, autocommit=True) as line:
            filled = [table for (table,) in line.execute(_FILLED)]
            return cls(
                name=name, form=line.execute(_FORM).fetchall(), rows={table: _copied(line, table) for table in filled},
                counted=line.execute(_COUNTED).fetchall(),
            )  # fmt: skip

    def restored(self, url: str) -> bool:
        """Whether this database, which was a copy, is one again: not when its tables are no longer the same, nor on a
        server that does not let us."""
        try:
            with psycopg.connect(url) as line:
                return self._restored(line)
        except psycopg.Error:
            return False

    def _restored(self, line: psycopg.Connection[Any]) -> bool:
        line.execute(_ALONE, (line.info.backend_pid,))
        if line.execute(_FORM).fetchall() != self.form:
            return False
        line.execute("SET LOCAL session_replication_role = replica")  # what may not be removed is removed here
        filled = [table for (table,) in line.execute(_FILLED)]
        if filled:
            line.execute(f"TRUNCATE {', '.join(filled)} RESTART IDENTITY CASCADE")
        for table, rows in self.rows.items():
            with line.cursor().copy(f"COPY {table} FROM STDIN") as copy:
                copy.write(rows)
        for sequence, last in self.counted:
            line.execute("SELECT setval(%s, coalesce(%s, 1), %s)", (sequence, last, last is not None))
        return True


def _copied(line: psycopg.Connection[Any], table: str) -> bytes:
    with line.cursor().copy(f"COPY {table} TO STDOUT") as copy:
        return b"".join(copy)


class Server:
    """A server to make databases on. `url` names its maintenance database."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url).set(drivername="postgresql")
        self._number = 0
        self._prepared: dict[Prepare, Prepared] = {}
        self._made_for: dict[str, Prepare] = {}  # URL → what was done to it at first
        self._spare: dict[Prepare, list[str]] = {}

    def create(self, *, migrated: bool = True, prepare: Prepare = None) -> str:
        """The URL of a new database. What `prepare` does to a migrated one is done once, and copied from then on."""
        if not migrated:
            return self._url_of(self._create(""))
        if prepare not in self._prepared:
            name = self._template if prepare is None else self._create(f" TEMPLATE {self._template}")
            if prepare is not None:
                prepare(self._url_of(name))
            self._prepared[prepare] = Prepared.read(name, self._url_of(name))
        if self._spare.get(prepare):
            url = self._spare[prepare].pop()
            self.cut(url)  # whoever made it as it was may still be on the way out
            return url
        url = self._url_of(self._create(f" TEMPLATE {self._prepared[prepare].name}"))
        self._made_for[url] = prepare
        return url

    def drop(self, url: str) -> None:
        """Take a database back. It is made as it was for the next one who asks: that costs a tenth of a new one."""
        prepare = self._made_for.get(url)
        if url in self._made_for and self._prepared[prepare].restored(url):
            self._spare.setdefault(prepare, []).append(url)
            return
        self._made_for.pop(url, None)
        self.tell(f"DROP DATABASE IF EXISTS {make_url(url).database} WITH (FORCE)")

    def cut(self, url: str) -> None:
        """Cut every connection to a database, as a failing server does."""
        gone = "pg_terminate_backend(pid, 5000)"  # at most so many milliseconds until it is
        self.tell(f"SELECT {gone} FROM pg_stat_activity WHERE datname = '{make_url(url).database}'")

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
