"""A thread's deadlines: arming a rule, and climbing its ladder rung by rung."""

from datetime import date, datetime
from functools import lru_cache

from cases.thread import Armed, ThreadNow
from reminders.due import Due, Prompt
from reminders.profile import Profile
from reminders.rules import due


def basis_of(text: str) -> date | datetime:
    """What a rule counts from: a local date as ISO, or an instant with its offset."""
    return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)


def due_of(armed: Armed, profile: Profile) -> Due:
    """The deadline as the profile counts it now: its reason and its whole ladder."""
    return _worked_out(armed.rule, armed.basis, profile)


@lru_cache(maxsize=20_000)
def _worked_out(rule: str, basis: str, profile: Profile) -> Due:
    """A deadline depends on nothing but these three, and the same one is shown on every card of a thread."""
    return due(rule, basis_of(basis), profile)


def arm(thread: ThreadNow, step: str, rule: str, since: str, profile: Profile, now: datetime) -> Armed:
    """Start a deadline, or start it anew with the next round when the step has run before."""
    known = thread.deadlines.get(step)
    worked_out = _worked_out(rule, since, profile)
    rungs = ladder(worked_out)
    armed = Armed(
        id=None,
        step=step,
        round=known.round + 1 if known else 1,
        rule=rule,
        basis=since,
        rung=0,
        due_at=rungs[0].at if rungs else None,
        soft_at=worked_out.soft,
        hard_at=worked_out.hard,
        status="armed",
        armed_at=now,
    )
    if known is not None and known.status == "armed":
        known.status = "disarmed"
        thread.deadlines[f"{step}#{known.round}"] = known
    thread.deadlines[step] = armed
    return armed


def ladder(worked_out: Due) -> list[Prompt]:
    return sorted(worked_out.prompts, key=lambda prompt: prompt.at)


def due_prompts(armed: Armed, profile: Profile, now: datetime) -> list[Prompt]:
    """The rungs that are due and have not been climbed."""
    return [prompt for prompt in ladder(due_of(armed, profile))[armed.rung :] if prompt.at <= now]


def climb(armed: Armed, profile: Profile, now: datetime) -> None:
    """Step past every rung that is due. A climbed ladder stays armed: its limit is still shown until it is met."""
    rungs = ladder(due_of(armed, profile))
    while armed.rung < len(rungs) and rungs[armed.rung].at <= now:
        armed.rung += 1
    armed.due_at = rungs[armed.rung].at if armed.rung < len(rungs) else None
