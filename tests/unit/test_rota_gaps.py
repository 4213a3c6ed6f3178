"""Gaps in a rota: the on-call hours of a calendar, less the passes, and when each gap is told of."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reminders.calendar import WorkCalendar
from reminders.localtime import to_local, to_utc
from reminders.rota import Span, on_call_hours, step_at, uncovered, without

CALENDAR = WorkCalendar()
AHEAD = (timedelta(days=7), timedelta(days=2), timedelta(hours=4))
QUARTER = timedelta(minutes=15)


def span(begin: str, end: str) -> Span:
    return Span(starts_at=moment(begin), ends_at=moment(end))


def moment(local: str) -> datetime:
    return to_utc(datetime.fromisoformat(local))


def told(spans: list[Span]) -> list[str]:
    return [f"{to_local(one.starts_at):%d %H:%M}–{to_local(one.ends_at):%d %H:%M}" for one in spans]


def test_the_jour_has_the_nights_and_the_whole_weekend() -> None:
    hours = on_call_hours(CALENDAR, moment("2026-11-19 12:00"), moment("2026-11-24 12:00"))
    assert told(hours) == ["19 17:00–20 07:00", "20 17:00–23 07:00", "23 17:00–24 07:00"]


def test_in_summer_the_night_begins_at_four_and_midsummer_is_one_long_night() -> None:
    hours = on_call_hours(CALENDAR, moment("2026-06-17 09:00"), moment("2026-06-22 09:00"))
    assert told(hours) == ["17 16:00–18 07:00", "18 16:00–22 07:00"]


def test_the_night_when_the_clock_is_put_back_is_an_hour_longer() -> None:
    (night,) = on_call_hours(CALENDAR, moment("2026-10-23 16:00"), moment("2026-10-26 08:00"))
    assert told([night]) == ["23 17:00–26 07:00"] and night.long == timedelta(hours=63)


def test_a_short_day_does_not_begin_the_night_earlier() -> None:
    calendar = WorkCalendar(short_days={date(2026, 11, 20): moment("2026-11-20 12:00").time()})
    assert told(on_call_hours(calendar, moment("2026-11-20 09:00"), moment("2026-11-20 20:00"))) == [
        "20 17:00–20 20:00"
    ]


def test_what_begins_in_the_middle_of_a_night_is_counted_from_then() -> None:
    assert told(on_call_hours(CALENDAR, moment("2026-11-17 02:00"), moment("2026-11-17 10:00"))) == [
        "17 02:00–17 07:00"
    ]


@pytest.mark.parametrize(
    ("passes", "gaps"),
    [
        ([], ["16 17:00–17 07:00"]),
        ([("16 17:00", "17 07:00")], []),
        ([("16 16:00", "17 08:00")], []),
        ([("16 17:00", "16 23:00")], ["16 23:00–17 07:00"]),
        ([("16 20:00", "17 07:00")], ["16 17:00–16 20:00"]),
        ([("16 17:00", "16 22:00"), ("16 23:00", "17 07:00")], ["16 22:00–16 23:00"]),
        ([("16 17:00", "17 02:00"), ("16 22:00", "17 07:00")], []),
        ([("16 22:00", "17 07:00"), ("16 17:00", "16 21:50")], []),  # ten minutes are no gap
        ([("17 17:00", "18 07:00")], ["16 17:00–17 07:00"]),
    ],
)
def test_what_no_pass_covers_is_a_gap(passes: list[tuple[str, str]], gaps: list[str]) -> None:
    hours = on_call_hours(CALENDAR, moment("2026-11-16 12:00"), moment("2026-11-17 12:00"))
    held = [span(f"2026-11-{begin}", f"2026-11-{end}") for begin, end in passes]
    assert told(uncovered(hours, held, QUARTER)) == gaps


@pytest.mark.parametrize(
    ("now", "step"),
    [
        ("2026-11-13 16:59", None),
        ("2026-11-13 17:00", 0),
        ("2026-11-18 16:59", 0),
        ("2026-11-18 17:00", 1),
        ("2026-11-20 12:59", 1),
        ("2026-11-20 13:00", 2),
        ("2026-11-21 06:59", 2),  # it has begun, and nobody has it
        ("2026-11-21 07:00", None),
    ],
)
def test_a_gap_is_told_of_seven_days_two_days_and_four_hours_ahead(now: str, step: int | None) -> None:
    assert step_at(span("2026-11-20 17:00", "2026-11-21 07:00"), moment(now), AHEAD) == step


def test_leave_in_the_middle_of_a_shift_leaves_two_ends() -> None:
    rest = without(span("2026-11-16 17:00", "2026-11-17 07:00"), [span("2026-11-16 20:00", "2026-11-16 22:00")])
    assert told(rest) == ["16 17:00–16 20:00", "16 22:00–17 07:00"]
    assert without(span("2026-11-16 17:00", "2026-11-17 07:00"), [span("2026-11-16 00:00", "2026-11-18 00:00")]) == []


_START = moment("2026-11-16 00:00")
_SPANS = st.lists(
    st.tuples(st.integers(0, 200), st.integers(1, 60)).map(
        lambda pair: Span(
            starts_at=_START + timedelta(hours=pair[0]), ends_at=_START + timedelta(hours=pair[0] + pair[1])
        )
    ),
    max_size=6,
)


@settings(max_examples=20, deadline=None)
@given(passes=_SPANS)
def test_every_on_call_hour_is_covered_or_in_a_gap_and_never_both(passes: list[Span]) -> None:
    end = _START + timedelta(hours=240)
    gaps = uncovered(on_call_hours(CALENDAR, _START, end), passes, timedelta(minutes=1))
    for number in range(240):
        now = _START + timedelta(hours=number, minutes=30)
        covered = any(one.starts_at <= now < one.ends_at for one in passes)
        is_gap = any(one.starts_at <= now < one.ends_at for one in gaps)
        assert is_gap == (CALENDAR.is_on_call_hours(now) and not covered)
