"""Who is in which group of the directory (Entra ID), and whose access that has changed."""

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, String, Table, Text

from reminders.tables import UtcTime, metadata

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
