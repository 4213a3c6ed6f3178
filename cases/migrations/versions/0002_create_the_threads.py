"""Create threads and their parts, deadlines, outbox and account."""

import sqlalchemy as sa
from alembic import op

from reminders.tables import UtcTime

revision = "0002_create_the_threads"
down_revision = "0001_create_the_roster"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "deadline",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=40), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(length=60), nullable=False),
        sa.Column("basis", sa.String(length=40), nullable=False),
        sa.Column("rung", sa.Integer(), nullable=False),
        sa.Column("due_at", UtcTime(), nullable=True),
        sa.Column("soft_at", UtcTime(), nullable=True),
        sa.Column("hard_at", UtcTime(), nullable=True),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("armed_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadline")),
        sa.UniqueConstraint("thread_id", "step", "round", name=op.f("uq_deadline_thread_id_step_round")),
    )
    with op.batch_alter_table("deadline", schema=None) as batch_op:
        batch_op.create_index("ix_deadline_next", ["status", "due_at"], unique=False)

    op.create_table(
        "inbound",
        sa.Column("activity_key", sa.String(length=500), nullable=False),
        sa.Column("thread_id", sa.Integer(), nullable=True),
        sa.Column("at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("activity_key", name=op.f("pk_inbound")),
    )
    with op.batch_alter_table("inbound", schema=None) as batch_op:
        batch_op.create_index("ix_inbound_at", ["at"], unique=False)

    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("action", sa.String(length=20), nullable=False),
        sa.Column("thread_id", sa.Integer(), nullable=True),
        sa.Column("signal", sa.String(length=60), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_audit_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.create_index("ix_audit_thread", ["thread_id"], unique=False)

    op.create_table(
        "thread",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("flow", sa.String(length=40), nullable=False),
        sa.Column("profile", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("case_ref", sa.String(length=40), nullable=False),
        sa.Column("case_known", sa.Boolean(), nullable=False),
        sa.Column("sender_id", sa.Integer(), nullable=False),
        sa.Column("sender_unit_id", sa.String(length=40), nullable=False),
        sa.Column("sender_side", sa.String(length=10), nullable=False),
        sa.Column("owner_party_id", sa.Integer(), nullable=True),
        sa.Column("opening_key", sa.String(length=40), nullable=True),
        sa.Column("marks", sa.JSON(), nullable=False),
        sa.Column("due_step", sa.String(length=40), nullable=True),
        sa.Column("due_soft", UtcTime(), nullable=True),
        sa.Column("due_hard", UtcTime(), nullable=True),
        sa.Column("opened_at", UtcTime(), nullable=False),
        sa.Column("closed_at", UtcTime(), nullable=True),
        sa.ForeignKeyConstraint(["sender_id"], ["person.id"], name=op.f("fk_thread_sender_id")),
        sa.ForeignKeyConstraint(["sender_unit_id"], ["unit.id"], name=op.f("fk_thread_sender_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_thread")),
        sa.UniqueConstraint("opening_key", name=op.f("uq_thread_opening_key")),
    )
    with op.batch_alter_table("thread", schema=None) as batch_op:
        batch_op.create_index("ix_thread_case", ["case_ref"], unique=False)
        batch_op.create_index("ix_thread_open", ["closed_at", "due_soft"], unique=False)
        batch_op.create_index("ix_thread_sender_unit", ["sender_unit_id", "closed_at"], unique=False)

    op.create_table(
        "card",
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.String(length=250), nullable=False),
        sa.Column("activity_id", sa.String(length=250), nullable=False),
        sa.Column("shown_version", sa.Integer(), nullable=False),
        sa.Column("delivered_at", UtcTime(), nullable=False),
        sa.Column("busy_until", UtcTime(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_card_person_id")),
        sa.ForeignKeyConstraint(["thread_id"], ["thread.id"], name=op.f("fk_card_thread_id")),
        sa.PrimaryKeyConstraint("thread_id", "person_id", name=op.f("pk_card")),
    )
    op.create_table(
        "content",
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["thread_id"], ["thread.id"], name=op.f("fk_content_thread_id")),
        sa.PrimaryKeyConstraint("thread_id", "seq", "field", name=op.f("pk_content")),
    )
    op.create_table(
        "log",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("by", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("signal", sa.String(length=60), nullable=False),
        sa.Column("from_state", sa.String(length=40), nullable=False),
        sa.Column("to_state", sa.String(length=40), nullable=False),
        sa.Column("due_at", UtcTime(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_log_person_id")),
        sa.ForeignKeyConstraint(["thread_id"], ["thread.id"], name=op.f("fk_log_thread_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log")),
    )
    with op.batch_alter_table("log", schema=None) as batch_op:
        batch_op.create_index("ix_log_thread", ["thread_id", "version"], unique=False)

    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("lane", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=60), nullable=False),
        sa.Column("original_due_at", UtcTime(), nullable=True),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("not_before", UtcTime(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("claimed_until", UtcTime(), nullable=True),
        sa.Column("status", sa.String(length=14), nullable=False),
        sa.Column("failure", sa.String(length=40), nullable=True),
        sa.Column("external_id", sa.String(length=250), nullable=True),
        sa.Column("finished_at", UtcTime(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_outbox_person_id")),
        sa.ForeignKeyConstraint(["thread_id"], ["thread.id"], name=op.f("fk_outbox_thread_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_key")),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index("ix_outbox_next", ["status", "lane", "not_before"], unique=False)
        batch_op.create_index("ix_outbox_thread", ["thread_id"], unique=False)

    op.create_table(
        "party",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(length=10), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("added_at", UtcTime(), nullable=False),
        sa.Column("because", sa.String(length=60), nullable=False),
        sa.Column("read_at", UtcTime(), nullable=True),
        sa.Column("read_by", sa.Integer(), nullable=True),
        sa.Column("taken_at", UtcTime(), nullable=True),
        sa.Column("taken_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_party_person_id")),
        sa.ForeignKeyConstraint(["read_by"], ["person.id"], name=op.f("fk_party_read_by")),
        sa.ForeignKeyConstraint(["taken_by"], ["person.id"], name=op.f("fk_party_taken_by")),
        sa.ForeignKeyConstraint(["thread_id"], ["thread.id"], name=op.f("fk_party_thread_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_party_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party")),
    )
    with op.batch_alter_table("party", schema=None) as batch_op:
        batch_op.create_index("ix_party_person", ["person_id", "thread_id"], unique=False)
        batch_op.create_index("ix_party_thread", ["thread_id"], unique=False)
        batch_op.create_index("ix_party_unit", ["unit_id", "role", "thread_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("party", schema=None) as batch_op:
        batch_op.drop_index("ix_party_unit")
        batch_op.drop_index("ix_party_thread")
        batch_op.drop_index("ix_party_person")

    op.drop_table("party")
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index("ix_outbox_thread")
        batch_op.drop_index("ix_outbox_next")

    op.drop_table("outbox")
    with op.batch_alter_table("log", schema=None) as batch_op:
        batch_op.drop_index("ix_log_thread")

    op.drop_table("log")
    op.drop_table("content")
    op.drop_table("card")
    with op.batch_alter_table("thread", schema=None) as batch_op:
        batch_op.drop_index("ix_thread_sender_unit")
        batch_op.drop_index("ix_thread_open")
        batch_op.drop_index("ix_thread_case")

    op.drop_table("thread")
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_thread")

    op.drop_table("audit")
    with op.batch_alter_table("inbound", schema=None) as batch_op:
        batch_op.drop_index("ix_inbound_at")

    op.drop_table("inbound")
    with op.batch_alter_table("deadline", schema=None) as batch_op:
        batch_op.drop_index("ix_deadline_next")

    op.drop_table("deadline")
