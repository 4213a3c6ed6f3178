"""How the oracle reads a start: a local date-time, a date, or a month, as text."""

from __future__ import annotations

import re
from datetime import date

from calendar_oracle import EPOCH, MINUTES_A_DAY, Moment, local

WRITTEN = re.compile(
    r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})"
    r"(-(?P<day>[0-9]{2})(T(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2})(?P<zone>Z|[+-][0-9]{2}:[0-9]{2}|fold=[01])?)?)?"
)


class Refused(Exception):
    """Raised when the start given cannot be a start of the rule."""


def start_of(text: str, month_is_enough: bool) -> Moment:
    """The instant the text means; raises `Refused` when it means none, or only a month where a day is needed."""
    found = WRITTEN.fullmatch(text)
    if found is None:
        raise Refused("not a date, a date with a time, or a month")
    if found["day"] is None and not month_is_enough:
        raise Refused("this rule starts on a day, not in a month")
    year, month, number, hour, minute = (int(found[part] or 0) for part in ("year", "month", "day", "hour", "minute"))
    if hour > 23 or minute > 59:
        raise Refused("no such time of day")
    try:
        day = date(year, month, 1 if found["day"] is None else number)
    except ValueError as wrong:
        raise Refused(str(wrong)) from wrong
    return _placed(day, hour * 60 + minute, found["zone"] or "fold=0")


def _placed(day: date, minute: int, zone: str) -> Moment:
    first = local(day, minute)
    if zone == "fold=0":
        return first
    if zone == "fold=1":
        an_hour_on = Moment(first.utc + 60)
        return an_hour_on if an_hour_on.is_second_pass and an_hour_on.minute == minute else first
    east = 0 if zone == "Z" else int(zone[0] + "1") * (int(zone[1:3]) * 60 + int(zone[4:6]))
    return Moment((day - EPOCH).days * MINUTES_A_DAY + minute - east)
