"""The database as the machine meets it: a SQLite file in memory's own file system, and what can go wrong with it.

Stafett's own `Store` runs on it unchanged. Its thread is played by the loop, so that a transaction takes its turn like
everything else; its commits, statements and beginnings can fail or be the last thing that a process does.
"""

import asyncio
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from databases import empty_database
from sqlalchemy import Connection, event
from sqlalchemy.exc import OperationalError

from cases import statements
from cases import store as store_room
from cases.store import Store, sqlite_url
from simulation.loop import PROCESS, Process, SimLoop
from simulation.swap import swapped

# Where in a transaction a fault can strike, and what it leaves: nothing, or a commit that nobody got to know of.
PLACES = ("begin", "statement", "before_commit", "after_commit")


@dataclass(kw_only=True)
class Mishap:
    """What is to happen to one transaction. `fatal` ends the process there; else it sees an error."""

    place: str
    fatal: bool
    statement: int = 0


class Hands(Executor):
    """The store's thread: each piece of work is done after a while, whole, in the order it came."""

    def __init__(self, loop: SimLoop, takes: Callable[[], float]) -> None:
        self._loop, self._takes = loop, takes
        self._free = 0.0

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()

        def work() -> None:
            try:
                future.set_result(fn(*args, **kwargs))
            except BaseException as error:
                future.set_exception(error)

        self._free = max(self._free, self._loop.time()) + self._takes()
        self._loop.call_at(self._free, work)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """There is no thread."""


@dataclass(kw_only=True)
class Disk:
    """`mishap` says what happens to the next transaction of a process; `takes` how long the disk lets one wait (s)."""

    loop: SimLoop
    mishap: Callable[[Process], Mishap | None] = lambda _process: None
    takes: Callable[[], float] = lambda: 0.0
    committed: Callable[[Process | None], None] = lambda _process: None
    folder: tempfile.TemporaryDirectory[str] = field(
        default_factory=lambda: tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None)
    )
    _plan: Mishap | None = None
    _statements: int = 0

    def __post_init__(self) -> None:
        self.path = Path(self.folder.name) / "stafett.sqlite"
        self.path.write_bytes(empty_database())

    def close(self) -> None:
        self.folder.cleanup()

    def store(self) -> Store:
        """A store of its own for a process. Only processes die here: what a power cut costs is not played."""
        with swapped(store_room, "ThreadPoolExecutor", lambda **_more: Hands(self.loop, self.takes)):
            store = Store(sqlite_url(self.path))
        engine = store.engine
        event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))
        event.listen(engine, "begin", self._begins, insert=True)
        event.listen(engine, "before_cursor_execute", self._executes)
        commit = engine.dialect.do_commit

        def do_commit(connection: Any) -> None:
            self._alive()
            self._struck("before_commit")
            commit(connection)
            self.committed(PROCESS.get())
            self._struck("after_commit")

        engine.dialect.do_commit = do_commit  # type: ignore[method-assign]
        return store

    def look(self) -> sqlite3.Connection:
        """A reader of its own, for whoever checks."""
        reader = sqlite3.connect(f"file:{self.path}?mode=ro", uri=True, isolation_level=None)
        reader.row_factory = sqlite3.Row
        return reader

    # --- one transaction ----------------------------------------------------------------------------------------------

    def _begins(self, _connection: Connection) -> None:
        process = self._alive()
        self._plan = self.mishap(process) if process is not None else None
        self._statements = 0
        self._struck("begin")

    def _alive(self) -> Process | None:
        process = PROCESS.get()
        if process is not None and process.dead:
            raise _error("the process is dead")
        return process

    def _executes(self, *_more: Any) -> None:
        self._alive()
        self._statements += 1
        if self._plan is not None and self._statements > self._plan.statement:
            self._struck("statement")

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Strike at the statements that go straight to the driver as well."""
        statements.watchers.append(self._told)
        try:
            yield
        finally:
            statements.watchers.remove(self._told)

    def _told(self, _statement: str, _parameters: object) -> None:
        try:
            self._executes()
        except OperationalError as error:  # as the driver has it: Stafett makes it SQLAlchemy's
            raise sqlite3.OperationalError(str(error.orig)) from None

    def _struck(self, place: str) -> None:
        plan = self._plan
        if plan is None or plan.place != place:
            return
        self._plan = None
        process = PROCESS.get()
        if plan.fatal and process is not None:
            process.kill()
        raise _error(f"struck {place}")


def _error(what: str) -> OperationalError:
    return OperationalError(what, None, sqlite3.OperationalError("disk I/O error"))


@contextmanager
def running(loop: SimLoop) -> Iterator[SimLoop]:
    """The loop as this thread's own, and closed afterwards."""
    asyncio.set_event_loop(loop)
    try:
        yield loop
    finally:
        loop.close()
        asyncio.set_event_loop(None)
