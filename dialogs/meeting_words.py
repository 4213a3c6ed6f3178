"""What speaks against a meeting's time, and a proposed time, in Swedish."""

from datetime import datetime

from dialogs.swedish import clock_text, day_text
from reminders.day_conflicts import Against, DayConflict
from reminders.profile import Profile


def day_text_of(conflict: DayConflict, profile: Profile) -> str:
    """«Fre 19 juni är midsommarafton.»"""
    day = day_text(conflict.day).capitalize()
    match conflict.against:
        case Against.CLOSED:
            return f"{day} är {conflict.named or 'ingen arbetsdag'}."
        case Against.SQUEEZED:
            return f"{day} är en klämdag. Många kan vara lediga."
        case Against.SHORT:
            return f"{day} stänger kontoret tidigare, kl. {conflict.clock:%H.%M}."
        case Against.OUTSIDE:
            return f"Utanför kontorstid: {_hours(conflict, profile)}."
        case Against.ON_SITE:
            return profile.rule("digital_months").why


def booked_text(name: str, starts: datetime, ends: datetime) -> str:
    """«Anna Berg har ett annat möte ons 25 nov kl. 10.00–11.00.» What it is about is not said."""
    return f"{name} har ett annat möte {time_text(starts, ends)}."


def time_text(starts: datetime, ends: datetime) -> str:
    """«ons 25 nov kl. 10.00–11.00»."""
    return f"{day_text(starts)} kl. {clock_text(starts)}–{clock_text(ends)}"


def listed(names: list[str]) -> str:
    """«Anna Berg, Karim Aziz och Maria Ek»."""
    *first, last = names
    return f"{', '.join(first)} och {last}" if first else last


def _hours(conflict: DayConflict, profile: Profile) -> str:
    is_opening = conflict.clock == profile.calendar.office.open
    return f"kontoret {'öppnar' if is_opening else 'stänger'} kl. {conflict.clock:%H.%M}"
