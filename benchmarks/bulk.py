"""Filling a database fast: without waiting for the disk, without indexes, and with everything as it was afterwards."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, Table, create_engine, event, func, select, text

_FAST = ("journal_mode=OFF", "synchronous=OFF", "foreign_keys=OFF", "cache_size=-400000", "temp_store=MEMORY")


@contextmanager
def filling(url: str) -> Iterator[Engine]:
    """An engine that asks for no safety: what breaks off half-way is thrown away."""
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _fast)
        event.listen(engine, "begin", lambda tx: tx.exec_driver_sql("BEGIN EXCLUSIVE"))
    else:
        event.listen(engine, "begin", lambda tx: tx.exec_driver_sql("SET LOCAL session_replication_role = replica"))
    try:
        yield engine
        if engine.dialect.name == "postgresql":
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as tx:
                tx.exec_driver_sql("VACUUM ANALYZE")
                tx.exec_driver_sql("CHECKPOINT")
    finally:
        engine.dispose()


def _fast(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    for pragma in _FAST:
        connection.execute(f"PRAGMA {pragma}")


_INDEXES = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name = :table",
    "postgresql": (
        "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema() AND tablename = :table"
        " AND indexname NOT IN (SELECT conname FROM pg_constraint)"
    ),
}


@contextmanager
def indexes_away(tx: Connection, tables: Iterable[Table]) -> Iterator[None]:
    """Sorting once is faster than putting each row in its place. What the constraints need stays."""
    found: list[tuple[str, str]] = []
    for table in tables:
        rows = tx.execute(text(_INDEXES[tx.dialect.name]), {"table": table.name})
        found += [(name, definition) for name, definition in rows]
    for name, _ in found:
        tx.exec_driver_sql(f'DROP INDEX "{name}"')
    yield
    for _, definition in found:
        tx.exec_driver_sql(definition)


def sequences_follow(tx: Connection, tables: Iterable[Table]) -> None:
    """PostgreSQL counts by itself: it is told how far the numbers have come."""
    if tx.dialect.name != "postgresql":
        return
    for table in tables:
        if "id" in table.c:
            last = tx.scalar(select(func.max(table.c.id)))
            name = func.pg_get_serial_sequence(table.name, "id")
            if last is not None and tx.scalar(select(name)) is not None:
                tx.execute(select(func.setval(name, last)))
