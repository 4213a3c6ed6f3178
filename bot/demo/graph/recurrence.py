"""When a series falls: the weekly pattern of patternedRecurrence between two days, by the wall clock of its zone."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from bot.demo.graph.wire import Json, invalid

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def checked(recurrence: Any, start: date) -> Json:
    """The recurrence, if it is one that Stafett asks for and that starts with its event. Raises: Refusal."""
    if not isinstance(recurrence, dict):
        raise invalid("A recurrence needs a pattern and a range.", "ErrorInvalidRecurrence")
    pattern, reach = recurrence.get("pattern") or {}, recurrence.get("range") or {}
    weekdays = pattern.get("daysOfWeek") or ()
    if pattern.get("type") != "weekly" or int(pattern.get("interval") or 0) < 1 or reach.get("type") != "endDate":
        raise invalid("Only weekly patterns up to an end date are played here.", "ErrorInvalidRecurrence")
    if not weekdays or not set(weekdays) <= set(_DAYS):
        raise invalid("A weekly pattern needs daysOfWeek.", "ErrorInvalidRecurrence")
    if reach.get("startDate") != start.isoformat():
        raise invalid("The range must start on the day on which the event starts.", "ErrorRecurrenceRangeMismatch")
    if not any(days(recurrence)):
        raise invalid("The recurrence has no occurrences.", "ErrorRecurrenceHasNoOccurrence")
    return recurrence


def days(recurrence: Json) -> Iterator[date]:
    """The days of the series in order. A week of the pattern begins on Sunday when nothing else is said."""
    pattern, reach = recurrence["pattern"], recurrence["range"]
    first, last = date.fromisoformat(reach["startDate"]), date.fromisoformat(reach["endDate"])
    weekdays = {_DAYS.index(name) for name in pattern["daysOfWeek"]}
    opens = _DAYS.index(pattern.get("firstDayOfWeek") or "sunday")
    week = first - timedelta(days=(first.weekday() - opens) % 7)
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        if day.weekday() in weekdays and (day - week).days // 7 % int(pattern["interval"]) == 0:
            yield day
