"""Rules that answer with a yes, a route, a day or a proposal instead of an instant: `D04`, `D05`, `D22`, `D27`, `D28`.

Each raises `RuleNotInProfile` where the municipality's routine lacks the rule.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from reminders import rule_facts as facts
from reminders.errors import RuleNotInProfile
from reminders.localtime import Month, at, to_local, to_utc
from reminders.profile import Profile
from reminders.series import move_within_week

F = TypeVar("F", bound=facts.Fact)


class Route(StrEnum):
    """Whom the assessor phones about an urgent assignment (`D05`)."""

    UNIT = "unit"
    ON_CALL_SUPERVISOR = "on_call_supervisor"


@dataclass(frozen=True, kw_only=True)
class PhoneDuty:
    """`D04`: whether a call is required too; if not, the instant (UTC) to ask for one should it still be unread."""

    required: bool
    ask_if_unread_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class MonthHours:
    """Ordered and performed time of one month, both in minutes or both in hours; never floats."""

    month: Month
    ordered: Decimal | int
    performed: Decimal | int


@dataclass(frozen=True, kw_only=True)
class DeviationReview:
    """`D22`: whether to suggest a follow-up (never created by itself), and months where nothing was ordered."""

    suggest: bool
    nothing_ordered: tuple[Month, ...]


def phone_too(sent_at: datetime, execute_on: date, profile: Profile) -> PhoneDuty:
    """Whether an urgent assignment must be phoned as well (`D04`, Norrköping 1.2). Exactly 14:00 counts as after."""
    rule = _fact(profile, "phone_too", facts.PhoneToo)
    local = to_local(to_utc(sent_at))
    day = local.date()
    if execute_on > profile.calendar.add_workdays(day, 1):
        return PhoneDuty(required=False, ask_if_unread_at=None)
    if not profile.calendar.is_workday(day) or local.time() >= rule.after:
        return PhoneDuty(required=True, ask_if_unread_at=None)
    return PhoneDuty(required=False, ask_if_unread_at=at(day, rule.unread_at))


def whom_to_phone(now: datetime, profile: Profile) -> Route:
    """The unit's own people in office hours, else the on-call supervisor (`D05`, Norrköping 1.2)."""
    _fact(profile, "whom_to_phone", facts.WhomToPhone)
    return Route.UNIT if profile.calendar.is_office_hours(to_utc(now)) else Route.ON_CALL_SUPERVISOR


def deviation_direction(hours: MonthHours, profile: Profile) -> int:
    """1 or -1 where performed time lies more than the rule's percent over or under, else 0 (`D22`).

    Raises TypeError for floats and ZeroDivisionError where nothing was ordered.
    """
    rule = _fact(profile, "monthly_deviation", facts.MonthlyDeviation)
    if isinstance(hours.ordered, float) or isinstance(hours.performed, float):
        raise TypeError("time must be whole minutes or Decimal hours")
    if hours.ordered == 0:
        raise ZeroDivisionError("nothing was ordered")
    difference = Decimal(hours.performed) - Decimal(hours.ordered)
    if abs(difference) * 100 <= Decimal(hours.ordered) * rule.percent:
        return 0
    return 1 if difference > 0 else -1


def review_deviations(months: Sequence[MonthHours], profile: Profile) -> DeviationReview:
    """Whether enough of the last months deviate in one direction (`D22`); the latest month given ends the window."""
    rule = _fact(profile, "monthly_deviation", facts.MonthlyDeviation)
    empty = tuple(one.month for one in months if one.ordered == 0)
    if not months:
        return DeviationReview(suggest=False, nothing_ordered=())
    first = max(one.month for one in months).plus(1 - rule.window)
    seen = [deviation_direction(one, profile) for one in months if one.month >= first and one.ordered != 0]
    return DeviationReview(suggest=max(seen.count(1), seen.count(-1)) >= rule.needed, nothing_ordered=empty)


def meeting_is_digital(day: date, profile: Profile) -> bool:
    """Whether a meeting on this date is digital (`D27`, Östhammar); decided day by day."""
    rule = _fact(profile, "digital_months", facts.DigitalMonths)
    return rule.first_month <= day.month <= rule.last_month


def supervision_day(planned: date, profile: Profile, *, team_meeting_week: bool = False) -> date | None:
    """The day to propose for the week's supervision (`D28`, Katrineholm): the planned one if it is a workday, else
    the nearest before in the same ISO week, else the nearest after. None in a team meeting week or a closed week.
    """
    _fact(profile, "weekly_supervision", facts.WeeklySupervision)
    return None if team_meeting_week else move_within_week(planned, profile.calendar)


def planned_supervision(week_of: date, profile: Profile) -> datetime:
    """The proposed slot in the ISO week of a date, as an instant; closed days are not considered yet (`D28`)."""
    rule = _fact(profile, "weekly_supervision", facts.WeeklySupervision)
    return at(week_of + timedelta(days=rule.weekday - week_of.isoweekday()), rule.at)


def _fact(profile: Profile, name: str, kind: type[F]) -> F:
    rule = profile.rule(name)
    if not isinstance(rule.kind, kind):
        raise RuleNotInProfile(f"Regeln {name} i rutinen för {profile.title} är av en annan sort.")
    return rule.kind
