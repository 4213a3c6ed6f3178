"""Several days in one answer: how they are typed, and how a card says them."""

import re
from datetime import date, datetime

from cases.fields import DayList, codes_of
from dialogs.swedish import full_day_text
from reminders.localtime import to_local

_BETWEEN = re.compile(r"[\s,;]+")


def listed(item: DayList, text: str, now: datetime) -> tuple[str, str]:
    """The days as they are kept, and what is wrong with what was typed; one of the two is empty."""
    days: set[date] = set()
    today = to_local(now).date()
    for one in filter(None, _BETWEEN.split(text)):
        try:
            day = date.fromisoformat(one)
        except ValueError:
            return "", "Skriv datumen som ÅÅÅÅ-MM-DD med komma emellan, till exempel 2026-12-01, 2027-01-12."
        if day < today and not item.past:
            return "", f"{full_day_text(day)} har redan varit. Skriv dagar framåt."
        if abs((day - today).days) > _A_WHILE:
            return "", f"{full_day_text(day)} är mer än två år bort. Kontrollera året."
        days.add(day)
    if len(days) > item.most:
        return "", f"Det är {len(days)} dagar. Skriv högst {item.most} åt gången."
    return ",".join(day.isoformat() for day in sorted(days)), ""


def shown(value: str) -> str:
    """«tis 1 dec 2026, tis 12 jan 2027»."""
    return ", ".join(full_day_text(date.fromisoformat(one)) for one in codes_of(value))


_A_WHILE = 2 * 366  # days
