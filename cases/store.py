"""The database: one engine, transactions off the event loop, and the settings that make SQLite durable."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.pool import StaticPool

from cases.group import GroupCommit

T = TypeVar("T")

_MIGRATIONS = Path(__file__).parent / "migrations"


class Store:
    """Transactions on the record. `run` is for the event loop, `transaction` for everyone else.

    On SQLite one thread owns the one connection: a writer never waits for a lock that another of ours holds.
    """

    def __init__(self, url: str) -> None:
        self.engine = _engine(url)
        self._one_at_a_time: AbstractContextManager[Any] = (
            Lock() if self.engine.dialect.name == "sqlite" else nullcontext()
        )
        self._threads = ThreadPoolExecutor(max_workers=1 if self.engine.dialect.name == "sqlite" else 8)
        self._group = self._group_commit()

    async def run(self, work: Callable[[Connection], T]) -> T:
        """Do the work in one transaction, off the event loop: commit when it returns, roll back when it raises."""
        if self._group is not None:
            done: T = await self._group.run(work)
            return done
        return await asyncio.get_running_loop().run_in_executor(self._threads, self.transaction, work)

    def _group_commit(self) -> GroupCommit | None:
        """SQLite has one writer, whose commits are shared; PostgreSQL groups commits by itself."""
        is_sqlite = self.engine.dialect.name == "sqlite"
        return GroupCommit(lambda work: self.transaction(work), self._threads) if is_sqlite else None

    def transaction(self, work: Callable[[Connection], T]) -> T:
        with self._one_at_a_time, self.engine.begin() as tx:
            return work(tx)

    def migrate(self) -> None:
        """Bring the database to the newest revision."""
        with self.engine.begin() as tx:
            command.upgrade(migrations(tx), "head")

    def close(self) -> None:
        self._threads.shutdown(wait=True)
        self.engine.dispose()


def migrations(tx: Connection) -> Config:
    """Alembic's configuration for the migrations of the record, on an open connection."""
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = tx
    return config


def sqlite_url(path: Path) -> str:
    return f"sqlite:///{path}"


def _engine(url: str) -> Engine:
    """An engine whose errors never quote the values of a statement: they may be content, and errors are logged."""
    if make_url(url).get_backend_name() != "sqlite":
        return create_engine(url, hide_parameters=True)
    engine = create_engine(
        url, hide_parameters=True, poolclass=StaticPool, connect_args={"check_same_thread": False, "timeout": 30}
    )

    @event.listens_for(engine, "connect")
    def durable(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we begin transactions ourselves, and as writers from the start
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin_as_writer(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine
