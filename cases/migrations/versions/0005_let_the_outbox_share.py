"""Let lanes, replicas and tries be told apart: indexes of what waits, each try that failed, and who sends just now."""

import sqlalchemy as sa
from alembic import op

from reminders.tables import UtcTime

revision = "0005_let_the_outbox_share"
down_revision = "0004_remember_what_was_said"
branch_labels = None
depends_on = None

_WAITS = "status = 'waiting'"
_INDEXES = (
    ("ix_outbox_lane", ["lane", "not_before", "id"], _WAITS),
    ("ix_outbox_leased", ["claimed_until", "person_id"], f"{_WAITS} AND claimed_until IS NOT NULL"),
    ("ix_outbox_person", ["person_id", "not_before"], _WAITS),
    ("ix_outbox_aside", ["id"], "status = 'set_aside'"),
)


def upgrade() -> None:
    op.add_column("outbox", sa.Column("lost", sa.Integer(), nullable=False, server_default="0"))
    op.drop_index("ix_outbox_next", table_name="outbox")
    for name, columns, where in _INDEXES:
        op.create_index(name, "outbox", columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
    op.create_table(
        "attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("outbox_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("outcome", sa.String(length=14), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["outbox_id"], ["outbox.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_attempt_outbox", "attempt", ["outbox_id"])
    op.create_table(
        "replica",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("seen_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    _guard()


def _guard() -> None:
    """What has been tried can neither be changed nor removed."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION attempt_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'attempt is append-only'; END $$"
        )
        op.execute(
            "CREATE TRIGGER attempt_append_only BEFORE UPDATE OR DELETE ON attempt "
            "FOR EACH ROW EXECUTE FUNCTION attempt_is_append_only()"
        )
        return
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER attempt_no_{verb.lower()} BEFORE {verb} ON attempt "
            "BEGIN SELECT RAISE(ABORT, 'attempt is append-only'); END"
        )


def downgrade() -> None:
    op.drop_table("replica")
    op.drop_table("attempt")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION attempt_is_append_only()")
    for name, _, _ in _INDEXES:
        op.drop_index(name, table_name="outbox")
    op.create_index("ix_outbox_next", "outbox", ["status", "lane", "not_before"])
    op.drop_column("outbox", "lost")
