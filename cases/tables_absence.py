"""Who is away, as it was last told: periods, and when and with what luck each person was last asked about."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table

from reminders.tables import UtcTime, metadata

# Only times and where they come from: never why somebody is away, nor what an automatic reply says.
absence = Table(
    "absence",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person_id", ForeignKey("person.id"), nullable=False),
    Column("starts_at", UtcTime, nullable=False),
    Column("ends_at", UtcTime),  # exclusive; null: until further notice
    Column("source", String(10), nullable=False),  # autosvar, calendar, roster
    Index("ix_absence_person", "person_id"),
)

# Nobody has a row here whom no mailbox has been asked about: of them nothing is known, and nothing is claimed.
absence_check = Table(
    "absence_check",
    metadata,
    Column("person_id", ForeignKey("person.id"), primary_key=True),
    Column("fetched_at", UtcTime, nullable=False),  # machine time of the latest answer, or of the first failure
    Column("known", Boolean, nullable=False),
    Column("failure", String(40)),
)
