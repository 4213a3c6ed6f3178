"""Keep where a pass comes from and whether it has changed hands, whose rota another system has, and the night calls."""

import sqlalchemy as sa
from alembic import op

from reminders.tables import UtcTime

revision = "0013_keep_the_rota"
down_revision = "0012_know_who_is_away"
branch_labels = None
depends_on = None

_OPEN = sa.text("ended_at IS NULL")


def upgrade() -> None:
    op.add_column("on_call", sa.Column("source", sa.String(10), nullable=False, server_default="roster"))
    op.add_column("on_call", sa.Column("swapped_by", sa.Integer))
    op.create_table(
        "rota",
        sa.Column("unit_id", sa.String(40), nullable=False),
        sa.Column("source", sa.String(10), nullable=False),
        sa.Column("fetched_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("unit_id"),
    )
    op.create_table(
        "phone_call",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("thread_id", sa.Integer, nullable=False),
        sa.Column("unit_id", sa.String(40), nullable=False),
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column("since", UtcTime(), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("asked_at", UtcTime(), nullable=False),
        sa.Column("placed_at", UtcTime()),
        sa.Column("answered_at", UtcTime()),
        sa.Column("ended_at", UtcTime()),
        sa.Column("status", sa.String(14), nullable=False),
        sa.Column("call_id", sa.String(250)),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["thread_id"], ["thread.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.UniqueConstraint("thread_id", "since", "number"),
    )
    op.create_index("ix_phone_call_open", "phone_call", ["status"], sqlite_where=_OPEN, postgresql_where=_OPEN)


def downgrade() -> None:
    op.drop_table("phone_call")
    op.drop_table("rota")
    op.drop_column("on_call", "swapped_by")
    op.drop_column("on_call", "source")
