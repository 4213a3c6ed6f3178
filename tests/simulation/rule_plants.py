"""Errors planted in the rules' arithmetic: the years of deadlines are to find each of them."""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

from reminders import calendar as calendar_room
from reminders import localtime
from reminders.calendar import OfficeHours, WorkCalendar
from reminders.rule_kinds import CalendarDaysAfter, Moments
from simulation.plants import Plant
from simulation.swap import swapped


@contextmanager
def _unremembered(plant: AbstractContextManager[Any]) -> Iterator[None]:
    """What the rules remember of earlier days would hide the plant, and carry it on when it is gone."""
    localtime._first_pass.cache_clear()
    try:
        with plant:
            yield
    finally:
        localtime._first_pass.cache_clear()


def _one_workday_too_many() -> AbstractContextManager[Any]:
    """Five working days become six."""
    add = WorkCalendar.add_workdays
    return swapped(
        WorkCalendar, "add_workdays", lambda self, day, count: add(self, day, count + 1 if count >= 5 else count)
    )


def _hour_lost_with_summer_time() -> AbstractContextManager[Any]:
    """The offset of a week before is used: right, but for the week after the clocks are moved."""
    right = localtime.to_utc

    def slipped(value: datetime) -> datetime:
        if value.tzinfo is not None:
            return right(value)
        before = (value - timedelta(days=7)).replace(tzinfo=localtime.STOCKHOLM)
        offset = before.utcoffset()
        assert offset is not None
        return (value - offset).replace(tzinfo=UTC)

    return _unremembered(swapped(localtime, "to_utc", slipped))


def _holiday_missed() -> AbstractContextManager[Any]:
    """Kristi himmelsfärdsdag, the Thursday, is a working day."""
    red = calendar_room._red_days

    def missed(year: int) -> frozenset[date]:
        return frozenset(day for day in red(year) if day.weekday() != 3 or day.month not in (4, 5, 6))

    return swapped(calendar_room, "_red_days", missed)


def _soft_and_hard_swapped() -> AbstractContextManager[Any]:
    moments = CalendarDaysAfter.moments

    def swap(self: CalendarDaysAfter, start: Any, calendar: WorkCalendar) -> Moments:
        found = moments(self, start, calendar)
        return Moments(soft=found.hard, hard=found.soft) if found.hard is not None else found

    return swapped(CalendarDaysAfter, "moments", swap)


def _summer_hours_forgotten() -> AbstractContextManager[Any]:
    return swapped(OfficeHours, "close_on", lambda self, _day: self.close)


_ONLY = "not-the-oracles"  # there is one invariant here: the instant is the oracle's
RULE_PLANTS: Mapping[str, Plant] = {
    "workday-too-many": Plant(says="five working days become six", put=_one_workday_too_many, expects=_ONLY),
    "hour-lost": Plant(says="an hour lost when summer time begins", put=_hour_lost_with_summer_time, expects=_ONLY),
    "holiday-missed": Plant(says="a holiday counted as a working day", put=_holiday_missed, expects=_ONLY),
    "soft-hard-swapped": Plant(says="soft and hard time swapped", put=_soft_and_hard_swapped, expects=_ONLY),
    "summer-hours": Plant(says="summer closing forgotten", put=_summer_hours_forgotten, expects=_ONLY),
}
