"""Create the roster: units, people, roles, on-call passes, cases, and where people are reached."""

import sqlalchemy as sa
from alembic import op

from reminders.tables import UtcTime

revision = "0001_create_the_roster"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "counter",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", "day", name=op.f("pk_counter")),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("aad_object_id", sa.String(length=40), nullable=True),
        sa.Column("upn", sa.String(length=120), nullable=True),
        sa.Column("channel_user_id", sa.String(length=200), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("phone", sa.String(length=30), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("aad_object_id", name=op.f("uq_person_aad_object_id")),
        sa.UniqueConstraint("channel_user_id", name=op.f("uq_person_channel_user_id")),
        sa.UniqueConstraint("upn", name=op.f("uq_person_upn")),
    )
    op.create_table(
        "setting",
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("value", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_setting")),
    )
    op.create_table(
        "unit",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("profile", sa.String(length=40), nullable=False),
        sa.Column("provider_kind", sa.String(length=20), nullable=False),
        sa.Column("authority_unit_id", sa.String(length=40), nullable=True),
        sa.Column("phone", sa.String(length=30), nullable=False),
        sa.Column("on_call_phone", sa.String(length=30), nullable=True),
        sa.Column("last_resort_role", sa.String(length=60), nullable=False),
        sa.Column("last_resort_phone", sa.String(length=30), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
    )
    op.create_table(
        "care_case",
        sa.Column("case_ref", sa.String(length=40), nullable=False),
        sa.Column("unit_id", sa.String(length=40), nullable=True),
        sa.Column("responsible_id", sa.Integer(), nullable=True),
        sa.Column("decision_date", sa.Date(), nullable=True),
        sa.Column("in_effect_date", sa.Date(), nullable=True),
        sa.Column("last_follow_up", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["responsible_id"], ["person.id"], name=op.f("fk_care_case_responsible_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_care_case_unit_id")),
        sa.PrimaryKeyConstraint("case_ref", name=op.f("pk_care_case")),
    )
    op.create_table(
        "conversation",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.String(length=250), nullable=False),
        sa.Column("service_url", sa.String(length=250), nullable=False),
        sa.Column("tenant_id", sa.String(length=40), nullable=False),
        sa.Column("bot_id", sa.String(length=120), nullable=False),
        sa.Column("locale", sa.String(length=20), nullable=True),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("seen_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_conversation_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_conversation")),
    )
    op.create_table(
        "on_call",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("starts_at", UtcTime(), nullable=False),
        sa.Column("ends_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_on_call_person_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_on_call_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_on_call")),
        sa.UniqueConstraint("person_id", "unit_id", "starts_at", name=op.f("uq_on_call_person_id_unit_id_starts_at")),
    )
    op.create_table(
        "role",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_role_person_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_role_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role")),
        sa.UniqueConstraint("person_id", "unit_id", "role", name=op.f("uq_role_person_id_unit_id_role")),
    )
    with op.batch_alter_table("role", schema=None) as batch_op:
        batch_op.create_index("ix_role_unit", ["unit_id", "role"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("role", schema=None) as batch_op:
        batch_op.drop_index("ix_role_unit")

    op.drop_table("role")
    op.drop_table("on_call")
    op.drop_table("conversation")
    op.drop_table("care_case")
    op.drop_table("unit")
    op.drop_table("setting")
    op.drop_table("person")
    op.drop_table("counter")
