"""The working calendar: days that count, hours that are open, and clocks that are moved."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from reminders.calendar import OfficeHours, WorkCalendar
from reminders.localtime import Month, add_months, at, end_of_day, is_doubled, to_local, to_utc

PLAIN = WorkCalendar()
SATURDAYS = WorkCalendar(saturday_is_vardag=True)


def local(text: str) -> datetime:
    """The instant of a local time."""
    return to_utc(datetime.fromisoformat(text))


@pytest.mark.parametrize(("year", "count"), [(2026, 251), (2027, 253)])
def test_a_year_has_so_many_working_days(year: int, count: int) -> None:
    days = (date(year, 1, 1) + timedelta(days=n) for n in range(365))
    assert sum(PLAIN.is_workday(one) for one in days) == count


@pytest.mark.parametrize("closed", ["2026-06-19", "2026-12-24", "2026-12-31", "2026-05-14", "2026-11-21", "2026-11-22"])
def test_eves_red_days_and_weekends_are_closed(closed: str) -> None:
    assert not PLAIN.is_workday(date.fromisoformat(closed))


@pytest.mark.parametrize(
    "ordinary", ["2026-01-02", "2026-01-05", "2026-04-02", "2026-05-15", "2026-12-23", "2027-01-08"]
)
def test_squeeze_days_and_short_days_are_working_days(ordinary: str) -> None:
    assert PLAIN.is_workday(date.fromisoformat(ordinary))


def test_saturday_is_vardag_but_never_arbetsdag() -> None:
    saturday, sunday, midsummer_day = date(2026, 11, 21), date(2026, 11, 22), date(2026, 6, 20)
    assert SATURDAYS.is_weekday_local(saturday)
    assert not SATURDAYS.is_workday(saturday)
    assert not PLAIN.is_weekday_local(saturday)
    assert not SATURDAYS.is_weekday_local(sunday)
    assert not SATURDAYS.is_weekday_local(midsummer_day)
    assert not SATURDAYS.is_weekday_local(date(2026, 12, 24))


def test_an_extra_closed_day_is_neither() -> None:
    calendar = WorkCalendar(
        saturday_is_vardag=True, extra_closed_days=frozenset({date(2026, 5, 15), date(2026, 5, 16)})
    )
    assert not calendar.is_workday(date(2026, 5, 15))
    assert not calendar.is_weekday_local(date(2026, 5, 16))
    assert calendar.add_workdays(date(2026, 5, 13), 1) == date(2026, 5, 18)


def test_exclusive_and_inclusive_counting_differ_by_one() -> None:
    monday = date(2026, 11, 23)
    assert PLAIN.add_workdays(monday, 10) == date(2026, 12, 7)
    assert PLAIN.nth_workday(monday, 10) == date(2026, 12, 4)


def test_counting_starts_and_goes_both_ways_from_closed_days() -> None:
    saturday = date(2026, 11, 21)
    assert PLAIN.add_workdays(saturday, 1) == date(2026, 11, 23)
    assert PLAIN.add_workdays(saturday, -1) == date(2026, 11, 20)
    assert PLAIN.add_workdays(saturday, 0) == saturday
    assert PLAIN.nth_workday(saturday, 1) == date(2026, 11, 23)
    assert SATURDAYS.add_weekdays_local(date(2026, 11, 20), 1) == saturday
    assert SATURDAYS.add_weekdays_local(date(2026, 11, 23), -1) == saturday


def test_nearest_working_day_on_either_side() -> None:
    easter_eve = date(2026, 4, 4)
    assert PLAIN.last_workday_on_or_before(easter_eve) == date(2026, 4, 2)
    assert PLAIN.first_workday_on_or_after(easter_eve) == date(2026, 4, 7)
    assert PLAIN.last_workday_on_or_before(date(2026, 4, 2)) == date(2026, 4, 2)
    assert PLAIN.first_workday_on_or_after(date(2026, 4, 7)) == date(2026, 4, 7)


@pytest.mark.parametrize(
    ("day", "closes"),
    [("2026-05-29", 17), ("2026-06-01", 16), ("2026-08-31", 16), ("2026-09-01", 17), ("2026-03-30", 17)],
)
def test_summer_closing_is_about_months_and_not_about_dst(day: str, closes: int) -> None:
    assert PLAIN.closing(date.fromisoformat(day)) == local(f"{day}T{closes}:00")


def test_a_short_day_replaces_only_the_soft_closing() -> None:
    thursday = date(2026, 4, 2)
    calendar = WorkCalendar(short_days={thursday: time(14)})
    assert calendar.soft_closing(thursday) == local("2026-04-02T14:00")
    assert calendar.closing(thursday) == local("2026-04-02T17:00")
    assert calendar.is_office_hours(local("2026-04-02T15:00"))


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-11-24T06:59:59", False),
        ("2026-11-24T07:00:00", True),
        ("2026-11-24T16:59:59", True),
        ("2026-11-24T17:00:00", False),
        ("2026-11-21T10:00:00", False),
        ("2026-12-24T10:00:00", False),
        ("2026-07-01T16:00:00", False),
    ],
)
def test_opening_is_inclusive_and_closing_exclusive(moment: str, is_open: bool) -> None:
    assert PLAIN.is_office_hours(local(moment)) is is_open
    assert PLAIN.is_on_call_hours(local(moment)) is not is_open


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        ("2026-11-24T03:00", "2026-11-24T07:00"),
        ("2026-11-24T07:00", "2026-11-24T07:00"),
        ("2026-11-24T07:01", "2026-11-25T07:00"),
        ("2026-04-02T18:00", "2026-04-07T07:00"),
        ("2026-10-25T02:30", "2026-10-26T07:00"),
    ],
)
def test_next_opening(moment: str, opens: str) -> None:
    assert PLAIN.next_office_opening(local(moment)) == local(opens)


@pytest.mark.parametrize(
    ("moment", "minutes", "until"),
    [
        ("2026-11-24T10:00", 30, "2026-11-24T10:30"),
        ("2026-11-24T16:45", 30, "2026-11-25T07:15"),
        ("2026-11-24T16:30", 30, "2026-11-25T07:00"),
        ("2026-11-24T03:00", 30, "2026-11-24T07:30"),
        ("2026-11-20T19:00", 60, "2026-11-23T08:00"),
        ("2026-11-20T16:30", 660, "2026-11-24T07:30"),
        ("2026-04-02T16:59", 2, "2026-04-07T07:01"),
    ],
)
def test_office_minutes_run_only_while_the_office_is_open(moment: str, minutes: int, until: str) -> None:
    assert PLAIN.add_office_minutes(local(moment), minutes) == local(until)


def test_office_minutes_end_early_on_a_short_day() -> None:
    calendar = WorkCalendar(short_days={date(2026, 4, 2): time(14)})
    assert calendar.add_office_minutes(local("2026-04-02T13:45"), 30) == local("2026-04-07T07:15")
    assert calendar.add_office_minutes(local("2026-04-02T15:00"), 30) == local("2026-04-07T07:30")


def test_a_profile_may_keep_other_hours() -> None:
    calendar = WorkCalendar(office=OfficeHours(open=time(8), close=time(15), summer_months=frozenset()))
    assert not calendar.is_office_hours(local("2026-11-24T07:30"))
    assert calendar.is_office_hours(local("2026-07-01T14:59"))
    assert not calendar.is_office_hours(local("2026-07-01T15:00"))


def test_the_doubled_hour_is_the_first_pass_unless_marked() -> None:
    doubled = datetime(2026, 10, 25, 2, 30)  # noqa: DTZ001 (local on purpose)
    assert to_utc(doubled) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert to_utc(doubled.replace(fold=1)) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert is_doubled(doubled)
    assert to_local(datetime(2026, 10, 25, 1, 30, tzinfo=UTC)).fold == 1


def test_the_missing_hour_moves_forward_marked_or_not() -> None:
    missing = datetime(2026, 3, 29, 2, 30)  # noqa: DTZ001 (local on purpose)
    for one in (missing, missing.replace(fold=1)):
        assert to_local(to_utc(one)).strftime("%H:%M") == "03:30"
    assert not is_doubled(missing)


def test_a_mark_outside_the_doubled_hour_means_nothing() -> None:
    plain = datetime(2026, 11, 24, 9, 0)  # noqa: DTZ001 (local on purpose)
    assert to_utc(plain.replace(fold=1)) == to_utc(plain)


def test_end_of_day_is_a_millisecond_before_midnight_also_when_the_clock_is_moved() -> None:
    for day in (date(2026, 3, 29), date(2026, 10, 25), date(2026, 11, 24)):
        assert end_of_day(day) + timedelta(milliseconds=1) == at(day + timedelta(days=1), time(0))


def test_months_keep_the_day_number_or_take_the_last_day() -> None:
    assert add_months(date(2026, 12, 30), 2) == date(2027, 2, 28)
    assert add_months(date(2026, 11, 30), 3) == date(2027, 2, 28)
    assert add_months(date(2026, 8, 21), 3) == date(2026, 11, 21)
    assert add_months(date(2024, 2, 29), 12) == date(2025, 2, 28)
    assert Month(2026, 12).plus(1) == Month(2027, 1)
    assert Month(2026, 1).plus(-1) == Month(2025, 12)
    with pytest.raises(ValueError, match="1–12"):
        Month(2026, 13)
