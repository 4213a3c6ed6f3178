"""The profile's `[access]`: how long access may be had, and what is gone through afterwards. All Stafett's own default:
the routines say who approves access, and not for how long nor how it is looked after."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from reminders.profile_schema import Complain, Table, register_section


@dataclass(frozen=True, kw_only=True)
class Access:
    """`longest_days` is how far ahead access that is asked for may last, `glass` how long what was opened in an
    emergency may be read. In the first days of `review_months` managers go through who has which role, and are reminded
    `review_again_workdays` later; no months is never. With `checks` they get the month's list of looks to go through.
    """

    longest_days: int
    glass: timedelta
    review_months: tuple[int, ...]
    review_again_workdays: int
    checks: bool


def read_access(values: Mapping[str, Any], complain: Complain) -> Access:
    table = Table(values=values, complain=complain)
    months = table.take("review_months")
    months = [1, 7] if months is None else months
    if not isinstance(months, list) or not all(type(one) is int and 1 <= one <= 12 for one in months):
        table.refuse("review_months", "en lista med månader 1 till 12")
        months = []
    section = Access(
        longest_days=table.integer("longest_days", 180, low=1, high=366),
        glass=timedelta(minutes=table.integer("break_glass_minutes", 60, low=5, high=480)),
        review_months=tuple(sorted(set(months))),
        review_again_workdays=table.integer("review_again_workdays", 10, low=1, high=60),
        checks=table.flag("checks", True),
    )
    table.done()
    return section


def register() -> None:
    register_section("access", read_access)
