"""The rungs of every rule, from its start and its own soft and hard time, worked out a second time.

Each rule is a short piece of arithmetic of its own, written from the routines: no anchors, moves or configuration.
"""

from __future__ import annotations

from collections.abc import Callable

from calendar_oracle import (
    ONE_DAY,
    Moment,
    arbetsdag_after,
    arbetsdag_at_latest,
    arbetsdag_before,
    is_arbetsdag,
    local,
)
from due_oracle import NOON, at_close
from ladder_times import Rung, again, days_on, later, nine, office_minutes, seven

TEN, HALF_PAST_ELEVEN, ONE, THREE = 10 * 60, 11 * 60 + 30, 13 * 60, 15 * 60

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


def _two_mornings(start: Moment, soft: Moment, hard: Moment) -> Rungs:
    return [Rung("remind", again(start)), Rung("escalate", nine(arbetsdag_after(start.day, 2)))]


def _immediate(start: Moment, soft: Moment, hard: Moment) -> Rungs:
    return [Rung("now", start), Rung("escalate", at_close(arbetsdag_after(start.day)))]


def _immediate_receipt(start: Moment, soft: Moment, hard: Moment) -> Rungs:
    return [Rung("remind", office_minutes(start, 120)), Rung("escalate", at_close(arbetsdag_after(start.day)))]


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


def _on_call_unsent(start: Moment, soft: Moment, hard: Moment) -> Rungs:
    told = [Rung("opening", soft), Rung("ten", local(hard.day, TEN)), Rung("noon", hard)]
    return [*told, Rung("discard", seven(arbetsdag_after(hard.day, 2)), removes=True)]


def _opening(start: Moment) -> Moment:
    """The first opening at or after the start."""
    day = start.day
    while not is_arbetsdag(day) or seven(day) < start:
        day += ONE_DAY
    return seven(day)


def _relay_lasting(start: Moment, soft: Moment, hard: Moment) -> Rungs:
    opens = _opening(start)
    told = [Rung("remind", later(opens, 120)), Rung("escalate", later(opens, 360)), Rung("soon", later(soft, -60))]
    return [*told, Rung("late", seven(arbetsdag_after(hard.day)))]


def _relay_limited(start: Moment, soft: Moment, hard: Moment) -> Rungs:
    opens = _opening(start)
    told = [Rung("remind", later(opens, 120)), Rung("escalate", later(opens, 360))]
    return [*told, Rung("day4", seven(days_on(start.day, 3))), Rung("late", seven(days_on(hard.day, 1)))]


def _continued_help(start: Moment, soft: Moment, hard: Moment) -> Rungs:
    told = [Rung("today", office_minutes(start, 240)), Rung("next_day", again(start))]
    return [*told, Rung("escalate", nine(arbetsdag_after(start.day, 2)))]


def _phone_continued_help(start: Moment, soft: Moment, hard: Moment) -> Rungs:
    hourly = [Rung(f"remind_{count}", office_minutes(start, count)) for count in range(30, 511, 60)]
    return [*hourly, Rung("escalate", office_minutes(start, 120))]


def _assignment_to_send(start: Moment, soft: Moment, hard: Moment) -> Rungs:
    return [Rung("next_day", again(start)), Rung("escalate", nine(arbetsdag_after(start.day, 3)))]


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
    return [
        Rung("early", nine(arbetsdag_before(soft.day)), quiet=True),
        Rung("due_day", nine(soft.day), quiet=True),
        Rung("late", again(hard)),
        Rung("discard", seven(days_on(start.day, 1)), removes=True),
    ]


def _meeting_reply(start: Moment, soft: Moment, hard: Moment) -> Rungs:
    own_group = Rung("own_group", nine(arbetsdag_before(soft.day, 2)), quiet=True)
    return [own_group, Rung("due_day", nine(soft.day), quiet=True), Rung("closed", later(hard, 1))]


def _adjustment(start: Moment, soft: Moment, hard: Moment) -> Rungs:
    near = Rung("near", nine(arbetsdag_before(hard.day, 2)), quiet=True)
    return [near, Rung("due_day", nine(hard.day), quiet=True), Rung("old_time_stands", again(hard))]


def _meeting_outcomes(start: Moment, soft: Moment, hard: Moment) -> Rungs:
    same_day = [Rung("begin", start), Rung("same_day", later(start, 180))]
    return [*same_day, Rung("next_day", again(start)), Rung("escalate", nine(arbetsdag_after(start.day, 2)))]


def _first_and_third_morning(start: Moment, soft: Moment, hard: Moment) -> Rungs:
    return [Rung("remind", again(start)), Rung("again", nine(arbetsdag_after(start.day, 3)))]


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


def _form(start: Moment, soft: Moment, hard: Moment) -> Rungs:
    return [Rung("day_before", local(arbetsdag_before(start.day), THREE), quiet=True), Rung("begun", start)]


def _event(start: Moment, soft: Moment, hard: Moment) -> Rungs:
    return [Rung("same_day", soft, quiet=True), Rung("next_day", again(start))]


RUNGS: dict[str, Callable[[Moment, Moment, Moment], Rungs]] = {
    "message_read": _message_read,
    "mailbox_window": lambda start, soft, hard: [Rung("window_passed", soft)],
    "feedback": _feedback,
    "care_plan": _care_plan,
    "registration_cutoff": _registration,
    "registration_cutoff.correction": _correction,
    "registration_cutoff.date_elsewhere": lambda start, soft, hard: [Rung("due_day", nine(soft.day))],
    "billing_contact": _two_mornings,
    "immediate": _immediate,
    "immediate.receipt": _immediate_receipt,
    "service_start": _service_start,
    "service_start.personal_care": lambda start, soft, hard: [Rung("next_workday", soft)],
    "urgent_lasting": _urgent_lasting,
    "urgent_limited": _urgent_limited,
    "on_call_grant": _on_call_grant,
    "on_call_grant.accepted": lambda start, soft, hard: [Rung("noon", hard)],
    "on_call_unsent": _on_call_unsent,
    "urgent_lasting.relay": _relay_lasting,
    "urgent_limited.relay": _relay_limited,
    "continued_help": _continued_help,
    "phone_continued_help": _phone_continued_help,
    "assignment_to_send": _assignment_to_send,
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
    "meeting_reply": _meeting_reply,
    "meeting_adjustment": _adjustment,
    "meeting_outcomes": _meeting_outcomes,
    "meeting_documented": _first_and_third_morning,
    "adjusted_plan": _first_and_third_morning,
    "supervision_claim": _claim,
    "not_started_report": _not_started,
    "draft": _draft,
    "draft_with_notice": lambda start, soft, hard: [Rung("unsent", soft)],
    "urgent_untaken": _untaken,
    "handover_receipt": lambda start, soft, hard: [Rung("remind", soft), Rung("escalate", again(start))],
    "given_back": lambda start, soft, hard: [Rung("remind", soft), Rung("escalate", again(start))],
    "handover_form": lambda start, soft, hard: [Rung("remind", soft), Rung("escalate", again(start))],
    "notice_receipt": _two_mornings,
    "handover_day": lambda start, soft, hard: [Rung("today", nine(start.day)), Rung("unfinished", again(start))],
    "urgent_answer": _urgent_answer,
    "still_open": lambda start, soft, hard: [Rung("again", again(start))],
    "follow_up_begins": lambda start, soft, hard: [Rung("begin", start)],
    "follow_up_form": _form,
    "follow_up_unplanned": lambda start, soft, hard: [Rung("plan", soft)],
    "follow_up_held": lambda start, soft, hard: [Rung("held", soft)],
    "follow_up_event": _event,
}
