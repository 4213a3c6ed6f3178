"""Figures for operators: they count what happens, and no label can carry anything but a word from a short list."""

from datetime import timedelta
from typing import Any

import pytest
from flow_walk import EVERY_STATE, led_to
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text, update
from sqlalchemy.exc import SQLAlchemyError
from test_delivery import sara_sends
from town import Town

from bot.channel.errors import Blocked, ChannelError, Passing, Refused, Throttled
from bot.channel.settings import ChannelSettings
from bot.channel.values import Answer
from bot.house import House
from bot.metrics import LABELS, LANES, Metrics, code_of
from bot.outbox import Outbox
from cases import tables as t
from cases.figures import read

FREE = {"version", "python", "database", "le"}  # what runs, and the bounds of a histogram: nothing that happened


@pytest.fixture
def metrics(town: Town) -> Metrics:
    """Figures of this town: its turns, its outbox and its database."""
    made = Metrics()
    made.engine(town.store.engine)
    town.outbox = Outbox(town.store, town.record, made.channel(town.teams), town.clock, inline=False)
    handle = made.handler(town.turns.handle)
    town.turns.handle = handle  # type: ignore[method-assign]
    return made


def samples(metrics: Metrics, town: Town) -> dict[tuple[str, str], float]:
    """Every sample by its name and its labels' values."""
    figures = town.store.transaction(lambda tx: read(tx, town.clock.care(), town.clock.machine()))
    families = text_string_to_metric_families(metrics.page(figures).decode())
    return {(one.name, _words(one.labels)): one.value for family in families for one in family.samples}


def _words(labels: dict[str, str]) -> str:
    """The values that say something, in the order of their labels' names."""
    return " ".join(value for _, value in sorted(labels.items()) if value)


def test_what_happens_is_counted(town: Town, metrics: Metrics) -> None:
    town.teams.refuse["a:anna"] = [Throttled("429", 30.0), Passing("502"), Passing("timeout")]
    sara_sends(town)
    town.until("2026-11-16 09:30")
    found = samples(metrics, town)
    assert found["stafett_turns_total", "answered press"] >= 4
    assert found["stafett_turn_seconds_count", ""] == sum(
        count for (name, _), count in found.items() if name == "stafett_turns_total"
    )
    assert found["stafett_calls_total", "send 429 Throttled"] == 1
    assert found["stafett_calls_total", "send 502 Passing"] == found["stafett_calls_total", "send timeout Passing"] == 1
    assert found["stafett_calls_total", "send ok"] >= 2
    assert found["stafett_commits_total", ""] > 10
    assert found["stafett_build", next(key for name, key in found if name == "stafett_build")] == 1


def test_what_waits_is_told_by_lane_with_its_age(town: Town, metrics: Metrics) -> None:
    town.teams.refuse["a:anna"] = [Throttled("429", 600.0)]
    sara_sends(town)
    town.clock.time += timedelta(seconds=100)
    found = samples(metrics, town)
    assert (found["stafett_outbox_waiting", "urgent"], found["stafett_outbox_waiting", "bulk"]) == (1, 0)
    assert found["stafett_outbox_oldest_seconds", "urgent"] == 100
    assert found["stafett_outbox_overdue_seconds", "urgent"] == 0, "Teams has asked for a pause"
    town.clock.time += timedelta(seconds=530)
    assert samples(metrics, town)["stafett_outbox_overdue_seconds", "urgent"] == 30
    town.settle()
    assert samples(metrics, town)["stafett_outbox_waiting", "urgent"] == 0


def test_a_deadline_that_nobody_fires_is_late_and_a_fired_one_tells_its_lag(town: Town) -> None:
    sara_sends(town)
    house = House.build(town.store, town.record, ChannelSettings(demo=True), town.clock)
    town.clock.time += timedelta(seconds=60)
    at = town.clock.time - timedelta(seconds=60)
    town.store.transaction(
        lambda tx: tx.execute(update(t.deadline).where(t.deadline.c.step == "untaken").values(due_at=at))
    )
    assert samples(house.metrics, town)["stafett_deadlines_late_seconds", ""] == 60
    town.do(house.look())
    found = samples(house.metrics, town)
    assert found["stafett_deadlines_late_seconds", ""] == 0
    assert (found["stafett_deadlines_fired_total", ""], found["stafett_waker_looks_total", ""]) == (1, 1)
    assert found["stafett_deadline_lag_seconds_sum", ""] == 60
    town.do(house.door.close())


def test_what_the_database_fails_is_counted(town: Town, metrics: Metrics) -> None:
    with pytest.raises(SQLAlchemyError):
        town.store.transaction(lambda tx: tx.execute(text("SELECT * FROM no_such_table")))
    error = "ProgrammingError" if town.store.shared else "OperationalError"
    assert samples(metrics, town)["stafett_database_errors_total", error] == 1


async def test_a_turn_that_fails_is_counted_as_failed() -> None:
    metrics = Metrics()

    async def broken(_incoming: Any) -> Answer:
        raise ValueError

    class Odd:
        kind = "Anna Berg"

    with pytest.raises(ValueError):
        await metrics.handler(broken)(Odd())  # type: ignore[arg-type]
    assert b'stafett_turns_total{end="failed",kind="other"} 1.0' in metrics.page(None)


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (None, ""), (Passing("502"), "502"), (Blocked("403 MessageWritesBlocked"), "403"), (Refused("418 x"), "other"),
        (ChannelError("AnnaBerg"), "other"), (ValueError("Anna"), "other"), (Refused("token invalid_client"), "token"),
    ],
)  # fmt: skip
def test_what_the_far_side_writes_never_becomes_a_label(fault: Exception | None, code: str) -> None:
    assert code_of(fault) == code


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # what is counted is the same on either
@pytest.mark.parametrize(("flow", "state"), EVERY_STATE[::4])
def test_no_label_has_a_value_outside_its_list(town: Town, metrics: Metrics, flow: str, state: str) -> None:
    faults: Any = [Refused("400 AnnaBergSkrev"), KeyError("NK-2041"), ChannelError("Sara Lind"), Passing("502")]
    town.teams.refuse["a:anna"] = faults
    led_to(town, flow, state)
    families = list(text_string_to_metric_families(metrics.page(None).decode()))
    seen = {pair for family in families for one in family.samples for pair in one.labels.items()}
    assert {name for name, _ in seen} <= LABELS.keys() | FREE
    assert [(name, value) for name, value in seen if name not in FREE and value not in LABELS[name]] == []
    assert sum(len(values) for values in LABELS.values()) < 80 and set(LANES.values()) <= set(LABELS["lane"])
