"""What the oracle of the ladders counts with: a rung, and the times of day it falls on, in whole minutes (`Moment`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from calendar_oracle import ONE_DAY, Moment, arbetsdag_after, is_arbetsdag, local
from due_oracle import OPEN, at_close

NINE = 9 * 60


@dataclass(frozen=True)
class Rung:
    """`quiet` is left out when it lies before the deadline was armed; `removes` takes a draft away."""

    step: str
    at: Moment
    quiet: bool = False
    removes: bool = False


def nine(day: date) -> Moment:
    return local(day, NINE)


def seven(day: date) -> Moment:
    return local(day, OPEN)


def days_on(day: date, count: int) -> date:
    return day + count * ONE_DAY


def later(moment: Moment, minutes: int) -> Moment:
    return Moment(moment.utc + minutes)


def office_minutes(start: Moment, minutes: int) -> Moment:
    """Count the minutes from opening to closing of each working day, until so many have gone."""
    day, at = start.day, start
    while True:
        opens, closes = local(day, OPEN), at_close(day)
        at = max(at, opens)
        if is_arbetsdag(day) and at < closes:
            left = closes.utc - at.utc
            if minutes < left:
                return later(at, minutes)
            minutes -= left
        day += ONE_DAY
        at = local(day, OPEN)


def again(told: Moment) -> Moment:
    """When what is still open is said again: nine o'clock on the next working day."""
    return nine(arbetsdag_after(told.day))
