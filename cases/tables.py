"""The durable record: who people are, what the cases are, and what has happened to each thread."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    text,
)

from cases.tables_absence import absence, absence_check
from cases.tables_access import access_change, access_review, break_glass, group_member, group_state, role
from cases.tables_account import account_cut, anchor, anchor_head, audit
from cases.tables_errand import errand
from cases.tables_feed import calendar_feed
from cases.tables_hours import case_hours
from cases.tables_journal import journaled
from cases.tables_meeting import meeting, meeting_invited, meeting_series
from cases.tables_on_time import on_time_figure
from cases.tables_retention import departure, disposal, disposing, legal_hold, quality_answer, thread_figure
from cases.tables_rota import phone_call, rota
from cases.tables_seal import sealed, sealed_case
from reminders.tables import Json, UtcTime, deadline, metadata

__all__ = [
    "absence", "absence_check", "access_change", "access_review", "account_cut", "anchor", "anchor_head", "attempt",
    "audit", "break_glass", "calendar_feed", "card", "care_case", "case_hours", "content", "conversation", "counter",
    "deadline", "departure", "disposal", "disposing", "errand", "group_member", "group_state", "inbound", "journaled",
    "legal_hold", "log", "meeting", "meeting_invited", "meeting_series", "metadata", "on_call", "on_time_figure",
    "outbox", "party", "person", "phone_call", "quality_answer", "replica", "role", "rota", "sealed", "sealed_case",
    "setting", "thread", "thread_figure", "unit",
]  # fmt: skip

# --- who and what: filled from the roster -----------------------------------------------------------------------

unit = Table(
    "unit",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("name", String(120), nullable=False),
    Column("kind", String(30), nullable=False),  # home_care, authority_unit, return_home_team
    Column("profile", String(40), nullable=False),
    Column("provider_kind", String(20), nullable=False),  # egen_regi, privat_lov, annan_namnd
    Column("authority_unit_id", String(40)),
    Column("phone", String(30), nullable=False),
    Column("on_call_phone", String(30)),
    Column("last_resort_role", String(60), nullable=False),
    Column("last_resort_phone", String(30), nullable=False),
    Column("mailbox", String(120)),  # the unit's function mailbox, for pointers by e-mail
    Column("disclosure_basis", String(24)),  # on what ground a provider may read content: cases/roster_words.py
    Column("disclosure_ref", String(80)),  # the decision behind it
    Column("mode_cap", String(8)),  # the most that may be shown of what it takes part in; null: as the profile says
)

person = Table(
    "person",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("aad_object_id", String(40), unique=True),
    Column("upn", String(120), unique=True),
    Column("channel_user_id", String(200), unique=True),  # bound at first contact, once
    Column("name", String(120), nullable=False),
    Column("title", String(80), nullable=False, default=""),
    Column("phone", String(30), nullable=False, default=""),
    Column("active", Boolean, nullable=False, default=True),
    Column("source", String(10), nullable=False, default="roster", server_default="roster"),  # roster, group
)

on_call = Table(
    "on_call",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person_id", ForeignKey("person.id"), nullable=False),
    Column("unit_id", ForeignKey("unit.id"), nullable=False),
    Column("starts_at", UtcTime, nullable=False),
    Column("ends_at", UtcTime, nullable=False),
    Column("source", String(10), nullable=False, default="roster", server_default="roster"),  # roster, shifts, swap
    Column("swapped_by", Integer),  # the thread by which it is another's; null: it is this person's
    UniqueConstraint("person_id", "unit_id", "starts_at"),
)

care_case = Table(
    "care_case",
    metadata,
    Column("case_ref", String(40), primary_key=True),
    Column("unit_id", ForeignKey("unit.id")),
    Column("responsible_id", ForeignKey("person.id")),
    Column("decision_date", Date),
    Column("in_effect_date", Date),
    Column("last_follow_up", Date),
    Column("fixed_contact_id", Integer),  # a person
    Index("ix_case_responsible", "responsible_id"),
    Index("ix_case_unit", "unit_id"),
)

# A seat stands in one of two indexes; only open threads are looked for by sender, only the law's list by its flow.
_OPEN, _CLOSED = text("closed_at IS NULL"), text("closed_at IS NOT NULL")
_PERSONAL, _QUEUED = text("person_id IS NOT NULL"), text("person_id IS NULL")
_RELATED, _LISTED = text("parent_id IS NOT NULL"), text("flow = 'not_started_report'")

# --- a thread and its parts --------------------------------------------------------------------------------------

thread = Table(
    "thread",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("flow", String(40), nullable=False),
    Column("profile", String(40), nullable=False),
    Column("state", String(40), nullable=False),
    Column("version", Integer, nullable=False),
    Column("case_ref", String(40), nullable=False),
    Column("case_known", Boolean, nullable=False),
    Column("sender_id", ForeignKey("person.id"), nullable=False),
    Column("sender_unit_id", ForeignKey("unit.id"), nullable=False),
    Column("sender_side", String(10), nullable=False),  # provider or authority
    Column("owner_party_id", Integer),
    Column("opening_key", String(40), unique=True),  # a form sent twice opens one thread
    Column("marks", Json, nullable=False),  # short_notice, late, undeliverable …: codes, never content
    Column("due_step", String(40)),
    Column("due_soft", UtcTime),
    Column("due_hard", UtcTime),
    Column("opened_at", UtcTime, nullable=False),
    Column("closed_at", UtcTime),
    Column("parent_id", Integer),  # the thread it came of
    Index("ix_thread_case", "case_ref"),
    Index("ix_thread_parent", "parent_id", sqlite_where=_RELATED, postgresql_where=_RELATED),
    Index("ix_thread_sender", "sender_id", sqlite_where=_OPEN, postgresql_where=_OPEN),
    Index("ix_thread_sender_unit", "sender_unit_id", sqlite_where=_OPEN, postgresql_where=_OPEN),
    Index("ix_thread_closed", "sender_unit_id", "closed_at", sqlite_where=_CLOSED, postgresql_where=_CLOSED),
    Index("ix_thread_listed", "case_ref", sqlite_where=_LISTED, postgresql_where=_LISTED),
    Index("ix_thread_listed_unit", "sender_unit_id", sqlite_where=_LISTED, postgresql_where=_LISTED),
)

# A seat at the thread: one person, or a unit's queue in a role. Receipts belong to the seat.
party = Table(
    "party",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("thread_id", ForeignKey("thread.id"), nullable=False),
    Column("side", String(10), nullable=False),  # sender, receiver, informed
    Column("role", String(40), nullable=False),
    Column("unit_id", ForeignKey("unit.id"), nullable=False),
    Column("person_id", ForeignKey("person.id")),  # null: the unit's queue
    Column("added_at", UtcTime, nullable=False),
    Column("because", String(60), nullable=False),
    Column("read_at", UtcTime),
    Column("read_by", ForeignKey("person.id")),
    Column("taken_at", UtcTime),
    Column("taken_by", ForeignKey("person.id")),
    Index("ix_party_thread", "thread_id"),
    Index("ix_party_person", "person_id", "thread_id", sqlite_where=_PERSONAL, postgresql_where=_PERSONAL),
    Index("ix_party_unit", "unit_id", "role", "thread_id", sqlite_where=_QUEUED, postgresql_where=_QUEUED),
)

# Field values live here and nowhere else, so that they can be sealed and purged.
content = Table(
    "content",
    metadata,
    Column("thread_id", ForeignKey("thread.id"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("field", String(40), primary_key=True),
    Column("value", Json, nullable=False),
)

log = Table(
    "log",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("thread_id", ForeignKey("thread.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("by", String(20), nullable=False),  # person, clock, delivery
    Column("person_id", ForeignKey("person.id")),
    Column("signal", String(60), nullable=False),
    Column("from_state", String(40), nullable=False),
    Column("to_state", String(40), nullable=False),
    Column("due_at", UtcTime),  # the original time of a clock signal
    Index("ix_log_thread", "thread_id", "version"),
)

# The card a person has of a thread, so that it is changed in place.
card = Table(
    "card",
    metadata,
    Column("thread_id", ForeignKey("thread.id"), primary_key=True),
    Column("person_id", ForeignKey("person.id"), primary_key=True),
    Column("conversation_id", String(250), nullable=False),
    Column("activity_id", String(250), nullable=False),
    Column("shown_version", Integer, nullable=False),
    Column("delivered_at", UtcTime, nullable=False),  # care time, as the sender reads it
    Column("busy_until", UtcTime),  # machine time: the person is filling in a form in this card
)

# --- delivery ----------------------------------------------------------------------------------------------------

# Only what waits is looked for, so only that is indexed. The condition must stand in the statement in these very words.
_WAITS, _ASIDE = text("status = 'waiting'"), text("status = 'set_aside'")
_LEASED = text("status = 'waiting' AND claimed_until IS NOT NULL")

outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(160), nullable=False, unique=True),
    Column("lane", Integer, nullable=False),  # 0 urgent, 1 normal, 2 bulk
    Column("kind", String(10), nullable=False),  # message, update
    Column("thread_id", ForeignKey("thread.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("person_id", ForeignKey("person.id"), nullable=False),
    Column("text", String(60), nullable=False),
    Column("original_due_at", UtcTime),
    Column("created_at", UtcTime, nullable=False),
    Column("not_before", UtcTime, nullable=False),  # machine time: back-off and throttling
    Column("attempts", Integer, nullable=False, default=0),
    Column("claimed_until", UtcTime),  # machine time
    Column("status", String(14), nullable=False),  # waiting, sent, undeliverable, superseded, set_aside
    Column("failure", String(40)),
    Column("external_id", String(250)),
    Column("finished_at", UtcTime),
    Column("lost", Integer, nullable=False, default=0, server_default="0"),  # leases that ran out without an answer
    Index("ix_outbox_lane", "lane", "not_before", "id", sqlite_where=_WAITS, postgresql_where=_WAITS),
    Index("ix_outbox_leased", "claimed_until", "person_id", sqlite_where=_LEASED, postgresql_where=_LEASED),
    Index("ix_outbox_person", "person_id", "not_before", sqlite_where=_WAITS, postgresql_where=_WAITS),
    Index("ix_outbox_aside", "id", sqlite_where=_ASIDE, postgresql_where=_ASIDE),
    Index("ix_outbox_thread", "thread_id"),
)

# Every try that was not a success: codes and ids, never changed. The success stands on the row itself.
attempt = Table(
    "attempt",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("outbox_id", ForeignKey("outbox.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("at", UtcTime, nullable=False),  # machine time
    Column("outcome", String(14), nullable=False),  # retry, undeliverable, set_aside, doubled
    Column("code", String(40), nullable=False),
    Index("ix_attempt_outbox", "outbox_id"),
)

# Who sends just now: several processes share the tenant's limit.
replica = Table(
    "replica",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("seen_at", UtcTime, nullable=False),  # machine time
)

conversation = Table(
    "conversation",
    metadata,
    Column("person_id", ForeignKey("person.id"), primary_key=True),
    Column("conversation_id", String(250), nullable=False),
    Column("service_url", String(250), nullable=False),
    Column("tenant_id", String(40), nullable=False),
    Column("bot_id", String(120), nullable=False),
    Column("locale", String(20)),
    Column("status", String(10), nullable=False),  # open, blocked, removed
    Column("seen_at", UtcTime, nullable=False),
)

inbound = Table(
    "inbound",
    metadata,
    Column("activity_key", String(500), primary_key=True),
    Column("thread_id", Integer),
    Column("at", UtcTime, nullable=False),
    Index("ix_inbound_at", "at"),
)

# --- account -----------------------------------------------------------------------------------------------------

counter = Table(
    "counter",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("n", Integer, nullable=False),
)

setting = Table(
    "setting",
    metadata,
    Column("key", String(40), primary_key=True),
    Column("value", String(200), nullable=False),
)
