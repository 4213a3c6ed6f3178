"""Know when each deadline ended and whose it was, and keep the figures of what was in time.

What has ended before this is not counted: the record never said when it was handled.
"""

import sqlalchemy as sa
from alembic import op

from reminders.tables import UtcTime

revision = "0019_count_what_is_in_time"
down_revision = "0018_give_access_for_a_time"
branch_labels = None
depends_on = None

_TO_COUNT = sa.text("ended_at IS NOT NULL AND counted_at IS NULL")


def upgrade() -> None:
    op.add_column("deadline", sa.Column("ended_at", UtcTime()))
    op.add_column("deadline", sa.Column("unit_id", sa.String(40)))
    op.add_column("deadline", sa.Column("counted_at", UtcTime()))
    op.create_index(
        "ix_deadline_to_count", "deadline", ["id"], sqlite_where=_TO_COUNT, postgresql_where=_TO_COUNT
    )  # fmt: skip
    op.create_table(
        "on_time_figure",
        sa.Column("unit_id", sa.String(40), nullable=False),
        sa.Column("month", sa.Date, nullable=False),
        sa.Column("profile", sa.String(40), nullable=False),
        sa.Column("rule", sa.String(60), nullable=False),
        sa.Column("by_soft", sa.Integer, nullable=False),
        sa.Column("by_hard", sa.Integer, nullable=False),
        sa.Column("late", sa.Integer, nullable=False),
        sa.Column("open", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("unit_id", "month", "profile", "rule"),
    )


def downgrade() -> None:
    op.drop_table("on_time_figure")
    op.drop_index("ix_deadline_to_count", "deadline")
    for name in ("counted_at", "unit_id", "ended_at"):
        op.drop_column("deadline", name)
