"""What speaks against a meeting's day: closed days by name, klämdagar, short days, hours, and digital months."""

from datetime import date, datetime, time, timedelta
from itertools import takewhile

import pytest

from reminders.calendar import WorkCalendar
from reminders.day_conflicts import Against, DayConflict, day_conflicts, day_name, is_squeezed
from reminders.localtime import to_utc
from reminders.profile import Profile, time_profile

NORRKOPING, OSTHAMMAR = "norrkoping", "osthammar"


def against(local: str, *, minutes: int = 60, profile: str = NORRKOPING, on_site: bool = False) -> list[DayConflict]:
    starts = to_utc(datetime.fromisoformat(local))
    ends = starts + timedelta(minutes=minutes)
    return list(day_conflicts(starts, ends, time_profile(profile), on_site=on_site))


def year(number: int) -> list[date]:
    first = date(number, 1, 1)
    return list(takewhile(lambda day: day.year == number, (first + timedelta(days=n) for n in range(366))))


@pytest.mark.parametrize(
    ("number", "squeezed"),
    [
        (2026, ["2026-01-02", "2026-01-05", "2026-05-15"]),
        (2027, ["2027-01-04", "2027-01-05", "2027-01-07", "2027-01-08", "2027-05-07"]),
    ],
)
def test_every_day_between_holidays_of_a_year(number: int, squeezed: list[str]) -> None:
    assert [str(day) for day in year(number) if is_squeezed(day, WorkCalendar())] == squeezed


def test_a_closed_day_of_the_municipality_is_no_day_between_but_makes_its_neighbour_one() -> None:
    closed = WorkCalendar(extra_closed_days=frozenset({date(2026, 11, 19)}))
    assert not is_squeezed(date(2026, 11, 19), closed) and is_squeezed(date(2026, 11, 20), closed)
    assert not is_squeezed(date(2026, 11, 18), closed), "three workdays in a row are a short week"


@pytest.mark.parametrize(
    ("day", "name"),
    [
        ("2026-06-19", "midsommarafton"), ("2026-04-03", "långfredagen"), ("2026-12-24", "julafton"),
        ("2026-05-14", "Kristi himmelsfärdsdag"), ("2026-11-21", ""), ("2026-11-23", ""),
    ],
)  # fmt: skip
def test_a_closed_day_has_its_name(day: str, name: str) -> None:
    assert day_name(date.fromisoformat(day)) == name


def test_an_ordinary_morning_speaks_for_itself() -> None:
    assert against("2026-11-25 10:00") == []


def test_nothing_else_is_said_of_a_day_when_nobody_is_at_work() -> None:
    assert against("2026-06-19 19:00") == [
        DayConflict(against=Against.CLOSED, day=date(2026, 6, 19), named="midsommarafton")
    ]


@pytest.mark.parametrize(
    ("local", "minutes", "clock"),
    [
        ("2026-11-25 06:30", 60, time(7)), ("2026-11-25 16:30", 60, time(17)), ("2026-07-01 15:30", 60, time(16)),
        ("2026-11-25 18:00", 30, time(17)),
    ],
)  # fmt: skip
def test_before_opening_and_after_closing(local: str, minutes: int, clock: time) -> None:
    assert against(local, minutes=minutes) == [
        DayConflict(against=Against.OUTSIDE, day=date.fromisoformat(local[:10]), clock=clock)
    ]


@pytest.mark.parametrize("local", ["2026-11-25 07:00", "2026-11-25 16:00"])
def test_from_the_opening_until_the_very_closing_is_in_hours(local: str) -> None:
    assert against(local) == []


def test_a_short_day_and_a_day_between_are_both_said() -> None:
    ordinary = time_profile(NORRKOPING)
    short = WorkCalendar(short_days={date(2026, 5, 15): time(14)})
    profile = Profile(
        name="x", title="X", calendar=short, rules=ordinary.rules, reviews=(), sections={}, prints=ordinary.prints
    )
    starts = to_utc(datetime.fromisoformat("2026-05-15 13:30"))
    found = [one.against for one in day_conflicts(starts, starts + timedelta(minutes=31), profile)]
    assert found == [Against.SHORT, Against.SQUEEZED]
    found = [one.against for one in day_conflicts(starts, starts + timedelta(minutes=30), profile)]
    assert found == [Against.SQUEEZED], "it ends when the office closes"


@pytest.mark.parametrize(
    ("day", "digital"), [("2026-05-28", False), ("2026-06-01", True), ("2026-07-31", True), ("2026-08-03", False)]
)
def test_in_june_and_july_meetings_are_digital_where_the_routine_says_so(day: str, digital: bool) -> None:
    """D27, and only its own municipality."""
    said = [one.against for one in against(f"{day} 10:00", profile=OSTHAMMAR, on_site=True)]
    assert (Against.ON_SITE in said) == digital
    assert against(f"{day} 10:00", profile=OSTHAMMAR) == [] and against(f"{day} 10:00", on_site=True) == []
