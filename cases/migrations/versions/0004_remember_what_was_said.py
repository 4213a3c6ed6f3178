"""Let a deadline know which prompts it has given, when it was to be acted on, and which profile its numbers come from.

A row from before has given as many prompts as its rung says, the first ones of its ladder. It carries no profile's
fingerprint, so it is worked out anew at the first start.
"""

import sqlalchemy as sa
from alembic import op

from reminders.tables import UtcTime

revision = "0004_remember_what_was_said"
down_revision = "0003_guard_the_account"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("deadline", schema=None) as batch_op:
        batch_op.add_column(sa.Column("said", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("said_at", UtcTime(), nullable=True))
        batch_op.add_column(sa.Column("original_due_at", UtcTime(), nullable=True))
        batch_op.add_column(sa.Column("profile_print", sa.String(length=16), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("fault", sa.String(length=40), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("deadline", schema=None) as batch_op:
        for name in ("fault", "profile_print", "original_due_at", "said_at", "said"):
            batch_op.drop_column(name)
