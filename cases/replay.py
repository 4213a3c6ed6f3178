"""What a profile would have done with a deadline: when its prompts would have come, by the engine's own ladder.

A run is a deadline as it was: what it counts from, when it began, and when somebody had done what it asks. What people
did is held fixed. That a prompt might have made them act sooner is nothing that a replay knows.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from cases.ladder import STILL_OPEN, due_of, ladder, refusal
from cases.thread import Armed
from reminders.errors import RuleError
from reminders.profile import Profile
from reminders.rules import due

_MOST_AGAIN = 260  # working days of a year
_FALLS_SILENT = "unsent"  # as in the engine: a draft is not reminded of every workday


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """`basis` is what the rule counts from, as a deadline's row has it; `ended_at` is None for what was never done.
    Care time, UTC. `thread` tells runs of one thread apart from those of another, and says nothing else."""

    thread: int
    flow: str
    step: str
    rule: str
    basis: str
    armed_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Fired:
    """A prompt that would have been given, at this instant (UTC). `again` is set for the reminder of every workday that
    follows a climbed ladder: one stands for all of them, with the time of the first and how many there were."""

    step: str
    at: datetime
    tells: bool
    again: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """`has_rule` is false where the profile lacks the rule; `refused` says why the rule would not count from this."""

    soft: datetime | None = None
    hard: datetime | None = None
    fired: tuple[Fired, ...] = ()
    late: bool = False
    has_rule: bool = True
    refused: str = ""


def replay(run: Run, profile: Profile, until: datetime) -> Outcome:
    """What would have become of the deadline by this profile, up to when it was done, `until` at the latest (UTC)."""
    try:
        profile.rule(run.rule)
    except RuleError:
        return Outcome(has_rule=False)
    refused = refusal(run.rule, run.basis, profile)
    if refused:
        return Outcome(refused=refused)
    armed = Armed(
        id=None, step=run.step, round=1, rule=run.rule, basis=run.basis, rung=0, due_at=None, soft_at=None,
        hard_at=None, status="armed", armed_at=run.armed_at, profile_print=profile.prints.time,
    )  # fmt: skip
    worked_out = due_of(armed, profile)
    end = min(run.ended_at, until) if run.ended_at is not None else until
    return Outcome(
        soft=worked_out.soft, hard=worked_out.hard, fired=tuple(_fired(armed, profile, end)),
        late=worked_out.hard is not None and end > worked_out.hard,
    )  # fmt: skip


def _fired(armed: Armed, profile: Profile, end: datetime) -> Iterator[Fired]:
    """The rungs that come before the end; what lies before the beginning comes at once."""
    rungs = ladder(armed, profile)
    last = None
    for prompt in rungs:
        at = max(prompt.at, armed.armed_at)
        if at >= end:
            return
        last = at
        yield Fired(step=prompt.step, at=at, tells=bool(prompt.tell))
    if last is not None and armed.step != _FALLS_SILENT:
        yield from _again(last, profile, end)


def _again(since: datetime, profile: Profile, end: datetime) -> Iterator[Fired]:
    first, times, said_at = None, 0, since
    while times < _MOST_AGAIN:
        following = _following(said_at, profile)
        if following is None or following >= end:
            break
        said_at = following
        first, times = first or said_at, times + 1
    if first is not None:
        yield Fired(step=STILL_OPEN, at=first, tells=True, again=times)


@lru_cache(maxsize=4_096)  # after the first, they all come at nine
def _following(said_at: datetime, profile: Profile) -> datetime | None:
    return min((prompt.at for prompt in due(STILL_OPEN, said_at, profile).prompts), default=None)
