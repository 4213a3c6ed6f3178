"""What people's calendars say, as the desk is told it before its transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reminders.free_times import Span


@dataclass(frozen=True, kw_only=True)
class Calendars:
    """Who is busy when (UTC), by person. Of the people in `unknown` nothing is known: they are not taken for free."""

    busy: Mapping[int, Sequence[Span]]
    unknown: frozenset[int]
