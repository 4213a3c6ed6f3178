"""SQLite as we use it: one connection, one writer, and a commit that is on the disk when it returns."""

from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.pool import StaticPool

_DURABLE = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000")
# 64 MB of pages are kept; what a savepoint would undo is kept in memory and not in a file; and the log is brought over
# to the file once in 16 MB, so that pages which many transactions change are written there once.
_QUICK = ("cache_size=-65536", "temp_store=MEMORY", "wal_autocheckpoint=4000")


def engine(url: URL) -> Engine:
    """An engine whose errors never quote the values of a statement: they may be content, and errors are logged."""
    made = create_engine(
        url, hide_parameters=True, poolclass=StaticPool, connect_args={"check_same_thread": False, "timeout": 30}
    )

    @event.listens_for(made, "connect")
    def durable(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we begin transactions ourselves, and as writers from the start
        for pragma in _DURABLE + _QUICK:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(made, "begin")
    def begin_as_writer(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return made
