"""Which processes send just now: those that share a database share the tenant's limit in Teams."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from cases import tables as t
from cases.statements import Statement

EVERY = timedelta(seconds=10)
_GONE = timedelta(seconds=30)

_ROW = t.replica.c
_NAMED = {"name": bindparam("name"), "seen_at": bindparam("now", type_=_ROW.seen_at.type)}
_SEEN = Statement(
    {
        name: dialect.insert(t.replica)
        .values(_NAMED)
        .on_conflict_do_update(index_elements=["name"], set_={"seen_at": bindparam("now", type_=_ROW.seen_at.type)})
        for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))
    }
)


def seen(tx: Connection, name: str, now: datetime) -> int:
    """This process sends; how many do, itself included. `now` is machine time on the database's own clock."""
    _SEEN.run(tx, {"name": name, "now": now})
    tx.execute(delete(t.replica).where(_ROW.seen_at < now - _GONE * 10))
    return tx.scalar(select(func.count()).where(_ROW.seen_at > now - _GONE)) or 1


def gone(tx: Connection, name: str) -> None:
    """This process sends no more."""
    tx.execute(delete(t.replica).where(_ROW.name == name))
