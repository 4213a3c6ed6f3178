"""Find what has not been started in one share of the country, and ask nobody to journal what ended before the list.

The list that the law asks for is read by case and by unit; messages of other flows pay nothing for its indexes.
"""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0010_list_a_share"
down_revision = "0009_tick_what_is_journaled"
branch_labels = None
depends_on = None

_LISTED = sa.text("flow = 'not_started_report'")
_NEW = (("ix_thread_listed", ["case_ref"]), ("ix_thread_listed_unit", ["sender_unit_id"]))
_SETTING = sa.table("setting", sa.column("key", sa.String), sa.column("value", sa.String))
_FROM = "journaled_from"


def upgrade() -> None:
    for name, columns in _NEW:
        op.create_index(name, "thread", columns, sqlite_where=_LISTED, postgresql_where=_LISTED)
    op.create_index("ix_case_unit", "care_case", ["unit_id"])
    tx = op.get_bind()
    latest = tx.scalar(sa.text("SELECT max(closed_at) FROM thread"))  # kept without a zone, in UTC
    if latest is not None:
        after = datetime.fromisoformat(str(latest)).replace(tzinfo=UTC) + timedelta(microseconds=1)
        tx.execute(sa.insert(_SETTING).values(key=_FROM, value=after.isoformat(timespec="microseconds")))


def downgrade() -> None:
    op.get_bind().execute(sa.delete(_SETTING).where(_SETTING.c.key == _FROM))
    op.drop_index("ix_case_unit", table_name="care_case")
    for name, _ in _NEW:
        op.drop_index(name, table_name="thread")
