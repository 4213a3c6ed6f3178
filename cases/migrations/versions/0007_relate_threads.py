"""Let a thread remember the one it came of, and a case its fixed care contact."""

import sqlalchemy as sa
from alembic import op

revision = "0007_relate_threads"
down_revision = "0006_index_what_is_looked_for"
branch_labels = None
depends_on = None

_RELATED = "parent_id IS NOT NULL"


def upgrade() -> None:
    op.add_column("thread", sa.Column("parent_id", sa.Integer(), nullable=True))
    op.create_index(
        "ix_thread_parent", "thread", ["parent_id"], sqlite_where=sa.text(_RELATED), postgresql_where=sa.text(_RELATED)
    )
    op.add_column("care_case", sa.Column("fixed_contact_id", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_index("ix_thread_parent", table_name="thread")
    # Not by a copy of the table: on SQLite that drops one that others point at, which they then refuse.
    op.drop_column("thread", "parent_id")
    op.drop_column("care_case", "fixed_contact_id")
