"""Ordeals: fair weather in which one thing goes wrong, again and again and in just the wrong moment.

Random weather meets some errors seldom: the process that would show them is dead by then, or something else was the
matter too and excuses it. Here nothing else is the matter. The moments are read from the database, not from Stafett.
"""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from simulation.disk import Mishap
from simulation.loop import Process
from simulation.weather import MINUTE

if TYPE_CHECKING:
    from simulation.world import World

_NOW_AND_THEN = 20.0  # seconds
_SETTLED = 10 * MINUTE  # between two blows, so that what the first one did is seen


class Ordeal:
    """`struck` is how often it has. Nothing happens before `begin`."""

    def __init__(self, world: "World") -> None:
        self.world = world
        self.look = world.disk.look()
        self.struck = 0
        self._next = float("inf")

    def begin(self) -> None:
        """Everybody has installed the bot, and the day begins."""
        self._next = self.world.loop.time() + MINUTE

    def committed(self, process: Process | None) -> None:
        """A transaction has just been written, and whoever wrote it does not know yet."""

    def mishap(self) -> Mishap | None:
        """What is to happen to the transaction that begins."""
        return None

    def close(self) -> None:
        self.look.close()

    def _ready(self) -> bool:
        return self.world.loop.time() >= self._next

    def _strikes(self) -> None:
        self.struck += 1
        self._next = self.world.loop.time() + _SETTLED

    def _newest(self, query: str) -> object:
        return self.look.execute(query).fetchone()[0]

    def _all_are_up(self) -> bool:
        up = [here for here in self.world.up if here.door is not None and not here.process.frozen]
        return len(up) == self.world.plan.processes


class FreezesWithAClaim(Ordeal):
    """A process stands still for longer than a lease when it has claimed a message, and the other one is well."""

    _claim: object = None

    def committed(self, process: Process | None) -> None:
        newest = self._newest("SELECT max(claimed_until) FROM outbox WHERE status = 'waiting' AND kind = 'message'")
        claimed, self._claim = newest is not None and newest != self._claim, newest
        if process is not None and claimed and self._ready() and self._all_are_up():
            self._strikes()
            self.world.weather.freeze(process, 3 * MINUTE)


class DiesWithAMove(Ordeal):
    """A process dies when it has just written a move."""

    _moves: object = 0

    def committed(self, process: Process | None) -> None:
        newest = self._newest("SELECT max(id) FROM log")
        moved, self._moves = newest != self._moves, newest
        if process is not None and moved and self._ready() and self._all_are_up():
            self._strikes()
            process.kill()


class CommitsFail(Ordeal):
    """Now and then, and for everybody, what has been worked out cannot be written."""

    def mishap(self) -> Mishap | None:
        if not self._ready():
            return None
        self.struck += 1
        self._next = self.world.loop.time() + _NOW_AND_THEN
        return Mishap(place="before_commit", fatal=False)


class SlowTeams(Ordeal):
    """Teams takes up to fourteen seconds for every other call, and fails at none."""

    def begin(self) -> None:
        self.struck = 1
        self.world.teams.slow = 0.5


class DatabaseAway(Ordeal):
    """The database is away for a minute, once, and for everybody."""

    def begin(self) -> None:
        self.world.loop.call_later(_SETTLED, self._goes)

    def _goes(self) -> None:
        self.struck = 1
        now, weather = self.world.loop.time(), self.world.weather
        weather.database_until = now + MINUTE
        weather.trouble(now, now + 2 * MINUTE)


class AsleepWhenDue(Ordeal):
    """The machine sleeps for half a minute over a time when something is due: every process stands still, once."""

    def begin(self) -> None:
        self.world.loop.call_later(_SETTLED, self._waits)

    def _waits(self) -> None:
        now = self.world.loop.wall()
        query = "SELECT due_at FROM deadline WHERE status = 'armed' AND due_at > ? ORDER BY due_at"
        due = self.look.execute(query, (f"{now:%Y-%m-%d %H:%M:%S.%f}",)).fetchone()
        left = None if due is None else (datetime.fromisoformat(due[0]).replace(tzinfo=UTC) - now).total_seconds()
        if left is None or left > MINUTE:  # until then something nearer may come
            self.world.loop.call_later(MINUTE / 2, self._waits)
        else:
            self.world.loop.call_later(max(left - 2.0, 0.0), self._sleeps)

    def _sleeps(self) -> None:
        self.struck = 1
        for here in self.world.up:
            self.world.weather.freeze(here.process, MINUTE / 2)
