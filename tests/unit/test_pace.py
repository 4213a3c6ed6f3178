"""The size of a batch follows what the machine manages."""

import pytest

from bot.pace import LEAST, MOST, Pace


def test_a_fast_machine_takes_more_at_once_but_never_more_than_twice_as_much() -> None:
    pace = Pace(size=100)
    pace.took(100, 0.02)
    assert pace.size == 200
    for _ in range(5):
        pace.took(pace.size, pace.size * 0.0001)
    assert pace.size == MOST


def test_a_slow_machine_takes_what_it_manages_in_a_tenth_of_a_second() -> None:
    pace = Pace(size=500)
    pace.took(500, 1.0)
    assert pace.size == 50
    pace.took(50, 30.0)
    assert pace.size == LEAST


@pytest.mark.parametrize(("rows", "seconds"), [(1, 5.0), (LEAST - 1, 0.0), (0, 0.0)])
def test_a_handful_says_nothing(rows: int, seconds: float) -> None:
    pace = Pace(size=300)
    pace.took(rows, seconds)
    assert pace.size == 300


def test_a_clock_that_stands_still_does_no_harm() -> None:
    pace = Pace(size=200)
    pace.took(200, 0.0)
    assert pace.size == 400
