"""The one MetaData of the house, and the table of durable deadlines."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Column, DateTime, Index, Integer, MetaData, String, Table, TypeDecorator, UniqueConstraint
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
    Column("due_at", UtcTime),  # the next rung; null when the ladder is climbed
    Column("soft_at", UtcTime),
    Column("hard_at", UtcTime),
    Column("status", String(10), nullable=False),  # armed, fired, disarmed, lapsed
    Column("attempts", Integer, nullable=False, default=0),
    Column("armed_at", UtcTime, nullable=False),
    UniqueConstraint("thread_id", "step", "round"),
    Index("ix_deadline_next", "status", "due_at"),
)
