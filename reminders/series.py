"""A weekly series with its exceptions: which day each week's meeting falls on, and which weeks have none (`D28`).

The routine says once a week and names no holidays. A meeting whose day is closed is therefore moved to another working
day of the same ISO week (own default): the nearest before, else the nearest after. Some weeks have none: those of a
team meeting (Katrineholm, Ersättning vid handledning), and those without any working day. What people have moved or
called off by hand goes before the calendar, but nothing is held in the week of a team meeting. Everything is pure:
dates are local, instants UTC.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from reminders.calendar import WorkCalendar
from reminders.localtime import at, to_local

Week = tuple[int, int]  # ISO year and week
_DAY, _WEEK = timedelta(days=1), timedelta(days=7)


class Because(StrEnum):
    """Why an occurrence is not as the pattern has it."""

    HOLIDAY = "holiday"  # its day is closed: moved within the week
    TEAM_MEETING = "team_meeting"
    CLOSED_WEEK = "closed_week"  # the week has no working day
    MOVED = "moved"  # by somebody
    CALLED_OFF = "called_off"  # by somebody


@dataclass(frozen=True, kw_only=True)
class Weekly:
    """The pattern: every `weekday` (1 is Monday) at a local time, so many minutes, from `first` to `last` inclusive.

    Raises ValueError for a weekday that is none, or no minutes.
    """

    weekday: int
    at: time
    minutes: int
    first: date
    last: date

    def __post_init__(self) -> None:
        if not 1 <= self.weekday <= 7 or self.minutes <= 0:
            raise ValueError("a weekday is 1 to 7, and a meeting takes some minutes")

    def days(self) -> Iterator[date]:
        """The dates of the pattern, whatever days they are."""
        day = self.first + _DAY * ((self.weekday - self.first.isoweekday()) % 7)
        while day <= self.last:
            yield day
            day += _WEEK


@dataclass(frozen=True, kw_only=True)
class Exceptions:
    """What is known beside the pattern and the calendar.

    `team_weeks` have a team meeting. `by_hand` are occurrences that somebody has given another start (UTC), or none,
    by the date that the pattern has for them.
    """

    team_weeks: Collection[Week] = frozenset()
    by_hand: Mapping[date, datetime | None] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Occurrence:
    """One week's meeting: `day` is the pattern's date and stands for it whatever becomes of it. No `starts`: none."""

    day: date
    original: datetime
    starts: datetime | None
    ends: datetime | None
    because: Because | None

    @property
    def week(self) -> Week:
        return week_of(self.day)

    @property
    def differs(self) -> bool:
        """Whether a calendar that only knows the pattern would have it wrong."""
        return self.starts != self.original

    @property
    def held_on(self) -> date | None:
        """The local date of the meeting, which decides the month of its hours."""
        return to_local(self.starts).date() if self.starts else None


def week_of(day: date) -> Week:
    """The ISO week of a date. 2026 has 53: Thursday 31 December is in the last, and so is Sunday 3 January 2027."""
    year, week, _ = day.isocalendar()
    return year, week


def occurrences(pattern: Weekly, calendar: WorkCalendar, exceptions: Exceptions | None = None) -> list[Occurrence]:
    """Every week's occurrence in order of the pattern, moved and skipped ones among them."""
    known = exceptions or Exceptions()
    return [_occurrence(day, pattern, calendar, known) for day in pattern.days()]


def move_within_week(
    day: date, calendar: WorkCalendar, *, first: date = date.min, last: date = date.max
) -> date | None:
    """`day` if it is a workday, else the nearest workday before it in its ISO week, else the nearest after (`D28`).

    No earlier than `first` and no later than `last`; None where the week has no such day.
    """
    monday = day - _DAY * day.weekday()
    week = (monday + _DAY * number for number in range(7))
    open_days = [one for one in week if first <= one <= last and calendar.is_workday(one)]
    before = [one for one in open_days if one <= day]
    return before[-1] if before else next(iter(open_days), None)


def ends_after_closing(occurrence: Occurrence, calendar: WorkCalendar) -> bool:
    """Whether the office has closed before the meeting is over, as it does on a short day."""
    if occurrence.starts is None or occurrence.ends is None:
        return False
    return occurrence.ends > calendar.soft_closing(to_local(occurrence.starts).date())


def _occurrence(day: date, pattern: Weekly, calendar: WorkCalendar, known: Exceptions) -> Occurrence:
    original = at(day, pattern.at)
    starts, because = _start(day, original, pattern, calendar, known)
    ends = starts + timedelta(minutes=pattern.minutes) if starts else None
    return Occurrence(day=day, original=original, starts=starts, ends=ends, because=because)


def _start(
    day: date, original: datetime, pattern: Weekly, calendar: WorkCalendar, known: Exceptions
) -> tuple[datetime | None, Because | None]:
    if day in known.by_hand:
        chosen = known.by_hand[day]
        if chosen is None:
            return None, Because.CALLED_OFF
        if week_of(to_local(chosen).date()) in known.team_weeks:
            return None, Because.TEAM_MEETING
        return chosen, Because.MOVED if chosen != original else None
    if week_of(day) in known.team_weeks:
        return None, Because.TEAM_MEETING
    moved = move_within_week(day, calendar, first=pattern.first, last=pattern.last)
    if moved is None:
        return None, Because.CLOSED_WEEK
    return at(moved, pattern.at), Because.HOLIDAY if moved != day else None
