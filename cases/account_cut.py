"""Disposal of the oldest rows of the account, such that what is left can still be checked.

Only the beginning of a chain is ever taken away. Where it was cut stands in a table of its own, and each cut is sealed
by a row of the account, so that nobody can say of what they removed that it was disposed of. A seal covers the seal
before it, and so every cut there has been: the newest, which is never old enough to be disposed of, answers for all.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, or_, select

from cases import account
from cases import tables as t
from cases.chain import START, Head, digest_of_heads, instant

CUT = "account"  # the signal of the sealing row, whose action is `purge`
_ROW, _CUT = t.audit.c, t.account_cut.c
_NEWEST_SEAL = (
    select(_ROW.reason)
    .where(_ROW.chain == "purge", _ROW.action == "purge", _ROW.signal == CUT)
    .order_by(_ROW.seq.desc())
    .limit(1)
)
_REMOVED = delete(t.audit).where(_ROW.chain == bindparam("of"), _ROW.seq <= bindparam("until"))


def dispose(tx: Connection, before: datetime, keep_cases: Collection[str], most: int, now: datetime) -> int:
    """Take away the rows from before `before` (UTC), at most so many, in the caller's transaction; how many they were.

    A row of a case in `keep_cases` stays, and so does everything after it in its chain. 0 means that nothing is left
    to take. The caller has opened whatever keeps rows from being removed; the sealing row is written here.
    """
    found: list[Any] = []
    after = 0
    while len(found) < most:
        rows = tx.execute(_oldest(before, after, most)).all()
        found += _free(tx, [row for row in rows if row.case_ref not in keep_cases], before, keep_cases)
        if len(rows) < most:
            break
        after = rows[-1].id
    last: dict[str, Any] = {}
    for row in found[:most]:
        last[row.chain] = max(last.get(row.chain, row), row, key=lambda one: one.seq)
    if not last:
        return 0
    heads = [(row.chain, row.seq, row.hash) for row in last.values()]
    return _cut(tx, heads, before, now)


def _oldest(before: datetime, after: int, most: int) -> Any:
    return (
        select(_ROW.id, _ROW.chain, _ROW.seq, _ROW.hash, _ROW.case_ref)
        .where(_ROW.at < before, _ROW.id > after)
        .order_by(_ROW.id)
        .limit(most)
    )


def _free(tx: Connection, rows: Sequence[Any], before: datetime, keep_cases: Collection[str]) -> list[Any]:
    """Those of the rows with nothing before them in their chain that must stay."""
    chains = {row.chain for row in rows}
    stays = or_(_ROW.at >= before, _ROW.case_ref.in_(keep_cases))
    lowest = func.min(_ROW.seq).label("lowest")
    query = select(_ROW.chain, lowest).where(_ROW.chain.in_(chains), stays).group_by(_ROW.chain)
    first = {row.chain: row.lowest for row in tx.execute(query)}
    return [row for row in rows if row.seq < first.get(row.chain, row.seq + 1)]


def _cut(tx: Connection, heads: Sequence[Head], before: datetime, now: datetime) -> int:
    n = (tx.scalar(select(func.max(_CUT.n))) or 0) + 1
    newest = seal_in(tx.scalar(_NEWEST_SEAL))  # read before it is disposed of itself
    sealed = newest[1] if newest is not None else START
    rows = sum(
        tx.execute(_REMOVED, {"of": chain, "until": seq}).rowcount for chain, seq, _ in heads
    )  # fmt: skip
    tx.execute(
        insert(t.account_cut),
        [{"chain": chain, "seq": seq, "hash": hash_, "n": n} for chain, seq, hash_ in heads],
    )
    reason = f"{n} {rows} {seal(n, sealed, heads)} {instant(before)}"
    account.note(tx, now, person_id=None, action="purge", outcome="done", signal=CUT, reason=reason)
    return rows


def seal(n: int, before: str, heads: Sequence[Head]) -> str:
    """The hash that the sealing row carries: of this cut, and of the seal of the one before, so that it covers all."""
    return digest_of_heads([n, before], heads)


def seal_in(reason: Any) -> tuple[int, str] | None:
    """The number of a cut and its seal, as the sealing row has them; None for what no sealing row says."""
    parts = reason.split(" ", 3) if isinstance(reason, str) else []
    return (int(parts[0]), parts[2]) if len(parts) == 4 and parts[0].isascii() and parts[0].isdecimal() else None
