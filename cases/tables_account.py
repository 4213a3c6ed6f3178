"""The account of who saw and did what: rows in chains, and the anchors by which a lost row is missed.

Nothing here is ever changed, and nothing is removed but by disposal. There is no content in it, and what it tells of
a case it tells by itself: the thread may be gone before its account is.
"""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text

from reminders.tables import UtcTime, metadata

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("chain", String(60), nullable=False),
    Column("seq", Integer, nullable=False),  # in the chain, from 1
    Column("at", UtcTime, nullable=False),
    Column("person_id", ForeignKey("person.id")),  # who acted; null: Stafett itself, or somebody it does not know
    Column("role", String(120), nullable=False),  # of whoever acted, as it was then
    Column("unit_id", String(40), nullable=False),
    Column("action", String(20), nullable=False),
    Column("thread_id", Integer),
    Column("case_ref", String(40), nullable=False),
    Column("flow", String(40), nullable=False),
    Column("channel", String(20), nullable=False),
    Column("signal", String(60), nullable=False, default=""),
    Column("outcome", String(20), nullable=False),
    Column("reason", Text, nullable=False, default=""),
    Column("about_id", Integer),  # the person whose rights it is about
    Column("prev", String(64), nullable=False),  # the hash of the row before it in the chain
    Column("hash", String(64), nullable=False),
    Index("ix_audit_chain", "chain", "seq", unique=True),
)

# At a time: how far the chains had come that had grown since the anchor before.
anchor = Table(
    "anchor",
    metadata,
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcTime, nullable=False),
    Column("until_id", Integer, nullable=False),  # the last row of the account that was looked at
    Column("chains", Integer, nullable=False),
    Column("prev", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)

anchor_head = Table(
    "anchor_head",
    metadata,
    Column("chain", String(60), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("hash", String(64), nullable=False),
    Column("n", Integer, nullable=False),  # of the anchor
    Index("ix_anchor_head_n", "n"),
)

# Where disposal has cut a chain: the last row that was taken away. Each cut is sealed by a row of the account.
account_cut = Table(
    "account_cut",
    metadata,
    Column("chain", String(60), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("hash", String(64), nullable=False),
    Column("n", Integer, nullable=False),
    Index("ix_account_cut_n", "n"),
)
