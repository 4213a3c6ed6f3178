"""Swedish as the cards speak it: days, times and limits, in local time."""

from datetime import date, datetime

from reminders.localtime import to_local

_DAYS = ("mån", "tis", "ons", "tor", "fre", "lör", "sön")
_MONTHS = ("jan", "feb", "mars", "apr", "maj", "juni", "juli", "aug", "sep", "okt", "nov", "dec")


def day_text(value: date | datetime) -> str:
    """«mån 23 nov»; the year is said only by `full_day_text`."""
    day = to_local(value).date() if isinstance(value, datetime) else value
    return f"{_DAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]}"


def weekday_text(value: date) -> str:
    """«mån»."""
    return _DAYS[value.weekday()]


def full_day_text(value: date | datetime) -> str:
    """«mån 23 nov 2026»."""
    day = to_local(value).date() if isinstance(value, datetime) else value
    return f"{day_text(day)} {day.year}"


def month_text(value: date) -> str:
    """«nov 2026»."""
    return f"{_MONTHS[value.month - 1]} {value.year}"


def clock_text(value: datetime) -> str:
    """«17.00»."""
    local = to_local(value)
    return f"{local.hour:02d}.{local.minute:02d}"


def moment_text(value: datetime) -> str:
    """«mån 23 nov kl. 17.00»."""
    return f"{day_text(value)} kl. {clock_text(value)}"


def limit_text(soft: datetime | None, hard: datetime | None) -> str:
    """«senast mån 23 nov kl. 17.00»; the end of a day is said as the day alone."""
    limit = soft or hard
    if limit is None:
        return ""
    local = to_local(limit)
    if (local.hour, local.minute) == (23, 59):
        return f"senast {day_text(limit)}"
    return f"senast {moment_text(limit)}"


def left_text(until: datetime, now: datetime) -> str:
    """«37 tim kvar», below ten hours with the minutes too; nothing when the time is out."""
    minutes = round((until - now).total_seconds() / 60)
    if minutes <= 0:
        return ""
    hours, rest = divmod(minutes, 60)
    if hours >= 10 or (hours and not rest):
        return f"{hours} tim kvar"
    return f"{hours} tim {rest} min kvar" if hours else f"{rest} min kvar"


def since_text(then: datetime, now: datetime) -> str:
    """«i dag kl. 08.12», «i går kl. 08.12», or the day."""
    days = (to_local(now).date() - to_local(then).date()).days
    if days == 0:
        return f"i dag kl. {clock_text(then)}"
    if days == 1:
        return f"i går kl. {clock_text(then)}"
    return moment_text(then)
