"""A weekly series as a thread's answers say it: its pattern, and the weeks that are left out.

The names of the questions stand here, because both the flow that asks them and the record that brings the calendar to
them read the answers.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from cases.fields import codes_of
from cases.meeting import MeetingNow
from cases.thread import ThreadNow
from reminders.calendar import WorkCalendar
from reminders.localtime import to_local
from reminders.series import Because, Exceptions, Occurrence, Weekly, occurrences, week_of

FIRST = "first_meeting"  # the first one's start: it gives the weekday and the time of all
LAST = "last_day"
TEAM = "team_days"  # days with a team meeting: their weeks have none
OFF = "off_days"  # days in weeks that somebody has called off
OPENED = "opened_day"  # the last day of the pattern whose meeting has got a thread of its own
NEXT = "next_first"  # the first one of the series that comes after this one, where the time has been changed


def pattern_of(values: Mapping[str, Any], minutes: int) -> Weekly:
    """The pattern that these answers give."""
    first = to_local(datetime.fromisoformat(str(values[FIRST])))
    last = last_day_of(values)
    return Weekly(
        weekday=first.isoweekday(), at=first.time().replace(tzinfo=None), minutes=minutes, first=first.date(),
        last=last,
    )  # fmt: skip


def last_day_of(values: Mapping[str, Any]) -> date:
    """The last day there may be one: the day before another series takes over, if one does."""
    last = date.fromisoformat(str(values[LAST]))
    if not values.get(NEXT):
        return last
    return min(last, to_local(datetime.fromisoformat(str(values[NEXT]))).date() - timedelta(days=1))


def occurrences_of(values: Mapping[str, Any], minutes: int, calendar: WorkCalendar) -> list[Occurrence]:
    """Every week of the series, with those that are moved and those that are left out."""
    pattern = pattern_of(values, minutes)
    called_off = {week_of(day) for day in days_of(values.get(OFF))}
    known = Exceptions(
        team_weeks={week_of(day) for day in days_of(values.get(TEAM))},
        by_hand={day: None for day in pattern.days() if week_of(day) in called_off},
    )
    return occurrences(pattern, calendar, known)


def weeks_of(thread: ThreadNow, minutes: int, calendar: WorkCalendar) -> list[Occurrence]:
    """The same of a thread, with what somebody has moved or called off in the calendar itself."""
    return [_as_it_stands(one, thread.meetings) for one in occurrences_of(thread.values, minutes, calendar)]


def _as_it_stands(one: Occurrence, meetings: Mapping[str, MeetingNow]) -> Occurrence:
    row = meetings.get(one.day.isoformat())
    if row is None or one.starts is None:
        return one
    if not row.is_on:
        return replace(one, starts=None, ends=None, because=Because.CALLED_OFF)
    if row.starts_at == one.starts:
        return one
    return replace(one, starts=row.starts_at, ends=row.ends_at, because=Because.MOVED)


def opened_day(values: Mapping[str, Any]) -> date:
    """The day in the pattern up to which the weeks have threads of their own."""
    day = values.get(OPENED)
    return date.fromisoformat(str(day)) if day else date.min


def days_of(value: Any) -> list[date]:
    """The dates of a kept list of days, in order."""
    return sorted(date.fromisoformat(one) for one in codes_of(value))


def is_left_out(values: Mapping[str, Any], starts: datetime) -> bool:
    """Whether these answers leave out the meeting that starts at this instant (UTC): its week has a team meeting or
    has been called off, or the series has ended by then."""
    day = to_local(starts).date()
    weeks = {week_of(one) for one in (*days_of(values.get(TEAM)), *days_of(values.get(OFF)))}
    return week_of(day) in weeks or (bool(values.get(LAST)) and day > last_day_of(values))


def time_of(pattern: Weekly) -> time:
    """When it ends each time, on the local clock."""
    minutes = pattern.at.hour * 60 + pattern.at.minute + pattern.minutes
    return time(minutes // 60 % 24, minutes % 60)
