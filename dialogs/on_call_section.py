"""The profile's `[on_call]` and `[night_call]`: how the rota is watched, and whether the jour is rung at night.

All of it is Stafett's own default: the routines say that there is a jour, and not how that is seen to.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from typing import Any

from reminders.profile_schema import Complain, Table, register_section


@dataclass(frozen=True, kw_only=True)
class OnCall:
    """`ahead` is how long before a gap in the rota somebody is told of it, the longest first; what is shorter than
    `shortest` is no gap. With `probe` tonight's jour is checked each day at `probe_at`, local time."""

    gaps: bool
    ahead: tuple[timedelta, ...]
    shortest: timedelta
    probe: bool
    probe_at: time


@dataclass(frozen=True, kw_only=True)
class NightCall:
    """Off by default. The jour is rung when an urgent message has been theirs for `minutes` and nobody has taken it;
    after `ring_seconds` without an answer the next in line is rung. Where nobody has taken it `again_minutes` after
    somebody pressed the key it rings anew."""

    on: bool
    minutes: int
    ring_seconds: int
    again_minutes: int


def read_on_call(values: Mapping[str, Any], complain: Complain) -> OnCall:
    table = Table(values=values, complain=complain)
    first = table.integer("gap_first_days", 7, low=1, high=60)
    again = table.integer("gap_again_days", 2, low=1, high=60)
    last = table.integer("gap_last_hours", 4, low=1, high=48)
    section = OnCall(
        gaps=table.flag("gaps", True),
        ahead=(timedelta(days=first), timedelta(days=again), timedelta(hours=last)),
        shortest=timedelta(minutes=table.integer("gap_shortest_minutes", 15, low=1, high=240)),
        probe=table.flag("probe", True),
        probe_at=table.clock("probe_at", time(14)),
    )
    table.done()
    if list(section.ahead) != sorted(set(section.ahead), reverse=True):
        complain("gap_again_days", "ska vara färre dagar än gap_first_days och längre tid än gap_last_hours")
    return section


def read_night_call(values: Mapping[str, Any], complain: Complain) -> NightCall:
    table = Table(values=values, complain=complain)
    section = NightCall(
        on=table.flag("on", False),
        minutes=table.integer("minutes", 10, low=1, high=240),
        ring_seconds=table.integer("ring_seconds", 45, low=15, high=120),
        again_minutes=table.integer("again_minutes", 30, low=5, high=240),
    )
    table.done()
    return section


def register() -> None:
    register_section("on_call", read_on_call)
    register_section("night_call", read_night_call)
