"""Every deadline as a pure function: `due(rule, since, profile)`.

A rule's numbers, words and ladder stand in the profile; its kind of arithmetic in `rule_kinds*.py`.
"""

from datetime import date, datetime

from reminders.due import Due, Prompt
from reminders.errors import BadSince, NotAnInstant
from reminders.ladder import climb
from reminders.localtime import Month
from reminders.profile import Profile
from reminders.rule_facts import Fact
from reminders.rule_kinds import Kind, Moments, Start
from reminders.rule_spec import Rule

YEARS = range(2000, 2101)


def due(rule: str, since: datetime | date | Month, profile: Profile) -> Due:
    """The deadline of a rule, by name or id, that starts at `since`.

    A time without offset is local, a date means 00:00 of it, a month is for rules about a month. Handover, meeting
    and follow-up rules take the start of that event. Raises `UnknownRule`, `RuleNotInProfile`, `NotAnInstant` or
    `BadSince`. Prompts are not clipped: one that lies before the moment it is armed fires once, at once.
    """
    spec, start, moments = _computed(rule, since, profile)
    return Due(
        rule=spec.name,
        source=spec.source,
        soft=moments.soft,
        hard=moments.hard,
        prompts=_prompts(spec, start, moments, profile),
        why=spec.why,
    )


def _prompts(spec: Rule, start: Start, moments: Moments, profile: Profile) -> tuple[Prompt, ...]:
    at_once = spec.sprint.climb(start, profile.calendar) if spec.sprint else None
    return climb(spec.ladder, start, moments, profile.calendar) if at_once is None else at_once


def moments(rule: str, since: datetime | date | Month, profile: Profile) -> Moments:
    """Only the two instants of `due`, for many at a time; raises the same errors."""
    return _computed(rule, since, profile)[2]


def _computed(rule: str, since: datetime | date | Month, profile: Profile) -> tuple[Rule, Start, Moments]:
    spec = profile.rule(rule)
    if isinstance(spec.kind, Fact):
        raise NotAnInstant(f"Regeln {spec.name} ger ingen tidpunkt.")
    start = _start(spec, spec.kind, since)
    return spec, start, spec.kind.moments(start, profile.calendar)


def _start(spec: Rule, kind: Kind, since: datetime | date | Month) -> Start:
    if isinstance(since, Month) and not kind.takes_month:
        raise BadSince(f"Regeln {spec.name} behöver en dag eller en tid, inte bara en månad.")
    if since.year not in YEARS:
        raise BadSince(f"Året ska ligga mellan {YEARS[0]} och {YEARS[-1]}.")
    return Start.of(since)
