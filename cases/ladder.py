"""A thread's deadlines: arming a rule, and climbing its ladder rung by rung."""

from dataclasses import replace
from datetime import date, datetime
from functools import lru_cache

from cases.thread import Armed, ThreadNow
from reminders.due import Due, Prompt
from reminders.localtime import at, to_local
from reminders.profile import Profile
from reminders.rules import due

# A draft begun when its time was already out is given this long to be sent, before a ladder's `discard` takes it.
_WORKDAYS_TO_SEND = 2


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
    armed = Armed(
        id=None,
        step=step,
        round=known.round + 1 if known else 1,
        rule=rule,
        basis=since,
        rung=0,
        due_at=None,
        soft_at=worked_out.soft,
        hard_at=worked_out.hard,
        status="armed",
        armed_at=now,
    )
    rungs = ladder(armed, profile)
    armed.due_at = rungs[0].at if rungs else None
    if known is not None and known.status == "armed":
        known.status = "disarmed"
        thread.deadlines[f"{step}#{known.round}"] = known
    thread.deadlines[step] = armed
    return armed


def ladder(armed: Armed, profile: Profile) -> list[Prompt]:
    """The rungs in order, as they stand for a deadline that was armed when this one was."""
    rungs = [prompt for prompt in due_of(armed, profile).prompts if prompt.at_once or prompt.at > armed.armed_at]
    return sorted((_in_time_to_send(prompt, armed, profile) for prompt in rungs), key=lambda prompt: prompt.at)


def _in_time_to_send(prompt: Prompt, armed: Armed, profile: Profile) -> Prompt:
    """What counts from a day that had passed may be overdue at birth: no draft is removed while it is being read."""
    began, basis = to_local(armed.armed_at).date(), basis_of(armed.basis)
    counted_from = to_local(basis).date() if isinstance(basis, datetime) else basis
    if prompt.signal != "discard" or counted_from >= began:
        return prompt
    earliest = at(profile.calendar.add_workdays(began, _WORKDAYS_TO_SEND), to_local(prompt.at).time())
    return replace(prompt, at=max(prompt.at, earliest))


def due_prompts(armed: Armed, profile: Profile, now: datetime) -> list[Prompt]:
    """The rungs that are due and have not been climbed."""
    return [prompt for prompt in ladder(armed, profile)[armed.rung :] if prompt.at <= now]


def climb(armed: Armed, profile: Profile, now: datetime) -> None:
    """Step past every rung that is due. A climbed ladder stays armed: its limit is still shown until it is met."""
    rungs = ladder(armed, profile)
    while armed.rung < len(rungs) and rungs[armed.rung].at <= now:
        armed.rung += 1
    armed.due_at = rungs[armed.rung].at if armed.rung < len(rungs) else None
