"""The addresses from which people's own calendars fetch what Stafett has for them."""

from sqlalchemy import Column, Date, ForeignKey, String, Table

from reminders.tables import UtcTime, metadata

# One address for each person who has asked for one. It is kept nowhere itself: only a hash that it is known by.
calendar_feed = Table(
    "calendar_feed",
    metadata,
    Column("person_id", ForeignKey("person.id"), primary_key=True),
    Column("secret_hash", String(64), nullable=False, unique=True),
    Column("made_at", UtcTime, nullable=False),  # care time
    Column("seen_on", Date),  # local: the last day on which it was fetched, for the account
)
