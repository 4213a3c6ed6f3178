"""A Swedish working calendar and a Stockholm clock for 2024–2040, written apart so that the real ones can be checked.

Nothing here uses a holiday library, a time-zone database or the code under test: Easter is found from the moon of the
church calendar, the other days by walking the almanac one day at a time, and summer time from the rule of the law
(last Sunday of March to last Sunday of October, 01:00 UTC).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

FIRST_YEAR = 2024
LAST_YEAR = 2040

ONE_DAY = timedelta(days=1)
MONDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = 0, 3, 4, 5, 6
MINUTES_A_DAY = 24 * 60
# Any fixed day well before the first year works as the zero of the minute count.
EPOCH = date(2000, 1, 1)


def easter_sunday(year: int) -> date:
    """The first Sunday after the church's full moon; the constants hold for 1900–2199."""
    golden = year % 19
    moon_age = (19 * golden + 24) % 30
    if moon_age == 29 or (moon_age == 28 and golden > 10):
        moon_age -= 1
    day = date(year, 3, 21) + timedelta(days=moon_age)
    while True:
        day += ONE_DAY
        if day.weekday() == SUNDAY:
            return day


def _first_saturday_from(day: date) -> date:
    while day.weekday() != SATURDAY:
        day += ONE_DAY
    return day


def red_days_of(year: int) -> dict[date, str]:
    """The thirteen public holidays (lag 1989:253) by date, with their names."""
    named = {
        date(year, 1, 1): "nyårsdagen",
        date(year, 1, 6): "trettondedag jul",
        date(year, 5, 1): "första maj",
        date(year, 6, 6): "nationaldagen",
        date(year, 12, 25): "juldagen",
        date(year, 12, 26): "annandag jul",
        _first_saturday_from(date(year, 6, 20)): "midsommardagen",
        _first_saturday_from(date(year, 10, 31)): "alla helgons dag",
    }
    easter = easter_sunday(year)
    for days_after, name in (
        (-2, "långfredagen"),
        (0, "påskdagen"),
        (1, "annandag påsk"),
        (39, "Kristi himmelsfärdsdag"),
        (49, "pingstdagen"),
    ):
        named.setdefault(easter + timedelta(days=days_after), name)
    return named


def eves_of(year: int) -> dict[date, str]:
    """The three eves on which an office is closed although they are not red."""
    return {
        _first_saturday_from(date(year, 6, 20)) - ONE_DAY: "midsommarafton",
        date(year, 12, 24): "julafton",
        date(year, 12, 31): "nyårsafton",
    }


def _closed_days() -> frozenset[date]:
    found: set[date] = set()
    # One year of margin on each side: a deadline can start or end outside the range that is tested.
    for year in range(FIRST_YEAR - 1, LAST_YEAR + 3):
        found.update(red_days_of(year))
        found.update(eves_of(year))
    return frozenset(found)


CLOSED_DAYS = _closed_days()


def is_arbetsdag(day: date) -> bool:
    """Monday to Friday, neither red nor one of the three eves."""
    return day.weekday() < SATURDAY and day not in CLOSED_DAYS


def is_vardag_with_saturday(day: date) -> bool:
    """The reading in which Saturday counts; red days and eves stay closed."""
    return day.weekday() < SUNDAY and day not in CLOSED_DAYS


def arbetsdag_after(day: date, count: int = 1) -> date:
    """Walk forward until `count` working days have been met; `day` itself is never counted."""
    while count > 0:
        day += ONE_DAY
        if is_arbetsdag(day):
            count -= 1
    return day


def arbetsdag_before(day: date, count: int = 1) -> date:
    """Walk backward until `count` working days have been met; `day` itself is never counted."""
    while count > 0:
        day -= ONE_DAY
        if is_arbetsdag(day):
            count -= 1
    return day


def arbetsdag_at_latest(day: date) -> date:
    """`day` when it is a working day, else the nearest one before."""
    while not is_arbetsdag(day):
        day -= ONE_DAY
    return day


def months_later(day: date, months: int) -> date:
    """Same day number `months` later; the last day of that month when the number does not exist there."""
    year, month = day.year, day.month
    for _ in range(months):
        month += 1
        if month == 13:
            year, month = year + 1, 1
    for number in range(day.day, 27, -1):
        try:
            return date(year, month, number)
        except ValueError:
            continue
    return date(year, month, day.day)


def _last_sunday(year: int, month: int) -> date:
    day = date(year, month, 31)
    while day.weekday() != SUNDAY:
        day -= ONE_DAY
    return day


def spring_forward(year: int) -> date:
    """The Sunday whose hour 02–03 is missing."""
    return _last_sunday(year, 3)


def fall_back(year: int) -> date:
    """The Sunday whose hour 02–03 comes twice."""
    return _last_sunday(year, 10)


def _utc_minutes(day: date, minute: int) -> int:
    return (day - EPOCH).days * MINUTES_A_DAY + minute


@dataclass(frozen=True, order=True)
class Moment:
    """An instant, held as whole minutes of UTC since the zero day, so that comparing is comparing instants."""

    utc: int

    def _offset(self) -> int:
        year = (EPOCH + timedelta(days=self.utc // MINUTES_A_DAY)).year
        summer = _utc_minutes(spring_forward(year), 60) <= self.utc < _utc_minutes(fall_back(year), 60)
        return 120 if summer else 60

    @property
    def day(self) -> date:
        """The local date."""
        return EPOCH + timedelta(days=(self.utc + self._offset()) // MINUTES_A_DAY)

    @property
    def minute(self) -> int:
        """Minutes on the local clock since its midnight reading (02:30 is 150 also on the days the clock is moved)."""
        return (self.utc + self._offset()) % MINUTES_A_DAY

    @property
    def is_second_pass(self) -> bool:
        """Whether the local clock has already shown this time once today."""
        first_pass = Moment(self.utc - 60)
        return first_pass.day == self.day and first_pass.minute == self.minute

    def printed(self) -> str:
        """`YYYY-MM-DDTHH:MM`, with `fold=1` after it the second time a doubled hour is met."""
        text = f"{self.day.isoformat()}T{self.minute // 60:02d}:{self.minute % 60:02d}"
        return text + ("fold=1" if self.is_second_pass else "")


def local(day: date, minute: int) -> Moment:
    """The instant a Stockholm clock shows `minute` on `day`: the first of two, and past the gap when there is none."""
    base = _utc_minutes(day, minute)
    summer, winter = Moment(base - 120), Moment(base - 60)
    if (summer.day, summer.minute) == (day, minute):
        return summer
    # Winter time either shows the wanted reading, or (in the missing hour) lands as far past the gap as was asked.
    return winter
