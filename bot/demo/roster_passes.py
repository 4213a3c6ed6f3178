"""The demo's on-call passes: it starts on any date, so they are made when it starts and not written in a file."""

from datetime import datetime, timedelta

from cases.roster import Row
from reminders.localtime import to_local
from reminders.profile import time_profile

DAYS = 60
_SUPERVISOR = "nils.fors@exempel.invalid"
_UNITS = ("HT-NORR", "HT-SODER")


def passes(now: datetime) -> list[Row]:
    """Rows for the sheet `jour`: Nils has every on-call period, from office close to opening, that touches the
    `DAYS` days from `now` (UTC)."""
    calendar = time_profile("norrkoping").calendar
    until = now + timedelta(days=DAYS)
    day = calendar.last_workday_on_or_before(to_local(now).date() - timedelta(days=1))
    rows: list[Row] = []
    while calendar.closing(day) < until:
        following = calendar.add_workdays(day, 1)
        fran, till = (f"{to_local(one):%Y-%m-%dT%H:%M}" for one in (calendar.closing(day), calendar.opening(following)))
        if calendar.opening(following) > now:
            for unit in _UNITS:
                rows.append((len(rows) + 2, {"person": _SUPERVISOR, "enhet": unit, "fran": fran, "till": till}))
        day = following
    return rows
