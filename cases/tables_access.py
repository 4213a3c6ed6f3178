"""Who has which role and why, who is in which group of the directory (Entra ID), and what is looked over afterwards."""

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from reminders.tables import UtcTime, metadata

role = Table(
    "role",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person_id", ForeignKey("person.id"), nullable=False),
    Column("unit_id", ForeignKey("unit.id"), nullable=False),
    Column("role", String(40), nullable=False),
    Column("source", String(10), nullable=False, default="roster", server_default="roster"),  # roster, group, request
    Column("since", UtcTime),  # care time; null: before it was kept
    Column("until", UtcTime),  # care time, exclusive; only for what somebody has asked for
    Column("thread_id", Integer),  # the request that gave it
    UniqueConstraint("person_id", "unit_id", "role"),
    Index("ix_role_unit", "unit_id", "role"),
)

# Somebody has opened what is another's, in an emergency and with a reason; until when they may read it.
break_glass = Table(
    "break_glass",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", UtcTime, nullable=False),  # care time
    Column("until", UtcTime, nullable=False),  # care time, exclusive
    Column("person_id", ForeignKey("person.id"), nullable=False),
    Column("unit_id", ForeignKey("unit.id"), nullable=False),  # by whose role
    Column("thread_id", Integer, nullable=False),
    Column("reason", String(40), nullable=False),  # a code
    Index("ix_break_glass_person", "person_id", "thread_id"),
    Index("ix_break_glass_unit", "unit_id", "at"),
)

# A manager has gone through who has which role in a unit.
access_review = Table(
    "access_review",
    metadata,
    Column("unit_id", ForeignKey("unit.id"), primary_key=True),
    Column("period", String(7), primary_key=True),  # the month in which it was to be done, "2027-01"
    Column("person_id", ForeignKey("person.id"), primary_key=True),  # who has gone through it
    Column("at", UtcTime, nullable=False),  # care time
)

# A group that is watched: one that gives a role, or one that lies inside such a group.
group_state = Table(
    "group_state",
    metadata,
    Column("group_id", String(40), primary_key=True),
    Column("link", Text),  # where the next question about changes goes on
    Column("nested", JSON, nullable=False),  # the groups inside it, at any depth
    Column("read_at", UtcTime),  # machine time: when its members were last read whole
)

group_member = Table(
    "group_member",
    metadata,
    Column("group_id", String(40), primary_key=True),
    Column("aad_object_id", String(40), primary_key=True),
    Column("upn", String(120)),
    Column("name", String(120)),
)

# What the directory's groups have changed, for whoever answers for it. Ids and codes only.
access_change = Table(
    "access_change",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", UtcTime, nullable=False),  # care time
    Column("person_id", ForeignKey("person.id"), nullable=False),
    Column("unit_id", ForeignKey("unit.id"), nullable=False),
    Column("role", String(40), nullable=False),
    Column("change", String(14), nullable=False),  # joined, left, not_installed
    Column("handed_on", Integer, nullable=False),  # open threads that went to somebody else
    Index("ix_access_change_unit", "unit_id", "at"),
)
