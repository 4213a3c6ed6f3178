"""Ordered and performed time of each case by month, as a municipality's own system counts it."""

from sqlalchemy import Column, Date, ForeignKey, Integer, String, Table

from reminders.tables import UtcTime, metadata

case_hours = Table(
    "case_hours",
    metadata,
    Column("unit_id", ForeignKey("unit.id"), primary_key=True),
    Column("month", Date, primary_key=True),  # its first day
    Column("case_ref", String(40), primary_key=True),
    # Seconds: whole for hours with two decimals as well as for hours and minutes, so that nothing is ever rounded.
    Column("ordered", Integer, nullable=False),
    Column("performed", Integer, nullable=False),
    Column("imported_at", UtcTime, nullable=False),  # care time
)
