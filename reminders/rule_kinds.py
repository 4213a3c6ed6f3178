"""Kinds of rule that count forward from a start. A rule in a profile names a kind and fills in its numbers.

Each kind gives a soft instant (strictest sensible reading, drives reminders) and a hard one (only after it is
anything late), both UTC or None. Soft dates without a clock mean office close and move back to the last workday;
hard dates mean the end of the local day and never move, except `months_after` with `roll = "forward"` (`D15`).
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import ClassVar, Literal

from reminders.calendar import WorkCalendar
from reminders.clock_time import CLOSE, Clock
from reminders.errors import BadSince
from reminders.localtime import Month, add_months, at, end_of_day, to_local, to_utc

DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Start:
    """The start of a deadline: its instant (UTC), and its date, wall clock and month in Sweden."""

    instant: datetime
    day: date
    clock: time

    @property
    def month(self) -> Month:
        return Month.of(self.day)

    @classmethod
    def of(cls, since: datetime | date | Month) -> "Start":
        """Any accepted start: a date means 00:00 of it, a month 00:00 of its first day."""
        if isinstance(since, Month):
            since = since.day(1)
        if not isinstance(since, datetime):
            since = datetime.combine(since, time())
        instant = to_utc(since)
        local = to_local(instant)
        return cls(instant=instant, day=local.date(), clock=local.time().replace(fold=0))


@dataclass(frozen=True, kw_only=True)
class Moments:
    """Soft and hard instant of one deadline, UTC or None."""

    soft: datetime | None = None
    hard: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Kind(ABC):
    """What every kind shares: the numbers are the fields, and `moments` is pure."""

    takes_month: ClassVar[bool] = False
    by_day: ClassVar[bool] = False  # looks at nothing of its start but the day, and whether it is before `turns_at`

    def turns_at(self, calendar: WorkCalendar) -> time | None:
        """The clock time of a day from which a start counts otherwise than before, if there is one."""
        return None

    def alike(self, local: datetime, calendar: WorkCalendar) -> date | datetime:
        """One start that stands for all of its day that give the same instants as this one, which is local."""
        if not self.by_day:
            return local
        turn = self.turns_at(calendar)
        return local.date() if turn is None or local.time() < turn else datetime.combine(local.date(), turn)

    @abstractmethod
    def moments(self, start: Start, calendar: WorkCalendar) -> Moments:
        """The deadline's instants; raises `BadSince` where the rule refuses the start."""


@dataclass(frozen=True, kw_only=True)
class WorkdaysAfter(Kind):
    """`n` workdays after the start's date, which is day 0 at any hour (`D03`, `D09` omvårdnad, `D23`)."""

    by_day: ClassVar[bool] = True

    n: int
    soft_at: Clock = CLOSE
    hard: bool = True

    def moments(self, start: Start, calendar: WorkCalendar) -> Moments:
        day = calendar.add_workdays(start.day, self.n)
        return Moments(soft=self.soft_at.on(day, calendar), hard=end_of_day(day) if self.hard else None)


@dataclass(frozen=True, kw_only=True)
class CalendarDaysAfter(Kind):
    """`n` calendar days after the start's date; soft may have its own count (`D06`, `D09`, `D11`, `D21`, `D31`)."""

    n: int
    soft_n: int | None = None
    soft_at: Clock = CLOSE
    soft_rolls: bool = True
    soft_from_start: bool = False
    hard: bool = True

    def moments(self, start: Start, calendar: WorkCalendar) -> Moments:
        soft_day = start.day + DAY * (self.n if self.soft_n is None else self.soft_n)
        if self.soft_rolls:
            soft_day = calendar.last_workday_on_or_before(soft_day)
        soft = self.soft_at.on(soft_day, calendar)
        if self.soft_from_start:
            soft = max(soft, start.instant)
        return Moments(soft=soft, hard=end_of_day(start.day + DAY * self.n) if self.hard else None)


@dataclass(frozen=True, kw_only=True)
class MonthsAfter(Kind):
    """Same day number `n` months later; `forward` moves both times to the first workday after (`D15`, else `D16`)."""

    by_day: ClassVar[bool] = True

    n: int
    roll: Literal["none", "forward"] = "none"

    def moments(self, start: Start, calendar: WorkCalendar) -> Moments:
        day = add_months(start.day, self.n)
        if self.roll == "forward":
            day = calendar.first_workday_on_or_after(day)
        return Moments(soft=CLOSE.on(calendar.last_workday_on_or_before(day), calendar), hard=end_of_day(day))


@dataclass(frozen=True, kw_only=True)
class DayOfNextMonth(Kind):
    """A day number in the month after the start's month, inclusive (`D07`, `D19`).

    With `coming` it is the first such day at or after the start: what happened before an unknown day may count from
    the month before.
    """

    takes_month: ClassVar[bool] = True

    day: int
    hard: bool = True
    coming: bool = False

    def limit(self, start: Start) -> date:
        """The day itself, before anything rolls."""
        is_this_month = self.coming and start.day <= start.month.day(self.day)
        return (start.month if is_this_month else start.month.plus(1)).day(self.day)

    def moments(self, start: Start, calendar: WorkCalendar) -> Moments:
        day = self.limit(start)
        soft = CLOSE.on(calendar.last_workday_on_or_before(day), calendar)
        return Moments(soft=soft, hard=end_of_day(day) if self.hard else None)


@dataclass(frozen=True, kw_only=True)
class NthWeekdayOfNextMonth(Kind):
    """The `n`-th vardag of the month after: soft counts Saturdays, hard as the profile says (`D29`)."""

    takes_month: ClassVar[bool] = True

    n: int

    def moments(self, start: Start, calendar: WorkCalendar) -> Moments:
        first = start.month.plus(1).day(1)
        soft_day = calendar.last_workday_on_or_before(calendar.nth_weekday_of(first, self.n, saturday=True))
        return Moments(
            soft=CLOSE.on(soft_day, calendar),
            hard=end_of_day(calendar.nth_weekday_of(first, self.n)),
        )


@dataclass(frozen=True, kw_only=True)
class NthWorkday(Kind):
    """The `n`-th workday where the meeting's own day is number one (`D26`)."""

    n: int

    def moments(self, start: Start, calendar: WorkCalendar) -> Moments:
        refuse_closed_day(start.day, calendar)
        day = calendar.nth_workday(start.day, self.n)
        return Moments(soft=CLOSE.on(day, calendar), hard=end_of_day(day))


@dataclass(frozen=True, kw_only=True)
class ReadEveryWorkday(Kind):
    """Messages are read every workday: sent before `before` the same day, else the next workday (`D01`)."""

    by_day: ClassVar[bool] = True

    before: time

    def turns_at(self, calendar: WorkCalendar) -> time:
        return self.before

    def moments(self, start: Start, calendar: WorkCalendar) -> Moments:
        following = calendar.add_workdays(start.day, 1)
        same_day = calendar.is_workday(start.day) and start.clock < self.before
        return Moments(soft=CLOSE.on(start.day if same_day else following, calendar), hard=end_of_day(following))


@dataclass(frozen=True, kw_only=True)
class ReadingWindow(Kind):
    """The end of the next guaranteed reading window on a vardag; exactly at `until` has missed it (`D02`)."""

    opens: time
    until: time

    def moments(self, start: Start, calendar: WorkCalendar) -> Moments:
        today = calendar.is_weekday_local(start.day) and start.clock < self.until
        day = start.day if today else calendar.add_weekdays_local(start.day, 1)
        return Moments(soft=at(day, self.until))


@dataclass(frozen=True, kw_only=True)
class NextWeekday(Kind):
    """`n` vardagar after; a need noticed before opening belongs, softly, to the evening before (`D10`)."""

    by_day: ClassVar[bool] = True

    n: int = 1

    def turns_at(self, calendar: WorkCalendar) -> time:
        return calendar.office.open

    def moments(self, start: Start, calendar: WorkCalendar) -> Moments:
        on_call_day = start.day - DAY if start.clock < calendar.office.open else start.day
        soft_day = calendar.last_workday_on_or_before(calendar.add_weekdays_local(on_call_day, self.n))
        return Moments(
            soft=CLOSE.on(soft_day, calendar),
            hard=end_of_day(calendar.add_weekdays_local(start.day, self.n)),
        )


@dataclass(frozen=True, kw_only=True)
class OnCallMandate(Kind):
    """The first `until` on a vardag strictly after a grant in on-call hours; soft at that day's opening (`D12`)."""

    until: time

    def moments(self, start: Start, calendar: WorkCalendar) -> Moments:
        if not calendar.is_on_call_hours(start.instant):
            raise BadSince(
                "Jourens beslut gäller bara under jourtid; den här tiden är kontoret öppet. Ring biståndshandläggaren."
            )
        same_day = calendar.is_weekday_local(start.day) and at(start.day, self.until) > start.instant
        day = start.day if same_day else calendar.add_weekdays_local(start.day, 1)
        return Moments(soft=calendar.opening(day), hard=at(day, self.until))


@dataclass(frozen=True, kw_only=True)
class MinutesAfter(Kind):
    """Plain minutes after the start, at any hour of the week."""

    soft_minutes: int
    hard_minutes: int | None = None

    def moments(self, start: Start, calendar: WorkCalendar) -> Moments:
        hard = None if self.hard_minutes is None else start.instant + timedelta(minutes=self.hard_minutes)
        return Moments(soft=start.instant + timedelta(minutes=self.soft_minutes), hard=hard)


@dataclass(frozen=True, kw_only=True)
class OfficeMinutesAfter(Kind):
    """Minutes after the start, counting only those when the office is open; never a hard limit."""

    soft_minutes: int

    def moments(self, start: Start, calendar: WorkCalendar) -> Moments:
        return Moments(soft=calendar.add_office_minutes(start.instant, self.soft_minutes))


def refuse_closed_day(day: date, calendar: WorkCalendar) -> None:
    """Raise `BadSince` for a meeting on a day that is not a workday (`D24`–`D26`)."""
    if not calendar.is_workday(day):
        raise BadSince(f"Mötet ligger på {day}, som inte är en arbetsdag. Välj en arbetsdag.")
