"""Why a thread's deadlines are when they are: the rule, the routine's words, each day that was skipped and why, and the
reminders. For the card «Varför?» and for `stafett explain`.

It tells of rules, days and roles. Nothing of what the thread is about stands here, and nobody's name.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from cases.deadline_ends import Ran, given
from cases.flow import Flow
from cases.ladder import basis_of, due_of, ladder
from cases.thread import Armed
from dialogs.delivery_section import Delivery
from dialogs.duty import quiet_until
from dialogs.limit_labels import limit_label
from dialogs.role_words import role_name
from dialogs.rule_words import counted
from dialogs.swedish import clock_text, day_text, full_day_text, limit_text, moment_text
from dialogs.terms import Terms
from reminders.due import Prompt
from reminders.errors import RuleError
from reminders.localtime import to_local
from reminders.profile import Profile
from reminders.rule_kinds import Start
from reminders.rule_spec import Rule
from reminders.rules import moments

GIVEN, COMES, NOT_NEEDED = "har getts", "kommer", "behövdes inte"
_AUDIENCES = {
    "owner": "den som har det", "sender": "avsändaren", "sender_unit": "avsändarens enhet",
    "receivers": "mottagarna", "next_in_line": "nästa i tur", "unreceipted": "den som inte har kvitterat",
    "on_call": "jouren", "provider": "utföraren", "authority_queue": "handläggarnas funktionsbrevlåda",
    "convener": "sammankallande", "invited": "de kallade", "unanswered": "den som inte har svarat",
    "gatherers": "den som samlar ärenden",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Reminder:
    """A rung of the ladder, or several of one that repeats. `first` and `last` are UTC; `held` is what makes it come
    later to whoever is off duty."""

    first: datetime
    last: datetime
    to: str
    state: str
    held: str = ""

    @property
    def text(self) -> str:
        """«tor 19 nov kl. 09.00 till den som har det – kommer»."""
        when = moment_text(self.first)
        if self.last != self.first:
            same_day = to_local(self.first).date() == to_local(self.last).date()
            until = f"–{clock_text(self.last)}" if same_day else f" – {moment_text(self.last)}"
            when = f"{when}{until}, flera gånger,"
        return f"{when}{f' till {self.to}' if self.to else ''} – {self.state}{f'. {self.held}' if self.held else ''}"


@dataclass(frozen=True, kw_only=True)
class Explained:
    """One round of a deadline. `source` is empty where no routine says it; `rule` is None where the profile no longer
    has the rule. With `is_older` the numbers come from an older profile, and how it counts now is not told."""

    label: str
    armed: Armed
    limit: str
    outcome: str
    why: str
    source: str
    rule: Rule | None
    counted: tuple[str, ...]
    reminders: tuple[Reminder, ...]
    is_older: bool

    @property
    def runs(self) -> bool:
        return self.armed.status == "armed"

    @property
    def reading(self) -> str:
        """Where the routine's words can be read in more than one way, which reading is used."""
        if self.rule is None:
            return ""
        if self.rule.own_default:
            return self.rule.reading
        return self.rule.reading or "Rutinens ord är tydliga här. Påminnelsernas klockslag är Stafetts eget förval."


def explained(ran: Sequence[Ran], flow: Flow, profile: Profile, now: datetime) -> list[Explained]:
    """The running ones first, by their limits, then those that have ended, the latest first. `now` is care time."""
    found = [_explained(one, flow, profile, now) for one in ran]
    running = [one for one in found if one.runs]
    ended = [one for one in found if not one.runs]
    return [
        *sorted(running, key=lambda one: one.armed.soft_at or one.armed.hard_at or one.armed.armed_at),
        *sorted(ended, key=lambda one: one.armed.armed_at, reverse=True),
    ]


def _explained(one: Ran, flow: Flow, profile: Profile, now: datetime) -> Explained:
    armed = one.armed
    rule = _rule(armed, profile)
    worked_out, terms = due_of(armed, profile), profile.section("terms")
    is_older = armed.profile_print != profile.prints.time
    return Explained(
        label=limit_label(armed.step),
        armed=armed,
        limit=limit_text(armed.soft_at, armed.hard_at) or "utan gräns",
        outcome=_outcome(one, now),
        why=terms.put(worked_out.why),
        source="" if rule is None or rule.own_default else worked_out.source,
        rule=rule,
        counted=() if is_older else tuple(_counted(armed, rule, profile)),
        reminders=tuple(_reminders(one, flow, profile, now)),
        is_older=is_older,
    )


def _rule(armed: Armed, profile: Profile) -> Rule | None:
    try:
        return profile.rule(armed.rule)
    except RuleError:
        return None


def _counted(armed: Armed, rule: Rule | None, profile: Profile) -> list[str]:
    """Day by day from the start to the limit; nothing where the profile can no longer work it out."""
    if rule is None:
        return []
    since = basis_of(armed.basis)
    try:
        worked_out = moments(armed.rule, since, profile)
    except RuleError:
        return []
    told = counted(rule.kind, Start.of(since), profile.calendar)
    if worked_out.soft is not None:
        day = to_local(worked_out.soft).date()
        closes = profile.calendar.short_days.get(day)
        told += [f"Kontoret stänger redan kl. {closes:%H.%M} den dagen, {day_text(day)}."] if closes else []
    return told


def _outcome(one: Ran, now: datetime) -> str:
    armed = one.armed
    if armed.status == "stopped":
        return "Väntar: hela ärendet är stoppat."
    if one.ended_at is None:
        if armed.hard_at is not None and now > armed.hard_at:
            return f"Löper. Försenat sedan {_day_or_moment(armed.hard_at)}."
        if armed.soft_at is not None and now > armed.soft_at:
            return f"Löper. Tiden gick ut {_day_or_moment(armed.soft_at)}, men det är inte försenat."
        return "Löper."
    ended = f"Avslutat {moment_text(one.ended_at)}"
    if armed.hard_at is not None and one.ended_at > armed.hard_at:
        return f"{ended}, försenat."
    if armed.soft_at is not None and one.ended_at > armed.soft_at:
        return f"{ended}, efter tiden men inte försenat."
    return f"{ended}, i tid."


def late_text(hard: datetime | None) -> str:
    """After when it is called late, or that it never is."""
    return _day_or_moment(hard) if hard is not None else "aldrig, rutinen sätter ingen gräns"


def _day_or_moment(instant: datetime) -> str:
    return f"{day_text(instant)}, dagens slut" if to_local(instant).hour == 23 else moment_text(instant)


def begins_text(armed: Armed) -> str:
    """What the rule counts from."""
    since = basis_of(armed.basis)
    return moment_text(since) if isinstance(since, datetime) else full_day_text(since)


# --- reminders ---------------------------------------------------------------------------------------------------


def _reminders(one: Ran, flow: Flow, profile: Profile, now: datetime) -> list[Reminder]:
    """The ladder, rung by rung; what only moves the thread on and tells nobody is left out."""
    said = given(one.armed)
    rungs = [prompt for prompt in ladder(one.armed, profile) if prompt.tell]
    states = [(prompt, _state(prompt, one, said)) for prompt in rungs]
    return [
        _reminder([prompt for prompt, _ in group], state, flow, profile)
        for (_, _, state), group in groupby(states, key=lambda pair: (pair[0].series, pair[0].tell, pair[1]))
    ]


def _state(prompt: Prompt, one: Ran, said: frozenset[str]) -> str:
    if prompt.step in said:
        return GIVEN
    return COMES if one.ended_at is None and one.armed.status == "armed" else NOT_NEEDED


def _reminder(prompts: Sequence[Prompt], state: str, flow: Flow, profile: Profile) -> Reminder:
    to = told_text(prompts[0].tell, profile)
    held = _held(prompts[0], profile) if state == COMES and not flow.urgent else ""
    return Reminder(first=prompts[0].at, last=prompts[-1].at, to=to, state=state, held=held)


def told_text(tell: Sequence[str], profile: Profile) -> str:
    """Whom a prompt is for: «den som har det, nästa i tur»."""
    terms: Terms = profile.section("terms")
    return ", ".join(_AUDIENCES.get(one) or role_name(one, terms) for one in tell)


def _held(prompt: Prompt, profile: Profile) -> str:
    section: Delivery = profile.section("delivery")
    until = quiet_until(section, profile.calendar, prompt.at) if section.quiet else None
    return f"Hålls inne till {moment_text(until)} för den som är ledig" if until is not None else ""
