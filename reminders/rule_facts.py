"""Rules without an instant: their numbers only. What they answer stands in `reminders.predicates`."""

from dataclasses import dataclass
from datetime import time


@dataclass(frozen=True, kw_only=True)
class Fact:
    """A rule that is a question, a route or a proposal; `due` refuses it."""


@dataclass(frozen=True, kw_only=True)
class PhoneToo(Fact):
    """`D04`: from `after` on, an urgent assignment needs a call too; before, one if unread at `unread_at`."""

    after: time
    unread_at: time


@dataclass(frozen=True, kw_only=True)
class WhomToPhone(Fact):
    """`D05`: the unit in office hours, the on-call supervisor otherwise. The hours are the profile's `[office]`."""


@dataclass(frozen=True, kw_only=True)
class MonthlyDeviation(Fact):
    """`D22`: more than `percent` in `needed` of the last `window` months, in the same direction."""

    percent: int
    needed: int
    window: int


@dataclass(frozen=True, kw_only=True)
class DigitalMonths(Fact):
    """`D27`: meetings from `first_month` to `last_month`, inclusive, are digital."""

    first_month: int
    last_month: int


@dataclass(frozen=True, kw_only=True)
class WeeklySupervision(Fact):
    """`D28`: supervision once a week, so many minutes; the weekday (1 = Monday) and clock are a proposal."""

    minutes: int
    weekday: int
    at: time
