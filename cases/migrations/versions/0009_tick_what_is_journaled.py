"""Tick what is journaled: who has written an exchange in the unit's journal. And find an assessor's cases, and what has
ended in a unit, without reading them all."""

import sqlalchemy as sa
from alembic import op

from reminders.tables import UtcTime

revision = "0009_tick_what_is_journaled"
down_revision = "0008_run_errands"
branch_labels = None
depends_on = None

_CLOSED = sa.text("closed_at IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "journaled",
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["thread_id"], ["thread.id"]),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.PrimaryKeyConstraint("thread_id", "unit_id"),
    )
    op.create_index(
        "ix_thread_closed", "thread", ["sender_unit_id", "closed_at"],
        sqlite_where=_CLOSED, postgresql_where=_CLOSED,
    )  # fmt: skip
    op.create_index("ix_case_responsible", "care_case", ["responsible_id"])


def downgrade() -> None:
    op.drop_index("ix_case_responsible", table_name="care_case")
    op.drop_index("ix_thread_closed", table_name="thread")
    op.drop_table("journaled")
