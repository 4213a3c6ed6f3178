"""Every rung of every ladder, worked out a second time: when somebody is told, for the four profiles as delivered.

It builds on the walks of `due_oracle` and `calendar_oracle` and knows nothing of anchors, moves or configuration: each
rule is a short piece of arithmetic of its own, written from the routines. Instants are whole minutes (`Moment`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from calendar_oracle import (
    ONE_DAY,
    Moment,
    arbetsdag_after,
    arbetsdag_at_latest,
    arbetsdag_before,
    is_arbetsdag,
    local,
)
from due_oracle import NOON, OPEN, RULES, at_close, at_end, close_at_latest

NINE, TEN, HALF_PAST_ELEVEN, ONE, THREE = 9 * 60, 10 * 60, 11 * 60 + 30, 13 * 60, 15 * 60


@dataclass(frozen=True)
class Rung:
    """`quiet` is left out when it lies before the deadline was armed; `removes` takes a draft away."""

    step: str
    at: Moment
    quiet: bool = False
    removes: bool = False


@dataclass(frozen=True)
class Ladder:
    soft: Moment | None
    hard: Moment | None
    rungs: tuple[Rung, ...]


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


# --- each rule's rungs, from its start and its own soft and hard time --------------------------------------------

Rungs = list[Rung]


def _message_read(start: Moment, soft: Moment, hard: Moment) -> Rungs:
    return [Rung("unread", soft), Rung("escalate", again(hard))]


def _feedback(start: Moment, soft: Moment, hard: Moment) -> Rungs:
    return [
        Rung(step, nine(arbetsdag_after(start.day, count)))
        for step, count in (("day3", 3), ("day5", 5), ("escalate", 6))
    ]


def _care_plan(start: Moment, soft: Moment, hard: Moment) -> Rungs:
    return [Rung(f"day{count}", nine(days_on(start.day, count))) for count in (14, 19, 21)]


def _registration(start: Moment, soft: Moment, hard: Moment) -> Rungs:
    return [Rung("due_day", nine(soft.day)), Rung("late", seven(days_on(hard.day, 1)))]


def _correction(start: Moment, soft: Moment, hard: Moment) -> Rungs:
    return [*_registration(start, soft, hard), Rung("billing", nine(days_on(hard.day, 2)))]


def _immediate(start: Moment, soft: Moment, hard: Moment) -> Rungs:
    return [Rung("now", start), Rung("escalate", at_close(arbetsdag_after(start.day)))]


def _service_start(start: Moment, soft: Moment, hard: Moment) -> Rungs:
    two, four = Rung("two_weeks", nine(soft.day)), Rung("four_weeks", nine(hard.day))
    return [two, four, Rung("assess_need", again(hard))]


def _urgent_lasting(start: Moment, soft: Moment, hard: Moment) -> Rungs:
    return [
        Rung("soon", later(soft, -120), quiet=True),
        Rung("late", seven(arbetsdag_after(hard.day))),
        Rung("discard", seven(arbetsdag_after(hard.day, 2)), removes=True),
    ]


def _urgent_limited(start: Moment, soft: Moment, hard: Moment) -> Rungs:
    third, fourth = days_on(start.day, 2), days_on(start.day, 3)
    told = [] if is_arbetsdag(fourth) else [Rung("prewarning", local(arbetsdag_at_latest(third), ONE))]
    return [
        *told,
        Rung("day3", local(third, THREE)),
        Rung("day4", seven(fourth)),
        Rung("unanswered", local(fourth, NOON)),
        Rung("late", seven(days_on(fourth, 1))),
    ]


def _on_call_grant(start: Moment, soft: Moment, hard: Moment) -> Rungs:
    return [
        Rung("opening", soft),
        Rung("ten", local(hard.day, TEN)),
        Rung("half_past_eleven", local(hard.day, HALF_PAST_ELEVEN)),
        Rung("noon", hard),
    ]


def _handover_simplified(start: Moment, soft: Moment, hard: Moment) -> Rungs:
    return [
        Rung("early", nine(arbetsdag_before(start.day, 3)), quiet=True),
        Rung("due_day", nine(soft.day), quiet=True),
        Rung("late", seven(arbetsdag_after(hard.day))),
        Rung("discard", seven(days_on(start.day, 1)), removes=True),
    ]


def _handover_ordinary(start: Moment, soft: Moment, hard: Moment) -> Rungs:
    return [
        Rung("early", nine(arbetsdag_before(soft.day)), quiet=True),
        Rung("soon", later(soft, -120), quiet=True),
        Rung("late", hard),
        Rung("discard", seven(days_on(start.day, 1)), removes=True),
    ]


def _follow_up(told_on: Callable[[Moment, Moment], Moment]) -> Callable[[Moment, Moment, Moment], Rungs]:
    def rungs(start: Moment, soft: Moment, hard: Moment) -> Rungs:
        return [Rung("three_weeks", nine(days_on(hard.day, -21))), Rung("due_day", nine(told_on(soft, hard).day))]

    return rungs


def _report(start: Moment, soft: Moment, hard: Moment) -> Rungs:
    return [
        Rung("five_days", nine(arbetsdag_before(start.day, 5))),
        Rung("two_days", nine(arbetsdag_before(start.day, 2))),
        Rung("unanswered", soft),
    ]


def _plan_signed(start: Moment, soft: Moment, hard: Moment) -> Rungs:
    return [Rung("near", nine(arbetsdag_before(soft.day, 3))), Rung("due_day", nine(soft.day))]


def _case_list(start: Moment, soft: Moment, hard: Moment) -> Rungs:
    return [Rung("early", nine(arbetsdag_before(soft.day))), Rung("due_day", nine(soft.day))]


def _adjustment(start: Moment, soft: Moment, hard: Moment) -> Rungs:
    near = Rung("near", nine(arbetsdag_before(hard.day, 2)))
    return [near, Rung("due_day", nine(hard.day)), Rung("old_time_stands", again(hard))]


def _claim(start: Moment, soft: Moment, hard: Moment) -> Rungs:
    return [Rung("due_day", nine(soft.day)), Rung("last_day", nine(hard.day))]


def _not_started(start: Moment, soft: Moment, hard: Moment) -> Rungs:
    return [Rung(f"day{count}", nine(arbetsdag_at_latest(days_on(start.day, count)))) for count in (56, 77)]


def _on_the_soft_day(step: str) -> Callable[[Moment, Moment, Moment], Rungs]:
    return lambda start, soft, hard: [Rung(step, nine(soft.day))]


def _draft(start: Moment, soft: Moment, hard: Moment) -> Rungs:
    return [Rung("unsent", soft), Rung("discard", hard, removes=True)]


def _urgent_answer(start: Moment, soft: Moment, hard: Moment) -> Rungs:
    return [Rung("remind", soft), Rung("escalate", nine(arbetsdag_after(start.day, 2)))]


def _untaken(start: Moment, soft: Moment, hard: Moment) -> Rungs:
    """Every other minute that the office is open: whoever has it, then the next in line, and last the manager."""
    nags = [(f"nag_{count}", count) for count in range(2, 19, 2)]
    next_nags = [(f"nag_next_{count}", count) for count in range(22, 39, 2)]
    told = [("phone", 11), ("next_in_line", 20), ("phone_again", 21), ("manager", 40)]
    return [Rung(step, office_minutes(start, count)) for step, count in (*nags, *next_nags, *told)]


RUNGS: dict[str, Callable[[Moment, Moment, Moment], Rungs]] = {
    "message_read": _message_read,
    "mailbox_window": lambda start, soft, hard: [Rung("window_passed", soft)],
    "feedback": _feedback,
    "care_plan": _care_plan,
    "registration_cutoff": _registration,
    "registration_cutoff.correction": _correction,
    "immediate": _immediate,
    "service_start": _service_start,
    "service_start.personal_care": lambda start, soft, hard: [Rung("next_workday", soft)],
    "urgent_lasting": _urgent_lasting,
    "urgent_limited": _urgent_limited,
    "on_call_grant": _on_call_grant,
    "handover_simplified": _handover_simplified,
    "handover_ordinary": _handover_ordinary,
    "first_follow_up": _follow_up(lambda soft, hard: hard),
    "yearly_follow_up": _follow_up(lambda soft, hard: soft),
    "pre_followup_report": _report,
    "time_system_deviation": lambda start, soft, hard: [Rung("remind", soft)],
    "payment_day": lambda start, soft, hard: [],
    "access_removal": lambda start, soft, hard: [Rung("now", start)],
    "care_plan_signed": _plan_signed,
    "second_meeting_day": _on_the_soft_day("day_two"),
    "meeting_case_list": _case_list,
    "meeting_reply": _on_the_soft_day("due_day"),
    "meeting_adjustment": _adjustment,
    "supervision_claim": _claim,
    "not_started_report": _not_started,
    "draft": _draft,
    "draft_with_notice": lambda start, soft, hard: [Rung("unsent", soft)],
    "urgent_untaken": _untaken,
    "handover_receipt": lambda start, soft, hard: [Rung("remind", soft), Rung("escalate", again(start))],
    "handover_day": lambda start, soft, hard: [Rung("today", nine(start.day)), Rung("unfinished", again(start))],
    "urgent_answer": _urgent_answer,
    "still_open": lambda start, soft, hard: [Rung("again", again(start))],
}


def _fifteenth(start: Moment) -> date:
    day = start.day
    while day.month == start.day.month:
        day += ONE_DAY
    return days_on(day, 14)


# Soft and hard time of the rules that no routine asks an answer for, beside those of `due_oracle`.
OWN: dict[str, Callable[[Moment], tuple[Moment | None, Moment | None]]] = {
    "service_start.personal_care": lambda start: (at_close(arbetsdag_after(start.day)), None),
    "time_system_deviation": lambda start: (max(close_at_latest(days_on(start.day, 3)), start), None),
    "payment_day": lambda start: (close_at_latest(_fifteenth(start)), None),
    "access_removal": lambda start: (at_end(start.day), None),
    "draft": lambda start: (later(start, 30), later(start, 1440)),
    "draft_with_notice": lambda start: (later(start, 30), None),
    "urgent_untaken": lambda start: (office_minutes(start, 20), None),
    "handover_receipt": lambda start: (office_minutes(start, 120), None),
    "handover_day": lambda start: (local(start.day, NOON), None),
    "urgent_answer": lambda start: (nine(arbetsdag_after(start.day)), None),
    "still_open": lambda start: (again(start), None),
}
WALKS = {name: walk for _, name, _, walk in RULES} | OWN


def ladder(rule: str, start: Moment, armed: Moment) -> Ladder:
    """The deadline that starts at `start` and was armed at `armed`; raises `Refused` where the rule has no answer.

    What lies before the arming comes at once or, `quiet`, never. A draft about a day that had passed when it was begun
    is kept until the second working day after.
    """
    soft, hard = WALKS[rule](start)
    rungs = RUNGS[rule](start, soft or start, hard or start)
    kept = [_kept(rung, start, armed) for rung in rungs if not rung.quiet or rung.at > armed]
    return Ladder(soft, hard, tuple(sorted(kept, key=lambda rung: rung.at)))


def _kept(rung: Rung, start: Moment, armed: Moment) -> Rung:
    if not rung.removes or start.day >= armed.day:
        return rung
    earliest = local(arbetsdag_after(armed.day, 2), rung.at.minute)
    return Rung(rung.step, max(rung.at, earliest), removes=True)
