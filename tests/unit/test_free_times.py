"""Proposed times: in working hours, on open days, when those who must come are free, nearest to what was wished."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from reminders.calendar import WorkCalendar
from reminders.day_conflicts import is_squeezed
from reminders.free_times import DAYS, Span, Wish, overlaps, proposals, window
from reminders.localtime import to_local, to_utc

CALENDAR = WorkCalendar(short_days={date(2026, 11, 26): time(12)})
ANNA, KARIM, MARIA = 1, 2, 3


def at(local: str) -> datetime:
    return to_utc(datetime.fromisoformat(local))


def span(day: str, begins: str, ends: str) -> Span:
    return at(f"{day} {begins}"), at(f"{day} {ends}")


def wish(local: str, minutes: int = 60, earliest: str = "2026-11-16 09:00") -> Wish:
    return Wish(starts=at(local), minutes=minutes, earliest=at(earliest))


def found(
    asked: Wish, busy: Mapping[int, Sequence[Span]] | None = None, optional: Collection[int] = (), most: int = 5
) -> list[str]:
    return [
        f"{to_local(one.starts):%m-%d %H:%M}" for one in proposals(asked, CALENDAR, busy or {}, optional, most=most)
    ]


def test_the_wished_time_comes_first_when_everybody_is_free() -> None:
    assert found(wish("2026-11-25 10:00"), most=4) == ["11-25 09:00", "11-25 10:00", "11-26 09:00", "11-26 10:00"]


def test_around_what_is_booked() -> None:
    busy = {ANNA: [span("2026-11-25", "08:00", "11:00")], KARIM: [span("2026-11-25", "12:00", "17:00")]}
    assert found(wish("2026-11-25 10:00"), busy, most=3) == ["11-25 07:00", "11-25 11:00", "11-26 10:00"]


def test_a_day_when_somebody_is_away_is_passed_over() -> None:
    busy = {KARIM: [(at("2026-11-25 00:00"), at("2026-11-27 00:00"))]}
    assert found(wish("2026-11-25 10:00"), busy, most=2) == ["11-27 09:00", "11-27 10:00"]


def test_one_who_need_not_come_hinders_nobody_and_is_named() -> None:
    busy = {MARIA: [span("2026-11-25", "07:00", "17:00")]}
    first = proposals(wish("2026-11-25 10:00"), CALENDAR, busy, {MARIA}, most=1)[0]
    assert to_local(first.starts).hour == 10 and first.without == (MARIA,)


def test_a_short_day_ends_early_and_a_long_meeting_does_not_fit() -> None:
    assert found(wish("2026-11-26 15:00", 90), most=2) == ["11-26 09:00", "11-26 10:30"]
    assert found(wish("2026-11-26 15:00", 6 * 60), most=1) == ["11-27 11:00"]


def test_saturdays_holidays_and_days_between_are_not_proposed() -> None:
    days = {to_local(one.starts).date() for one in proposals(wish("2026-12-23 10:00"), CALENDAR, {}, most=30)}
    assert {str(day) for day in days} == {
        "2026-12-23", "2026-12-28", "2026-12-29", "2026-12-30", "2027-01-11", "2027-01-12",
    }  # fmt: skip


def test_what_has_been_is_not_proposed() -> None:
    assert found(wish("2026-11-16 08:00", earliest="2026-11-16 09:10"), most=1) == ["11-16 09:30"]
    assert found(wish("2026-11-13 10:00"), most=1) == ["11-16 10:00"]


def test_the_window_covers_every_day_that_is_looked_through() -> None:
    asked = wish("2026-11-21 10:00")
    begins, ends = window(asked, CALENDAR)
    assert begins == at("2026-11-23 07:00") and ends == at("2026-12-04 17:00") and DAYS == 10


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 300), st.integers(0, 23), st.sampled_from([15, 30, 45, 60, 120]),
    st.lists(st.tuples(st.integers(0, 14 * 24), st.integers(1, 9), st.sampled_from([ANNA, KARIM, MARIA])), max_size=25),
)  # fmt: skip
def test_whatever_is_booked_a_proposal_holds(days: int, hour: int, minutes: int, booked: list[tuple[int, ...]]) -> None:
    wished = at("2026-11-16 00:00") + timedelta(days=days, hours=hour)
    asked = Wish(starts=wished, minutes=minutes, earliest=wished)
    busy: dict[int, list[Span]] = {}
    for after, long, who in booked:
        start = wished + timedelta(hours=after)
        busy.setdefault(who, []).append((start, start + timedelta(hours=long)))
    made = proposals(asked, CALENDAR, busy, {MARIA})
    begins, ends = window(asked, CALENDAR)
    assert len(made) <= 5 and made == sorted(made, key=lambda one: one.starts)
    for one in made:
        local = to_local(one.starts)
        assert begins <= one.starts and one.ends <= ends and one.starts >= wished
        assert CALENDAR.is_workday(local.date()) and not is_squeezed(local.date(), CALENDAR)
        assert CALENDAR.opening(local.date()) <= one.starts and one.ends <= CALENDAR.soft_closing(local.date())
        for who in (ANNA, KARIM):
            assert not overlaps((one.starts, one.ends), busy.get(who, ()))
        assert (MARIA in one.without) == overlaps((one.starts, one.ends), busy.get(MARIA, ()))
