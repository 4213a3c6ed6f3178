"""Kinds of rule that count backward from an event: a handover, a meeting, a follow-up."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Literal

from reminders.calendar import WorkCalendar
from reminders.clock_time import CLOSE, Clock
from reminders.localtime import at, end_of_day, to_local
from reminders.rule_kinds import DAY, Kind, Moments, Start, refuse_closed_day


@dataclass(frozen=True, kw_only=True)
class WorkdaysBefore(Kind):
    """`n` days before the event's date, which is not counted (`D13`, `D17`, `D24`, `D25`).

    `unit` is the routine's own word. `hard` is the end of the counted day, the event's start, or the end of the date
    `hard_days` calendar days before. `meeting` refuses an event on a day that is not a workday.
    """

    n: int
    soft_at: Clock = CLOSE
    unit: Literal["arbetsdag", "vardag"] = "arbetsdag"
    hard: Literal["same_day", "start", "calendar_days"] = "same_day"
    hard_days: int = 0
    meeting: bool = False

    def moments(self, start: Start, calendar: WorkCalendar) -> Moments:
        if self.meeting:
            refuse_closed_day(start.day, calendar)
        if self.unit == "vardag":
            day = calendar.add_weekdays_local(start.day, -self.n)
        else:
            day = calendar.add_workdays(start.day, -self.n)
        hard = {
            "same_day": end_of_day(day),
            "start": start.instant,
            "calendar_days": end_of_day(start.day - DAY * self.hard_days),
        }[self.hard]
        return Moments(soft=self.soft_at.on(calendar.last_workday_on_or_before(day), calendar), hard=hard)


@dataclass(frozen=True, kw_only=True)
class HoursBefore(Kind):
    """`n` hours before the event, in hours and by the clock, whichever is earlier (`D14`).

    Soft is the latest instant up to the hard one when somebody reads: inside the window of a workday, or its end.
    """

    n: int
    window_opens: time
    window_until: time

    def moments(self, start: Start, calendar: WorkCalendar) -> Moments:
        hard = min(start.instant - timedelta(hours=self.n), self._by_the_clock(start))
        return Moments(soft=self._readable(hard, calendar), hard=hard)

    def _by_the_clock(self, start: Start) -> datetime:
        wall = datetime.combine(start.day, start.clock) - timedelta(hours=self.n)
        return at(wall.date(), wall.time())

    def _readable(self, limit: datetime, calendar: WorkCalendar) -> datetime:
        day = to_local(limit).date()
        if not calendar.is_workday(day) or limit < at(day, self.window_opens):
            return at(calendar.add_workdays(day, -1), self.window_until)
        return min(limit, at(day, self.window_until))
