"""Local time in Sweden and instants in UTC: the only place where the two are exchanged.

Deadlines in days are computed on local dates, deadlines in hours on instants. Input without an offset is local: in
the doubled hour of autumn it is the first pass (fold 0) unless marked, in the missing hour of spring it moves forward.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

STOCKHOLM = ZoneInfo("Europe/Stockholm")

# Printed 23:59; late is from the next midnight, one millisecond after.
END_OF_DAY = time(23, 59, 59, 999_000)
TICK = timedelta(milliseconds=1)


@dataclass(frozen=True, order=True)
class Month:
    """A calendar month, such as the month whose hours are claimed."""

    year: int
    month: int

    def __post_init__(self) -> None:
        """Raise ValueError when the month is not 1–12."""
        if not 1 <= self.month <= 12:
            raise ValueError(f"month must be 1–12, got {self.month}")

    @classmethod
    def of(cls, day: date) -> "Month":
        """The month a date lies in."""
        return cls(day.year, day.month)

    @property
    def index(self) -> int:
        """Months since year 0, for differences."""
        return self.year * 12 + self.month - 1

    def plus(self, months: int) -> "Month":
        """The month so many months later (earlier when negative)."""
        years, index = divmod(self.month - 1 + months, 12)
        return Month(self.year + years, index + 1)

    def day(self, number: int) -> date:
        """The date with this number in the month; raises ValueError when there is none."""
        return date(self.year, self.month, number)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"


def is_doubled(local: datetime) -> bool:
    """Whether a naive local time occurs twice (the last hour before summer time ends)."""
    first = local.replace(tzinfo=STOCKHOLM, fold=0).utcoffset()
    second = local.replace(tzinfo=STOCKHOLM, fold=1).utcoffset()
    return first is not None and second is not None and first > second


def to_utc(value: datetime) -> datetime:
    """The instant of a naive local time, or of any time with an offset."""
    if value.tzinfo is not None and value.tzinfo is not STOCKHOLM:
        return value.astimezone(UTC)
    local = value.replace(tzinfo=None)
    # fold 0 in the missing hour means the offset before the change, which is the same as moving forward.
    fold = 1 if local.fold and is_doubled(local) else 0
    return local.replace(tzinfo=STOCKHOLM, fold=fold).astimezone(UTC)


def to_local(instant: datetime) -> datetime:
    """Local time with its offset, and fold 1 in the second pass of the doubled hour."""
    return instant.astimezone(STOCKHOLM)


def at(day: date, clock: time) -> datetime:
    """The instant of a clock time on a local date."""
    return _second_pass(day, clock) if clock.fold else _first_pass(day, clock)


def _second_pass(day: date, clock: time) -> datetime:
    return to_utc(datetime.combine(day, clock.replace(tzinfo=None)))


# Every deadline of a day asks for the same few instants. Times that differ only in the pass are equal, hence the two.
_first_pass = lru_cache(maxsize=4_096)(_second_pass)


def end_of_day(day: date) -> datetime:
    """The last millisecond of a local date, as an instant."""
    return at(day, END_OF_DAY)


def add_months(day: date, months: int) -> date:
    """Same day number so many months later, or the month's last day where that number is missing."""
    first = Month.of(day).plus(months).day(1)
    last = Month.of(first).plus(1).day(1) - timedelta(days=1)
    return last if day.day > last.day else first.replace(day=day.day)
