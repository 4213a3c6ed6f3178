"""Where a unit's on-call rota comes from, and the calls by which the jour is woken."""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, UniqueConstraint, text

from reminders.tables import UtcTime, metadata

# A unit whose passes another system has; one that is not here has those of the roster's sheet.
rota = Table(
    "rota",
    metadata,
    Column("unit_id", String(40), primary_key=True),
    Column("source", String(10), nullable=False),  # shifts
    Column("fetched_at", UtcTime, nullable=False),  # care time: when it was last read
)

_OPEN = text("ended_at IS NULL")

# One call to one person about one thread. `since` is what began the chain of calls, `number` the place in it.
phone_call = Table(
    "phone_call",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("thread_id", ForeignKey("thread.id"), nullable=False),
    Column("unit_id", String(40), nullable=False),
    Column("person_id", ForeignKey("person.id"), nullable=False),
    Column("since", UtcTime, nullable=False),
    Column("number", Integer, nullable=False),
    Column("asked_at", UtcTime, nullable=False),
    Column("placed_at", UtcTime),
    Column("answered_at", UtcTime),
    Column("ended_at", UtcTime),
    # asked, ringing, answered; ended: acknowledged, unanswered, unreachable, away, needless
    Column("status", String(14), nullable=False),
    Column("call_id", String(250)),  # what Graph calls it
    UniqueConstraint("thread_id", "since", "number"),
    Index("ix_phone_call_open", "status", sqlite_where=_OPEN, postgresql_where=_OPEN),
)
