"""Let people subscribe to what Stafett has for their own calendars."""

import sqlalchemy as sa
from alembic import op

from reminders.tables import UtcTime

revision = "0020_keep_calendar_addresses"
down_revision = "0019_count_what_is_in_time"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "calendar_feed",
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column("secret_hash", sa.String(64), nullable=False),
        sa.Column("made_at", UtcTime(), nullable=False),
        sa.Column("seen_on", sa.Date),
        sa.PrimaryKeyConstraint("person_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.UniqueConstraint("secret_hash"),
    )


def downgrade() -> None:
    op.drop_table("calendar_feed")
