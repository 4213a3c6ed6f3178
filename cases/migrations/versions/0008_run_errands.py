"""Run errands: what is to be done that is no card of one thread to one person. Keep the mailbox of a unit, and the
hours of a case by month."""

import sqlalchemy as sa
from alembic import op

from reminders.tables import UtcTime

revision = "0008_run_errands"
down_revision = "0007_relate_threads"
branch_labels = None
depends_on = None

_WAITS = "status = 'waiting'"
_INDEXES = (
    ("ix_errand_next", ["kind", "lane", "not_before", "id"], _WAITS),
    ("ix_errand_leased", ["claimed_until"], f"{_WAITS} AND claimed_until IS NOT NULL"),
    ("ix_errand_aside", ["id"], "status = 'set_aside'"),
)


def upgrade() -> None:
    op.add_column("unit", sa.Column("mailbox", sa.String(length=120), nullable=True))
    op.create_table(
        "errand",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("lane", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.String(length=40), nullable=True),
        sa.Column("thread_id", sa.Integer(), nullable=True),
        sa.Column("what", sa.String(length=60), nullable=False),
        sa.Column("not_before", UtcTime(), nullable=False),
        sa.Column("retry_at", UtcTime(), nullable=True),
        sa.Column("claimed_until", UtcTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lost", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=14), nullable=False),
        sa.Column("failure", sa.String(length=40), nullable=True),
        sa.Column("external_id", sa.String(length=250), nullable=True),
        sa.Column("finished_at", UtcTime(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["thread_id"], ["thread.id"]),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
    )
    op.create_table(
        "case_hours",
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("case_ref", sa.String(length=40), nullable=False),
        sa.Column("ordered", sa.Integer(), nullable=False),
        sa.Column("performed", sa.Integer(), nullable=False),
        sa.Column("imported_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.PrimaryKeyConstraint("unit_id", "month", "case_ref"),
    )
    for name, columns, where in _INDEXES:
        op.create_index(name, "errand", columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
    op.create_index("ix_errand_thread", "errand", ["thread_id"])


def downgrade() -> None:
    op.drop_table("case_hours")
    op.drop_table("errand")
    op.drop_column("unit", "mailbox")
