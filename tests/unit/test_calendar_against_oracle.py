"""The working calendar and the local clock against those of the oracle, every day of 2024–2040."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import calendar_oracle as oracle
import pytest

from reminders.calendar import WorkCalendar
from reminders.localtime import add_months, at, to_local

YEARS = range(oracle.FIRST_YEAR, oracle.LAST_YEAR + 1)
ZERO = datetime.combine(oracle.EPOCH, time(), tzinfo=UTC)


def days_of(year: int) -> list[date]:
    return [
        date(year, 1, 1) + timedelta(days=number) for number in range((date(year + 1, 1, 1) - date(year, 1, 1)).days)
    ]


def instant_of(moment: oracle.Moment) -> datetime:
    return ZERO + timedelta(minutes=moment.utc)


@pytest.fixture(scope="module")
def work_calendar() -> WorkCalendar:
    return WorkCalendar()


def test_the_oracle_knows_the_almanac_of_2026_and_2027() -> None:
    # Written out by hand from the almanac; without it, two programs could be wrong in the same way.
    written = """
        2026-01-01 2026-01-06 2026-04-03 2026-04-05 2026-04-06 2026-05-01 2026-05-14 2026-05-24
        2026-06-06 2026-06-19 2026-06-20 2026-10-31 2026-12-24 2026-12-25 2026-12-26 2026-12-31
        2027-01-01 2027-01-06 2027-03-26 2027-03-28 2027-03-29 2027-05-01 2027-05-06 2027-05-16
        2027-06-06 2027-06-25 2027-06-26 2027-11-06 2027-12-24 2027-12-25 2027-12-26 2027-12-31
    """
    closed = {date.fromisoformat(text) for text in written.split()}
    assert {day for day in oracle.CLOSED_DAYS if day.year in (2026, 2027)} == closed
    assert [sum(map(oracle.is_arbetsdag, days_of(year))) for year in (2026, 2027)] == [251, 253]


@pytest.mark.parametrize("year", YEARS)
def test_every_day_is_open_or_closed_in_both(year: int, work_calendar: WorkCalendar) -> None:
    with_saturday = WorkCalendar(saturday_is_vardag=True)
    for day in days_of(year):
        assert work_calendar.is_workday(day) == oracle.is_arbetsdag(day), day
        assert work_calendar.is_weekday_local(day) == oracle.is_arbetsdag(day), day
        assert with_saturday.is_workday(day) == oracle.is_arbetsdag(day), day
        assert with_saturday.is_weekday_local(day) == oracle.is_vardag_with_saturday(day), day


@pytest.mark.parametrize("year", YEARS)
def test_steps_of_working_days_land_on_the_same_day(year: int, work_calendar: WorkCalendar) -> None:
    for day in days_of(year):
        for count in (1, 2, 5, 10):
            assert work_calendar.add_workdays(day, count) == oracle.arbetsdag_after(day, count), (day, count)
            assert work_calendar.add_workdays(day, -count) == oracle.arbetsdag_before(day, count), (day, -count)
        assert work_calendar.last_workday_on_or_before(day) == oracle.arbetsdag_at_latest(day), day


@pytest.mark.parametrize("year", YEARS)
def test_months_are_added_alike(year: int) -> None:
    for day in days_of(year):
        for months in (1, 2, 3, 12):
            assert add_months(day, months) == oracle.months_later(day, months), (day, months)


@pytest.mark.parametrize("year", YEARS)
def test_the_local_clock_is_read_alike_on_every_day(year: int) -> None:
    for day in days_of(year):
        for hour, minute in ((0, 0), (1, 59), (2, 0), (2, 30), (3, 0), (12, 0), (23, 59)):
            moment = oracle.local(day, hour * 60 + minute)
            assert at(day, time(hour, minute)) == instant_of(moment), (day, hour, minute)


@pytest.mark.parametrize("year", YEARS)
def test_every_minute_of_the_nights_the_clock_is_moved_is_shown_alike(year: int) -> None:
    for night in (oracle.spring_forward(year), oracle.fall_back(year)):
        midnight = oracle.local(night, 0).utc
        for minute in range(6 * 60):
            moment = oracle.Moment(midnight + minute)
            shown = to_local(instant_of(moment))
            assert (shown.date(), shown.hour * 60 + shown.minute) == (moment.day, moment.minute)
            assert bool(shown.fold) == moment.is_second_pass


@pytest.mark.parametrize(
    ("text", "open_"),
    [
        ("2026-11-23T06:59", False),
        ("2026-11-23T07:00", True),
        ("2026-11-23T16:59", True),
        ("2026-11-23T17:00", False),
        ("2026-06-01T15:59", True),
        ("2026-06-01T16:00", False),
        ("2026-08-31T16:30", False),
        ("2026-09-01T16:30", True),
        ("2026-03-30T16:30", True),
        ("2026-11-21T10:00", False),
        ("2026-12-24T10:00", False),
    ],
)
def test_the_office_is_open_from_opening_until_just_before_closing(
    text: str, open_: bool, work_calendar: WorkCalendar
) -> None:
    day, clock = text.split("T")
    instant = at(date.fromisoformat(day), time.fromisoformat(clock))
    assert work_calendar.is_office_hours(instant) is open_
    assert work_calendar.is_on_call_hours(instant) is not open_
