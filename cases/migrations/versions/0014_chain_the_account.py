"""Chain the account: each row carries the hash of the one before it, and stands by itself when its thread is gone.

What was there before is chained as it stands, in the order in which it was written. Whose role it was is not known of
it. The triggers that keep the account as it is make way while it is done, in the same transaction.
"""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from cases.chain import START, chain_of, digest
from reminders.tables import UtcTime

revision = "0014_chain_the_account"
down_revision = "0013_keep_the_rota"
branch_labels = None
depends_on = None

_BATCH = 2_000
_APPEND_ONLY = ("anchor", "anchor_head", "account_cut")
_NEW: tuple[tuple[str, sa.types.TypeEngine[Any]], ...] = (
    ("chain", sa.String(60)), ("seq", sa.Integer()), ("role", sa.String(120)), ("unit_id", sa.String(40)),
    ("case_ref", sa.String(40)), ("flow", sa.String(40)), ("channel", sa.String(20)), ("prev", sa.String(64)),
    ("hash", sa.String(64)),
)  # fmt: skip


def upgrade() -> None:
    _unguard("audit")
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_thread")
        batch_op.add_column(sa.Column("about_id", sa.Integer()))
        for name, kind in _NEW:
            batch_op.add_column(sa.Column(name, kind))
    _chain(op.get_bind())
    with op.batch_alter_table("audit", schema=None) as batch_op:
        for name, kind in _NEW:
            batch_op.alter_column(name, existing_type=kind, nullable=False)
    op.create_index("ix_audit_chain", "audit", ["chain", "seq"], unique=True)
    _make_anchors()
    for table in ("audit", *_APPEND_ONLY):
        _guard(table)


def _make_anchors() -> None:
    op.create_table(
        "anchor",
        sa.Column("n", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("until_id", sa.Integer, nullable=False),
        sa.Column("chains", sa.Integer, nullable=False),
        sa.Column("prev", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("n"),
    )
    for table in ("anchor_head", "account_cut"):
        op.create_table(
            table,
            sa.Column("chain", sa.String(60), nullable=False),
            sa.Column("seq", sa.Integer, nullable=False),
            sa.Column("hash", sa.String(64), nullable=False),
            sa.Column("n", sa.Integer, nullable=False),
            sa.PrimaryKeyConstraint("chain", "seq"),
        )
        op.create_index(f"ix_{table}_n", table, ["n"])


def _chain(tx: sa.Connection) -> None:
    """Chain every row, in the order of their numbers."""
    audit = sa.Table("audit", sa.MetaData(), autoload_with=tx)
    heads: dict[str, tuple[int, str]] = {}
    filled = sa.update(audit).where(audit.c.id == sa.bindparam("of"))
    for rows in _old(tx, audit):
        changed = []
        for row in rows:
            chain = chain_of(row["thread_id"], row["person_id"], row["action"])
            seq, prev = heads.get(chain, (0, START))
            new: dict[str, Any] = {
                "chain": chain, "seq": seq + 1, "role": "", "unit_id": "", "case_ref": row["case_ref"] or "",
                "flow": row["flow"] or "", "channel": "", "prev": prev,
            }  # fmt: skip
            new["hash"] = digest({**row, **new, "about_id": None})
            heads[chain] = new["seq"], new["hash"]
            changed.append({"of": row["id"], **new})
        tx.execute(filled.values({name: sa.bindparam(name) for name, _ in _NEW}), changed)


def _old(tx: sa.Connection, audit: sa.Table) -> Iterator[list[dict[str, Any]]]:
    """The rows, with what the record still knows of their threads."""
    thread = sa.Table("thread", sa.MetaData(), autoload_with=tx)
    row, after = audit.c, 0
    query = (
        sa.select(
            row.id, sa.type_coerce(row.at, UtcTime()).label("at"), row.person_id, row.action, row.thread_id, row.signal,
            row.outcome, row.reason, thread.c.case_ref, thread.c.flow,
        )
        .select_from(audit.outerjoin(thread, thread.c.id == row.thread_id))
        .where(row.id > sa.bindparam("after"))
        .order_by(row.id)
        .limit(_BATCH)
    )  # fmt: skip
    while found := [dict(one._mapping) for one in tx.execute(query, {"after": after})]:
        yield found
        after = found[-1]["id"]


def _guard(table: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE FUNCTION {table}_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {table}_is_append_only()"
        )
        return
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )


def _unguard(table: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"DROP TRIGGER {table}_append_only ON {table}")
        op.execute(f"DROP FUNCTION {table}_is_append_only()")
        return
    for verb in ("update", "delete"):
        op.execute(f"DROP TRIGGER {table}_no_{verb}")


def downgrade() -> None:
    for table in ("audit", *_APPEND_ONLY):
        _unguard(table)
    for table in ("account_cut", "anchor_head"):
        op.drop_index(f"ix_{table}_n", table_name=table)
        op.drop_table(table)
    op.drop_table("anchor")
    op.drop_index("ix_audit_chain", table_name="audit")
    with op.batch_alter_table("audit", schema=None) as batch_op:
        for name in ("about_id", *(name for name, _ in _NEW)):
            batch_op.drop_column(name)
        batch_op.create_index("ix_audit_thread", ["thread_id"], unique=False)
    _guard("audit")
