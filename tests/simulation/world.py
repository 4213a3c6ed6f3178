"""One run: a municipality, one or two processes of Stafett on one database, Teams, and the weather."""

import asyncio
import logging
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from bot import house as house_room
from bot import outbox as outbox_room
from bot.channel.settings import ChannelSettings
from bot.channel.values import Answer, Incoming
from bot.errand import drain as errand_room
from bot.house import House, build_record
from cases import replicas as replicas_room
from cases.record import Record
from reminders.waker import Waker
from simulation.checks import Checks, Violation
from simulation.disk import Disk, Mishap, running
from simulation.edge import PlayedDoor, SimClock
from simulation.happenings import Happenings
from simulation.loop import LineCut, Process, SimLoop
from simulation.ordeals import Ordeal
from simulation.places import settle
from simulation.residents import Resident, shows
from simulation.swap import swapped
from simulation.teams import Message, PlayedTeams
from simulation.weather import MINUTE, Weather

START = datetime(2026, 3, 23, 4, tzinfo=UTC)  # a Monday; summer time begins on the Sunday
DAY = 86_400.0


@dataclass(kw_only=True)
class Running:
    """A process, its house, and the door into it."""

    process: Process
    house: House | None = None
    door: PlayedDoor | None = None


@dataclass(kw_only=True)
class Plan:
    """What a run is: `wild` scales the faults, `idle` is how seldom the loops look when nothing is due (s), `rest` how
    many days it gets in the end to come to rest. An `ordeal` comes in fair weather, with `wild` 0."""

    seed: int
    days: float
    people: int = 10
    processes: int = 2
    wild: float = 1.0
    per_day: float = 60.0
    idle: float = 600.0
    rest: float = 0.15
    start: datetime = START
    ordeal: type[Ordeal] | None = None


class World:
    """Everything of one run. `plan.seed` decides all of it."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.rng = Random(plan.seed)
        self.loop = SimLoop(plan.start)
        self.weather = Weather(loop=self.loop, rng=Random(plan.seed + 1), wild=0.0)
        self.disk = Disk(loop=self.loop, mishap=self._mishap, takes=self.weather.takes, committed=self._committed)
        self.ordeal = plan.ordeal(self) if plan.ordeal else None
        self.teams = PlayedTeams(loop=self.loop, rng=Random(plan.seed + 2), arrived=self._arrived)
        self.shipped = build_record()
        self.store = self.disk.store()  # the roster's own way in
        everybody = self.store.transaction(lambda tx: settle(tx, max(plan.people // 10, 1)))
        self.residents = {
            f"a:{one.key}": Resident(
                key=one.key, person_id=one.person_id, role=one.role, cases=one.cases, loop=self.loop,
                teams=self.teams, rng=Random(plan.seed * 1000 + one.person_id), turn=self._turn, told=self._told,
                per_day=plan.per_day / 4,
            )
            for one in everybody
        }  # fmt: skip
        self.up: list[Running] = []
        self._starting: set[asyncio.Task[None]] = set()
        self.checks = Checks(
            loop=self.loop, teams=self.teams, look=self.disk.look(), flows=self.shipped.flows,
            profiles=self.shipped.profiles, calm=self.weather.calm, bound=timedelta(seconds=plan.idle + 400),
            conversation_of={one.person_id: key for key, one in self.residents.items()},
        )  # fmt: skip
        self.failed: BaseException | None = None
        self._accounted = 0  # calls to Teams that have been looked at

    def run(self) -> Checks:
        """Live the days of the plan, come to rest, and check. Raises Violation."""
        logging.disable(logging.CRITICAL)
        try:
            with running(self.loop), self.disk.watching(), ExitStack() as stack:
                for room, name in _PAUSES:
                    stack.enter_context(swapped(room, name, self.plan.idle))
                jitter = Random(self.plan.seed + 3)
                for room in (outbox_room, errand_room):
                    stack.enter_context(swapped(room, "Random", lambda: jitter))
                stack.enter_context(swapped(replicas_room, "EVERY", timedelta(seconds=self.plan.idle)))
                self.loop.run_until_complete(self._live())
        finally:
            logging.disable(logging.NOTSET)
            self.checks.look.close()
            if self.ordeal is not None:
                self.ordeal.close()
            self.store.close()
            self.disk.close()
        if self.failed is not None:
            raise self.failed
        return self.checks

    async def _live(self) -> None:
        main = asyncio.current_task()
        for number in range(self.plan.processes):
            await self._start(f"{number}")
        for resident in self.residents.values():
            await resident.installs()
        self.weather.wild, self.teams.storm = self.plan.wild, min(0.05 * self.plan.wild, 0.4)
        self.loop.step = self.weather.step
        if self.ordeal is not None:
            self.ordeal.begin()
        helpers = [asyncio.ensure_future(one.work()) for one in self.residents.values()]
        helpers += [asyncio.ensure_future(Happenings(world=self).go_on()), asyncio.ensure_future(self._watches(main))]
        with suppress(asyncio.CancelledError):
            await asyncio.sleep(self.plan.days * DAY)
            await self._rest(helpers[:-1])
        for one in helpers:
            one.cancel()
        await asyncio.gather(*helpers, return_exceptions=True)
        for here in self.up:
            here.process.kill()
            here.process.bury()
        for task in asyncio.all_tasks() - {main}:
            task.cancel()
        if self.failed is None:
            try:
                self.checks.end()
                self._no_answer_was_lost()
            except Exception as error:
                self.failed = error

    async def _rest(self, helpers: list[asyncio.Future[None]]) -> None:
        """The weather clears and nobody begins anything; what is under way gets time to come to its end."""
        self.weather.wild = self.teams.storm = 0.0
        for one in helpers:
            one.cancel()
        self.teams.down = self.teams.shut_out = False
        for resident in self.residents.values():
            resident.here = False
        await asyncio.sleep(self.plan.rest * DAY)

    async def _watches(self, main: "asyncio.Task[None] | None") -> None:
        while self.failed is None:
            await asyncio.sleep(5 * MINUTE)
            try:
                self.checks.step()
                self._no_answer_was_lost()
            except Exception as error:
                self._fails(error)
                assert main is not None
                main.cancel()

    def _fails(self, error: BaseException) -> None:
        self.failed = self.failed or error

    def _mishap(self, process: Process) -> Mishap | None:
        return self.weather.mishap(process) or (self.ordeal.mishap() if self.ordeal is not None else None)

    def _committed(self, process: Process | None) -> None:
        self.weather.committed(process)
        if self.ordeal is not None:
            self.ordeal.committed(process)

    # --- processes ----------------------------------------------------------------------------------------------------

    async def _start(self, name: str) -> None:
        process = Process(self.loop, name, self._died)
        here = Running(process=process)
        self.up.append(here)
        with suppress(LineCut, Exception):
            await process.serve(self._builds(here))
        if here.door is None:
            process.kill()

    async def _builds(self, here: Running) -> None:
        store = self.disk.store()
        record = Record(self.shipped.flows, self.shipped.profiles)

        def door(_settings: Any, on_incoming: Any, **_more: Any) -> PlayedDoor:
            return PlayedDoor(self.teams, on_incoming)

        with swapped(house_room, "ChannelDoor", door):
            house = House.build(store, record, ChannelSettings(demo=True), SimClock(self.loop))
        unhurried(house, self.plan.idle)
        await house.start()
        here.house, here.door = house, house.door  # type: ignore[assignment]

    def _died(self, process: Process) -> None:
        for here in [one for one in self.up if one.process is process]:
            self._buries(here)

    def _buries(self, here: Running) -> None:
        self.up.remove(here)
        down = self.weather.rng.choice((1.0, 5.0, 30.0, 30.0, 20 * MINUTE))
        self.weather.trouble(self.loop.time(), self.loop.time() + down, here.process)
        here.process.bury()
        if here.house is not None:
            here.house.store.engine.dispose()
        self.loop.call_later(down, self._again, here.process.name)

    def _again(self, name: str) -> None:
        task = self.loop.create_task(self._start(name))
        self._starting.add(task)
        task.add_done_callback(self._starting.discard)

    # --- people and Stafett -------------------------------------------------------------------------------------------

    async def _turn(self, incoming: Incoming) -> Answer:
        """One activity to whichever process is up. Raises LineCut."""
        ready = [here for here in self.up if here.door is not None and not here.process.frozen]
        if not ready:
            raise LineCut
        here = self.rng.choice(ready)
        assert here.door is not None
        try:
            return await here.process.serve(self._handled(here.door, incoming))
        except LineCut:
            raise
        except Exception:  # what the real door answers with an apology
            return Answer(message="fel")

    async def _handled(self, door: PlayedDoor, incoming: Incoming) -> Answer:
        answer: Answer = await door.on_incoming(incoming)
        return answer

    def _arrived(self, conversation: str, message: Message) -> None:
        self.residents[conversation].got(message)

    def _told(self, resident: Resident, card: dict[str, Any]) -> None:
        shown = shows(card)
        if shown is not None and self.failed is None:
            try:
                self.checks.shown(*shown)
            except Exception as error:
                self._fails(error)

    # --- at the end ---------------------------------------------------------------------------------------------------

    def _no_answer_was_lost(self) -> None:
        """Every message that Teams took and said so is some row's: a row that was sent twice has lost the first."""
        settled = self.loop.time() - 10 * MINUTE
        while self._accounted < len(self.teams.calls) and self.teams.calls[self._accounted].at < settled:
            call = self.teams.calls[self._accounted]
            self._accounted += 1
            if call.kind != "send" or not call.answered or call.done is None:
                continue
            noted = self.checks.look.execute(_NOTED, (call.activity_id, call.activity_id)).fetchone()
            if noted is None and not self.weather.excuses(call.process, call.at, call.done + 2 * MINUTE):
                raise Violation("told-twice", f"{call.toast!r} to {call.conversation}, at {call.at}")


def unhurried(house: House, idle: float) -> None:
    """Let the loops look seldom when nothing is due: what wakes them is what is tested, and a year has many minutes."""
    house.waker = Waker(house.look, safety=timedelta(seconds=idle))
    house.routines.every = house.routines.first = idle  # reading the profiles costs more than an hour of care work
    for one in (house.occasions, *house.rounds):
        one.every = idle


_NOTED = "SELECT 1 FROM outbox WHERE external_id = ? UNION ALL SELECT 1 FROM errand WHERE external_id = ?"
_PAUSES = ((outbox_room, "_LONGEST_PAUSE"), (outbox_room, "_SWEEP_EVERY"), (errand_room, "_LONGEST_PAUSE"))
