"""Errands: each is done once, by one process at a time, and none is ever given up in silence."""

import asyncio
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from flow_walk import led_to
from sqlalchemy import Connection, update
from town import Town, instant

from bot.commands.outbox import errand_told
from bot.errand.door import Later, Never
from bot.errand.drain import LEASE, Errands
from bot.health import DEGRADED, Health
from bot.metrics import Metrics
from cases import errand_figures, errands, figures
from cases import tables as t
from cases.backup import save
from cases.errands import Errand
from cases.restore import restore
from cases.store import Store, sqlite_url


@dataclass(kw_only=True)
class PlayedDoor:
    """A way out whose far side answers as it is told to: with a fault, or by taking the errand."""

    kind: str = "list"
    answers: list[Exception | None] = field(default_factory=list)
    unwanted: bool = False
    hold: asyncio.Event | None = None
    keys: list[str] = field(default_factory=list)
    told: list[tuple[str, str]] = field(default_factory=list)

    def ready(self, tx: Connection, errand: Errand) -> str | None:
        return None if self.unwanted else errand.what

    async def do(self, errand: Errand, ready: Any) -> str:
        self.keys.append(errand.key)
        if self.hold is not None:
            await self.hold.wait()
        answer = self.answers.pop(0) if self.answers else None
        if answer is not None:
            raise answer
        return f"far:{errand.key}"

    def done(self, tx: Connection, errand: Errand) -> None:
        self.told.append((errand.key, "done"))

    def failed(self, tx: Connection, errand: Errand, code: str) -> None:
        self.told.append((errand.key, code))


@pytest.fixture
def door() -> PlayedDoor:
    return PlayedDoor()


@pytest.fixture
def alarms(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    with caplog.at_level(logging.WARNING, logger="stafett.errands"):
        yield caplog


def asked(town: Town, *keys: str, kind: str = "list", local: str | None = None, urgent: bool = False) -> None:
    when = instant(local) if local else town.clock.care()

    def work(tx: Connection) -> None:
        for key in keys:
            errands.add(tx, kind=kind, key=key, not_before=when, person_id=1, what="new", urgent=urgent)

    town.store.transaction(work)


def claimed(town: Town, most: int = 9, store: Store | None = None) -> list[Errand]:
    now = town.clock.machine()
    return (store or town.store).transaction(
        lambda tx: errands.claim(tx, "list", town.clock.care(), now, LEASE, most)
    )  # fmt: skip


def drained(town: Town, *doors: PlayedDoor) -> Errands:
    drain = Errands(town.store, town.clock, doors, rng=Random(1))
    town.do(drain.drain())
    return drain


def rows(town: Town) -> dict[str, Any]:
    return {row.key: row for row in town.rows(t.errand)}


def test_an_errand_is_asked_for_once_and_the_urgent_goes_first(town: Town) -> None:
    asked(town, "later", "soon")
    asked(town, "first", urgent=True)
    asked(town, "soon")
    assert [one.key for one in claimed(town)] == ["first", "later", "soon"]
    assert claimed(town) == [], "each is leased to one at a time"
    town.clock.time += LEASE
    again = claimed(town)
    assert [(one.attempts, one.lost) for one in again] == [(2, 1)] * 3


def test_care_time_decides_when_an_errand_may_be_done_and_machine_time_when_again(town: Town) -> None:
    asked(town, "list:1", local="2026-11-17 07:00")
    assert claimed(town) == []
    town.clock.offset = timedelta(days=1)  # as when somebody moves the demo's clock
    (one,) = claimed(town)
    later = town.clock.machine() + timedelta(seconds=30)
    town.store.transaction(lambda tx: errands.put_back(tx, one, later, "502"))
    assert claimed(town) == []
    free = town.store.transaction(lambda tx: errands.next_times(tx, "list"))
    assert (free.care, free.machine) == (None, later)
    town.clock.time += timedelta(seconds=30)
    assert [(one.key, one.attempts, one.failure) for one in claimed(town)] == [("list:1", 2, "502")]


def test_an_answer_that_comes_after_another_has_taken_it_changes_nothing_unless_it_is_done(town: Town) -> None:
    asked(town, "a", "b")
    late = {one.key: one for one in claimed(town)}
    town.clock.time += LEASE
    assert len(claimed(town)) == 2

    def answer(tx: Connection) -> tuple[bool, bool]:
        now = town.clock.machine()
        return errands.finish(tx, late["a"], errands.UNDELIVERABLE, now), errands.finish(
            tx, late["b"], errands.DONE, now
        )

    assert town.store.transaction(answer) == (False, True)
    assert {key: row.status for key, row in rows(town).items()} == {"a": "waiting", "b": "sent"}


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_two_replicas_take_different_errands_and_neither_waits(town: Town, database: str) -> None:
    asked(town, *"abcd")
    other = Store(database)
    now = town.clock.machine()
    with town.store.engine.begin() as tx:
        mine = errands.claim(tx, "list", town.clock.care(), now, LEASE, 2)
        theirs = claimed(town, 2, other)
    other.close()
    assert ({one.key for one in mine}, {one.key for one in theirs}) == ({"a", "b"}, {"c", "d"})


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
class TestTheDrain:
    def test_what_is_done_is_known_by_what_the_far_side_calls_it(self, town: Town, door: PlayedDoor) -> None:
        asked(town, "list:1")
        drained(town, door)
        assert (rows(town)["list:1"].status, rows(town)["list:1"].external_id) == ("sent", "far:list:1")
        assert (door.keys, door.told) == (["list:1"], [("list:1", "done")])

    def test_the_same_key_is_told_at_every_try_and_the_pauses_grow(self, town: Town, door: PlayedDoor) -> None:
        asked(town, "list:1")
        door.answers = [Later("502"), Later("429", after=120.0), RuntimeError("our own"), Later("timeout")]
        pauses = []
        while rows(town)["list:1"].status == "waiting":
            drained(town, door)
            if (again := rows(town)["list:1"].retry_at) is not None and rows(town)["list:1"].status == "waiting":
                pauses.append((again - town.clock.time).total_seconds())
                town.clock.time = again
        assert door.keys == ["list:1"] * 5
        told = zip([2, 120, 4, 8], pauses, strict=True)
        assert all(least <= pause <= least * 1.25 for least, pause in told), pauses
        assert door.told == [("list:1", "done")]

    def test_what_never_succeeds_is_set_aside_with_an_alarm_and_can_be_tried_again(
        self, town: Town, door: PlayedDoor, alarms: pytest.LogCaptureFixture
    ) -> None:
        asked(town, "list:1")
        door.answers = [Later("connection")] * 20
        begun = town.clock.time
        for _ in range(12):
            drained(town, door)
            town.clock.time = rows(town)["list:1"].retry_at
        row = rows(town)["list:1"]
        assert (row.status, row.attempts, row.failure) == ("set_aside", 12, "connection")
        assert timedelta(minutes=45) < row.finished_at - begun < timedelta(minutes=100)
        assert door.told == [("list:1", "connection")]
        assert "errand 1 (list) is not done: connection" in alarms.messages[-1]
        assert alarms.records[-1].levelno == logging.CRITICAL

        now = town.clock.time
        lying = town.store.transaction(lambda tx: errand_figures.lying(tx, now, timedelta(minutes=2)))
        assert [errand_told(one, now) for one in lying] == [
            "E1  UNDANLAGD sedan 0 min: lista, person 1; 12 försök, senast connection"
        ]
        assert town.store.transaction(lambda tx: errand_figures.retry(tx, 1))
        door.answers = []
        drained(town, door)
        assert rows(town)["list:1"].status == "sent"

    def test_what_the_far_side_asks_to_wait_for_is_no_try(self, town: Town, door: PlayedDoor) -> None:
        asked(town, "list:1")
        door.answers = [Later("429", after=1.0)] * 40
        begun = town.clock.time
        for _ in range(40):
            drained(town, door)
            row = rows(town)["list:1"]
            assert (row.status, row.attempts) == ("waiting", 0)
            pause, town.clock.time = row.retry_at - town.clock.time, row.retry_at
        assert timedelta(seconds=60) <= pause and town.clock.time - begun > timedelta(minutes=15)
        drained(town, door)
        assert rows(town)["list:1"].status == "sent" and len(door.keys) == 41

    def test_what_cannot_succeed_is_given_up_at_once_and_somebody_is_told(self, town: Town, door: PlayedDoor) -> None:
        asked(town, "list:1")
        door.answers = [Never("no_mailbox")]
        drained(town, door)
        assert (rows(town)["list:1"].status, rows(town)["list:1"].failure) == ("undeliverable", "no_mailbox")
        assert door.told == [("list:1", "no_mailbox")]

    def test_what_nobody_wants_any_longer_is_not_done(self, town: Town, door: PlayedDoor) -> None:
        asked(town, "list:1")
        door.unwanted = True
        drained(town, door)
        assert (rows(town)["list:1"].status, door.keys, door.told) == ("superseded", [], [])

    def test_a_far_side_that_hangs_holds_up_no_other_kind_and_a_stop_waits_for_its_answer(self, town: Town) -> None:
        slow, quick = PlayedDoor(kind="mail"), PlayedDoor()
        asked(town, *(f"mail:{n}" for n in range(6)), kind="mail")
        asked(town, "list:1")

        async def play() -> None:
            slow.hold = asyncio.Event()
            one_is_done = asyncio.Event()
            drain = Errands(town.store, town.clock, (slow, quick), ended=one_is_done.set)
            drain.start()
            await one_is_done.wait()
            assert len(slow.keys) == 4, "of each kind some at a time"
            stopping = asyncio.create_task(drain.stop())
            await asyncio.sleep(0)
            slow.hold.set()
            await stopping

        town.do(play())
        status = {key: row.status for key, row in rows(town).items()}
        assert [key for key, one in status.items() if one == "waiting"] == ["mail:4", "mail:5"]

    def test_a_process_that_has_stood_still_gives_it_back_undone(self, town: Town, door: PlayedDoor) -> None:
        asked(town, "list:1")

        class Suspended(PlayedDoor):
            def ready(self, tx: Connection, errand: Errand) -> str | None:
                town.clock.time += timedelta(seconds=10)
                return super().ready(tx, errand)

        asleep = Suspended()
        asleep.kind = "list"
        still = Errands(town.store, town.clock, (asleep,))
        town.do(still._claim())
        town.do(still.stop())  # waits for what it has claimed
        drained(town, door)
        assert asleep.keys == [] and door.keys == ["list:1"]
        assert rows(town)["list:1"].attempts == 1, "what was only put off has not been tried"

    def test_one_that_ends_the_process_again_and_again_is_set_aside(self, town: Town, door: PlayedDoor) -> None:
        asked(town, "list:1")
        for _ in range(5):
            claimed(town)
            town.clock.time += LEASE
        drained(town, door)
        assert (rows(town)["list:1"].status, rows(town)["list:1"].failure) == ("set_aside", "lease_lost")

    def test_operators_see_what_waits_and_what_is_given_up(self, town: Town) -> None:
        asked(town, "list:1", "list:2", "list:3")
        asked(town, "list:4", local="2026-11-17 07:00")
        aside = update(t.errand).where(t.errand.c.key == "list:3").values(status="set_aside")
        town.store.transaction(lambda tx: tx.execute(aside))
        town.clock.time += timedelta(minutes=11)
        seen = town.store.transaction(lambda tx: figures.read(tx, town.clock.care(), town.clock.machine()))
        page = Metrics().page(seen).decode()
        assert 'stafett_errands_due{errand="list"} 2.0' in page and "stafett_errands_set_aside 1.0" in page
        assert 'stafett_errands_oldest_seconds{errand="list"} 660.0' in page

        async def well() -> str | None:
            return None

        health = Health(store=town.store, clock=town.clock, token=well, loops=frozenset())
        told = {check.name: check for check in town.do(health.ready()).checks}
        assert (told["errands"].state, told["errands"].figure) == (DEGRADED, 660.0)

    def test_a_backup_carries_them_and_a_restore_lets_go_of_leases(self, town: Town, tmp_path: Path) -> None:
        led_to(town, "question", "sent")
        asked(town, "list:1")
        claimed(town)
        save(town.store.engine.url, tmp_path / "kopia.zip", town.clock.machine())
        url = sqlite_url(tmp_path / "back.sqlite")
        now = town.clock.machine()
        restore(url, tmp_path / "kopia.zip", town.record, town.clock.care(), now, replace=False)
        back = Store(url)
        assert [one.key for one in claimed(town, store=back)] == ["list:1"]
        back.close()
