"""What is done to the played calendars: by the app through Graph, and by people in Outlook.

Whatever changes gets the next stamp, so that a delta query knows what has happened since.
"""

import json
import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from bot.demo.graph.entries import Answer, Entry, Slot, Turn, addresses, length, moves, neighbours
from bot.demo.graph.people import Person
from bot.demo.graph.recurrence import checked
from bot.demo.graph.recurrence import days as series_days
from bot.demo.graph.wire import Json, Refusal, invalid, missing, wall

# What a PATCH may change; the rest is read-only, and transactionId is set once and for all.
_CHANGEABLE = frozenset(
    {
        *("attendees", "body", "categories", "end", "hideAttendees", "importance", "isAllDay", "isOnlineMeeting"),
        *("isReminderOn", "location", "locations", "onlineMeetingProvider", "allowNewTimeProposals", "recurrence"),
        *("reminderMinutesBeforeStart", "responseRequested", "sensitivity", "showAs", "start", "subject"),
    }
)
_MOST_INVITED = 500
_LONGEST_SUBJECT = 255
_JOIN = "https://teams.exempel.invalid/mote/"


@dataclass(eq=False)
class Calendar:
    """Every event of every mailbox. `clock` is care time."""

    clock: Callable[[], datetime]
    stamp: int = 0
    entries: list[Entry] = field(default_factory=list)

    def next_stamp(self) -> int:
        self.stamp += 1
        return self.stamp

    # By the app, through Graph.

    def create(self, organizer: Person, body: Json) -> Entry:
        """A new event, or the first that was made with the same transactionId and the same content. Raises: Refusal."""
        posted = json.dumps(body, sort_keys=True, ensure_ascii=False)
        twin = self._twin(organizer, body.get("transactionId"))
        if twin is not None and twin.posted == posted:
            return twin
        if twin is not None:
            raise Refusal(
                400, "ErrorDuplicateTransactionId",
                "Your request can't be completed. The TransactionId specified in the request has already been used to "
                "create a different event.",
                more={"@event.existingEventId": twin.id_for(organizer, immutable=True)},
            )  # fmt: skip
        data = {name: value for name, value in body.items() if name in _CHANGEABLE and value is not None}
        _check(data)
        uid = uuid.uuid4().hex.upper()
        if data.get("isOnlineMeeting"):
            _put_online(data, uid)
        now = self.clock()
        entry = Entry(
            uid=uid, organizer=organizer, data=data, posted=posted, transaction_id=body.get("transactionId"),
            created=now, changed=now, stamp=self.next_stamp(),
        )  # fmt: skip
        self.entries.append(entry)
        return entry

    def change(self, slot: Slot, change: Json) -> Slot:
        """Change an event, a series or one occurrence. Raises: Refusal."""
        change = {name: value for name, value in change.items() if not name.startswith("@odata.")}
        unknown = sorted(set(change) - _CHANGEABLE)
        if unknown:
            raise invalid(f"The property '{unknown[0]}' cannot be changed.", "ErrorPropertyValidationFailure")
        change = _kept_online(slot.data, change)
        _check({**slot.data, **change}, whole=slot.day is None)
        if slot.day is None:
            self._change_whole(slot.entry, change)
        else:
            self._change_turn(slot, slot.day, change)
        slot.entry.version += 1
        slot.entry.changed = self.clock()
        return replace(slot)

    def _change_whole(self, entry: Entry, change: Json) -> None:
        before = set(series_days(entry.data["recurrence"])) if entry.is_series else set()
        moved = any(moves({name: None}) and value != entry.data.get(name) for name, value in change.items())
        entry.data.update(change)
        entry.stamp = self.next_stamp()
        if moved:  # everybody is asked anew, and what was said of single occurrences is lost, as in Outlook
            entry.answers.clear()
            entry.turns.clear()
            entry.gone.clear()
        left = set(series_days(entry.data["recurrence"])) if entry.is_series else set()
        entry.gone.update(dict.fromkeys(before - left, entry.stamp))
        kept = addresses(entry.data.get("attendees"))
        entry.answers = {address: answer for address, answer in entry.answers.items() if address in kept}

    def _change_turn(self, slot: Slot, day: date, change: Json) -> None:
        if "recurrence" in change:
            raise invalid("An occurrence has no recurrence of its own.")
        turn = slot.turn or Turn()
        zone = wall(slot.entry.data["start"]).tzinfo
        local = (wall(change["start"]) if "start" in change else slot.start).astimezone(zone).date()
        before, after = neighbours(slot.entry, day)
        if (before is not None and local <= before) or (after is not None and local >= after):
            text = "Modified occurrence is crossing or overlapping adjacent occurrence."
            raise invalid(text, "ErrorOccurrenceCrossingBoundary")
        if moves(change):
            turn.answers = {address: Answer() for address in addresses(slot.data.get("attendees"))}
        turn.data.update(change)
        turn.stamp = self.next_stamp()
        slot.entry.turns[day] = turn

    def end(self, slot: Slot) -> None:
        """Cancel or delete: the organizer's copy goes, the invitees' say that it is cancelled."""
        stamp = self.next_stamp()
        if slot.day is not None:
            slot.entry.gone[slot.day] = stamp
            slot.entry.turns.pop(slot.day, None)
        else:
            slot.entry.ended = stamp
        slot.entry.changed = self.clock()

    # By people, in Outlook.

    def answer(self, person: Person, slot: Slot, response: str, *, tells: bool = True) -> None:
        """The invitee accepts (accepted), tentatively (tentativelyAccepted) or declines (declined). Without `tells`
        no answer is sent, and the organizer does not see it. Raises: Refusal for one who is not invited."""
        if person.upn.lower() not in addresses(slot.data.get("attendees")):
            raise invalid("Your request can't be completed. You need to be an attendee to respond to a meeting.")
        if not tells:
            return
        answer = Answer(response=response, at=self.clock())
        if slot.day is None:
            slot.entry.answers[person.upn.lower()] = answer
            for turn in slot.entry.turns.values():
                turn.answers[person.upn.lower()] = answer
            slot.entry.stamp = self.next_stamp()
            return
        turn = slot.entry.turns.setdefault(slot.day, Turn())
        turn.answers[person.upn.lower()] = answer
        turn.stamp = self.next_stamp()

    def move(self, slot: Slot, start: datetime) -> Slot:
        """The organizer drags it to another time; it stays as long as it was. Raises: Refusal."""
        zone_name = str(slot.data["start"].get("timeZone") or "UTC")
        local = start.astimezone(wall(slot.data["start"]).tzinfo)
        ends = local + (length(slot.data) if slot.day is None else slot.end - slot.start)
        sides = {"start": local, "end": ends}
        text = "%Y-%m-%dT%H:%M:%S"
        change: Json = {name: {"dateTime": at.strftime(text), "timeZone": zone_name} for name, at in sides.items()}
        return self.change(slot, change)

    def block(
        self, person: Person, start: datetime, end: datetime, *, status: str = "busy", subject: str = ""
    ) -> Entry:
        """Somebody's own time in the calendar: busy, tentative, oof, workingElsewhere or free."""
        sides = {name: {"dateTime": at.strftime("%Y-%m-%dT%H:%M:%S"), "timeZone": "UTC"} for name, at in
                 (("start", start), ("end", end))}  # fmt: skip
        return self.create(person, {"subject": subject or "Eget", "showAs": status, **sides})

    # Finding.

    def find(self, person: Person, event_id: str, *, ended: bool = False) -> Slot:
        """The event, series or occurrence by its id in the person's mailbox; `ended` finds also what its organizer has
        ended. Raises: Refusal."""
        base, _, tail = event_id.partition("_")
        for entry in self.entries:
            if base not in (entry.id_for(person, immutable=True), entry.id_for(person, immutable=False)):
                continue
            slot = entry.master if not tail else self._occurrence(entry, tail)
            if entry.ended is not None and entry.organizer is person and not ended:
                raise missing()
            if slot is None or not (entry.organizer is person or entry.is_invited(person)):
                raise missing()
            return slot
        raise missing()

    def _occurrence(self, entry: Entry, tail: str) -> Slot | None:
        day = date.fromisoformat(tail) if re.fullmatch(r"\d{8}", tail) else None
        if day is None or not entry.is_series or day in entry.gone:
            return None
        return Slot(entry, day) if day in set(series_days(entry.data["recurrence"])) else None

    def slots(self, person: Person, begin: datetime, end: datetime) -> list[Slot]:
        """What stands in the person's calendar between two moments, in order; series laid out."""
        return sorted(self._slots(person, begin, end), key=lambda slot: (slot.start, slot.entry.uid))

    def _slots(self, person: Person, begin: datetime, end: datetime) -> Iterator[Slot]:
        for entry in self.of(person):
            if entry.ended is not None and entry.organizer is person:
                continue
            for slot in entry.slots():
                if slot.overlaps(begin, end) and slot.is_shown_to(person):
                    yield slot
                elif slot.start > end + timedelta(days=60):
                    break

    def of(self, person: Person) -> Iterator[Entry]:
        """Every entry that the person organizes or is invited to, also what has ended."""
        for entry in self.entries:
            if entry.organizer is person or entry.is_invited(person):
                yield entry

    def _twin(self, organizer: Person, transaction_id: str | None) -> Entry | None:
        if not transaction_id:
            return None
        for entry in self.entries:
            if entry.organizer is organizer and entry.transaction_id == transaction_id and entry.ended is None:
                return entry
        return None


def _check(data: Json, *, whole: bool = True) -> None:
    """Raises: Refusal for what Outlook would not take."""
    if wall(data.get("end")) < wall(data.get("start")):
        raise invalid("The end is before the start.", "ErrorCalendarEndDateIsEarlierThanStartDate")
    if len(data.get("subject") or "") > _LONGEST_SUBJECT:
        raise invalid("The subject is too long.", "ErrorPropertyValidationFailure")
    attendees = data.get("attendees") or []
    if len(attendees) > _MOST_INVITED:
        raise invalid("There are too many attendees.", "ErrorInvalidRecipients")
    for one in attendees:
        if "@" not in str((one.get("emailAddress") or {}).get("address") or ""):
            raise invalid("At least one recipient is not valid.", "ErrorInvalidRecipients")
    if whole and data.get("recurrence"):
        checked(data["recurrence"], wall(data["start"]).date())


def _put_online(data: Json, uid: str) -> None:
    """Give the event its meeting in Teams, and its body the lines that say where."""
    url = f"{_JOIN}{uid.lower()}"
    data.setdefault("onlineMeetingProvider", "teamsForBusiness")
    data["onlineMeeting"] = {"joinUrl": url}
    body = dict(data.get("body") or {"contentType": "html", "content": ""})
    blob = f'<p>Microsoft Teams-möte: <a href="{url}">{url}</a></p>'
    if str(body.get("contentType", "html")).lower() == "text":
        blob = f"\n\nMicrosoft Teams-möte: {url}"
    data["body"] = {**body, "content": f"{body.get('content') or ''}{blob}"}


def _kept_online(data: Json, change: Json) -> Json:
    """What a change does to the meeting in Teams: it cannot be taken away, but a body without its lines ends it."""
    change = dict(change)
    if data.get("onlineMeeting"):
        change.pop("isOnlineMeeting", None)
        change.pop("onlineMeetingProvider", None)
        if "body" in change and data["onlineMeeting"]["joinUrl"] not in str((change["body"] or {}).get("content")):
            change.update(isOnlineMeeting=False, onlineMeeting=None)
    elif change.get("isOnlineMeeting"):
        made = {**data, **change}
        _put_online(made, uuid.uuid4().hex)
        change.update({name: made[name] for name in ("onlineMeeting", "onlineMeetingProvider", "body")})
    return change
