"""The account's tables as they lie in the database, whatever somebody may have put there.

Whoever owns the database can write a word where a number is to be. On SQLite that is kept as it is, and a reader that
expects the number would stop. Here it is read all the same, so that the check can say where it is.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import Column, Connection, Integer, String, Table, select, type_coerce

from reminders.tables import UtcTime

_TOGETHER = 1_000


class Raw(NamedTuple):
    """A row by the names of its columns, and whether every value is of its column's kind."""

    values: dict[str, Any]
    is_sound: bool


@contextmanager
def lenient(tx: Connection) -> Iterator[None]:
    """While this lasts, text that is no text can be read: each wrong byte as a sign that no text has."""
    driver: Any = tx.connection.driver_connection
    if tx.dialect.name != "sqlite":  # PostgreSQL keeps nothing in a column that is not of its kind
        yield
        return
    before = driver.text_factory
    driver.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
    try:
        yield
    finally:
        driver.text_factory = before


def rows(tx: Connection, table: Table, *order: str) -> Iterator[Raw]:
    """Every row, in the order of these columns; within `lenient`."""
    on_sqlite = tx.dialect.name == "sqlite"
    columns = list(table.c)
    wanted = [type_coerce(one, String).label(one.name) if on_sqlite and _is_time(one) else one for one in columns]
    query = select(*wanted).order_by(*(table.c[name] for name in order)).execution_options(yield_per=_TOGETHER)
    for found in tx.execute(query):
        values = {
            one.name: instant(value) if _is_time(one) else value for one, value in zip(columns, found, strict=True)
        }
        yield Raw(values, all(_fits(one, values[one.name]) for one in columns))


def instant(value: Any) -> Any:
    """A time that was kept as text, in UTC; None for what is none."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
            return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
        except (ValueError, OverflowError):
            return None
    return value if isinstance(value, datetime) else None


def number(value: Any) -> int:
    """A number that is one; 0 for everything else."""
    return value if isinstance(value, int) else 0


def word(value: Any) -> str:
    """A text as it can be shown, whatever is in it."""
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
    return text.encode("utf-8", "replace").decode("utf-8")


def _is_time(column: Column[Any]) -> bool:
    return isinstance(column.type, UtcTime)


def _fits(column: Column[Any], value: Any) -> bool:
    if value is None:
        return bool(column.nullable)
    kind = datetime if _is_time(column) else int if isinstance(column.type, Integer) else str
    return isinstance(value, kind)
