"""Stories are told in a town: real record, turns and outbox; only Teams itself is played, and the clock is set."""

import asyncio
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, TypeVar

from databases import move_in, new_sqlite
from people import PEOPLE, settle
from played_teams import PlayedTeams
from resident import Resident
from sqlalchemy import Connection, select

from bot.channel.values import Incoming
from bot.clock import Clock
from bot.errand.door import Door
from bot.errand.drain import Errands
from bot.errand.lists import ListDoor
from bot.errand.mail import MailDoor
from bot.house import build_record
from bot.occasions import Occasions
from bot.outbox import Outbox
from bot.throttle import Throttle
from bot.turn import Turns
from cases import load
from cases import tables as t
from cases.lanes import Room
from cases.record import Record
from cases.store import Store
from cases.thread import ThreadNow
from dialogs.desk import Desk
from reminders.deadlines import claim_due, next_due
from reminders.localtime import to_utc

T = TypeVar("T")
MONDAY = "2026-11-16 09:00"


class SetClock(Clock):
    """A clock that stands still until it is set. Care time and machine time go together."""

    def __init__(self, local: str) -> None:
        super().__init__()
        self.time = instant(local)

    def machine(self) -> datetime:
        return self.time

    def shared(self, tx: Connection) -> datetime:
        return self.time

    def steady(self) -> float:
        return self.time.timestamp()


class Patient(Throttle):
    """A Teams that takes everything at once, since the clock stands still; it still asks for pauses with 429."""

    def room(self, now: float) -> Room:
        return Room.of(1_000)

    def wait(self, conversation_id: str, now: float, *, urgent: bool) -> float:
        return max(self._conversation(conversation_id).closed_until - now, 0.0)


def instant(local: str) -> datetime:
    """«2026-11-16 09:00», local time, as a UTC instant."""
    return to_utc(datetime.fromisoformat(local)).astimezone(UTC)


@cache
def shipped() -> Record:
    """The flows and profiles that are delivered, read once. A town has a record of its own, made of these."""
    return build_record()


class Town:
    """Everything of Stafett but the HTTP edge, with a clock that the story sets.

    `where` is the URL of an empty, migrated database, or a folder for one on a SQLite file. Everybody moves in and
    installs the bot, unless the database is a copy of one in which they have (`copied`: make such a copy of it).
    """

    def __init__(
        self, where: Path | str, local: str = MONDAY, record: Record | None = None, *, copied: bool = True
    ) -> None:
        self.clock = SetClock(local)
        url = where if isinstance(where, str) else new_sqlite(where)
        if copied:
            move_in(url, local, lambda empty: Town(empty, local, copied=False).close())
        self.store = Store(url)
        self.record = record or Record(shipped().flows, shipped().profiles)
        self.teams = PlayedTeams()
        self.activities = 0
        self.last: Incoming | None = None
        self._loop = asyncio.new_event_loop()
        self.desk = Desk(self.record)
        self.turns = Turns(self.store, self.desk, self.clock, look=self.teams.member, changed=lambda _due: None)
        self.outbox = Outbox(
            self.store, self.record, self.teams, self.clock, inline=False, throttle=Patient(self.clock.steady())
        )
        self.doors: list[Door] = [  # no e-mail, unless the story sets it up
            MailDoor(self.record, self.clock, None),
            ListDoor(self.record, self.clock, self.teams, lambda: self.outbox.throttle),
        ]
        self.occasions = Occasions(self.store, self.record, self.clock, added=lambda: None)
        keys = [key for key, *_ in PEOPLE]
        self.residents = {key: Resident(town=self, key=key, id=number) for number, key in enumerate(keys, start=1)}
        if self.store.transaction(lambda tx: tx.scalar(select(t.person.c.id).limit(1))) is None:
            self.store.transaction(settle)
            for resident in self.residents.values():
                resident.installs()
        self.activities = len(keys)

    def __getattr__(self, name: str) -> Resident:
        try:
            return self.__dict__["residents"][name]
        except KeyError:
            raise AttributeError(name) from None

    def close(self) -> None:
        self.store.close()
        self._loop.close()

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        return self._loop.run_until_complete(work)

    def settle(self) -> None:
        """Let the clock's due signals and the outbox come to rest at the present time."""
        for _ in range(50):
            fired = self.store.transaction(self._fire)
            if not self.do(self.outbox.drain()) and not self.do(self._errands().drain()) and not fired:
                return
        raise AssertionError("the town does not come to rest")

    def _errands(self) -> Errands:
        return Errands(self.store, self.clock, self.doors, rng=Random(7))

    def until(self, local: str) -> None:
        """Let time pass, stopping at every deadline on the way."""
        end = instant(local)
        assert end >= self.clock.time, "time goes forward"
        while (due := self.store.transaction(self._next)) is not None and due <= end:
            self.clock.time = max(self.clock.time, due)
            self.settle()
        self.clock.time = end
        self._wait_for_paced_rows()

    def _next(self, tx: Connection) -> datetime | None:
        """When a deadline is due or a message need no longer be held for the night."""
        held = select(t.outbox.c.not_before).where(t.outbox.c.status == "waiting", t.outbox.c.failure == "quiet")
        times = [*tx.scalars(held), next_due(tx)]
        return min((at for at in times if at is not None), default=None)

    def down_until(self, local: str) -> None:
        """Stafett is stopped, and comes up again at this time."""
        self.clock.time = instant(local)
        self.settle()

    def _wait_for_paced_rows(self) -> None:
        """Rows that the throttle has put off a little go out within the next minutes."""
        for _ in range(20):
            self.settle()
            soon = self.clock.time + timedelta(minutes=10)
            paced = select(t.outbox.c.id).where(t.outbox.c.status == "waiting", t.outbox.c.not_before <= soon)
            if self.store.transaction(lambda tx, query=paced: tx.scalar(query)) is None:
                return
            self.clock.time += timedelta(seconds=30)

    def _fire(self, tx: Connection) -> int:
        rows = claim_due(tx, self.clock.care(), 100)
        return self.record.fire(tx, rows, self.clock.care(), self.clock.machine()) if rows else 0

    # --- looking into the record --------------------------------------------------------------------------------

    def thread(self, number: int = 1) -> ThreadNow:
        return self.store.transaction(lambda tx: load.one(tx, number))

    def rows(self, table: Any) -> list[Any]:
        return self.store.transaction(lambda tx: list(tx.execute(select(table))))

    def rows_of(self, name: str) -> list[Any]:
        """Every row of the table with this name."""
        return self.rows(t.metadata.tables[name])
