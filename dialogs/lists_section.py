"""The profile's `[lists]`: which lists come by themselves, and when. All of it is Stafett's own default."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any

from reminders.profile_schema import Complain, Table, register_section

_LONGEST = 240  # minutes before a pass ends
_LAST_DAY = 21  # a week later is still in the month


@dataclass(frozen=True, kw_only=True)
class Lists:
    """`journal_at` is local time on the week's first working day. `pass_end_minutes` is how long before the end of an
    on-call pass what is handed over is listed. With `day_at_opening` leaders get the unit's day each working day. With
    `not_started` those who answer for decisions get the ones that wait, on the month's first working day.
    From `meetings_day` of a month, and a week later, assessors get the biståndsmöten that the next month lacks; 0 is
    never."""

    journal: bool
    journal_at: time
    passes: bool
    pass_end_minutes: int
    day_at_opening: bool
    not_started: bool
    meetings_day: int
    meetings_at: time


def read_lists(values: Mapping[str, Any], complain: Complain) -> Lists:
    table = Table(values=values, complain=complain)
    section = Lists(
        journal=table.flag("journal", True),
        journal_at=table.clock("journal_at", time(9)),
        passes=table.flag("passes", True),
        pass_end_minutes=table.integer("pass_end_minutes", 30, low=5, high=_LONGEST),
        day_at_opening=table.flag("day_at_opening", False),
        not_started=table.flag("not_started", True),
        meetings_day=table.integer("meetings_day", 0, high=_LAST_DAY),
        meetings_at=table.clock("meetings_at", time(9)),
    )
    table.done()
    return section


def register() -> None:
    register_section("lists", read_lists)
