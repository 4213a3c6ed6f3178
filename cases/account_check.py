"""Whether the account is as it was written: every row of every chain, every anchor, and every cut.

What has been added since the last anchor can be taken away from the end of its chain unseen; all else is found.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Integer, and_, cast, func, or_, select

from cases import anchors
from cases import tables as t
from cases.account import RESTORED
from cases.account_cut import CUT, seal, seal_in
from cases.account_raw import instant, lenient, number, rows, word
from cases.chain import START, Head, digest

_SKEW = timedelta(minutes=5)  # between the clocks of two servers
_ROW, _ANCHOR, _HEAD, _CUT = t.audit.c, t.anchor.c, t.anchor_head.c, t.account_cut.c

# What can be wrong, in the order in which it is told.
CHANGED, REPLACED, MISSING, TAIL, GONE, REWRITTEN = "changed", "replaced", "missing", "tail", "gone", "rewritten"
ANCHOR_CHANGED, ANCHOR_MISSING, ANCHOR_OUTSIDE, UNSEALED = "anchor", "anchor_missing", "anchor_outside", "unsealed"
UNREADABLE, NOT_RESTORED, MOVED = "unreadable", "not_restored", "moved"


@dataclass(frozen=True, kw_only=True)
class Fault:
    """What is wrong, and where: rows `seq` to `until` of a chain, or anchor, cut or unreadable row `n`."""

    kind: str
    chain: str = ""
    seq: int = 0
    until: int = 0
    n: int = 0


@dataclass(frozen=True, kw_only=True)
class Outside:
    """An anchor as it was written outside the database. `at` is care time (UTC)."""

    n: int
    at: datetime
    hash: str


@dataclass(kw_only=True)
class Checked:
    """What was looked at, and what is wrong. `replaced` are anchors that cannot be checked, since the database was
    restored from a backup that is older than they are."""

    rows: int = 0
    chains: int = 0
    anchors: int = 0
    faults: list[Fault] = field(default_factory=list)
    replaced: list[int] = field(default_factory=list)


def check(tx: Connection, outside: Sequence[Outside] | None = None) -> Checked:
    """Look at everything; `outside` are the anchors of which a copy lies elsewhere. Nothing is changed."""
    done = Checked()
    with lenient(tx):
        found: list[Any] = []
        cuts = _cuts(tx, done)
        for chain, mine in groupby(_readable(tx, done), key=lambda row: str(row["chain"])):
            done.chains += 1
            found += _check_chain(chain, mine, cuts, done)
        restores = _restores(tx, found, done)
        made = _check_anchors(tx, done)
        _check_heads(tx, cuts, done)
    if outside is not None:
        _check_outside(outside, made, restores, done)
    return done


# --- the chains --------------------------------------------------------------------------------------------------


def _readable(tx: Connection, done: Checked) -> Iterator[dict[str, Any]]:
    """The rows that can be checked; of any other it is told which it is."""
    for row, is_sound in rows(tx, t.audit, "chain", "seq"):
        if is_sound:
            yield row
            continue
        done.rows += 1
        chain, seq = word(row["chain"]), number(row["seq"])
        done.faults.append(Fault(kind=UNREADABLE, chain=chain, seq=seq, until=seq, n=row["id"]))


def _check_chain(
    chain: str, mine: Iterable[dict[str, Any]], cuts: Mapping[str, tuple[int, str]], done: Checked
) -> list[Any]:
    """Each row against the one before it. Those that tell of a restore are given back."""
    seq, prev = cuts.get(chain, (0, START))
    number_before, restores = None, []
    for row in mine:
        done.rows += 1
        if row["seq"] != seq + 1:
            done.faults.append(Fault(kind=MISSING, chain=chain, seq=seq + 1, until=row["seq"] - 1))
        elif row["prev"] != prev:
            done.faults.append(Fault(kind=REPLACED, chain=chain, seq=seq, until=seq))
        if digest(row) != row["hash"]:
            done.faults.append(Fault(kind=CHANGED, chain=chain, seq=row["seq"], until=row["seq"]))
        # A row's number in the table is given by the database, and is in no hash: all that is known is the order.
        if number_before is not None and row["id"] <= number_before:
            done.faults.append(Fault(kind=MOVED, chain=chain, seq=row["seq"], until=row["seq"]))
        if chain == "config" and row["reason"] == RESTORED:
            restores.append(row)
        seq, prev, number_before = row["seq"], row["hash"], row["id"]
    return restores


def _cuts(tx: Connection, done: Checked) -> dict[str, tuple[int, str]]:
    """Where each chain has been cut last. A cut that no seal covers is told, and counts all the same.

    Every seal covers all the cuts before it. The newest stands in the account for as long as there is any cut; the
    older ones may have been disposed of themselves.
    """
    last: dict[str, tuple[int, str]] = {}
    seals = _seals(tx)
    sound = (row for row, is_sound in rows(tx, t.account_cut, "n", "chain") if is_sound)
    sealed, n = START, 0
    for following, group in groupby(sound, key=lambda row: int(row["n"])):
        heads = [(row["chain"], row["seq"], row["hash"]) for row in group]
        sealed = seal(following, sealed, heads)
        if following != n + 1 or seals.get(following, sealed) != sealed:
            done.faults.append(Fault(kind=UNSEALED, n=following))
        sealed, n = seals.get(following, sealed), following
        for chain, seq, hash_ in heads:
            if seq > last.get(chain, (0, ""))[0]:
                last[chain] = seq, hash_
    if n and n not in seals and not any(one.kind == UNSEALED and one.n == n for one in done.faults):
        done.faults.append(Fault(kind=UNSEALED, n=n))
    done.faults += [Fault(kind=UNSEALED, n=one) for one in sorted(seals) if one > n]
    return last


def _seals(tx: Connection) -> dict[int, str]:
    """Of each disposal that the account tells of: its number and its seal. One that cannot be read is none."""
    query = select(_ROW.reason).where(_ROW.chain == "purge", _ROW.action == "purge", _ROW.signal == CUT)
    return dict(found for found in map(seal_in, tx.scalars(query)) if found is not None)


# --- the anchors -------------------------------------------------------------------------------------------------


def _check_anchors(tx: Connection, done: Checked) -> dict[int, str]:
    """Every anchor against its own heads and the anchor before it. The hash of each, by number."""
    made: dict[int, str] = {}
    heads = _heads_by_anchor(tx)
    following: tuple[int, list[Head]] | None = next(heads, None)
    prev, number = START, 0
    for row, is_sound in rows(tx, t.anchor, "n"):
        n, mine = int(row["n"]), list[Head]()
        while following is not None and following[0] <= n:
            mine = following[1] if following[0] == n else mine
            following = next(heads, None)
        if n != number + 1:
            done.faults.append(Fault(kind=ANCHOR_MISSING, n=number + 1))
            prev = row["prev"]
        if not is_sound or row["prev"] != prev or _digest(row, mine) != row["hash"]:
            done.faults.append(Fault(kind=ANCHOR_CHANGED, n=n))
        made[n], prev, number = row["hash"], row["hash"], n
        done.anchors += 1
    return made


def _digest(row: Mapping[str, Any], heads: list[Head]) -> str:
    return anchors.digest(row["n"], row["at"], row["until_id"], row["prev"], heads)


def _heads_by_anchor(tx: Connection) -> Iterator[tuple[int, list[Head]]]:
    """What cannot be read is left out: its anchor does not fit without it."""
    sound = (row for row, is_sound in rows(tx, t.anchor_head, "n") if is_sound)
    for n, mine in groupby(sound, key=lambda row: int(row["n"])):
        yield n, [(row["chain"], row["seq"], row["hash"]) for row in mine]


def _check_heads(tx: Connection, cuts: Mapping[str, tuple[int, str]], done: Checked) -> None:
    """What anchors have seen must still be there. A gap within a chain has been told already."""
    query = (
        select(_HEAD.chain, func.max(cast(_HEAD.seq, Integer)), func.min(cast(_HEAD.n, Integer)), func.max(_ROW.hash))
        .select_from(t.anchor_head.outerjoin(t.audit, and_(_ROW.chain == _HEAD.chain, _ROW.seq == _HEAD.seq)))
        .where(or_(_ROW.hash.is_(None), _ROW.hash != _HEAD.hash))
        .group_by(_HEAD.chain, _ROW.hash.is_(None))
        .order_by(_HEAD.chain)
    )
    for chain, seq, n, is_there in tx.execute(query).all():
        if is_there is not None:
            done.faults.append(Fault(kind=REWRITTEN, chain=word(chain), seq=seq, until=seq, n=n))
            continue
        if not isinstance(chain, str) or seq <= cuts.get(chain, (0, ""))[0]:
            continue
        last = tx.scalar(select(func.max(cast(_ROW.seq, Integer))).where(_ROW.chain == chain))
        if last is None:
            done.faults.append(Fault(kind=GONE, chain=chain, seq=cuts.get(chain, (0, ""))[0] + 1, until=seq, n=n))
        elif last < seq:
            done.faults.append(Fault(kind=TAIL, chain=chain, seq=last + 1, until=seq, n=n))


def _check_outside(
    outside: Sequence[Outside], made: Mapping[int, str], restores: Sequence[tuple[datetime, datetime]], done: Checked
) -> None:
    """Each copy against the database's own. What a restore took back cannot be checked, and is counted."""
    for one in outside:
        if made.get(one.n) == one.hash:
            continue
        if any(begin <= one.at < end for begin, end in restores):
            done.replaced.append(one.n)
        else:
            done.faults.append(Fault(kind=ANCHOR_OUTSIDE, n=one.n))


def _restores(tx: Connection, told: Sequence[Any], done: Checked) -> list[tuple[datetime, datetime]]:
    """From the moment that each backup showed, to the second, to the moment at which it was brought back.

    A database that was brought back has nothing from between the two. One that has was not, whatever the row says:
    then the row is wrong, and excuses nothing.
    """
    found = []
    for row in told:
        begin, end = instant(row["signal"]), row["at"]
        if begin is None or begin > end or _has_between(tx, begin + _SKEW, end):
            done.faults.append(Fault(kind=NOT_RESTORED, chain="config", seq=row["seq"], until=row["seq"]))
        else:
            found.append((begin, end))
    return found


def _has_between(tx: Connection, begin: datetime, end: datetime) -> bool:
    return any(tx.scalar(select(func.count()).where(at > begin, at < end)) for at in (_ROW.at, _ANCHOR.at))
