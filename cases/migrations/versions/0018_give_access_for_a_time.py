"""Give access for a time, remember who has opened what in an emergency, and let access be reviewed."""

import sqlalchemy as sa
from alembic import op

from reminders.tables import UtcTime

revision = "0018_give_access_for_a_time"
down_revision = "0017_dispose_by_decision"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("role", sa.Column("since", UtcTime()))
    op.add_column("role", sa.Column("until", UtcTime()))
    op.add_column("role", sa.Column("thread_id", sa.Integer))
    op.create_table(
        "break_glass",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("until", UtcTime(), nullable=False),
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column("unit_id", sa.String(40), nullable=False),
        sa.Column("thread_id", sa.Integer, nullable=False),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
    )
    op.create_index("ix_break_glass_person", "break_glass", ["person_id", "thread_id"])
    op.create_index("ix_break_glass_unit", "break_glass", ["unit_id", "at"])
    op.create_table(
        "access_review",
        sa.Column("unit_id", sa.String(40), nullable=False),
        sa.Column("period", sa.String(7), nullable=False),
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("unit_id", "period", "person_id"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
    )


def downgrade() -> None:
    op.drop_table("access_review")
    op.drop_table("break_glass")
    op.execute("DELETE FROM role WHERE source = 'request'")  # nothing else would ever end them
    op.drop_column("role", "thread_id")
    op.drop_column("role", "until")
    op.drop_column("role", "since")
