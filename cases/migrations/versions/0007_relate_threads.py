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
    with op.batch_alter_table("thread") as batch_op:
        batch_op.drop_column("parent_id")
    with op.batch_alter_table("care_case") as batch_op:
        batch_op.drop_column("fixed_contact_id")
