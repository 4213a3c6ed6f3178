"""The clock is set: forward, back, and over the nights when summer time begins and ends. Nothing is said twice."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from municipality import Municipality
from test_drafts import BEGIN
from test_question import karim_asks
from town import Town

from cases.ladder import ladder
from reminders.localtime import to_local


def told(town: Town) -> list[tuple[str, int, str, datetime]]:
    """What the clock has had said: to whom, of which thread, what, and for when."""
    return [
        (row.text, row.thread_id, str(row.person_id), row.original_due_at)
        for row in town.rows_of("outbox")
        if row.kind == "message" and row.original_due_at is not None
    ]


def sara_counts(town: Town, day1: str) -> None:
    town.sara.begins("urgent_limited", "NK-2041", **BEGIN["urgent_limited"][1] | {"day1": day1})
    town.sara.presses("Börja räkna dagarna")


def test_a_step_back_of_ten_minutes_right_after_firing_says_nothing_twice(town: Town) -> None:
    karim_asks(town)
    town.until("2026-11-16 17:00")
    before = told(town)
    assert before
    town.clock.time -= timedelta(minutes=10)
    town.settle()
    town.until("2026-11-16 17:30")
    assert told(town) == before


def test_a_step_forward_over_two_days_says_all_in_order_and_once(town: Town) -> None:
    karim_asks(town)
    sara_counts(town, "2026-11-16")
    town.down_until("2026-11-20 12:30")
    of = [row for row in town.rows_of("log") if row.by == "clock"]
    assert [row.due_at for row in of] == sorted(row.due_at for row in of)
    first = told(town)
    assert len(first) == len(set(first))
    town.settle()
    assert told(town) == first


@pytest.mark.parametrize(
    ("night", "hours"), [("2026-10-25", 25), ("2027-03-28", 23)], ids=["summer time ends", "summer time begins"]
)
def test_hours_are_hours_and_days_are_days_over_the_night(database: str, night: str, hours: int) -> None:
    """Day 4 is asked about at 07:00 by the wall clock; a draft lives for 24 hours."""
    eve = (datetime.fromisoformat(night) - timedelta(days=1)).date()
    town = Town(database, f"{eve} 12:00")
    try:
        sara_counts(town, f"{eve}")
        town.karim.begins("question", "NK-2042", category="planning")
        town.until(f"{eve} 12:30")
        draft = town.thread(2).deadlines["unsent"]
        assert draft.hard_at is not None and draft.hard_at - draft.armed_at == timedelta(hours=24)
        wall = 11 if hours == 25 else 13
        town.until(f"{night} {wall - 1}:59")
        assert not town.thread(2).is_closed
        town.until(f"{night} {wall}:00")
        assert town.thread(2).is_closed, "24 hours are 24 hours"
        limited = {rung.step: to_local(rung.at) for rung in _rungs(town)}
        assert {(one.hour, one.minute) for step, one in limited.items() if step in ("day4", "late")} == {(7, 0)}
    finally:
        town.close()


def _rungs(town: Town) -> Any:
    armed = next(one for one in town.thread(1).deadlines.values() if one.rule == "urgent_limited")
    return ladder(armed, town.record.profiles["norrkoping"])


@pytest.mark.parametrize(
    ("asked", "night", "expected"),
    [
        ("2026-10-23 15:00", "2026-10-25", "2026-10-25T02:30:00+02:00"),
        ("2027-03-26 15:00", "2027-03-28", "2027-03-28T03:30:00+02:00"),
    ],
    ids=["an hour that comes twice", "an hour that never comes"],
)
def test_a_rung_at_half_past_two_is_said_once(
    database: str, tmp_path: Path, asked: str, night: str, expected: str
) -> None:
    rung = '{ step = "night", days = 2, at = "02:30", tell = ["owner"], text = "feedback_day3" }'
    kommun = Municipality.of(database, tmp_path / "rutiner", asked, f"[rules.feedback]\nprompts = [{rung}]")
    town = kommun.town
    karim_asks(town)
    town.until(f"{night} 01:59")
    assert not [row for row in town.rows_of("log") if row.signal == "feedback.night"]
    town.until(f"{night} 12:00")
    (fired,) = [row for row in town.rows_of("log") if row.signal == "feedback.night"]
    assert fired.due_at == datetime.fromisoformat(expected)
    town.close()
