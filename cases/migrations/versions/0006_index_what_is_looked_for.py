"""Index what is looked for and no more: open threads by sender, and a seat in the one index that can find it.

Each index that a turn need not touch is a page less to change; and no question about one person's threads may read
all open ones.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006_index_what_is_looked_for"
down_revision = "0005_let_the_outbox_share"
branch_labels = None
depends_on = None

_OPEN, _PERSONAL, _QUEUED = "closed_at IS NULL", "person_id IS NOT NULL", "person_id IS NULL"
_NEW = (
    ("ix_thread_sender", "thread", ["sender_id"], _OPEN),
    ("ix_thread_sender_unit", "thread", ["sender_unit_id"], _OPEN),
    ("ix_party_person", "party", ["person_id", "thread_id"], _PERSONAL),
    ("ix_party_unit", "party", ["unit_id", "role", "thread_id"], _QUEUED),
)
_OLD = (
    ("ix_thread_open", "thread", ["closed_at", "due_soft"]),
    ("ix_thread_sender_unit", "thread", ["sender_unit_id", "closed_at"]),
    ("ix_party_person", "party", ["person_id", "thread_id"]),
    ("ix_party_unit", "party", ["unit_id", "role", "thread_id"]),
)


def upgrade() -> None:
    for name, table, _ in _OLD:
        op.drop_index(name, table_name=table)
    for name, table, columns, where in _NEW:
        op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def downgrade() -> None:
    for name, table, _, _ in _NEW:
        op.drop_index(name, table_name=table)
    for name, table, columns in _OLD:
        op.create_index(name, table, columns)
