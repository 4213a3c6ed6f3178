"""What has been answered over and over in one thread: read out as a list, without saying by whom."""

from typing import Any

from sqlalchemy import Connection, select

from cases import tables as t


def collected(tx: Connection, thread_id: int) -> list[dict[str, Any]]:
    """The answers of a thread as they were given, the first first; those that belong together in one."""
    row = t.content.c
    query = select(row.seq, row.field, row.value).where(row.thread_id == thread_id).order_by(row.seq)
    found: dict[int, dict[str, Any]] = {}
    for seq, name, value in tx.execute(query):
        found.setdefault(seq, {})[name] = value
    return list(found.values())
