"""A town whose account is known to be whole, and ways to tamper with it as somebody who owns the database would.

What is tried is undone again: one town does for many tries.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, select, text
from town import Town

from cases import anchors
from cases import tables as t
from cases.account_check import Outside, check
from cases.chain import digest

Step = Callable[[Connection], Any]


class Undone(Exception):
    """Nothing of it is to be kept."""


def lived(town: Town) -> None:
    """Two threads with a denied look and two searches between their moves."""
    for case in ("NK-2041", "NK-2042"):
        town.karim.begins("question", case, category="planning")
        town.karim.presses("Skicka")
    town.anna.presses("Ta ärendet")
    town.olle.types(town.thread(1).ref)
    town.karim.types("NK-2041")
    town.karim.types("NK-9999")
    town.anna.answers("Lämna återkoppling", action_code="home_visit")


def anchored(town: Town) -> list[Outside]:
    """Everything there is, anchored; and the copies that the log would have."""
    made = town.store.transaction(lambda tx: anchors.make(tx, town.clock.care()))
    assert made is not None and not made.more
    return [Outside(n=row.n, at=row.at, hash=row.hash) for row in town.rows(t.anchor)]


def found(town: Town, *steps: Step, outside: list[Outside] | None = None) -> list[tuple[str, str, int, int, int]]:
    """What is wrong after these steps, made with every guard lifted: kind, chain, first and last row, anchor."""
    wrong: list[tuple[str, str, int, int, int]] = []

    def work(tx: Connection) -> None:
        for name in tx.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
            tx.execute(text(f"DROP TRIGGER {name}"))
        for step in steps:
            step(tx)
        wrong.extend((one.kind, one.chain, one.seq, one.until, one.n) for one in check(tx, outside).faults)
        raise Undone

    try:
        town.store.transaction(work)
    except Undone:
        return wrong
    raise AssertionError("it was not undone")


def run(sql: str, **values: Any) -> Step:
    return lambda tx: tx.execute(text(sql), values)


def rehashed(chain: str, first: int, last: int | None = None, prev: str | None = None) -> Step:
    """The rows of a chain, from a number on or to another, get the hashes that fit them as they stand now."""

    def work(tx: Connection) -> None:
        row = t.audit.c
        mine = (row.chain == chain, row.seq >= first, row.seq <= (last or 1_000))
        before = prev
        for one in tx.execute(select(t.audit).where(*mine).order_by(row.seq)).mappings().all():
            new = dict(one) | ({"prev": before} if before is not None else {})
            before = digest(new)
            tx.execute(t.audit.update().where(row.id == one["id"]).values(prev=new["prev"], hash=before))

    return work


def length(town: Town, chain: str) -> int:
    return max(int(row.seq) for row in town.rows(t.audit) if row.chain == chain)
