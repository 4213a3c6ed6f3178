"""What is disposed of by the municipality's decision, what is held back from it, and what is left of it: figures."""

from sqlalchemy import JSON, Column, Date, ForeignKey, Index, Integer, String, Table, text

from reminders.tables import UtcTime, metadata

# One batch of disposal. It is open only inside its own transaction: the guards of the log and the account look for it.
disposal = Table(
    "disposal",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(10), nullable=False),  # content, thread, draft, account, roster
    Column("profile", String(40)),  # null: what is common to all
    Column("decision_ref", String(200), nullable=False),
    Column("before", UtcTime, nullable=False),  # care time: what ended, or was written, before this
    Column("started_at", UtcTime, nullable=False),  # care time
    Column("finished_at", UtcTime),
    Column("threads", Integer, nullable=False),
    Column("rows", Integer, nullable=False),
)

# The threads whose log may be removed just now. Empty but inside a transaction of disposal.
disposing = Table("disposing", metadata, Column("thread_id", Integer, primary_key=True, autoincrement=False))

_STANDS = text("released_at IS NULL")

# Nothing of the case is disposed of while a hold stands: the municipality needs it for something else.
legal_hold = Table(
    "legal_hold",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(40), nullable=False),  # the reference in capitals, letters and digits only
    Column("case_ref", String(40), nullable=False),
    Column("reason", String(20), nullable=False),  # a code, never words
    Column("placed_at", UtcTime, nullable=False),  # care time
    Column("placed_by", ForeignKey("person.id"), nullable=False),
    Column("released_at", UtcTime),
    Column("released_by", ForeignKey("person.id")),
    Index("ix_legal_hold_stands", "key", unique=True, sqlite_where=_STANDS, postgresql_where=_STANDS),
)

# What remains of threads that are gone: how many ended in a month, and in how many of them a limit passed.
thread_figure = Table(
    "thread_figure",
    metadata,
    Column("month", Date, primary_key=True),  # its first day, local
    Column("profile", String(40), primary_key=True),
    Column("flow", String(40), primary_key=True),
    Column("threads", Integer, nullable=False),
    Column("late", Integer, nullable=False),
)

# The answers to the quality questions of follow-ups whose content is gone: nothing says whose they were.
quality_answer = Table(
    "quality_answer",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("unit_id", String(40), nullable=False),
    Column("answers", JSON, nullable=False),
    Index("ix_quality_answer_unit", "unit_id"),
)

# Since when somebody is known to have left. Who comes back loses the row.
departure = Table(
    "departure",
    metadata,
    Column("person_id", ForeignKey("person.id"), primary_key=True),
    Column("noted_at", UtcTime, nullable=False),  # care time
    Column("cleared_on", Date),  # when what was known of them was removed, local
)
