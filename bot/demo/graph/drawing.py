"""An event as Graph writes it, for the mailbox that it is read in and with what the request prefers."""

import html
import re
from dataclasses import dataclass

from multidict import CIMultiDictProxy

from bot.demo.graph.entries import Answer, Slot
from bot.demo.graph.people import Person
from bot.demo.graph.wire import Json, preferences, shown, stamp, zone

_NEVER = "0001-01-01T00:00:00Z"
_TAG = re.compile(r"<[^>]+>")
_PLAIN = ("subject", "importance", "sensitivity", "isAllDay", "responseRequested", "hideAttendees", "categories")
_USUAL: Json = {
    "importance": "normal", "sensitivity": "normal", "isAllDay": False, "responseRequested": True,
    "hideAttendees": False, "categories": [], "subject": "",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Whose mailbox is read, and how: the zone of the times, and ids that stand (immutable) or not."""

    person: Person
    zone_name: str = "UTC"
    immutable: bool = False

    @classmethod
    def of(cls, person: Person, headers: CIMultiDictProxy[str]) -> "Reader":
        """As the request prefers. Raises: Refusal for a zone that there is not."""
        wishes = preferences(headers)
        zone_name = wishes.get("outlook.timezone", "UTC")
        zone(zone_name)
        return cls(person=person, zone_name=zone_name, immutable=wishes.get("idtype") == "ImmutableId")

    def id_of(self, slot: Slot) -> str:
        base = slot.entry.id_for(self.person, immutable=self.immutable)
        return base if slot.day is None else f"{base}_{slot.day:%Y%m%d}"


def event(slot: Slot, reader: Reader) -> Json:
    """The event with everything that this Graph knows of it."""
    entry, data = slot.entry, slot.data
    is_organizer = entry.organizer is reader.person
    body = data.get("body") or {"contentType": "html", "content": ""}
    location = data.get("location") or {"displayName": ""}
    made: Json = {
        **brief(slot, reader),
        **{name: data.get(name, _USUAL[name]) for name in _PLAIN},
        "createdDateTime": stamp(entry.created),
        "lastModifiedDateTime": stamp(entry.changed),
        "changeKey": _change_key(slot),
        "originalStartTimeZone": data["start"].get("timeZone") or "UTC",
        "originalEndTimeZone": data["end"].get("timeZone") or "UTC",
        "iCalUId": entry.uid if slot.day is None else f"{entry.uid}{slot.day:%Y%m%d}",
        "body": body,
        "bodyPreview": plain(body)[:255],
        "isReminderOn": data.get("isReminderOn", True),
        "reminderMinutesBeforeStart": data.get("reminderMinutesBeforeStart", 15),
        "isCancelled": entry.ended is not None or slot.day in entry.gone,
        "isOrganizer": is_organizer,
        "isDraft": False,
        "hasAttachments": False,
        "allowNewTimeProposals": data.get("allowNewTimeProposals", True),
        "seriesMasterId": None if slot.day is None else entry.id_for(reader.person, immutable=reader.immutable),
        "showAs": slot.showing(reader.person),
        "location": location,
        "locations": data.get("locations") or ([location] if location.get("displayName") else []),
        "recurrence": data.get("recurrence") if slot.day is None else None,
        "responseStatus": _own_answer(slot, reader.person),
        "attendees": [_attendee(slot, one) for one in _visible(slot, reader.person)],
        "organizer": {"emailAddress": entry.organizer.address},
        "isOnlineMeeting": bool(data.get("onlineMeeting")),
        "onlineMeetingProvider": data.get("onlineMeetingProvider") or "unknown",
        "onlineMeeting": data.get("onlineMeeting"),
        "onlineMeetingUrl": None,
        "webLink": None,
    }
    if entry.transaction_id and is_organizer:
        made["transactionId"] = entry.transaction_id
    if slot.original_start is not None:
        made["originalStart"] = stamp(slot.original_start)
    return made


def brief(slot: Slot, reader: Reader) -> Json:
    """All that calendarView/delta says of an occurrence that is like the others."""
    made: Json = {
        "@odata.etag": f'W/"{_change_key(slot)}"',
        "id": reader.id_of(slot),
        "type": slot.kind,
        "start": shown(slot.start, reader.zone_name),
        "end": shown(slot.end, reader.zone_name),
    }
    if slot.day is not None:
        made["seriesMasterId"] = slot.entry.id_for(reader.person, immutable=reader.immutable)
    return made


def plain(body: Json) -> str:
    """The body as plain text; a text keeps its lines."""
    text = str(body.get("content") or "")
    if str(body.get("contentType", "html")).lower() == "html":
        return " ".join(html.unescape(_TAG.sub(" ", text)).split())
    return "\n".join(line.strip() for line in text.strip().splitlines())


def _change_key(slot: Slot) -> str:
    return f"{slot.entry.uid[:8]}{slot.entry.version:04d}{slot.stamp:08d}"


def _own_answer(slot: Slot, person: Person) -> Json:
    if slot.entry.organizer is person:
        return {"response": "organizer", "time": _NEVER}
    answer = slot.answer_of(person.upn)
    if answer.at is None:
        return {"response": "notResponded", "time": _NEVER}
    return _status(answer)


def _status(answer: Answer) -> Json:
    return {"response": answer.response, "time": _NEVER if answer.at is None else stamp(answer.at)}


def _visible(slot: Slot, person: Person) -> list[Json]:
    """Whom of the invited the reader sees: all, or with hideAttendees only oneself."""
    if slot.entry.organizer is person or not slot.data.get("hideAttendees"):
        return slot.invited
    return [one for one in slot.invited if one["emailAddress"]["address"].lower() == person.upn.lower()]


def _attendee(slot: Slot, one: Json) -> Json:
    address = one["emailAddress"]
    return {
        "type": one.get("type") or "required",
        "status": _status(slot.answer_of(str(address["address"]))),
        "emailAddress": {"name": address.get("name") or address["address"], "address": address["address"]},
    }
