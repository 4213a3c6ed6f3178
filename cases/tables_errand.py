"""Errands: what Stafett is to do that is no card of one thread to one person: a pointer by e-mail, a list."""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, text

from reminders.tables import UtcTime, metadata

# Only what waits is looked for, so only that is indexed. The condition must stand in the statement in these very words.
_WAITS = text("status = 'waiting'")
_LEASED = text("status = 'waiting' AND claimed_until IS NOT NULL")
_ASIDE = text("status = 'set_aside'")

errand = Table(
    "errand",
    metadata,
    Column("id", Integer, primary_key=True),
    # What makes it the same errand; also what the far side knows it by: a Message-ID, an event's transactionId.
    Column("key", String(160), nullable=False, unique=True),
    Column("kind", String(10), nullable=False),  # mail, list, calendar, call; the name of the door it goes out by
    Column("lane", Integer, nullable=False),  # 0 urgent, 1 normal
    Column("person_id", ForeignKey("person.id")),
    Column("unit_id", ForeignKey("unit.id")),
    Column("thread_id", ForeignKey("thread.id")),
    Column("what", String(60), nullable=False),  # a text key or the name of a list; never content
    Column("not_before", UtcTime, nullable=False),  # care time
    Column("retry_at", UtcTime),  # machine time: back-off
    Column("claimed_until", UtcTime),  # machine time
    Column("attempts", Integer, nullable=False),
    Column("lost", Integer, nullable=False),  # leases that ran out without an answer
    Column("status", String(14), nullable=False),  # waiting, sent, undeliverable, superseded, set_aside
    Column("failure", String(40)),
    Column("external_id", String(250)),
    Column("finished_at", UtcTime),
    Index("ix_errand_next", "kind", "lane", "not_before", "id", sqlite_where=_WAITS, postgresql_where=_WAITS),
    Index("ix_errand_leased", "claimed_until", sqlite_where=_LEASED, postgresql_where=_LEASED),
    Index("ix_errand_aside", "id", sqlite_where=_ASIDE, postgresql_where=_ASIDE),
    Index("ix_errand_thread", "thread_id"),
)
