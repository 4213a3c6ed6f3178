"""Urgent first, and no flood in one lane takes another's share."""

from collections import Counter
from dataclasses import dataclass
from itertools import count

import pytest

from cases.lanes import BULK, NORMAL, URGENT, Room, share

EMPTY = Room(all=1, other=0)  # nothing left but what is kept for the urgent


@dataclass(frozen=True)
class Waiting:
    lane: int
    person_id: int


def crowd(**sizes: int) -> dict[int, list[Waiting]]:
    people = count(1)
    lanes = {"urgent": URGENT, "normal": NORMAL, "bulk": BULK}
    return {lanes[name]: [Waiting(lanes[name], next(people)) for _ in range(size)] for name, size in sizes.items()}


def gone(waiting: dict[int, list[Waiting]], room: Room, times: int) -> Counter[int]:
    """How many of each lane have gone after so many rounds; nobody who has gone waits any more."""
    found: Counter[int] = Counter()
    turn = 0
    for _ in range(times):
        chosen = share(waiting, room, turn)
        turn += len(chosen)
        found.update(one.lane for one in chosen)
        for one in chosen:
            waiting[one.lane].remove(one)
    return found


@pytest.mark.parametrize("room", [Room.of(16), Room.of(1), EMPTY], ids=["many", "one", "kept for the urgent"])
def test_a_flood_of_urgent_leaves_the_others_their_share(room: Room) -> None:
    rounds = 160 // room.all
    assert gone(crowd(urgent=500, normal=500, bulk=500), room, rounds) == {URGENT: 110, NORMAL: 30, BULK: 20}


def test_a_share_that_nobody_uses_goes_to_the_others() -> None:
    assert gone(crowd(urgent=500), Room.of(16), 10) == {URGENT: 160}
    assert gone(crowd(normal=500, bulk=500), Room.of(16), 10) == {NORMAL: 140, BULK: 20}
    assert gone(crowd(bulk=500), Room.of(16), 10) == {BULK: 160}


def test_what_is_kept_for_the_urgent_is_not_touched_while_none_waits() -> None:
    assert gone(crowd(normal=500, bulk=500), EMPTY, 50) == {}
    assert gone(crowd(normal=500), Room(all=10, other=4), 1) == {NORMAL: 4}


def test_one_at_a_time_to_each_person_and_the_urgent_one_of_them() -> None:
    waiting = {URGENT: [Waiting(URGENT, 7)], NORMAL: [Waiting(NORMAL, 7), Waiting(NORMAL, 8)], BULK: [Waiting(BULK, 8)]}
    assert share(waiting, Room.of(16), 0) == [Waiting(URGENT, 7), Waiting(NORMAL, 8)]


def test_urgent_stand_first_wherever_the_pattern_begins() -> None:
    for turn in range(16):
        lanes = [one.lane for one in share(crowd(urgent=4, normal=4, bulk=4), Room.of(12), turn)]
        assert lanes == sorted(lanes) and len(lanes) == 12
