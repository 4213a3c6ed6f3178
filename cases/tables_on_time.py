"""How many of the routine's limits were kept, month by month: added up once, and read as it stands."""

from sqlalchemy import Column, Date, Integer, String, Table

from reminders.tables import metadata

# Of one unit's limits by one rule that were settled in a month: handled in time, or not when the limit passed.
on_time_figure = Table(
    "on_time_figure",
    metadata,
    Column("unit_id", String(40), primary_key=True),  # whose it was: the owner's unit
    Column("month", Date, primary_key=True),  # its first day, local
    Column("profile", String(40), primary_key=True),
    Column("rule", String(60), primary_key=True),
    Column("by_soft", Integer, nullable=False),  # handled by the strictest sensible reading
    Column("by_hard", Integer, nullable=False),  # after that, but before anything was late
    Column("late", Integer, nullable=False),  # handled when it was late
    Column("open", Integer, nullable=False),  # late, and not handled when it was last counted
)
