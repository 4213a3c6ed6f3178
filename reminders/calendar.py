"""The working calendar of one profile: working days, office hours and on-call hours.

*arbetsdag* (`workday`): Monday to Friday, not a public holiday, not midsommarafton, julafton or nyårsafton.
*vardag* (`weekday_local`): the same set, plus Saturdays where the profile says so. A profile's `extra_closed_days`
are neither. Exclusive counting (`add_workdays`) and inclusive counting (`nth_workday`) are two functions on purpose.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache

import holidays

from reminders.localtime import at, to_local

DAY = timedelta(days=1)
SATURDAY, SUNDAY = 5, 6
_PROPER = "Kristi"  # the one name of a holiday that begins with a name


@cache
def _red_days(year: int) -> frozenset[date]:
    """Public holidays and the three eves of a year; Saturdays and ordinary Sundays are not in the set."""
    return frozenset(_named_days(year))


@cache
def _named_days(year: int) -> Mapping[date, str]:
    found = holidays.country_holidays("SE", years=year, categories=(holidays.PUBLIC, holidays.DE_FACTO), language="sv")
    return dict(found)


@dataclass(frozen=True, kw_only=True)
class OfficeHours:
    """Local opening and closing; `close_summer` holds in `summer_months` (1–12), which has nothing to do with DST."""

    open: time = time(7)
    close: time = time(17)
    close_summer: time = time(16)
    summer_months: frozenset[int] = frozenset({6, 7, 8})

    def close_on(self, day: date) -> time:
        """The closing time of the season."""
        return self.close_summer if day.month in self.summer_months else self.close


@dataclass(frozen=True, kw_only=True)
class WorkCalendar:
    """Working days and hours. Opening is inclusive, closing exclusive; instants are UTC, dates local."""

    office: OfficeHours = OfficeHours()
    saturday_is_vardag: bool = False
    extra_closed_days: frozenset[date] = frozenset()
    short_days: Mapping[date, time] = field(default_factory=dict)
    _workdays: dict[date, bool] = field(default_factory=dict, repr=False, compare=False)
    _office_days: dict[date, tuple[datetime, datetime]] = field(default_factory=dict, repr=False, compare=False)
    _latest: list[tuple[datetime, datetime]] = field(default_factory=list, repr=False, compare=False)

    # Days

    def is_workday(self, day: date) -> bool:
        """Arbetsdag; never a Saturday."""
        known = self._workdays.get(day)
        if known is None:
            known = self._workdays[day] = day.weekday() < SATURDAY and self._is_open_date(day)
        return known

    def is_weekday_local(self, day: date) -> bool:
        """Vardag: arbetsdag, and Saturday where the profile counts it."""
        return self.is_workday(day) or (self.saturday_is_vardag and self.is_weekday_with_saturday(day))

    def is_weekday_with_saturday(self, day: date) -> bool:
        """Vardag read so that Saturday counts, whatever the profile says (the soft reading of `D29`)."""
        return day.weekday() != SUNDAY and self._is_open_date(day)

    def why_closed(self, day: date) -> str:
        """Why a day is no workday, in Swedish, such as «långfredagen», «lördag» or «stängt enligt kommunens kalender»;
        nothing for one that is."""
        if self.is_workday(day):
            return ""
        name = _named_days(day.year).get(day)
        if name is not None:
            return name if name.startswith(_PROPER) else name[0].lower() + name[1:]
        if day.weekday() >= SATURDAY:
            return "lördag" if day.weekday() == SATURDAY else "söndag"
        return "stängt enligt kommunens kalender"

    def _is_open_date(self, day: date) -> bool:
        return day not in _red_days(day.year) and day not in self.extra_closed_days

    def add_workdays(self, day: date, count: int) -> date:
        """The workday so many workdays after `day`, which itself is day 0 (exclusive); before it when negative."""
        return _step(day, count, self.is_workday)

    def add_weekdays_local(self, day: date, count: int) -> date:
        """As `add_workdays`, counting vardagar."""
        return _step(day, count, self.is_weekday_local)

    def nth_workday(self, day: date, count: int) -> date:
        """The `count`-th workday where `day` itself is number one if it is a workday (inclusive)."""
        return _step(day - DAY, count, self.is_workday)

    def nth_weekday_of(self, first: date, count: int, *, saturday: bool | None = None) -> date:
        """The `count`-th vardag from `first`, inclusive; `saturday` overrides the profile's switch."""
        counts = self.is_weekday_local
        if saturday is not None:
            counts = self.is_weekday_with_saturday if saturday else self.is_workday
        return _step(first - DAY, count, counts)

    def last_workday_on_or_before(self, day: date) -> date:
        """`day` if it is a workday, else the nearest workday before it."""
        return day if self.is_workday(day) else self.add_workdays(day, -1)

    def first_workday_on_or_after(self, day: date) -> date:
        """`day` if it is a workday, else the nearest workday after it."""
        return day if self.is_workday(day) else self.add_workdays(day, 1)

    # Hours

    def opening(self, day: date) -> datetime:
        """The office's opening on a date (also a closed one)."""
        return at(day, self.office.open)

    def closing(self, day: date) -> datetime:
        """The season's closing, untouched by short days: the hours of `D05` and of on-call time."""
        return at(day, self.office.close_on(day))

    def soft_closing(self, day: date) -> datetime:
        """The closing that soft times use: a short day closes early."""
        return at(day, self.short_days.get(day, self.office.close_on(day)))

    def is_office_hours(self, instant: datetime) -> bool:
        """Whether the office is open: 07:00 is, 17:00 is not."""
        local = to_local(instant)
        day = local.date()
        return self.is_workday(day) and self.office.open <= local.time() < self.office.close_on(day)

    def is_on_call_hours(self, instant: datetime) -> bool:
        """Jourtid: from office close until opening, and all of every day that is not a workday."""
        return not self.is_office_hours(instant)

    def next_office_opening(self, instant: datetime) -> datetime:
        """The first opening at or after the instant."""
        day = self.first_workday_on_or_after(to_local(instant).date())
        opening = self.opening(day)
        return opening if opening >= instant else self.opening(self.add_workdays(day, 1))

    def add_office_minutes(self, instant: datetime, minutes: int) -> datetime:
        """The instant when the office has been open so many minutes more; short days count as short."""
        left = timedelta(minutes=minutes)
        if self.is_open_for(instant, left):
            return instant + left
        opening, closing = self._office_day(day := self.first_workday_on_or_after(to_local(instant).date()))
        start = max(instant, opening)
        while closing - start <= left or start >= closing:
            left -= max(closing - start, timedelta())
            day = self.add_workdays(day, 1)
            start, closing = self._office_day(day)
        return start + left

    def is_open_for(self, instant: datetime, long: timedelta) -> bool:
        """Whether the office is open from the instant until after so long a time; short days close early."""
        for opening, closing in self._latest:  # mostly it is the day that was last asked for
            if opening <= instant < closing:
                return long >= timedelta() and instant + long < closing
        day = to_local(instant).date()
        if not self.is_workday(day):
            return False
        self._latest[:] = [self._office_day(day)]
        opening, closing = self._office_day(day)
        return opening <= instant and long >= timedelta() and instant + long < closing

    def _office_day(self, day: date) -> tuple[datetime, datetime]:
        """When a day's office opens and, short days counted, closes."""
        known = self._office_days.get(day)
        if known is None:
            known = self._office_days[day] = self.opening(day), self.soft_closing(day)
        return known


def _step(day: date, count: int, counts: Callable[[date], bool]) -> date:
    """Walk from `day` until `count` days that count are passed; zero stays where it is."""
    way = DAY if count > 0 else -DAY
    for _ in range(abs(count)):
        day += way
        while not counts(day):
            day += way
    return day
