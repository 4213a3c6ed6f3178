"""The one MetaData of the house, and the table of durable deadlines."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from json import JSONDecoder
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    DateTime,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)
from sqlalchemy.engine import Dialect

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UtcTime(TypeDecorator[datetime]):
    """An aware UTC instant. A naive value is refused, so that no local time slips into the record."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A time without a zone cannot be stored")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)

    # SQLite keeps times as text. These do the same as the two above on top of SQLAlchemy's own, at a tenth of the cost.

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        return _to_text if dialect.name == "sqlite" else super().bind_processor(dialect)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        return _from_text if dialect.name == "sqlite" else super().result_processor(dialect, coltype)


@lru_cache(maxsize=4_096)  # the same few instants stand in most rows of a batch
def _to_text(value: datetime | None) -> str | None:
    if value is None:
        return None
    if value.tzinfo is not UTC:
        if value.tzinfo is None:
            raise ValueError("A time without a zone cannot be stored")
        value = value.astimezone(UTC)
    return value.isoformat(" ", "microseconds")[:26]


def _from_text(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value + "+00:00")


class Json(TypeDecorator[Any]):
    """JSON as SQLAlchemy has it, read from SQLite's text at a quarter of the cost."""

    impl = JSON
    cache_ok = True

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        return _from_json if dialect.name == "sqlite" else super().result_processor(dialect, coltype)


_decoded = JSONDecoder().raw_decode


def _from_json(value: Any) -> Any:
    if not isinstance(value, str):
        return value  # SQLite gives a number back as one
    if value[:1] == '"' and "\\" not in value and value.count('"') == 2:  # a plain word, as most answers are
        return value[1:-1]
    found, end = _decoded(value)
    return found if end == len(value) else json.loads(value)


_TO_COUNT = text("ended_at IS NOT NULL AND counted_at IS NULL")

# One row per step and round of a thread; it moves from rung to rung of its rule's ladder, so that a million
# waiting threads are a million rows and not five.
deadline = Table(
    "deadline",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("thread_id", Integer, nullable=False),
    Column("step", String(40), nullable=False),
    Column("round", Integer, nullable=False),
    Column("rule", String(60), nullable=False),
    Column("basis", String(40), nullable=False),  # local ISO date or instant, as the rule was given it
    Column("rung", Integer, nullable=False),
    Column("due_at", UtcTime),  # when the clock next acts on it; null when there is nothing more to say
    Column("soft_at", UtcTime),
    Column("hard_at", UtcTime),
    Column("status", String(10), nullable=False),  # armed, fired, disarmed, lapsed, stopped
    Column("attempts", Integer, nullable=False, default=0),
    Column("armed_at", UtcTime, nullable=False),
    Column("said", Text, nullable=False, default="", server_default=""),  # the prompts given in this round: JSON
    Column("said_at", UtcTime),  # when the clock last gave one
    Column("original_due_at", UtcTime),  # set while the row is put off: when it should have been acted on
    Column("profile_print", String(16), nullable=False, default="", server_default=""),  # the numbers' profile
    Column("fault", String(40)),  # why it can no longer be worked out; its numbers then stand as they were
    Column("ended_at", UtcTime),  # care time, when it was handled or started anew; null while it may still speak
    Column("unit_id", String(40)),  # whose it was then
    Column("counted_at", UtcTime),  # care time, when it was added to the figures, or left out of them for good
    UniqueConstraint("thread_id", "step", "round"),
    Index("ix_deadline_next", "status", "due_at"),
    Index("ix_deadline_to_count", "id", sqlite_where=_TO_COUNT, postgresql_where=_TO_COUNT),
)
