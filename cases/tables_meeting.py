"""Meetings: what is to stand in the calendar beside a thread, who is invited, and what they have answered."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Time,
    UniqueConstraint,
    text,
)

from reminders.tables import UtcTime, metadata

# Few rows have an event in a calendar that is looked for by its id.
_IN_CALENDAR, _IN_SERIES = text("event_id IS NOT NULL"), text("series_id IS NOT NULL")

# A row of meetings that recur: the calendar has one series of them, from which single ones may differ.
meeting_series = Table(
    "meeting_series",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("thread_id", ForeignKey("thread.id"), nullable=False, unique=True),
    Column("kind", String(40), nullable=False),  # a table [meetings.<kind>] of the profile
    Column("organizer_id", ForeignKey("person.id"), nullable=False),
    Column("weekday", Integer, nullable=False),  # 1 is Monday
    Column("at", Time, nullable=False),  # local time
    Column("minutes", Integer, nullable=False),
    Column("first_day", Date, nullable=False),
    Column("last_day", Date, nullable=False),
    Column("mode", String(12), nullable=False),  # on_site, digital, phone, home_visit
    Column("place", String(120), nullable=False),  # neutral: never an address of somebody
    Column("status", String(10), nullable=False),  # invited, cancelled
    Column("revision", Integer, nullable=False),
    Column("synced", Integer, nullable=False),  # the revision that stands in the calendar; 0 for none
    Column("event_id", String(250)),
    Column("failure", String(40)),
    Index("ix_series_event", "event_id", sqlite_where=_IN_CALENDAR, postgresql_where=_IN_CALENDAR),
)

# One event of the calendar, as it is to be. A change of it raises the revision; the door brings the calendar to it.
meeting = Table(
    "meeting",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("thread_id", ForeignKey("thread.id"), nullable=False),
    Column("slot", String(20), nullable=False),  # main, day1, day2; which of the thread's meetings it is
    Column("kind", String(40), nullable=False),  # a table [meetings.<kind>] of the profile
    Column("organizer_id", ForeignKey("person.id"), nullable=False),
    Column("starts_at", UtcTime, nullable=False),
    Column("ends_at", UtcTime, nullable=False),
    Column("mode", String(12), nullable=False),  # on_site, digital, phone, home_visit
    Column("place", String(120), nullable=False),  # neutral: never an address of somebody
    Column("series_id", ForeignKey("meeting_series.id")),
    Column("original_start", UtcTime),  # the occurrence of the series that it is
    Column("status", String(10), nullable=False),  # invited, cancelled
    Column("revision", Integer, nullable=False),
    Column("synced", Integer, nullable=False),  # the revision that stands in the calendar; 0 for none
    Column("event_id", String(250)),
    Column("change_key", String(120)),
    Column("failure", String(40)),
    UniqueConstraint("thread_id", "slot"),
    Index("ix_meeting_organizer", "organizer_id", "starts_at"),
    Index("ix_meeting_event", "event_id", sqlite_where=_IN_CALENDAR, postgresql_where=_IN_CALENDAR),
    Index("ix_meeting_series", "series_id", "original_start", sqlite_where=_IN_SERIES, postgresql_where=_IN_SERIES),
)

meeting_invited = Table(
    "meeting_invited",
    metadata,
    Column("meeting_id", ForeignKey("meeting.id"), primary_key=True),
    Column("person_id", ForeignKey("person.id"), primary_key=True),
    Column("role", String(40), nullable=False),
    Column("unit_id", ForeignKey("unit.id"), nullable=False),
    Column("optional", Boolean, nullable=False),
    Column("answer", String(10), nullable=False),  # none, accepted, tentative, declined
    Column("answered_at", UtcTime),
    Column("source", String(10), nullable=False),  # calendar, card; empty as long as there is no answer
    Index("ix_invited_person", "person_id", "meeting_id"),
)
