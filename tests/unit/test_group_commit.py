"""Group commit on a real file: what waits together is committed together, and fails alone."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from sqlalchemy import Connection, event, insert, select
from sqlalchemy.exc import StatementError

from cases import account
from cases import tables as t
from cases.store import Store, sqlite_url

DAY = date(2026, 11, 16)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store(sqlite_url(tmp_path / "group.sqlite"))
    made.migrate()
    yield made
    made.close()


def counted(store: Store) -> dict[str, int]:
    return {row.name: row.n for row in store.transaction(lambda tx: list(tx.execute(select(t.counter))))}


def count(name: str) -> Callable[[Connection], str]:
    def work(tx: Connection) -> str:
        account.count(tx, name, DAY)
        return name

    return work


def fail(tx: Connection) -> None:
    account.count(tx, "gone", DAY)
    raise RuntimeError("this one fails")


async def behind_a_closed_gate(store: Store, *works: Callable[[Connection], Any]) -> list[Any]:
    """Run the works so that they all wait for the writer at once."""
    gate = Event()
    first = asyncio.ensure_future(store.run(lambda tx: gate.wait()))
    waiting = [asyncio.ensure_future(store.run(work)) for work in works]
    await asyncio.sleep(0)
    gate.set()
    await first
    return await asyncio.gather(*waiting, return_exceptions=True)


async def test_what_waits_together_shares_one_commit(store: Store) -> None:
    commits: list[object] = []
    event.listen(store.engine, "commit", commits.append)
    assert await behind_a_closed_gate(store, *(count(name) for name in "abcdef")) == list("abcdef")
    assert counted(store) == dict.fromkeys("abcdef", 1)
    assert len(commits) == 3  # the one that held the gate, the six together, and the look afterwards


async def test_one_that_fails_is_rolled_back_alone(store: Store) -> None:
    results = await behind_a_closed_gate(store, count("before"), fail, count("after"))
    assert [str(result) for result in results] == ["before", "this one fails", "after"]
    assert counted(store) == {"before": 1, "after": 1}


async def test_when_the_common_commit_fails_each_is_done_again_alone(store: Store) -> None:
    failures = iter([True])

    def refuse(connection: Connection) -> None:
        if connection.info.get("together") and next(failures, False):
            raise OSError("the disk is full for a moment")

    def mark(tx: Connection) -> str:
        tx.info["together"] = True
        return count("marked")(tx)

    event.listen(store.engine, "commit", refuse)
    assert await behind_a_closed_gate(store, mark, count("other")) == ["marked", "other"]
    assert counted(store) == {"marked": 1, "other": 1}


async def test_a_failure_alone_is_told_and_nothing_is_written(store: Store) -> None:
    with pytest.raises(RuntimeError, match="this one fails"):
        await store.run(fail)
    assert counted(store) == {}


def stop_iteration(tx: Connection) -> None:
    account.count(tx, "gone", DAY)
    next(iter(()))


async def test_whatever_a_work_raises_is_told_and_nobody_hangs(store: Store) -> None:
    results = await behind_a_closed_gate(store, count("before"), stop_iteration, count("after"))
    assert [str(result) for result in results] == ["before", "the work raised StopIteration", "after"]
    with pytest.raises(RuntimeError, match="StopIteration"):
        await store.run(stop_iteration)
    assert counted(store) == {"before": 1, "after": 1}


async def test_a_writer_that_cannot_be_started_is_told_of_every_time(tmp_path: Path) -> None:
    closed = Store(sqlite_url(tmp_path / "closed.sqlite"))
    closed.close()
    for _ in range(2):
        with pytest.raises(RuntimeError, match="after shutdown"):
            async with asyncio.timeout(5):
                await closed.run(count("never"))


def test_an_error_does_not_quote_what_was_to_be_written(store: Store) -> None:
    with pytest.raises(StatementError) as caught:
        store.transaction(lambda tx: tx.execute(insert(t.counter).values(name=None, day=DAY, n="HEMLIGA ORD")))
    assert "HEMLIGA ORD" not in str(caught.value)
