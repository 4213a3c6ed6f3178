"""What happens now and then to the machine, to Teams, or to somebody in the town."""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from sqlalchemy import update

from cases import tables as t
from cases.directory import roster_changed
from simulation.residents import Resident
from simulation.weather import HOUR, MINUTE

if TYPE_CHECKING:
    from simulation.world import World

_KINDS = (
    "frozen", "frozen", "down", "shut out", "database", "clock", "blocked", "stale", "removed", "leaves", "cut",
)  # fmt: skip


@dataclass(kw_only=True)
class Happenings:
    world: "World"
    under_way: set[asyncio.Future[None]] = field(default_factory=set)

    async def go_on(self) -> None:
        """Now and then something happens to the machine, to Teams, or to somebody."""
        rng, weather = self.world.weather.rng, self.world.weather
        while True:
            await asyncio.sleep(rng.expovariate(1 / (3 * HOUR)))
            if not self.world.plan.wild:
                continue
            kind = rng.choice(_KINDS)
            weather.struck[kind] = weather.struck.get(kind, 0) + 1
            task = asyncio.ensure_future(getattr(self, f"_{kind.replace(' ', '_')}")(rng))
            self.under_way.add(task)
            task.add_done_callback(self.under_way.discard)

    async def _frozen(self, rng: Random) -> None:
        for here in self.world.up[:1]:
            if not here.process.frozen:
                self.world.weather.freeze(here.process, rng.choice((30.0, 90.0, 300.0)))

    async def _down(self, rng: Random) -> None:
        lasts = rng.choice((MINUTE, 10 * MINUTE, HOUR))
        self.world.teams.down = True
        self.world.weather.trouble(self.world.loop.time(), self.world.loop.time() + lasts + 300)
        await asyncio.sleep(lasts)
        self.world.teams.down = False

    async def _shut_out(self, rng: Random) -> None:
        lasts = rng.choice((MINUTE, 10 * MINUTE))
        self.world.teams.shut_out = True
        self.world.weather.trouble(self.world.loop.time(), self.world.loop.time() + lasts + 300)
        await asyncio.sleep(lasts)
        self.world.teams.shut_out = False

    async def _database(self, rng: Random) -> None:
        lasts = rng.choice((5.0, MINUTE, 10 * MINUTE))
        self.world.weather.database_until = self.world.loop.time() + lasts
        self.world.weather.trouble(self.world.loop.time(), self.world.loop.time() + lasts + 120)

    async def _clock(self, rng: Random) -> None:
        step = rng.choice((-400.0, -30.0, -2.0, 2.0, 30.0, 400.0))
        self.world.weather.trouble(self.world.loop.time(), self.world.loop.time() + abs(step))
        self.world.loop.set_wall(timedelta(seconds=step))

    async def _blocked(self, rng: Random) -> None:
        self.world.teams.blocked.add(rng.choice(sorted(self.world.residents)))

    async def _removed(self, rng: Random) -> None:
        conversation = rng.choice(sorted(self.world.residents))
        self.world.teams.removed.add(conversation)
        await asyncio.sleep(rng.uniform(HOUR, 10 * HOUR))
        self.world.teams.removed.discard(conversation)
        await self.world.residents[conversation].installs()

    async def _stale(self, rng: Random) -> None:
        self.world.teams.stale.add(rng.choice(sorted(self.world.residents)))

    async def _cut(self, rng: Random) -> None:
        """A line is cut while an answer is awaited: the task of the turn is cancelled."""
        for here in self.world.up:
            turns = [task for task in here.process.tasks if "handle" in repr(task.get_coro())]
            for task in turns[:1]:
                self.world.weather.trouble(self.world.loop.time(), self.world.loop.time(), here.process)
                task.cancel()

    async def _leaves(self, rng: Random) -> None:
        """Somebody leaves the roster, and is back, or replaced, some days later."""
        resident = self.world.residents[rng.choice(sorted(self.world.residents))]
        if resident.role == "return_home_team":
            return  # alone in the unit: without her there is nobody to tell, and a telephone is all that is left
        self._set_active(resident, False)
        await asyncio.sleep(rng.uniform(2 * HOUR, 30 * HOUR))
        self._set_active(resident, True)

    def _set_active(self, resident: Resident, active: bool) -> None:
        def work(tx: Any) -> None:
            tx.execute(update(t.person).where(t.person.c.id == resident.person_id).values(active=active))
            roster_changed(tx)

        self.world.store.transaction(work)
        resident.here = active
