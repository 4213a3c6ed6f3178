"""What the rules make of a start, kept by the process: the same deadline is shown on every card of a thread, and all
that begins on one day is worked out once where the rule looks at little but the day."""

from datetime import date, datetime
from functools import lru_cache

from reminders.due import Due
from reminders.localtime import to_local, to_utc
from reminders.profile import Profile
from reminders.rule_kinds import Moments
from reminders.rules import due, moments

DATE = 10  # the length of a local date as ISO; an instant is longer


def basis_of(text: str) -> date | datetime:
    """What a rule counts from: a local date as ISO, or an instant with its offset."""
    return date.fromisoformat(text) if len(text) == DATE else datetime.fromisoformat(text)


def limits(rule: str, basis: str, profile: Profile) -> Moments:
    """The two instants alone, which is what most who ask want to know. Raises as `reminders.rules.due`."""
    return _moments(rule, _since(rule, basis, profile), profile)


def worked_out(rule: str, basis: str, profile: Profile) -> Due:
    """The whole deadline. Raises as `reminders.rules.due`."""
    return _due(rule, _since(rule, basis, profile), profile)


def forget() -> None:
    """A profile has been replaced: nothing may keep the old one alive."""
    for kept in (_since, _moments, _due):
        kept.cache_clear()


@lru_cache(maxsize=4_096)
def _since(rule: str, basis: str, profile: Profile) -> str:
    """The start that stands for all that are alike to the rule."""
    found = profile.rule(rule)
    if len(basis) == DATE or not found.by_day:
        return basis
    return found.alike(to_local(to_utc(datetime.fromisoformat(basis))), profile.calendar).isoformat()


# A deadline depends on nothing but these three.
@lru_cache(maxsize=4_096)
def _moments(rule: str, since: str, profile: Profile) -> Moments:
    return moments(rule, basis_of(since), profile)


@lru_cache(maxsize=4_096)
def _due(rule: str, since: str, profile: Profile) -> Due:
    return due(rule, basis_of(since), profile)
