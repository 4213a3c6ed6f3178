"""Which units have written an exchange in their own journal, and who said so (Norrköping 3.1)."""

from sqlalchemy import Column, ForeignKey, Table

from reminders.tables import UtcTime, metadata

journaled = Table(
    "journaled",
    metadata,
    Column("thread_id", ForeignKey("thread.id"), primary_key=True),
    Column("unit_id", ForeignKey("unit.id"), primary_key=True),
    Column("person_id", ForeignKey("person.id"), nullable=False),
    Column("at", UtcTime, nullable=False),  # care time
)
