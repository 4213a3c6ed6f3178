"""An event of the played calendars as an iCalendar file (RFC 5545), as Outlook sends it along with an invitation."""

from datetime import UTC, date, datetime, timedelta

from icalendar import Calendar, Event, vCalAddress, vText

from bot.demo.graph.drawing import plain
from bot.demo.graph.entries import Entry, Slot
from bot.demo.graph.recurrence import days
from bot.demo.graph.wire import Json, wall

_AROUND = timedelta(days=366 * 2)  # the years whose summer times the file knows
_ANSWERS = {"accepted": "ACCEPTED", "tentativelyAccepted": "TENTATIVE", "declined": "DECLINED"}


def calendar_file(entry: Entry) -> bytes:
    """The event, or the series with those of its occurrences that are not like the others."""
    calendar = Calendar()
    calendar.add("prodid", "-//Stafett//Spelad kalender//SV")
    calendar.add("version", "2.0")
    calendar.add("method", "REQUEST" if entry.ended is None else "CANCEL")
    calendar.add_component(_event(entry.master))
    for day in sorted(entry.turns):
        calendar.add_component(_event(Slot(entry, day)))
    near = entry.master.start.date()
    calendar.add_missing_timezones(near - _AROUND, near + _AROUND)
    written: bytes = calendar.to_ical()
    return written


def _event(slot: Slot) -> Event:
    entry, made = slot.entry, Event()
    zone = wall(entry.data["start"]).tzinfo
    made.add("uid", entry.uid)
    made.add("sequence", entry.version - 1)
    made.add("dtstamp", entry.changed.astimezone(UTC))
    made.add("dtstart", slot.start.astimezone(zone))
    made.add("dtend", slot.end.astimezone(zone))
    made.add("summary", slot.data.get("subject") or "")
    made.add("description", plain(slot.data.get("body") or {}))
    made.add("status", "CONFIRMED" if entry.ended is None else "CANCELLED")
    place = (slot.data.get("location") or {}).get("displayName")
    if place:
        made.add("location", place)
    if slot.original_start is not None:
        made.add("recurrence-id", slot.original_start.astimezone(zone))
    elif entry.is_series:
        made.add("rrule", _rule(entry.data["recurrence"], list(days(entry.data["recurrence"]))[-1], slot))
        left_out = [Slot(entry, day).original_start for day in sorted(entry.gone)]
        if left_out:
            made.add("exdate", [at.astimezone(zone) for at in left_out if at is not None])
    made.add("organizer", _person(entry.organizer.upn, entry.organizer.name))
    for one in slot.invited:
        made.add("attendee", _invited(slot, one))
    return made


def _rule(recurrence: Json, last: date, slot: Slot) -> Json:
    pattern = recurrence["pattern"]
    until = datetime.combine(last, wall(slot.entry.data["start"]).timetz()).astimezone(UTC)
    weekdays = [name[:2].upper() for name in pattern["daysOfWeek"]]
    return {"freq": "weekly", "interval": int(pattern["interval"]), "byday": weekdays, "until": until}


def _invited(slot: Slot, one: Json) -> vCalAddress:
    address = one["emailAddress"]
    person = _person(address["address"], address.get("name") or address["address"])
    person.params["PARTSTAT"] = vText(_ANSWERS.get(slot.answer_of(address["address"]).response, "NEEDS-ACTION"))
    person.params["ROLE"] = vText("OPT-PARTICIPANT" if one.get("type") == "optional" else "REQ-PARTICIPANT")
    return person


def _person(address: str, name: str) -> vCalAddress:
    person = vCalAddress(f"mailto:{address}")
    person.params["CN"] = vText(name)
    return person
