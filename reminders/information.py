"""Facts around the rules that are not deadlines: second meeting days, legal counters, reviews."""

from dataclasses import dataclass
from datetime import date, timedelta

from reminders.localtime import Month, add_months
from reminders.profile import Profile, Review


@dataclass(frozen=True, kw_only=True)
class SecondDay:
    """Day two of an assistance meeting (`D23`); `warn` when the two are not working days next to each other."""

    day: date
    warn: bool


def second_meeting_day(first: date, profile: Profile) -> SecondDay:
    """The workday after day one (`D23`, Östhammar); raises `RuleNotInProfile` elsewhere."""
    profile.rule("second_meeting_day")
    day = profile.calendar.add_workdays(first, 1)
    apart = day != first + timedelta(days=1)
    return SecondDay(day=day, warn=apart or not profile.calendar.is_workday(first))


def not_started_limit(since: date) -> date:
    """Three months after the decision or the interruption (`D31`): what the law counts to, shown as information."""
    return add_months(since, 3)


def last_review(review: Review, today: date) -> date | None:
    """The latest review date up to today (`D30`), repeated as the profile says; None before the first."""
    if today < review.first or review.every_months is None:
        return review.first if today >= review.first else None
    rounds = (Month.of(today).index - Month.of(review.first).index) // review.every_months
    found = add_months(review.first, rounds * review.every_months)
    return found if found <= today else add_months(review.first, (rounds - 1) * review.every_months)
