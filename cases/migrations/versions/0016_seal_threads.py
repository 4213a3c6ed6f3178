"""Seal threads: their answers lie apart, and their case begins nothing anew."""

import sqlalchemy as sa
from alembic import op

from reminders.tables import UtcTime

revision = "0016_seal_threads"
down_revision = "0015_keep_the_ground"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sealed",
        sa.Column("thread_id", sa.Integer, nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("field", sa.String(40), nullable=False),
        sa.Column("value", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("thread_id", "seq", "field"),
        sa.ForeignKeyConstraint(["thread_id"], ["thread.id"]),
    )
    op.create_table(
        "sealed_case",
        sa.Column("key", sa.String(40), nullable=False),
        sa.Column("thread_id", sa.Integer, nullable=False),
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
    )


def downgrade() -> None:
    for name in ("sealed_case", "sealed"):
        op.drop_table(name)
