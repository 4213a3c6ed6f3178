"""Dispose of what the municipality has decided on, and hold what is asked for."""

import sqlalchemy as sa
from alembic import op

from reminders.tables import UtcTime

revision = "0017_dispose_by_decision"
down_revision = "0016_seal_threads"
branch_labels = None
depends_on = None

_STANDS = sa.text("released_at IS NULL")

# When a row may be removed: one of the log as its thread is disposed of, one of the account by its age.
_MAY_GO = {
    "log": "EXISTS (SELECT 1 FROM disposing WHERE thread_id = OLD.thread_id)",
    "audit": "EXISTS (SELECT 1 FROM disposal WHERE kind = 'account' AND finished_at IS NULL AND OLD.at < before)",
}


def upgrade() -> None:
    _disposals()
    _left_over()
    for table, may_go in _MAY_GO.items():
        _guard(table, may_go)


def downgrade() -> None:
    for table in _MAY_GO:
        _guard(table, None)
    for table in ("departure", "quality_answer", "thread_figure", "legal_hold", "disposing", "disposal"):
        op.drop_table(table)


def _disposals() -> None:
    op.create_table(
        "disposal",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("profile", sa.String(40)),
        sa.Column("decision_ref", sa.String(200), nullable=False),
        sa.Column("before", UtcTime(), nullable=False),
        sa.Column("started_at", UtcTime(), nullable=False),
        sa.Column("finished_at", UtcTime()),
        sa.Column("threads", sa.Integer, nullable=False),
        sa.Column("rows", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "disposing",
        sa.Column("thread_id", sa.Integer, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("thread_id"),
    )
    op.create_table(
        "legal_hold",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("key", sa.String(40), nullable=False),
        sa.Column("case_ref", sa.String(40), nullable=False),
        sa.Column("reason", sa.String(20), nullable=False),
        sa.Column("placed_at", UtcTime(), nullable=False),
        sa.Column("placed_by", sa.Integer, nullable=False),
        sa.Column("released_at", UtcTime()),
        sa.Column("released_by", sa.Integer),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["placed_by"], ["person.id"]),
        sa.ForeignKeyConstraint(["released_by"], ["person.id"]),
    )
    op.create_index(
        "ix_legal_hold_stands", "legal_hold", ["key"], unique=True, sqlite_where=_STANDS, postgresql_where=_STANDS
    )


def _left_over() -> None:
    op.create_table(
        "thread_figure",
        sa.Column("month", sa.Date, nullable=False),
        sa.Column("profile", sa.String(40), nullable=False),
        sa.Column("flow", sa.String(40), nullable=False),
        sa.Column("threads", sa.Integer, nullable=False),
        sa.Column("late", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("month", "profile", "flow"),
    )
    op.create_table(
        "quality_answer",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("unit_id", sa.String(40), nullable=False),
        sa.Column("answers", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_quality_answer_unit", "quality_answer", ["unit_id"])
    op.create_table(
        "departure",
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column("noted_at", UtcTime(), nullable=False),
        sa.Column("cleared_on", sa.Date),
        sa.PrimaryKeyConstraint("person_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
    )


def _guard(table: str, may_go: str | None) -> None:
    """Refuse every removal from the table but this kind; None refuses them all, as it was."""
    if op.get_bind().dialect.name == "postgresql":
        allowed = f"IF TG_OP = 'DELETE' AND {may_go} THEN RETURN OLD; END IF; " if may_go else ""
        op.execute(
            f"CREATE OR REPLACE FUNCTION {table}_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {allowed}RAISE EXCEPTION '{table} is append-only'; END $$"
        )
        return
    op.execute(f"DROP TRIGGER {table}_no_delete")
    unless = f"WHEN NOT {may_go} " if may_go else ""
    op.execute(
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {unless}"
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    )
