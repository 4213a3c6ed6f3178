"""Anchors: how far the account's chains had come at a time, so that what is taken from the end of one is missed.

An anchor holds the last row of every chain that has grown since the anchor before, and the hash of that anchor. Its
own hash is also written outside the database; whoever could change everything in it cannot change that one.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, bindparam, func, insert, select

from cases import tables as t
from cases.chain import START, Head, digest_of_heads, instant
from cases.statements import Statement

EVERY = timedelta(hours=1)
_MOST = 5_000  # rows of the account to an anchor: a few hundredths of a second, for which everybody else may wait
# PostgreSQL numbers a row before it is committed: so many behind the last one are looked at once more.
_LATE = 1_000

_ANCHOR, _HEAD, _ROW = t.anchor.c, t.anchor_head.c, t.audit.c
_LATEST = select(t.anchor).order_by(_ANCHOR.n.desc()).limit(1)
_NEWEST = select(func.max(_ROW.id))
_GROWN = (
    select(_ROW.chain, func.max(_ROW.seq).label("seq"))
    .where(_ROW.id > bindparam("after"), _ROW.id <= bindparam("until"))
    .group_by(_ROW.chain)
    .subquery()
)
_HEADS = Statement(
    select(_ROW.chain, _ROW.seq, _ROW.hash)
    .join(_GROWN, and_(_ROW.chain == _GROWN.c.chain, _ROW.seq == _GROWN.c.seq))
    .outerjoin(t.anchor_head, and_(_HEAD.chain == _ROW.chain, _HEAD.seq == _ROW.seq))
    .where(_HEAD.n.is_(None))
)


@dataclass(frozen=True, kw_only=True)
class Anchor:
    """An anchor as it was made. `at` is care time (UTC); `more` tells that the next one can be made at once."""

    n: int
    at: datetime
    chains: int
    hash: str
    more: bool


def make(tx: Connection, now: datetime) -> Anchor | None:
    """The next anchor, in the caller's transaction; None when it is not time, or nothing has been added.

    Two that make it at once: the number is unique, and the one that lost finds it made. `now` is care time (UTC).
    """
    last = tx.execute(_LATEST).first()
    newest = tx.scalar(_NEWEST) or 0
    begun = last.until_id if last is not None else 0
    behind = newest - begun
    if not behind or (last is not None and last.at + EVERY > now and behind < _MOST):
        return None
    until = min(newest, begun + _MOST)
    heads = _HEADS.rows(tx, {"after": max(0, begun - _LATE), "until": until})
    n, prev = (last.n + 1, last.hash) if last is not None else (1, START)
    found = digest(n, now, until, prev, [(chain, seq, hash_) for chain, seq, hash_ in heads])
    facts = {"n": n, "at": now, "until_id": until, "chains": len(heads), "prev": prev, "hash": found}
    tx.execute(insert(t.anchor).values(facts))
    if heads:
        rows = [{"chain": chain, "seq": seq, "hash": hash_, "n": n} for chain, seq, hash_ in heads]
        tx.execute(insert(t.anchor_head), rows)
    return Anchor(n=n, at=now, chains=len(heads), hash=found, more=until < newest)


def digest(n: int, at: datetime, until_id: int, prev: str, heads: list[Head]) -> str:
    """The hash of an anchor."""
    return digest_of_heads([n, instant(at), until_id, prev], heads)
