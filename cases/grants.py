"""What a PostgreSQL role may do that runs Stafett without owning its tables.

It cannot change or remove what stands in the log, the account and the anchors, nor make or lift the triggers that guard
them. Whoever owns the tables brings them to a newer form, and disposes of the account.
"""

import re

from sqlalchemy import Connection, text

from cases.tables import metadata

ADDED_TO = ("log", "audit", "anchor", "anchor_head")  # read and added to, never changed
READ = ("account_cut", "alembic_version")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_$]{0,62}")

_WITHOUT = text(
    "SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r' "
    "AND NOT has_table_privilege(oid, 'SELECT') ORDER BY relname"
)


def is_name(role: str) -> bool:
    """Whether it can be a role's name, written without quotes."""
    return _NAME.fullmatch(role) is not None


def statements(role: str) -> list[str]:
    """The SQL that gives the role what it needs and nothing more, whatever it had before. `role` is a plain name."""
    every = sorted(metadata.tables)
    whole = ", ".join(name for name in every if name not in ADDED_TO + READ)
    added, read = ", ".join(ADDED_TO), ", ".join(READ)
    return [
        f'REVOKE ALL ON ALL TABLES IN SCHEMA public FROM "{role}"',
        f'GRANT USAGE ON SCHEMA public TO "{role}"',
        f'GRANT SELECT, INSERT, UPDATE, DELETE ON {whole} TO "{role}"',
        f'GRANT SELECT, INSERT ON {added} TO "{role}"',
        f'GRANT SELECT ON {read} TO "{role}"',
        f'GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO "{role}"',
    ]


def out_of_reach(tx: Connection) -> list[str]:
    """Tables that this connection's own role may not even read: made after it got its rights."""
    return list(tx.scalars(_WITHOUT))
