"""The deadlines that are instants, worked out a second time and in another way, for the four profiles as delivered.

Each rule walks the calendar day by day from plain constants; there is no table of rule kinds and no configuration.
`oracle` answers what the batch command should print for one line.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from calendar_oracle import (
    ONE_DAY,
    Moment,
    arbetsdag_after,
    arbetsdag_at_latest,
    arbetsdag_before,
    is_arbetsdag,
    is_vardag_with_saturday,
    local,
    months_later,
)
from since_oracle import Refused, start_of

OPEN, WINDOW_OPEN, NOON, WINDOW_CLOSE, LAST_MINUTE = 7 * 60, 9 * 60, 12 * 60, 14 * 60, 23 * 60 + 59
Answer = tuple[Moment | None, Moment | None]


@dataclass(frozen=True)
class Error:
    """The line has no answer; `reason` says why, for whoever reads a failing test."""

    reason: str


def closing_minute(day: date) -> int:
    """16:00 in June, July and August, else 17:00."""
    return (16 if day.month in (6, 7, 8) else 17) * 60


def at_close(day: date) -> Moment:
    return local(day, closing_minute(day))


def at_end(day: date) -> Moment:
    return local(day, LAST_MINUTE)


def close_at_latest(day: date) -> Moment:
    """Office close on `day`, or on the last working day before it."""
    return at_close(arbetsdag_at_latest(day))


def d01(sent: Moment) -> Answer:
    can_be_read_today = is_arbetsdag(sent.day) and sent.minute < WINDOW_CLOSE
    read_on = sent.day if can_be_read_today else arbetsdag_after(sent.day)
    return at_close(read_on), at_end(arbetsdag_after(sent.day))


def d02(sent: Moment) -> Answer:
    day = sent.day
    while not is_arbetsdag(day) or local(day, WINDOW_CLOSE) <= sent:
        day += ONE_DAY
    return local(day, WINDOW_CLOSE), None


def d03(sent: Moment) -> Answer:
    fifth = arbetsdag_after(sent.day, 5)
    return at_close(fifth), at_end(fifth)


def d06(in_effect: Moment) -> Answer:
    return _calendar_days(in_effect, 21)


def _calendar_days(start: Moment, days: int) -> Answer:
    target = start.day
    for _ in range(days):
        target += ONE_DAY
    return close_at_latest(target), at_end(target)


def _in_next_month(inside: Moment, number: int) -> date:
    day = inside.day
    while day.month == inside.day.month:
        day += ONE_DAY
    while day.day < number:
        day += ONE_DAY
    return day


def d07(effective: Moment) -> Answer:
    fourth = _in_next_month(effective, 4)
    return close_at_latest(fourth), at_end(fourth)


def d07_correction(effective: Moment) -> Answer:
    third = _in_next_month(effective, 3)
    return close_at_latest(third), at_end(third)


def d08(known: Moment) -> Answer:
    return at_end(known.day), None


def d09(ordered: Moment) -> Answer:
    two_weeks, four_weeks = ordered.day + timedelta(weeks=2), ordered.day + timedelta(weeks=4)
    return close_at_latest(two_weeks), at_end(four_weeks)


def d10(noticed: Moment) -> Answer:
    jour_day = noticed.day - ONE_DAY if noticed.minute < OPEN else noticed.day
    return at_close(arbetsdag_after(jour_day)), at_end(arbetsdag_after(noticed.day))


def d11(first_help: Moment) -> Answer:
    fourth_day, number = first_help.day, 1
    while number < 4:
        fourth_day += ONE_DAY
        number += 1
    return local(fourth_day, NOON), at_end(fourth_day)


def d12(granted: Moment) -> Answer:
    office_is_open = is_arbetsdag(granted.day) and OPEN <= granted.minute < closing_minute(granted.day)
    if office_is_open:
        raise Refused("granted in office hours")
    day = granted.day
    while not is_arbetsdag(day) or local(day, NOON) <= granted:
        day += ONE_DAY
    return local(day, OPEN), local(day, NOON)


def d13(handover: Moment) -> Answer:
    day = arbetsdag_before(handover.day, 2)
    return local(day, WINDOW_CLOSE), at_end(day)


def d14(handover: Moment) -> Answer:
    same_clock_the_day_before = local(handover.day - ONE_DAY, handover.minute)
    full_day_before = Moment(handover.utc - 24 * 60)
    hard = min(same_clock_the_day_before, full_day_before)
    day = hard.day
    while not is_arbetsdag(day) or local(day, WINDOW_OPEN) > hard:
        day -= ONE_DAY
    return min(local(day, WINDOW_CLOSE), hard), hard


def d15(in_effect: Moment) -> Answer:
    day = months_later(in_effect.day, 2)
    while not is_arbetsdag(day):
        day += ONE_DAY
    return at_close(day), at_end(day)


def d16(last_follow_up: Moment) -> Answer:
    day = months_later(last_follow_up.day, 12)
    return close_at_latest(day), at_end(day)


def d17(follow_up: Moment) -> Answer:
    return local(arbetsdag_before(follow_up.day), WINDOW_CLOSE), follow_up


def d21(ordered: Moment) -> Answer:
    return _calendar_days(ordered, 15)


def _meeting_day(meeting: Moment) -> date:
    if not is_arbetsdag(meeting.day):
        raise Refused("the meeting is not on a working day")
    return meeting.day


def d23(meeting: Moment) -> Answer:
    # The rules for the list, the reply and the adjustment refuse a meeting on a closed day; this one only warns.
    second = arbetsdag_after(meeting.day)
    return at_close(second), at_end(second)


def d24(meeting: Moment) -> Answer:
    day = arbetsdag_before(_meeting_day(meeting), 4)
    return local(day, WINDOW_CLOSE), at_end(day)


def d25(meeting: Moment) -> Answer:
    day = _meeting_day(meeting)
    return local(arbetsdag_before(day, 2), WINDOW_CLOSE), at_end(day - ONE_DAY - ONE_DAY)


def d26(meeting: Moment) -> Answer:
    day, number = _meeting_day(meeting), 1
    while number < 10:
        day += ONE_DAY
        if is_arbetsdag(day):
            number += 1
    return at_close(day), at_end(day)


def d29(worked: Moment) -> Answer:
    def third(counts: Callable[[date], bool]) -> date:
        day, met = _in_next_month(worked, 1), 0
        while True:
            met += counts(day)
            if met == 3:
                return day
            day += ONE_DAY

    return close_at_latest(third(is_vardag_with_saturday)), at_end(third(is_arbetsdag))


def d31(decided: Moment) -> Answer:
    day = decided.day
    for _ in range(56):
        day += ONE_DAY
    return local(arbetsdag_at_latest(day), 9 * 60), None


NORRKOPING, OSTHAMMAR, STOCKHOLM, KATRINEHOLM = "norrkoping", "osthammar", "stockholm", "katrineholm"
EVERYWHERE = (NORRKOPING, OSTHAMMAR, STOCKHOLM, KATRINEHOLM)

# Alias, name, the profiles that have the rule, and its own walk through the calendar.
RULES: tuple[tuple[str, str, tuple[str, ...], Callable[[Moment], Answer]], ...] = (
    ("D01", "message_read", (NORRKOPING,), d01),
    ("D02", "mailbox_window", (NORRKOPING,), d02),
    ("D03", "feedback", (NORRKOPING,), d03),
    ("D06", "care_plan", (NORRKOPING,), d06),
    ("D07", "registration_cutoff", (NORRKOPING,), d07),
    ("D07.correction", "registration_cutoff.correction", (NORRKOPING,), d07_correction),
    ("D08", "immediate", (NORRKOPING,), d08),
    ("D09", "service_start", (NORRKOPING,), d09),
    ("D10", "urgent_lasting", (NORRKOPING,), d10),
    ("D10.relay", "urgent_lasting.relay", (NORRKOPING,), d10),
    ("D11", "urgent_limited", (NORRKOPING,), d11),
    ("D11.relay", "urgent_limited.relay", (NORRKOPING,), d11),
    ("D12", "on_call_grant", (NORRKOPING,), d12),
    ("D12.accepted", "on_call_grant.accepted", (NORRKOPING,), d12),
    ("D13", "handover_simplified", (NORRKOPING,), d13),
    ("D14", "handover_ordinary", (NORRKOPING,), d14),
    ("D15", "first_follow_up", (NORRKOPING,), d15),
    ("D16", "yearly_follow_up", (NORRKOPING,), d16),
    ("D17", "pre_followup_report", (NORRKOPING,), d17),
    ("D21", "care_plan_signed", (STOCKHOLM,), d21),
    ("D23", "second_meeting_day", (OSTHAMMAR,), d23),
    ("D24", "meeting_case_list", (OSTHAMMAR,), d24),
    ("D25", "meeting_reply", (OSTHAMMAR,), d25),
    ("D26", "meeting_adjustment", (OSTHAMMAR,), d26),
    ("D29", "supervision_claim", (KATRINEHOLM,), d29),
    ("D31", "not_started_report", EVERYWHERE, d31),
)
TAKES_A_MONTH = ("registration_cutoff", "registration_cutoff.correction", "supervision_claim")


def oracle(rule: str, since_text: str, profile: str) -> tuple[str, str] | Error:
    """Soft and hard due time as the batch command prints them, or why there is none.

    `rule` is a rule's name or its alias (`feedback`, `D03`); `since_text` a local date-time, date or month.
    """
    for alias, name, profiles, walk in RULES:
        if rule not in (alias, name):
            continue
        if profile not in profiles:
            return Error(f"{profile} does not have {name}")
        try:
            soft, hard = walk(start_of(since_text, name in TAKES_A_MONTH))
        except Refused as why:
            return Error(str(why))
        return _printed(soft), _printed(hard)
    return Error(f"no rule {rule}")


def _printed(moment: Moment | None) -> str:
    return "-" if moment is None else moment.printed()
