"""Questions whose answers are chosen among what the roster has just now: on-call passes, and access."""

from collections.abc import Sequence

from cases.directory import Directory
from cases.flow import AccessChoice, Field
from dialogs import access_choices, passes
from dialogs.form import Reading
from dialogs.terms import Terms
from dialogs.visit import Visit
from reminders.profile import Profile


def options(visit: Visit, item: Field, profile: Profile) -> dict[str, str]:
    """What may be chosen now, code → words."""
    if isinstance(item, AccessChoice):
        return access_choices.options(visit, item, profile)
    return passes.options(visit, item, profile)


def shown(item: Field, value: str, directory: Directory, terms: Terms) -> str:
    """A kept answer as a card tells it."""
    if isinstance(item, AccessChoice):
        return access_choices.shown(item, value, directory, terms)
    return passes.shown(item, value, directory)


def complete(fields: Sequence[Field], reading: Reading, profile: Profile, visit: Visit) -> None:
    """Add what follows of the answers, and refuse those that cannot be."""
    passes.complete(fields, reading, visit.scene.directory)
    access_choices.complete(fields, reading, profile, visit)
