"""The database: one engine, transactions off the event loop, and what is done when the database fails."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from cases import postgresql, sqlite
from cases.database import (
    checked_url,
    is_current,
    refuse_newer,
    refuse_not_earlier,
    refuse_out_of_reach,
    told_plainly,
)
from cases.group import GroupCommit

T = TypeVar("T")

_MIGRATIONS = Path(__file__).parent / "migrations"
_TRIES = 3


class Store:
    """Transactions on the record. `run` is for the event loop, `transaction` for everyone else.

    On SQLite one thread owns the one connection: a writer never waits for a lock that another of ours holds.
    On PostgreSQL several work at once, here and in other replicas. There the same work may be done twice: a transaction
    that another one upset, or whose line was lost before it was to be committed, is undone, and done again from the
    start. One whose commit has been asked for is never repeated.

    Raises: DatabaseUnusable, for an address that is neither.
    """

    def __init__(self, url: str) -> None:
        self.url = checked_url(url)
        self.shared = self.url.get_backend_name() == "postgresql"  # with other replicas
        self.engine = postgresql.engine(self.url) if self.shared else sqlite.engine(self.url)
        self._one_at_a_time: AbstractContextManager[Any] = nullcontext() if self.shared else Lock()
        self._threads = ThreadPoolExecutor(max_workers=postgresql.CONNECTIONS if self.shared else 1)
        self._group = self._group_commit()

    async def run(self, work: Callable[[Connection], T]) -> T:
        """Do the work in one transaction, off the event loop: commit when it returns, roll back when it raises."""
        if self._group is not None:
            done: T = await self._group.run(work)
            return done
        return await asyncio.get_running_loop().run_in_executor(self._threads, self.transaction, work)

    def _group_commit(self) -> GroupCommit | None:
        """SQLite has one writer, whose commits are shared; PostgreSQL groups commits by itself."""
        return None if self.shared else GroupCommit(lambda work: self.transaction(work), self._threads)

    def transaction(self, work: Callable[[Connection], T]) -> T:
        if self.shared:
            return self._tried(work)
        with self._one_at_a_time, self.engine.begin() as tx:
            return work(tx)

    def migrate(self) -> None:
        """Bring the database to the newest revision. Where it is there already, a role that owns no table will do.

        Raises: DatabaseUnusable, saying what is wrong with it and what to do.
        """
        with told_plainly(self.url), self.engine.begin() as tx:
            if self.shared:
                postgresql.alone_in_migrating(tx)
            config = migrations(tx)
            refuse_newer(tx, config)
            if not is_current(tx, config):
                command.upgrade(config, "head")
            if self.shared:
                refuse_out_of_reach(tx, str(self.url.username or ""))
            if not self.shared:  # a file that can only be read is found out now, and not when somebody presses «Skicka»
                tx.exec_driver_sql("UPDATE alembic_version SET version_num = version_num")

    def take_back(self, revision: str) -> None:
        """Bring the database back to an older revision. What that one does not know is lost.

        Raises: DatabaseUnusable, saying what is wrong with it and what to do.
        """
        with told_plainly(self.url), self.engine.begin() as tx:
            if self.shared:
                postgresql.alone_in_migrating(tx)
            config = migrations(tx)
            refuse_newer(tx, config)
            refuse_not_earlier(tx, config, revision)
            command.downgrade(config, revision)

    def close(self) -> None:
        self._threads.shutdown(wait=True)
        self.engine.dispose()

    # --- PostgreSQL ---------------------------------------------------------------------------------------------

    def _tried(self, work: Callable[[Connection], T]) -> T:
        """The work, done again when it is certain that nothing of it was kept: a lost line costs one more try."""
        lost_before = False
        for again in range(_TRIES - 1):
            attempt = _Attempt()
            try:
                return self._attempt(work, attempt, again=again)
            except Exception as error:
                if attempt.lost:
                    self.engine.dispose()  # the others in the pool are as dead
                if not postgresql.may_be_repeated(error) and (not attempt.lost or lost_before):
                    raise
                lost_before = lost_before or attempt.lost
        return self._attempt(work, _Attempt(), again=_TRIES)

    def _attempt(self, work: Callable[[Connection], T], attempt: "_Attempt", *, again: int) -> T:
        with self.engine.connect() as tx, tx.begin():
            if again:
                tx.execution_options(**{postgresql.AGAIN: True})
            try:
                value = work(tx)
            except Exception:
                attempt.lost = postgresql.is_lost(tx)
                if attempt.lost and not tx.invalidated:
                    tx.invalidate()
                raise
        return value


class _Attempt:
    """Whether the line was lost while the work was done, and so before any commit was asked for."""

    lost = False


def migrations(tx: Connection) -> Config:
    """Alembic's configuration for the migrations of the record, on an open connection."""
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = tx
    return config


def sqlite_url(path: Path) -> str:
    return f"sqlite:///{path}"
