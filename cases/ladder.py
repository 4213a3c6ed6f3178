"""A thread's deadlines: arming a rule, climbing its ladder rung by rung, and working it out anew by another profile.

A rung is known by its step. Which ones a deadline has given stands in its row (`said`), so a ladder may get new rungs,
lose some or have them moved while deadlines run: what has been said is not said again, what has not been said is.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import lru_cache

from cases import worked_out
from cases.thread import Armed, ThreadNow
from cases.worked_out import DATE, basis_of, limits
from reminders.due import Due, Prompt
from reminders.errors import BadSince, RuleError, RuleNotInProfile, UnknownRule
from reminders.ladder import Sprint
from reminders.localtime import at, to_local, to_utc
from reminders.profile import Profile
from reminders.rule_kinds import Moments
from reminders.rules import due

__all__ = [
    "RECOMPUTE", "STILL_OPEN", "arm", "basis_of", "climb", "due_of", "due_prompts", "forget_worked_out", "is_stale",
    "ladder", "last_for_each", "reason_of", "refusal", "skip", "work_out_anew",
]  # fmt: skip

STILL_OPEN = "still_open"  # the rule that goes on reminding when a ladder is climbed and its deadline not met
_DISCARD = "discard"
RECOMPUTE = "recompute"  # how the log names it when a deadline got new numbers by its profile
_FALLS_SILENT = "unsent"  # a draft has the routine's own limit, or is removed
# A draft begun when its time was already out is given this long to be sent, before a ladder's `discard` takes it.
_WORKDAYS_TO_SEND = 2
_GONE = "Rutinen har inte längre den här regeln för tiden, så den står kvar som den var."


def due_of(armed: Armed, profile: Profile) -> Due:
    """The deadline as the profile counts it now: its reason and its whole ladder.

    One that the profile can no longer work out keeps its numbers and has no ladder.
    """
    try:
        return worked_out.worked_out(armed.rule, armed.basis, profile)
    except RuleError:
        return Due(rule=armed.rule, source="", soft=armed.soft_at, hard=armed.hard_at, prompts=(), why=_GONE)


def refusal(rule: str, basis: str, profile: Profile) -> str:
    """Why a rule refuses to count from this, or nothing."""
    try:
        limits(rule, basis, profile)
    except BadSince as refused:
        return str(refused)
    except RuleError:
        pass  # `arm` reminds of it as of what is still open
    return ""


def reason_of(armed: Armed, profile: Profile) -> tuple[str, str]:
    """(reason, source) of a deadline as the profile has them now, without its ladder."""
    try:
        limits(armed.rule, armed.basis, profile)
    except RuleError:
        return _GONE, ""
    rule = profile.rule(armed.rule)
    return rule.why, rule.source


def forget_worked_out() -> None:
    """A profile has been replaced: nothing may keep the old one alive."""
    worked_out.forget()
    _still_open.cache_clear()
    _sprint.cache_clear()


def arm(thread: ThreadNow, step: str, rule: str, since: str, profile: Profile, now: datetime) -> Armed:
    """Start a deadline, or start it anew with the next round when the step has run before.

    Where the profile no longer has the rule that the flow asks for, it reminds as of what is still open.
    Raises: BadSince.
    """
    known = thread.deadlines.get(step)
    fault: str | None = None
    try:
        moments = limits(rule, since, profile)
    except (RuleNotInProfile, UnknownRule) as gone:
        moments, fault = Moments(), type(gone).__name__
    armed = Armed(
        id=None,
        step=step,
        round=known.round + 1 if known else 1,
        rule=rule,
        basis=since,
        rung=0,
        due_at=None,
        soft_at=moments.soft,
        hard_at=moments.hard,
        status="armed",
        armed_at=now,
        profile_print=profile.prints.time,
        fault=fault,
    )
    armed.due_at = _again(armed, profile, now) if fault else _first(armed, profile)
    if known is not None and known.status == "armed":
        known.status = "disarmed"
        thread.deadlines[f"{step}#{known.round}"] = known
    thread.deadlines[step] = armed
    return armed


def _first(armed: Armed, profile: Profile) -> datetime | None:
    """When the first rung comes; a ladder counted in minutes is not laid out for that."""
    sprint = _sprint(armed.rule, profile)
    if sprint is not None and len(armed.basis) != DATE:
        soonest = sprint.first(to_utc(datetime.fromisoformat(armed.basis)), profile.calendar)
        if soonest is not None:
            return soonest
    return min((prompt.at for prompt in ladder(armed, profile)), default=None)


def ladder(armed: Armed, profile: Profile) -> list[Prompt]:
    """The rungs in order, as they stand for a deadline that was armed when this one was."""
    rungs = [prompt for prompt in due_of(armed, profile).prompts if prompt.at_once or prompt.at > armed.armed_at]
    if all(prompt.signal != _DISCARD for prompt in rungs):
        return rungs
    return sorted((_in_time_to_send(prompt, armed, profile) for prompt in rungs), key=lambda prompt: prompt.at)


def _in_time_to_send(prompt: Prompt, armed: Armed, profile: Profile) -> Prompt:
    """What counts from a day that had passed may be overdue at birth: no draft is removed while it is being read."""
    began, basis = to_local(armed.armed_at).date(), basis_of(armed.basis)
    counted_from = to_local(basis).date() if isinstance(basis, datetime) else basis
    if prompt.signal != _DISCARD or counted_from >= began:
        return prompt
    earliest = at(profile.calendar.add_workdays(began, _WORKDAYS_TO_SEND), to_local(prompt.at).time())
    return replace(prompt, at=max(prompt.at, earliest))


def due_prompts(armed: Armed, profile: Profile, now: datetime) -> list[Prompt]:
    """The rungs that are due and have not been given; above the last one, the reminder that comes every workday."""
    left = _left(armed, profile, now)[1]
    if left:
        return [prompt for prompt in left if prompt.at <= now]
    if armed.due_at is None or armed.due_at > now:
        return []
    planned = armed.original_due_at or armed.due_at
    return [replace(prompt, at=planned) for prompt in _still_open(planned, profile)]


def climb(armed: Armed, profile: Profile, now: datetime) -> None:
    """Step past every rung that is due. Nothing that is not met falls silent: the last reminder goes on."""
    said, left = _left(armed, profile, now)
    given = [prompt for prompt in left if prompt.at <= now]
    if not given and (armed.due_at is None or armed.due_at > now):
        return
    if given or not left:
        armed.said_at = now
    _note(armed, said | {prompt.step: prompt.text for prompt in given})
    left = left[len(given) :]
    armed.due_at = left[0].at if left else _again(armed, profile, now)
    armed.original_due_at = None


def skip(armed: Armed, profile: Profile, empty: Prompt, now: datetime) -> Prompt | None:
    """Nobody could be told `empty`: the rest of its series is passed over, and the next rung in the chain is given now.

    Rungs that are not in the chain keep their time. None when the chain has ended.
    """
    said, left = _left(armed, profile)
    passed = [prompt for prompt in left if prompt.series == empty.series]
    following = next((prompt for prompt in left if prompt.or_next and prompt not in passed), None)
    given = [*passed, following] if following else passed
    _note(armed, said | {prompt.step: prompt.text for prompt in given})
    left = [prompt for prompt in left if prompt not in given]
    armed.due_at = left[0].at if left else _again(armed, profile, now)
    return following


def is_stale(armed: Armed, profile: Profile) -> bool:
    """Whether a running deadline's numbers come from another profile than this one."""
    return armed.status == "armed" and armed.profile_print != profile.prints.time


def work_out_anew(armed: Armed, profile: Profile) -> bool:
    """Give a deadline the numbers of this profile; whether any of them changed.

    What has been said stays said; what has not been said and has come to lie in the past is due at once. A rule that
    the profile no longer has, or that now refuses the start, leaves the numbers as they were, and `fault` names why.
    """
    before = (armed.soft_at, armed.hard_at, armed.due_at, armed.fault)
    armed.profile_print = profile.prints.time
    try:
        anew = limits(armed.rule, armed.basis, profile)
    except RuleError as refused:
        armed.fault = type(refused).__name__
        return before[3] != armed.fault
    armed.fault = None
    armed.soft_at, armed.hard_at = anew.soft, anew.hard
    said, left = _left(armed, profile)
    _note(armed, said)
    if left or not armed.rung:
        armed.due_at, armed.original_due_at = left[0].at if left else None, None
    elif armed.said_at is not None:
        armed.due_at, armed.original_due_at = _again(armed, profile, armed.said_at), None
    return before != (armed.soft_at, armed.hard_at, armed.due_at, armed.fault)


def _again(armed: Armed, profile: Profile, said_at: datetime) -> datetime | None:
    """When a climbed deadline is reminded of next. A draft is not: it has the routine's own limit, or is removed."""
    if armed.step == _FALLS_SILENT:
        return None
    return min((prompt.at for prompt in _still_open(said_at, profile)), default=None)


@lru_cache(maxsize=256)
def _still_open(since: datetime, profile: Profile) -> tuple[Prompt, ...]:
    """What is said every workday. Many deadlines are reminded of at the same instant."""
    return due(STILL_OPEN, since, profile).prompts


def _left(armed: Armed, profile: Profile, now: datetime | None = None) -> tuple[dict[str, str], list[Prompt]]:
    """What has been said, step by step with its text, and the rungs that have not; with `now`, at least up to the first
    that is still to come.

    A row from before steps were written down has given the first rungs of its ladder. A rung that has got another name
    is known by its words and its time.
    """
    if now is not None and (soon := _soon(armed, profile, now)) is not None:
        return soon
    rungs = ladder(armed, profile)
    if armed.rung and not armed.said:
        said = {prompt.step: prompt.text for prompt in rungs[: armed.rung]}
    else:
        said = dict(_read(armed.said))
    left = [prompt for prompt in rungs if prompt.step not in said]
    if armed.said_at is None or not left:
        return said, left
    for gone in [step for step in said if step not in {prompt.step for prompt in rungs}]:
        renamed = [prompt for prompt in left if prompt.text == said[gone] and prompt.at <= armed.said_at]
        if renamed:
            left.remove(renamed[0])
            said[renamed[0].step] = said.pop(gone)
    return said, left


def _soon(armed: Armed, profile: Profile, now: datetime) -> tuple[dict[str, str], list[Prompt]] | None:
    """The same without laying out the whole ladder, for one counted in minutes within an office day; else None."""
    sprint, said = _sprint(armed.rule, profile), _read(armed.said)
    if sprint is None or len(armed.basis) == DATE or (armed.rung and not said) or not said.keys() <= sprint.names:
        return None
    begin, left = to_utc(datetime.fromisoformat(armed.basis)), []
    if sprint.opens(begin, profile.calendar) != begin:
        return None
    for after, prompt, _ in sprint.steps:
        if prompt.step not in said:
            left.append(prompt.moved_to(begin + after))
            if begin + after > now:
                break
    return dict(said), left


@lru_cache(maxsize=256)
def _sprint(rule: str, profile: Profile) -> Sprint | None:
    """The ladder of a rule as one counted in minutes, when no rung of it depends on when the deadline was armed."""
    try:
        found = profile.rule(rule).sprint
    except RuleError:
        return None
    plain = found is not None and all(one.at_once and one.signal != _DISCARD for _, one, _ in found.steps)
    return found if plain else None


def _note(armed: Armed, said: dict[str, str]) -> None:
    armed.rung = max(armed.rung, len(said))
    armed.said = _written(tuple(said.items()))


@lru_cache(maxsize=1_024)  # few rules, few steps, and very many deadlines
def _read(said: str) -> Mapping[str, str]:
    return dict(json.loads(said)) if said else {}


@lru_cache(maxsize=1_024)
def _written(said: tuple[tuple[str, str], ...]) -> str:
    return json.dumps(dict(said), ensure_ascii=False, separators=(",", ":")) if said else ""


def last_for_each(prompts: list[Prompt]) -> list[Prompt]:
    """Of prompts that come together: the last, and each earlier one for somebody whom no later one is for."""
    told: set[str] = set()
    said: list[Prompt] = []
    for prompt in reversed(prompts):
        if prompt is prompts[-1] or not told.issuperset(prompt.tell):
            said.append(prompt)
        told.update(prompt.tell)
    return said
