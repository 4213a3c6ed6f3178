"""A thread's deadlines: arming a rule, and climbing its ladder rung by rung."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from functools import lru_cache

from cases.thread import Armed, ThreadNow
from reminders.due import Due, Prompt
from reminders.localtime import at, to_local
from reminders.profile import Profile
from reminders.rules import due

STILL_OPEN = "still_open"  # the rule that goes on reminding when a ladder is climbed and its deadline not met
_FALLS_SILENT = "unsent"  # a draft has the routine's own limit, or is removed
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
    """The rungs that are due and have not been climbed; above the last one, the reminder that comes every workday."""
    rungs = ladder(armed, profile)
    if armed.rung < len(rungs):
        return [prompt for prompt in rungs[armed.rung :] if prompt.at <= now]
    if armed.due_at is None or armed.due_at > now:
        return []
    return [replace(prompt, at=armed.due_at) for prompt in due(STILL_OPEN, armed.due_at, profile).prompts]


def climb(armed: Armed, profile: Profile, now: datetime) -> None:
    """Step past every rung that is due. Nothing that is not met falls silent: the last reminder goes on."""
    rungs = ladder(armed, profile)
    while armed.rung < len(rungs) and rungs[armed.rung].at <= now:
        armed.rung += 1
    if armed.rung < len(rungs):
        armed.due_at = rungs[armed.rung].at
    elif armed.step == _FALLS_SILENT:
        armed.due_at = None
    else:
        armed.due_at = min((prompt.at for prompt in due(STILL_OPEN, now, profile).prompts), default=None)


def limit_of(armed: Armed) -> datetime | None:
    return armed.soft_at or armed.hard_at


def nearest_limit(running: Iterable[Armed], now: datetime) -> Armed | None:
    """The deadline to show: the next limit to come; when all have passed, the one that is late, else the latest."""
    limits = [(limit, armed) for armed in running if (limit := limit_of(armed)) is not None]
    coming = [pair for pair in limits if pair[0] >= now]
    late = [pair for pair in limits if pair[1].hard_at is not None and pair[1].hard_at < now]
    if late and not coming:
        return max(late, key=lambda pair: pair[0])[1]
    chosen = min(coming, key=lambda pair: pair[0], default=None) or max(limits, key=lambda pair: pair[0], default=None)
    return chosen[1] if chosen else None
