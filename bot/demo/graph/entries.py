"""One event in the played calendars: what its organizer has decided, who is invited and what they have answered.

Exchange keeps a copy in every mailbox; here all copies are drawn of one entry, so they are never out of step.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Any

from bot.demo.graph.people import Person
from bot.demo.graph.recurrence import days
from bot.demo.graph.wire import Json, wall

NO_ANSWER = "none"
_MOVES = ("start", "end", "recurrence")


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What an invitee has answered, and when: none, accepted, tentativelyAccepted or declined."""

    response: str = NO_ANSWER
    at: datetime | None = None


@dataclass(kw_only=True, eq=False)
class Turn:
    """One occurrence of a series that is not like the others."""

    data: Json = field(default_factory=dict)
    answers: dict[str, Answer] = field(default_factory=dict)
    stamp: int = 0


@dataclass(kw_only=True, eq=False)
class Entry:
    """An event or a series. `data` is what its organizer has set, as Graph writes it; `posted` what created it.

    Stamps are the world's count of changes; `ended` is the one at which the event was cancelled or deleted.
    """

    uid: str
    organizer: Person
    data: Json
    posted: str
    transaction_id: str | None
    created: datetime
    changed: datetime
    stamp: int
    version: int = 1
    answers: dict[str, Answer] = field(default_factory=dict)
    turns: dict[date, Turn] = field(default_factory=dict)
    gone: dict[date, int] = field(default_factory=dict)  # occurrences that are not, and since which stamp
    ended: int | None = None

    @property
    def is_series(self) -> bool:
        return bool(self.data.get("recurrence"))

    @property
    def master(self) -> "Slot":
        """The event itself, or the whole of the series."""
        return Slot(self, None)

    def id_for(self, person: Person, *, immutable: bool) -> str:
        """The id of this person's copy. The one that is not immutable would change if the copy changed folder."""
        digest = hashlib.sha256(f"{self.uid}/{person.id}/{immutable}".encode()).hexdigest()[:40]
        return ("AAkALg" if immutable else "AAMkAD") + digest

    def slots(self) -> Iterator["Slot"]:
        """Each occurrence of the series in order; the event itself when it is none."""
        if not self.is_series:
            yield self.master
            return
        for day in days(self.data["recurrence"]):
            if day not in self.gone:
                yield Slot(self, day)

    def is_invited(self, person: Person) -> bool:
        """Whether the person is among the invited, of the whole or of a single occurrence."""
        sides = [self.data, *(turn.data for turn in self.turns.values())]
        return any(person.upn.lower() in addresses(side.get("attendees")) for side in sides)


@dataclass(frozen=True, eq=True)
class Slot:
    """An event, a whole series (without a day), or one occurrence of a series, known by its day in the pattern."""

    entry: Entry
    day: date | None

    @property
    def turn(self) -> Turn | None:
        return None if self.day is None else self.entry.turns.get(self.day)

    @cached_property
    def data(self) -> Json:
        """What holds here: of the series, and what is said of this occurrence."""
        return {**self.entry.data, **(self.turn.data if self.turn else {})}

    @property
    def kind(self) -> str:
        if self.day is not None:
            return "exception" if self.turn else "occurrence"
        return "seriesMaster" if self.entry.is_series else "singleInstance"

    @property
    def start(self) -> datetime:
        return self._at("start")

    @property
    def end(self) -> datetime:
        return self._at("end")

    def _at(self, side: str) -> datetime:
        """In UTC. A series keeps to the wall clock of its zone, over summer time too."""
        if self.day is None or (self.turn and side in self.turn.data):
            return wall(self.data[side]).astimezone(UTC)
        first = wall(self.entry.data["start"])
        away = wall(self.entry.data[side]).date() - first.date()
        local = wall(self.entry.data[side]).timetz()
        return datetime.combine(self.day + away, local).astimezone(UTC)

    @property
    def original_start(self) -> datetime | None:
        """When the pattern has it; None for what is no occurrence."""
        if self.day is None:
            return None
        return datetime.combine(self.day, wall(self.entry.data["start"]).timetz()).astimezone(UTC)

    @property
    def stamp(self) -> int:
        return max(self.entry.stamp, self.turn.stamp if self.turn else 0)

    @property
    def invited(self) -> list[Json]:
        return list(self.data.get("attendees") or ())

    def answer_of(self, address: str) -> Answer:
        """What the invitee has answered: of this occurrence, else of the whole."""
        answers = self.turn.answers if self.turn else {}
        return answers.get(address.lower()) or self.entry.answers.get(address.lower()) or Answer()

    def is_shown_to(self, person: Person) -> bool:
        """Whether it stands in the person's calendar: the organizer's own, and what an invitee has not declined."""
        if self.entry.organizer is person:
            return True
        if person.upn.lower() not in addresses(self.data.get("attendees")):
            return False
        return self.answer_of(person.upn).response != "declined"

    def showing(self, person: Person) -> str:
        """What it makes the person: free, tentative, busy, oof or workingElsewhere."""
        shown = str(self.data.get("showAs") or "busy")
        if self.entry.organizer is person or self.answer_of(person.upn).response == "accepted":
            return shown
        return "free" if shown == "free" else "tentative"

    def overlaps(self, begin: datetime, end: datetime) -> bool:
        return self.start < end and begin < self.end


def addresses(attendees: Any) -> list[str]:
    """The addresses of the invited, in small letters."""
    return [str(one["emailAddress"]["address"]).lower() for one in attendees or ()]


def moves(change: Json) -> bool:
    """Whether a change is of the time, which everybody is asked about anew."""
    return any(name in change for name in _MOVES)


def neighbours(entry: Entry, day: date) -> tuple[date | None, date | None]:
    """The local days of the occurrences before and after, between which an occurrence may be moved."""
    zone = wall(entry.data["start"]).tzinfo
    found = list(entry.slots())
    before = [slot.start.astimezone(zone).date() for slot in found if slot.day is not None and slot.day < day]
    after = [slot.start.astimezone(zone).date() for slot in found if slot.day is not None and slot.day > day]
    return (before[-1] if before else None), (after[0] if after else None)


def length(data: Json) -> timedelta:
    """How long the event is."""
    return wall(data["end"]) - wall(data["start"])
