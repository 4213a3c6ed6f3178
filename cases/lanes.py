"""Who goes first: three lanes, each with a share that no flood in another can take."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

URGENT, NORMAL, BULK = 0, 1, 2
AS_SAID = "as_said"  # the text of an edit that says again what the person's latest message said
FOLDED = "folded"  # instead of a text key: the message `external_id` is to give way to a newer one
CLEARED = "cleared"  # the same for a message that has been read for a while and is to be emptied
_ORDER = (URGENT, NORMAL, BULK)

# Of sixteen sends in a row three belong to what is normal and two to bulk; nobody's share is left unused.
PATTERN = (0, 0, 1, 0, 0, 2, 0, 0, 1, 0, 0, 0, 1, 0, 0, 2)


class Laned(Protocol):
    """Something that waits for a person in a lane."""

    @property
    def lane(self) -> int: ...
    @property
    def person_id(self) -> int: ...


T = TypeVar("T", bound=Laned)


@dataclass(frozen=True, kw_only=True)
class Room:
    """How many may go now: `all` of them, and `other` than urgent, for a part is kept for what is urgent."""

    all: int
    other: int

    @classmethod
    def of(cls, size: int) -> "Room":
        """Room without anything kept for the urgent."""
        return cls(all=size, other=size)

    def within(self, room: "Room") -> "Room":
        """What both leave."""
        return Room(all=min(self.all, room.all), other=min(self.other, room.other))


def share(waiting: Mapping[int, Sequence[T]], room: Room, turn: int) -> list[T]:
    """Which go now, at most one for each person, urgent first. `turn` is how many have gone before.

    While something urgent waits, the others get their share even of what is kept for the urgent, so that they never
    stand still; otherwise they leave it alone.
    """
    queues = {lane: list(waiting.get(lane, ())) for lane in _ORDER}
    chosen: list[T] = []
    people: set[int] = set()
    others = 0
    for slot in range(room.all):
        own = PATTERN[(turn + slot) % len(PATTERN)]
        for queue in queues.values():
            while queue and queue[0].person_id in people:
                queue.pop(0)
        pressed = bool(queues[URGENT])
        for lane in sorted(_ORDER, key=lambda lane: lane != own):
            allowed = lane == URGENT or others < room.other or (pressed and lane == own)
            if queues[lane] and allowed:
                chosen.append(queues[lane].pop(0))
                people.add(chosen[-1].person_id)
                others += lane != URGENT
                break
    return sorted(chosen, key=lambda one: one.lane)
