"""Machines that share a database go by its clock, whatever their own clocks show; nothing is early because of one."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flow_walk import led_to
from sqlalchemy import update
from town import Town

from bot.clock import Clock
from bot.replicas import Replicas
from cases import tables as t
from cases.store import Store
from reminders.deadlines import claim_due

HOUR = timedelta(hours=1)
NEAR = timedelta(seconds=5)  # far less than the clocks are wrong here, far more than an answer takes


class WrongClock(Clock):
    """The machine's own clock is wrong by so much, and can be set while it runs."""

    def __init__(self, wrong: timedelta) -> None:
        super().__init__()
        self.wrong = wrong
        self.asleep = 0.0  # seconds the machine has been suspended

    def own(self) -> datetime:
        return super().own() + self.wrong

    def steady(self) -> float:
        return super().steady() + self.asleep


@pytest.fixture
def store(shared: str) -> Iterator[Store]:
    made = Store(shared)
    yield made
    made.close()


def keeping_time(store: Store, clock: Clock) -> Replicas:
    return Replicas(store, clock, lambda: None, listens=False)


@pytest.mark.parametrize("minutes", [-5, 5, -60 * 24])
def test_a_clock_that_is_wrong_goes_by_the_databases(store: Store, minutes: int) -> None:
    right, wrong = Clock(), WrongClock(timedelta(minutes=minutes))
    assert abs(wrong.machine() - right.machine()) > NEAR
    for clock in (right, wrong):
        keeping_time(store, clock)
    assert abs(wrong.machine() - right.machine()) < NEAR
    assert wrong.alarm_for(wrong.care() + HOUR) - wrong.own() == pytest.approx(HOUR, abs=NEAR)


@pytest.mark.parametrize("step", [-HOUR, HOUR])
def test_a_clock_that_is_set_changes_nothing_between_two_comparisons(store: Store, step: timedelta) -> None:
    clock = WrongClock(timedelta())
    keeping_time(store, clock)
    before = clock.machine()
    clock.wrong += step
    assert abs(clock.machine() - before) < NEAR
    assert abs(clock.alarm_for(before + 2 * HOUR) - (before + 2 * HOUR + step)) < NEAR, (
        "an alarm is set on its own clock"
    )


def test_a_machine_that_was_suspended_knows_how_long(store: Store) -> None:
    clock = WrongClock(timedelta())
    keeping_time(store, clock)
    before = clock.machine()
    clock.asleep = HOUR.total_seconds()
    assert abs(clock.machine() - before - HOUR) < NEAR


def test_without_a_shared_database_the_machines_own_clock_holds() -> None:
    clock = WrongClock(-HOUR)
    assert abs(clock.machine() - (datetime.now(UTC) - HOUR)) < NEAR
    clock.offset = timedelta(days=1)
    assert clock.machine_of(clock.care()) - clock.machine() == pytest.approx(timedelta(), abs=NEAR)


def test_replicas_with_different_clocks_agree_on_what_is_due(shared: str) -> None:
    """The one that is five minutes ahead fires nothing early, the one that is behind is not late."""
    town = Town(shared)
    led_to(town, "question", "sent")
    ahead, behind = WrongClock(timedelta(minutes=5)), WrongClock(timedelta(minutes=-5))
    for clock in (ahead, behind):
        keeping_time(town.store, clock)

    def due_in(seconds: int) -> None:
        when = behind.care() + timedelta(seconds=seconds)
        armed = update(t.deadline).where(t.deadline.c.status == "armed", t.deadline.c.due_at.is_not(None))
        town.store.transaction(lambda tx: tx.execute(armed.values(due_at=when)))

    def claimed(clock: Clock) -> int:
        return len(town.store.transaction(lambda tx: claim_due(tx, clock.care(), 100)))

    due_in(120)
    assert claimed(ahead) == 0
    due_in(-120)
    assert claimed(behind) == claimed(ahead) > 0
    town.close()
