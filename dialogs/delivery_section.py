"""The profile's `[delivery]`: what may be told together, and when nobody is to be disturbed without need."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any

from reminders.profile_schema import Complain, Table, register_section

_MOST = 20  # a card of more threads is longer than a phone's patience, and than what Teams takes


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """`bundle_most` is how many reminders one card may hold; less than two is none. Quiet hours are local time."""

    bundle_most: int
    quiet: bool
    quiet_from: time
    quiet_to: time


def read_delivery(values: Mapping[str, Any], complain: Complain) -> Delivery:
    table = Table(values=values, complain=complain)
    bundle = table.flag("bundle", True)
    most = table.integer("bundle_most", 10, low=2, high=_MOST)
    section = Delivery(
        bundle_most=most if bundle else 0,
        quiet=table.flag("quiet", True),
        quiet_from=table.clock("quiet_from", time(18)),
        quiet_to=table.clock("quiet_to", time(7)),
    )
    table.done()
    if section.quiet_to >= section.quiet_from:
        complain("quiet_to", "ska vara tidigare på dygnet än quiet_from: tystnaden går över natten")
    return section


def register() -> None:
    register_section("delivery", read_delivery)
