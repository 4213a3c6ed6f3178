"""What the flows about supervision share: when the weekly meetings are, and how their cards say it.

Katrineholm, Rutin för ersättning till utförare vid handledning i hemtjänst.
"""

from collections.abc import Mapping
from typing import Any

from cases import series_answers
from cases.flow import Choice, Situation
from cases.meeting_kinds import kinds
from cases.series_answers import LAST, TEAM, days_of, pattern_of, time_of
from dialogs.swedish import day_text, full_day_text, month_text
from reminders.series import Because, Occurrence, ends_after_closing, week_of

SOURCE = "Katrineholm, Ersättning vid handledning"
KIND = "supervision_meeting"
SERIES = "supervision_series"
CLAIM = "supervision_claim"
MANAGERS = frozenset({"unit_manager", "deputy_unit_manager"})

MODE = Choice(
    name="mode",
    label="Hur möts ni?",
    short="Form",
    options=(("on_site", "På plats"), ("digital", "Digitalt i Teams")),
)

_EVERY = ("Måndagar", "Tisdagar", "Onsdagar", "Torsdagar", "Fredagar", "Lördagar", "Söndagar")
_WHY_NONE = {
    Because.TEAM_MEETING: "teamträff",
    Because.CLOSED_WEEK: "ingen arbetsdag",
    Because.CALLED_OFF: "inställd",
}


def weeks_of(situation: Situation) -> list[Occurrence]:
    """Every week of the series, once its form has been answered."""
    if not situation.thread.values.get(LAST):
        return []
    return series_answers.weeks_of(situation.thread, kinds(situation.profile)[KIND].minutes, situation.profile.calendar)


def has_meetings(situation: Situation) -> bool:
    """Whether the series has any meeting at all: a last day before the first leaves none."""
    return any(one.starts is not None for one in weeks_of(situation))


def dates(situation: Situation) -> list[tuple[str, str]]:
    """The meetings to come as the card says them: when, on which days, which are moved, and which weeks have none."""
    weeks = [one for one in weeks_of(situation) if (one.starts or one.original) >= situation.now]
    held = [one for one in weeks if one.starts is not None]
    if not held:
        return [("Obs", "Det blir ingen handledning de dagarna. Ändra dag eller sista dag.")]
    values, calendar = situation.thread.values, situation.profile.calendar
    shown = [("Handledning", _when(values, kinds(situation.profile)[KIND].minutes, len(held)))]
    shown += [(month, ", ".join(days)) for month, days in _by_month(held).items()]
    moved = [one for one in held if one.because is Because.HOLIDAY]
    by_hand = [one for one in held if one.because is Because.MOVED]
    if moved:
        shown.append(("Flyttas", "; ".join(_moved(one) for one in moved)))
    if by_hand:
        shown.append(("Flyttade", "; ".join(f"v. {one.week[1]} till {_day_of(one)}" for one in by_hand)))
    left_out = [one for one in weeks if one.starts is None]
    if left_out:
        shown.append(("Ingen handledning", "; ".join(_left_out(one, values) for one in left_out)))
    short = [one for one in held if ends_after_closing(one, calendar)]
    if short:
        shown.append(("Obs, kontoret stänger före", ", ".join(_day_of(one) for one in short)))
    return shown


def _when(values: Mapping[str, Any], minutes: int, count: int) -> str:
    """«Torsdagar kl. 14.00–14.30, 5 gånger till och med tor 31 dec 2026»."""
    pattern = pattern_of(values, minutes)
    times = "en gång" if count == 1 else f"{count} gånger"
    clock = f"{pattern.at:%H.%M}–{time_of(pattern):%H.%M}"
    return f"{_EVERY[pattern.weekday - 1]} kl. {clock}, {times} till och med {full_day_text(pattern.last)}"


def _by_month(held: list[Occurrence]) -> dict[str, list[str]]:
    months: dict[str, list[str]] = {}
    for one in held:
        day = one.held_on or one.day
        months.setdefault(month_text(day).capitalize(), []).append(f"{day_text(day).split()[0]} {day.day}")
    return months


def _moved(one: Occurrence) -> str:
    """«v. 53 till ons 30 dec, för tor 31 dec är ingen arbetsdag»."""
    return f"v. {one.week[1]} till {_day_of(one)}, för {day_text(one.day)} är ingen arbetsdag"


def _left_out(one: Occurrence, values: Mapping[str, Any]) -> str:
    """«v. 49 (teamträff tis 1 dec)»."""
    days = [day for day in days_of(values.get(TEAM)) if week_of(day) == one.week]
    when = f" {day_text(days[0])}" if one.because is Because.TEAM_MEETING and days else ""
    return f"v. {one.week[1]} ({_WHY_NONE[one.because]}{when})" if one.because in _WHY_NONE else f"v. {one.week[1]}"


def _day_of(one: Occurrence) -> str:
    return day_text(one.held_on or one.day)
