"""Whoever changes the account, even with every right in the database, is found, and so is the place."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from account_town import Step, anchored, found, length, lived, rehashed, run
from sqlalchemy import Connection, select
from town import Town

from cases import account, anchors
from cases import tables as t
from cases.account_check import Outside, check
from cases.account_cut import dispose
from cases.chain import FIELDS, START

OTHER = {
    "at": "2026-11-16 08:00:00.000001", "person_id": 3, "role": "x", "unit_id": "HT-SODER", "action": "x",
    "case_ref": "NK-1", "flow": "x", "channel": "x", "signal": "x", "outcome": "x", "reason": "x", "about_id": 3,
    "thread_id": 9, "prev": "f" * 64, "hash": "f" * 64,
}  # fmt: skip
ANOTHER_PERSON = run("UPDATE audit SET person_id = 3 WHERE chain = 't:1' AND seq = 1")


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Everything that has happened in it is anchored. Every test leaves it as it was."""
    made = Town(tmp_path_factory.mktemp("town"))
    lived(made)
    anchored(made)
    yield made
    made.close()


@pytest.fixture
def copies(town: Town) -> list[Outside]:
    """The anchors as they stand in the log."""
    return [Outside(n=row.n, at=row.at, hash=row.hash) for row in town.rows(t.anchor)]


def test_an_account_that_is_left_alone_is_whole(town: Town, copies: list[Outside]) -> None:
    done = town.store.transaction(lambda tx: check(tx, copies))
    assert done.faults == [] and (done.anchors, done.rows) == (1, len(town.rows(t.audit)))
    assert {"t:1", "t:2", f"p:{town.karim.id}", f"p:{town.olle.id}"} == {row.chain for row in town.rows(t.audit)}
    assert length(town, "t:1") > 3


@pytest.mark.parametrize("column", [*(name for name in FIELDS if name not in ("chain", "seq")), "hash"])
def test_a_changed_value_is_found_and_located(town: Town, column: str) -> None:
    """Every column but the two that say where a row stands: those are the next test's."""
    wrong = found(town, run(f"UPDATE audit SET {column} = :to WHERE chain = 't:1' AND seq = 2", to=OTHER[column]))
    assert ("changed", "t:1", 2, 2, 0) in wrong
    assert {(chain, seq) for _, chain, seq, _, _ in wrong} <= {("t:1", 2), ("t:1", 1)}, "and nothing else is suspected"


def test_a_row_that_is_moved_is_missed_where_it_was(town: Town) -> None:
    moved = run("UPDATE audit SET chain = 't:77', seq = 1 WHERE chain = 't:1' AND seq = 2")
    assert {("missing", "t:1", 2, 2, 0), ("changed", "t:77", 1, 1, 0)} <= set(found(town, moved))


@pytest.mark.parametrize(("first", "last"), [(1, 1), (2, 3)])
def test_removed_rows_are_missed(town: Town, first: int, last: int) -> None:
    gone = run("DELETE FROM audit WHERE chain = 't:1' AND seq BETWEEN :first AND :last", first=first, last=last)
    assert found(town, gone) == [("missing", "t:1", first, last, 0)]


def test_a_removed_tail_is_missed_by_the_anchor(town: Town) -> None:
    gone = run("DELETE FROM audit WHERE chain = 't:1' AND seq > 2")
    assert found(town, gone) == [("tail", "t:1", 3, length(town, "t:1"), 1)]


def test_a_removed_chain_is_missed_by_the_anchor(town: Town) -> None:
    gone = run("DELETE FROM audit WHERE chain = 't:2'")
    assert found(town, gone) == [("gone", "t:2", 1, length(town, "t:2"), 1)]


def test_a_row_put_in_the_place_of_another_is_found_by_the_next(town: Town) -> None:
    assert found(town, ANOTHER_PERSON, rehashed("t:1", 1, 1)) == [("replaced", "t:1", 1, 1, 0)]


def test_a_chain_that_is_written_anew_is_found_by_the_anchor(town: Town) -> None:
    last = length(town, "t:1")
    assert found(town, ANOTHER_PERSON, rehashed("t:1", 1, prev=START)) == [("rewritten", "t:1", last, last, 1)]


def test_an_anchor_that_is_made_to_fit_is_found_by_itself_and_by_its_copy(town: Town, copies: list[Outside]) -> None:
    steps = (ANOTHER_PERSON, rehashed("t:1", 1, prev=START), _head_made_to_fit)
    assert found(town, *steps) == [("anchor", "", 0, 0, 1)]
    assert found(town, *steps, _anchor_made_to_fit) == [], "who may change all of the database can make all of it fit"
    assert found(town, *steps, _anchor_made_to_fit, outside=copies) == [("anchor_outside", "", 0, 0, 1)]


def _head_made_to_fit(tx: Connection) -> None:
    of, head = t.audit.c, t.anchor_head.c
    last = tx.execute(select(of.seq, of.hash).where(of.chain == "t:1").order_by(of.seq.desc()).limit(1)).one()
    tx.execute(t.anchor_head.update().where(head.chain == "t:1").values(hash=last.hash))


def _anchor_made_to_fit(tx: Connection) -> None:
    heads = [(row.chain, row.seq, row.hash) for row in tx.execute(select(t.anchor_head))]
    one = tx.execute(select(t.anchor)).one()
    tx.execute(t.anchor.update().values(hash=anchors.digest(one.n, one.at, one.until_id, one.prev, heads)))


def test_an_anchor_that_is_removed_is_missed(town: Town, copies: list[Outside]) -> None:
    another = (_searched(town.clock.care()), lambda tx: anchors.make(tx, town.clock.care() + timedelta(hours=2)))
    assert found(town, *another, outside=copies) == []
    assert ("anchor_missing", "", 0, 0, 1) in found(town, *another, run("DELETE FROM anchor WHERE n = 1"))
    every = (run("DELETE FROM anchor"), run("DELETE FROM anchor_head"))
    assert found(town, *every) == []
    assert found(town, *every, outside=copies) == [("anchor_outside", "", 0, 0, 1)]


# --- disposal ----------------------------------------------------------------------------------------------------


def _searched(at: datetime) -> Step:
    return lambda tx: account.note(tx, at, person_id=1, action="search", outcome="nothing")


def disposed(town: Town, most: int = 1_000, keep: tuple[str, ...] = (), days: int = 1) -> Step:
    """What is there is old after some days, and disposed of."""
    then = town.clock.care() + timedelta(days=days)
    return lambda tx: dispose(tx, then, keep, most, then)


def test_what_is_left_after_disposal_is_whole_and_goes_on(town: Town, copies: list[Outside]) -> None:
    left: list[Any] = []
    later = town.clock.care() + timedelta(days=9)
    steps = (
        disposed(town, most=5),
        disposed(town, days=2),
        lambda tx: left.extend(tx.execute(select(t.audit.c.action, t.audit.c.signal, t.audit.c.seq))),
        lambda tx: account.note(tx, later, person_id=1, thread_id=1, action="denied", outcome="refused"),
        lambda tx: left.append(tx.scalar(select(t.audit.c.seq).where(t.audit.c.chain == "t:1"))),
        lambda tx: anchors.make(tx, later),
    )
    assert found(town, *steps, outside=copies) == []
    assert left == [("purge", "account", 2), length(town, "t:1") + 1], "the first seal was old, and the chain goes on"


def test_what_is_removed_besides_is_found_after_disposal_too(town: Town) -> None:
    gone = run("DELETE FROM audit WHERE chain = 't:2' AND seq = 1")
    assert ("missing", "t:2", 1, 1, 0) in found(town, disposed(town, most=2), gone)


def test_a_removal_that_is_made_to_look_like_disposal_is_found(town: Town) -> None:
    steps = (
        disposed(town, most=2),
        run("INSERT INTO account_cut SELECT chain, seq, hash, 2 FROM audit WHERE chain = 't:2' AND seq = 2"),
        run("DELETE FROM audit WHERE chain = 't:2' AND seq <= 2"),
    )
    assert found(town, *steps) == [("unsealed", "", 0, 0, 2)]


@pytest.mark.parametrize("n", [0, 1, 2, -1])
def test_a_cut_under_any_number_is_covered_by_the_newest_seal(town: Town, copies: list[Outside], n: int) -> None:
    """Also under a number from before every seal that is left, or beside a real one."""
    wipe = (
        run(f"INSERT INTO account_cut SELECT chain, max(seq), hash, {n} FROM audit WHERE chain = 't:2'"),
        run("DELETE FROM audit WHERE chain = 't:2'"),
    )
    for genuine in ([disposed(town, most=1)], [disposed(town, most=1), disposed(town, most=1, days=2)]):
        assert "unsealed" in {kind for kind, *_ in found(town, *genuine, *wipe, outside=copies)}


def test_a_seal_or_a_cut_that_is_taken_away_is_missed(town: Town) -> None:
    twice = (disposed(town, most=5), disposed(town, days=2))
    assert found(town, *twice) == []
    assert ("unsealed", "", 0, 0, 2) in found(town, *twice, run("DELETE FROM audit WHERE action = 'purge'"))
    for n in (1, 2):
        assert "unsealed" in {one[0] for one in found(town, *twice, run(f"DELETE FROM account_cut WHERE n = {n}"))}


def test_a_case_that_is_held_keeps_its_account(town: Town) -> None:
    left: set[int] = set()
    steps = (disposed(town, keep=("NK-2041",)), lambda tx: left.update(tx.scalars(select(t.audit.c.id))))
    assert found(town, *steps) == []
    held = {row.id for row in town.rows(t.audit) if row.case_ref == "NK-2041"}
    assert held <= left and len(left) == len(held) + 1, "and the seal"


def test_a_row_is_never_taken_before_one_that_stays(town: Town) -> None:
    """A clock that was wrong for a while leaves a young row before an old one: both stay."""
    now, left = town.clock.care(), list[int]()
    early = now - timedelta(days=9)
    steps = (
        lambda tx: account.note(tx, early, person_id=None, thread_id=1, action="denied", outcome="refused"),
        _searched(early),
        lambda tx: left.append(dispose(tx, early + timedelta(hours=1), (), 100, now)),
    )
    assert found(town, *steps) == [] and left == [1]
