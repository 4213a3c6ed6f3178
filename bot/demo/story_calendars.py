"""The calendars of a tale: what Stafett books, moves and calls off there is written out as it happens."""

from dataclasses import dataclass
from datetime import date

from bot.clock import Clock
from bot.demo.calendars import Calendars
from bot.demo.graph.entries import Entry, Slot
from bot.errand.drain import Errands
from bot.graph.calendar_door import CalendarDoor
from bot.graph.client import Graph
from cases.record import Record
from cases.store import Store
from dialogs.swedish import moment_text


@dataclass(frozen=True)
class Shown:
    """How an event stood when it was last written out."""

    when: str
    off: bool


class StoryCalendars:
    """A played Graph and Stafett's own way into it, for a tale. Open it first, and close it at the end."""

    def __init__(self, store: Store, record: Record, clock: Clock) -> None:
        self._store, self._record, self._clock = store, record, clock
        self.calendars = Calendars(clock, lambda: None)
        self._graph: Graph | None = None
        self._errands: Errands | None = None
        self._shown: dict[tuple[str, date | None], Shown] = {}

    async def open(self) -> None:
        """Load the SDK, which takes some seconds, and serve the calendars."""
        self._graph = await self.calendars.open(0)
        await self._graph.warm()
        door = CalendarDoor(self._record, self._clock, self._graph)
        self._errands = Errands(self._store, self._clock, (door,))
        self._told()

    async def rest(self) -> int:
        """Bring the calendars to what has been decided; how much there was to do."""
        if self._errands is None:
            return 0
        done = await self._errands.drain()
        for line in self._told():
            print(f"\n  Kalendern: {line}")
        return done

    async def close(self) -> None:
        if self._graph is not None:
            await self._graph.close()
        await self.calendars.close()

    def _told(self) -> list[str]:
        """What has changed since last time, a line each."""
        lines = []
        for entry in self.calendars.world.calendar.entries:
            for slot in _slots(entry):
                now = Shown(_when(slot), entry.ended is not None or slot.day in entry.gone)
                before, self._shown[entry.uid, slot.day] = self._shown.get((entry.uid, slot.day)), now
                if before is None and slot.kind == "occurrence" and not now.off:
                    continue  # as its series says
                if before != now:
                    lines.append(_line(slot, before, now))
        return lines


def _slots(entry: Entry) -> list[Slot]:
    """The event, and of a series also the occurrences, those that have been called off too."""
    if not entry.is_series:
        return [entry.master]
    found = [*entry.slots(), *(Slot(entry, day) for day in entry.gone)]
    return [entry.master, *sorted(found, key=lambda slot: slot.day or date.min)]


def _when(slot: Slot) -> str:
    return moment_text(slot.start)


def _line(slot: Slot, before: Shown | None, now: Shown) -> str:
    subject = slot.data.get("subject") or "möte"
    if now.off:
        return f"{subject} {now.when} är inställt."
    if before is not None:
        return f"{subject} {before.when} är flyttat till {now.when}."
    every = "varje vecka från " if slot.kind == "seriesMaster" else ""
    names = ", ".join(one["emailAddress"].get("name") or one["emailAddress"]["address"] for one in slot.invited)
    if slot.kind == "exception":
        return f"{subject} är i stället {now.when}."
    return f"{subject} {every}{now.when}. {slot.entry.organizer.name} kallar {names}."
