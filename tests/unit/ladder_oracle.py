"""Every rung of every ladder, worked out a second time: when somebody is told, for the four profiles as delivered.

It builds on the walks of `due_oracle` and `calendar_oracle` and on the rungs of `ladder_rungs`, and knows nothing of
anchors, moves or configuration. Instants are whole minutes (`Moment`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from calendar_oracle import ONE_DAY, Moment, arbetsdag_after, local
from due_oracle import NOON, RULES, at_close, at_end, close_at_latest, d12
from ladder_rungs import RUNGS
from ladder_times import Rung, again, days_on, later, nine, office_minutes


@dataclass(frozen=True)
class Ladder:
    soft: Moment | None
    hard: Moment | None
    rungs: tuple[Rung, ...]


def _fifteenth(start: Moment) -> date:
    day = start.day
    while day.month == start.day.month:
        day += ONE_DAY
    return days_on(day, 14)


def _coming_fourth(start: Moment) -> date:
    day = start.day
    while day.day != 4:
        day += ONE_DAY
    return day


# Soft and hard time of the rules that no routine asks an answer for, beside those of `due_oracle`.
OWN: dict[str, Callable[[Moment], tuple[Moment | None, Moment | None]]] = {
    "service_start.personal_care": lambda start: (at_close(arbetsdag_after(start.day)), None),
    "time_system_deviation": lambda start: (max(close_at_latest(days_on(start.day, 3)), start), None),
    "payment_day": lambda start: (close_at_latest(_fifteenth(start)), None),
    "registration_cutoff.date_elsewhere": lambda start: (close_at_latest(_coming_fourth(start)), None),
    "billing_contact": lambda start: (at_close(arbetsdag_after(start.day)), None),
    "immediate.receipt": lambda start: (at_end(start.day), None),
    "notice_receipt": lambda start: (at_close(arbetsdag_after(start.day)), None),
    "access_removal": lambda start: (at_end(start.day), None),
    "draft": lambda start: (later(start, 30), later(start, 1440)),
    "draft_with_notice": lambda start: (later(start, 30), None),
    "urgent_untaken": lambda start: (office_minutes(start, 20), None),
    "handover_receipt": lambda start: (office_minutes(start, 120), None),
    "given_back": lambda start: (office_minutes(start, 30), None),
    "handover_form": lambda start: (office_minutes(start, 120), None),
    "handover_day": lambda start: (local(start.day, NOON), None),
    "on_call_unsent": d12,
    "continued_help": lambda start: (again(start), None),
    "phone_continued_help": lambda start: (office_minutes(start, 30), None),
    "assignment_to_send": lambda start: (local(arbetsdag_after(start.day), NOON), None),
    "urgent_answer": lambda start: (nine(arbetsdag_after(start.day)), None),
    "still_open": lambda start: (again(start), None),
    "follow_up_begins": lambda start: (start, None),
    "follow_up_form": lambda start: (start, None),
    "follow_up_unplanned": lambda start: (nine(arbetsdag_after(start.day, 5)), None),
    "follow_up_held": lambda start: (again(start), None),
    "meeting_outcomes": lambda start: (start, None),
    "meeting_documented": lambda start: (again(start), None),
    "adjusted_plan": lambda start: (again(start), None),
    "follow_up_event": lambda start: (max(close_at_latest(start.day), start), None),
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
