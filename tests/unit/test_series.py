"""The weekly series: worked examples, sweeps over years of holidays, and properties of any series."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reminders.calendar import WorkCalendar
from reminders.localtime import at, to_local
from reminders.predicates import supervision_day
from reminders.profile import time_profile
from reminders.series import (
    Because,
    Exceptions,
    Occurrence,
    Weekly,
    ends_after_closing,
    move_within_week,
    occurrences,
    week_of,
)

PLAIN = WorkCalendar()
KATRINEHOLM = time_profile("katrineholm")
THURSDAYS = Weekly(weekday=4, at=time(14), minutes=30, first=date(2026, 1, 1), last=date(2027, 1, 10))


def only(day: str, pattern: Weekly = THURSDAYS, calendar: WorkCalendar = PLAIN, **known: object) -> Occurrence:
    """The occurrence that the pattern has on this date."""
    found = occurrences(pattern, calendar, Exceptions(**known))  # type: ignore[arg-type]
    return next(one for one in found if one.day == date.fromisoformat(day))


def local(instant: datetime | None) -> str:
    return f"{to_local(instant):%Y-%m-%d %H:%M}" if instant else "-"


@pytest.mark.parametrize(
    ("weekday", "planned", "held", "because"),
    [
        (4, "2026-05-14", "2026-05-13 14:00", Because.HOLIDAY),  # Kristi himmelsfärd, week 20
        (4, "2026-12-24", "2026-12-23 14:00", Because.HOLIDAY),
        (4, "2026-12-31", "2026-12-30 14:00", Because.HOLIDAY),  # week 53
        (4, "2027-01-07", "2027-01-07 14:00", None),  # the day after trettondagen
        (4, "2026-04-02", "2026-04-02 14:00", None),  # skärtorsdagen is an ordinary workday
        (5, "2026-04-03", "2026-04-02 14:00", Because.HOLIDAY),  # långfredagen
        (1, "2026-04-06", "2026-04-07 14:00", Because.HOLIDAY),  # annandag påsk: no workday before it in its week
        (5, "2026-06-19", "2026-06-18 14:00", Because.HOLIDAY),  # midsommarafton
        (4, "2026-06-18", "2026-06-18 14:00", None),
        (5, "2027-01-01", "2026-12-30 14:00", Because.HOLIDAY),  # the same week, the year before
        (6, "2026-06-20", "2026-06-18 14:00", Because.HOLIDAY),  # a Saturday is never a workday
    ],
)
def test_a_closed_day_is_moved_within_its_week(weekday: int, planned: str, held: str, because: Because | None) -> None:
    found = only(planned, replace(THURSDAYS, weekday=weekday))
    assert (local(found.starts), found.because) == (held, because)
    assert found.held_on is not None and week_of(found.held_on) == found.week
    assert found.differs is (because is not None)


def test_2026_has_a_week_53_and_no_week_is_lost_or_doubled_at_the_turn_of_the_year() -> None:
    weeks = [one.week for one in occurrences(THURSDAYS, PLAIN)]
    assert weeks[-3:] == [(2026, 52), (2026, 53), (2027, 1)] and len(weeks) == 54
    assert week_of(date(2027, 1, 3)) == (2026, 53)


def test_the_same_clock_on_both_sides_of_summer_time() -> None:
    before, after = only("2026-03-26"), only("2026-04-09")
    assert before.starts == datetime(2026, 3, 26, 13, tzinfo=UTC) and after.starts == datetime(
        2026, 4, 9, 12, tzinfo=UTC
    )
    assert before.ends == datetime(2026, 3, 26, 13, 30, tzinfo=UTC)


def test_a_team_meeting_week_has_none_whatever_its_day() -> None:
    for day in ("2026-05-11", "2026-05-14", "2026-05-17"):  # Monday, the holiday itself, Sunday: week 20
        found = only("2026-05-14", team_weeks={week_of(date.fromisoformat(day))})
        assert (found.starts, found.because, found.differs) == (None, Because.TEAM_MEETING, True)
    assert only("2026-05-21", team_weeks={(2026, 20)}).because is None


def test_a_closed_week_has_none() -> None:
    closed = WorkCalendar(extra_closed_days=frozenset(date(2026, 7, 20) + timedelta(days=n) for n in range(5)))
    assert only("2026-07-23", calendar=closed).because is Because.CLOSED_WEEK
    four = WorkCalendar(extra_closed_days=frozenset(date(2026, 7, 20) + timedelta(days=n) for n in range(4)))
    assert local(only("2026-07-23", calendar=four).starts) == "2026-07-24 14:00", "nothing before it, so the day after"


def test_what_somebody_has_decided_goes_before_the_calendar_but_not_before_a_team_meeting() -> None:
    tuesday = at(date(2026, 5, 12), time(9))
    by_hand = {date(2026, 5, 14): tuesday, date(2026, 5, 21): None, date(2026, 5, 28): only("2026-05-28").original}
    assert (only("2026-05-14", by_hand=by_hand).starts, only("2026-05-14", by_hand=by_hand).because) == (
        tuesday,
        Because.MOVED,
    )
    assert only("2026-05-21", by_hand=by_hand).because is Because.CALLED_OFF
    assert only("2026-05-28", by_hand=by_hand).because is None, "put back to where the pattern has it"
    assert only("2026-05-14", by_hand=by_hand, team_weeks={(2026, 20)}).because is Because.TEAM_MEETING
    next_week = {date(2026, 5, 14): at(date(2026, 5, 19), time(9))}
    assert only("2026-05-14", by_hand=next_week, team_weeks={(2026, 20)}).because is Because.MOVED


def test_nothing_is_moved_out_of_the_series() -> None:
    begins = replace(THURSDAYS, first=date(2026, 5, 14))
    assert local(only("2026-05-14", begins).starts) == "2026-05-15 14:00", "the day before is not in it yet"
    ends = replace(THURSDAYS, weekday=1, last=date(2026, 4, 6))
    assert only("2026-04-06", ends).because is Because.CLOSED_WEEK


def test_a_short_day_is_said_and_not_moved() -> None:
    short = WorkCalendar(short_days={date(2026, 4, 2): time(14)})
    assert ends_after_closing(only("2026-04-02", calendar=short), short)
    assert only("2026-04-02", calendar=short).because is None
    assert not ends_after_closing(only("2026-04-09"), short)
    assert not ends_after_closing(only("2026-05-14", team_weeks={(2026, 20)}), short)


def test_a_series_that_is_none_is_refused() -> None:
    for wrong in ({"weekday": 0}, {"weekday": 8}, {"minutes": 0}):
        with pytest.raises(ValueError, match="weekday"):
            replace(THURSDAYS, **wrong)  # type: ignore[arg-type]
    assert occurrences(replace(THURSDAYS, last=date(2025, 12, 31)), PLAIN) == []


@pytest.mark.parametrize("weekday", range(1, 8))
def test_twenty_years_of_every_weekday(weekday: int) -> None:
    """Easter, Ascension, Midsummer, Christmas and every week 53 among them, against the rule said in other words."""
    pattern = Weekly(weekday=weekday, at=time(14), minutes=30, first=date(2024, 1, 1), last=date(2043, 12, 31))
    found = occurrences(pattern, PLAIN)
    assert max(Counter(one.week for one in found).values()) == 1
    assert len(found) == len({one.day for one in found}) and all(one.day.isoweekday() == weekday for one in found)
    for one in found:
        week = [one.day + timedelta(days=n - one.day.weekday()) for n in range(7)]
        workdays = [day for day in week if PLAIN.is_workday(day) and pattern.first <= day <= pattern.last]
        nearest = min(workdays, key=lambda day, planned=one.day: (day > planned, abs(day - planned)), default=None)
        assert one.held_on == nearest
        if nearest is not None and week[0] >= pattern.first and week[-1] <= pattern.last:
            assert nearest == supervision_day(one.day, KATRINEHOLM)
    closed = [one for one in found if one.starts is None]
    assert not closed, "no Swedish week is without a workday"


days = st.dates(date(2024, 1, 1), date(2040, 12, 31))
calendars = st.builds(
    WorkCalendar, extra_closed_days=st.frozensets(st.dates(date(2026, 1, 1), date(2026, 12, 31)), max_size=40)
)


@st.composite
def patterns(draw: st.DrawFn) -> Weekly:
    first = draw(st.dates(date(2025, 6, 1), date(2026, 12, 31)))
    return Weekly(
        weekday=draw(st.integers(1, 7)), at=draw(st.times().map(lambda clock: clock.replace(microsecond=0))),
        minutes=draw(st.integers(1, 240)), first=first, last=first + timedelta(days=draw(st.integers(0, 400))),
    )  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(patterns(), calendars, st.sets(st.tuples(st.just(2026), st.integers(1, 53)), max_size=10))
def test_whatever_the_series(pattern: Weekly, calendar: WorkCalendar, team_weeks: set[tuple[int, int]]) -> None:
    found = occurrences(pattern, calendar, Exceptions(team_weeks=team_weeks))
    assert [one.day for one in found] == sorted({one.day for one in found})
    held = [one for one in found if one.starts is not None]
    assert len({one.week for one in held}) == len(held), "never twice in a week"
    for one in held:
        assert one.held_on is not None and one.starts is not None and one.ends is not None
        assert calendar.is_workday(one.held_on) and week_of(one.held_on) == one.week
        assert pattern.first <= one.held_on <= pattern.last
        assert one.ends - one.starts == timedelta(minutes=pattern.minutes)
        assert one.starts == at(one.held_on, pattern.at)
        assert one.week not in team_weeks
        assert (one.because is Because.HOLIDAY) is (one.held_on != one.day)
    for one in found:
        if one.starts is None and one.because is Because.CLOSED_WEEK:
            assert move_within_week(one.day, calendar, first=pattern.first, last=pattern.last) is None
        assert (one.because is Because.TEAM_MEETING) is (one.week in team_weeks)


@settings(max_examples=40, deadline=None)
@given(patterns(), days)
def test_a_series_that_is_ended_early_keeps_what_it_had(pattern: Weekly, cut: date) -> None:
    """All but a last one that would have been moved past the end."""
    ended = replace(pattern, last=min(pattern.last, cut))
    before = {one.day: one for one in occurrences(pattern, PLAIN)}
    for one in occurrences(ended, PLAIN):
        whole = before[one.day]
        assert one == whole or (whole.held_on is not None and whole.held_on > ended.last)
