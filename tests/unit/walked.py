"""Where earlier walks have led, for the next one that begins alike: the states of a flow lie on the same few paths.

A stop is everything that tells one town from another: the database, the clock, and what people have in their chats.
Only the flow that is being walked is kept, on SQLite, and of walks that begin in a town where nothing has happened.
"""

import pickle
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from resident import Resident
from sqlalchemy import select
from town import Town

from cases import tables as t


@dataclass(frozen=True, kw_only=True)
class Stop:
    number: int  # the thread that is led
    database: sqlite3.Connection
    time: datetime
    teams: bytes
    activities: int
    newcomers: dict[str, int]  # who has come to the town, with their numbers


class Walked:
    """The stops of one flow, by the steps that lead there."""

    def __init__(self) -> None:
        self._flow: tuple[Any, ...] = ()
        self._stops: dict[tuple[str, ...], Stop] = {}

    def resumed(self, town: Town, flow: str, steps: Sequence[str]) -> tuple[int, int]:
        """Lead an untouched town as far along these steps as anybody has been: the thread, and how many were taken;
        (0, 0) where nobody has been."""
        key = (flow, town.record.flows, town.record.profiles)  # the very same, not only equal
        if len(self._flow) != len(key) or any(mine is not its for mine, its in zip(self._flow, key, strict=True)):
            self._flow, self._stops = key, {}
        for count in range(len(steps), -1, -1):
            stop = self._stops.get(tuple(steps[:count]))
            if stop is not None:
                self._goes_on(town, stop)
                return stop.number, count
        return 0, 0

    def keep(self, town: Town, steps: Sequence[str], number: int) -> None:
        """The town as it is after these steps."""
        copy = sqlite3.connect(":memory:", check_same_thread=False)
        _driver(town).backup(copy)
        self._stops[tuple(steps)] = Stop(
            number=number, database=copy, time=town.clock.time, activities=town.activities,
            teams=pickle.dumps((town.teams.chats, town.teams.sends)), newcomers=dict(town.teams.moved_in),
        )  # fmt: skip

    def _goes_on(self, town: Town, stop: Stop) -> None:
        stop.database.backup(_driver(town))
        town.clock.time, town.activities = stop.time, stop.activities
        town.teams.chats, town.teams.sends = pickle.loads(stop.teams)
        town.teams.moved_in = dict(stop.newcomers)
        town.residents |= {key: Resident(town=town, key=key, id=number) for key, number in stop.newcomers.items()}


def is_untouched(town: Town) -> bool:
    """Whether the town lies on SQLite, and nothing has happened there yet."""
    return not town.store.shared and not town.store.transaction(lambda tx: tx.scalar(select(t.thread.c.id).limit(1)))


def _driver(town: Town) -> sqlite3.Connection:
    with town.store.engine.connect() as connection:
        found = connection.connection.dbapi_connection
        assert isinstance(found, sqlite3.Connection)
        return found
