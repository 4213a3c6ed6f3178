"""Keep who is away, who is in which group of the directory, and where a person and a role come from."""

import sqlalchemy as sa
from alembic import op

from reminders.tables import UtcTime

revision = "0012_know_who_is_away"
down_revision = "0011_hold_meetings"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("person", sa.Column("source", sa.String(10), nullable=False, server_default="roster"))
    op.add_column("role", sa.Column("source", sa.String(10), nullable=False, server_default="roster"))
    op.create_table(
        "absence",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column("starts_at", UtcTime(), nullable=False),
        sa.Column("ends_at", UtcTime()),
        sa.Column("source", sa.String(10), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
    )
    op.create_index("ix_absence_person", "absence", ["person_id"])
    op.create_table(
        "absence_check",
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column("fetched_at", UtcTime(), nullable=False),
        sa.Column("known", sa.Boolean, nullable=False),
        sa.Column("failure", sa.String(40)),
        sa.PrimaryKeyConstraint("person_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
    )
    op.create_table(
        "group_state",
        sa.Column("group_id", sa.String(40), nullable=False),
        sa.Column("link", sa.Text),
        sa.Column("nested", sa.JSON, nullable=False),
        sa.Column("read_at", UtcTime()),
        sa.PrimaryKeyConstraint("group_id"),
    )
    op.create_table(
        "group_member",
        sa.Column("group_id", sa.String(40), nullable=False),
        sa.Column("aad_object_id", sa.String(40), nullable=False),
        sa.Column("upn", sa.String(120)),
        sa.Column("name", sa.String(120)),
        sa.PrimaryKeyConstraint("group_id", "aad_object_id"),
    )
    op.create_table(
        "access_change",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column("unit_id", sa.String(40), nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("change", sa.String(14), nullable=False),
        sa.Column("handed_on", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
    )
    op.create_index("ix_access_change_unit", "access_change", ["unit_id", "at"])


def downgrade() -> None:
    for name in ("access_change", "group_member", "group_state", "absence_check", "absence"):
        op.drop_table(name)
    for table in ("role", "person"):
        op.drop_column(table, "source")
