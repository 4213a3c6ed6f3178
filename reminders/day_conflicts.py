"""What speaks against a meeting's day and hours, known before anybody is invited. Pure: the calendar and nothing else.

A conflict is shown, never decided: whoever convenes may know that the day is right all the same.
"""

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from functools import cache

import holidays

from reminders.calendar import DAY, WorkCalendar
from reminders.errors import RuleNotInProfile
from reminders.localtime import at, to_local
from reminders.predicates import meeting_is_digital
from reminders.profile import Profile

SQUEEZED = 2  # at most so many workdays between closed ones are a klämdag or two


class Against(StrEnum):
    """What speaks against a time."""

    CLOSED = "closed"  # no workday: nobody is at work
    SQUEEZED = "squeezed"  # klämdag: many are off
    SHORT = "short"  # the office closes before the meeting ends, earlier than it does on other days
    OUTSIDE = "outside"  # before the office opens or after it closes
    ON_SITE = "on_site"  # on site in months when meetings are digital (D27)


@dataclass(frozen=True, kw_only=True)
class DayConflict:
    """`named` is the closed day's own name, «långfredagen», or empty; `clock` when the office opens or closes."""

    against: Against
    day: date
    named: str = ""
    clock: time | None = None


def day_conflicts(
    starts: datetime, ends: datetime, profile: Profile, *, on_site: bool = False
) -> tuple[DayConflict, ...]:
    """Everything that speaks against a meeting from `starts` to `ends` (UTC instants), the worst first."""
    calendar, day = profile.calendar, to_local(starts).date()
    found: list[DayConflict] = []
    if not calendar.is_workday(day):
        found.append(DayConflict(against=Against.CLOSED, day=day, named=day_name(day)))
    else:
        found += _hours(starts, ends, day, calendar)
        if is_squeezed(day, calendar):
            found.append(DayConflict(against=Against.SQUEEZED, day=day))
    if on_site and is_digital_month(day, profile):
        found.append(DayConflict(against=Against.ON_SITE, day=day))
    return tuple(found)


def is_squeezed(day: date, calendar: WorkCalendar) -> bool:
    """Klämdag: one or two workdays between days that are closed, such as the Friday after Kristi himmelsfärds dag."""
    if not calendar.is_workday(day):
        return False
    first, last = day, day
    while calendar.is_workday(first - DAY) and (last - first).days < SQUEEZED:
        first -= DAY
    while calendar.is_workday(last + DAY) and (last - first).days < SQUEEZED:
        last += DAY
    return (last - first).days < SQUEEZED


def is_digital_month(day: date, profile: Profile) -> bool:
    """Whether the routine holds its meetings digitally on this day (`D27`); never where it has no such months."""
    try:
        return meeting_is_digital(day, profile)
    except RuleNotInProfile:
        return False


def day_name(day: date) -> str:
    """What a red day or an eve is called, in small letters; empty for an ordinary Saturday or Sunday."""
    return _names(day.year).get(day, "")


@cache
def _names(year: int) -> dict[date, str]:
    found = holidays.country_holidays("SE", years=year, categories=(holidays.PUBLIC, holidays.DE_FACTO), language="sv")
    names = {day: name.split(";")[0].strip() for day, name in found.items()}
    return {day: name if name.startswith("Kristi") else name[:1].lower() + name[1:] for day, name in names.items()}


def _hours(starts: datetime, ends: datetime, day: date, calendar: WorkCalendar) -> list[DayConflict]:
    opens, closes = calendar.office.open, calendar.office.close_on(day)
    short = calendar.short_days.get(day)
    if short is not None and ends > at(day, short):
        return [DayConflict(against=Against.SHORT, day=day, clock=short)]
    if starts < at(day, opens):
        return [DayConflict(against=Against.OUTSIDE, day=day, clock=opens)]
    if ends > at(day, closes):
        return [DayConflict(against=Against.OUTSIDE, day=day, clock=closes)]
    return []
