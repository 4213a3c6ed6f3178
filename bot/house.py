"""The composition root: every room is built here, once, and handed to the others as values."""

import asyncio
import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from aiohttp import web

from bot.absences import Absences
from bot.board.board import Board, BoardSettings
from bot.channel.door import ChannelDoor
from bot.channel.settings import ChannelSettings
from bot.clock import Clock
from bot.errand.drain import Errands
from bot.errand.smtp import MailSettings
from bot.firing import Firing
from bot.front import Front
from bot.graph.client import Graph
from bot.graph.feed import CalendarFeed
from bot.graph.ics import CalendarFiles
from bot.guard import guarded
from bot.health import BEGINNING, Health
from bot.heartbeat import HeartbeatSettings
from bot.jour import Jour, JourSettings
from bot.looks import Looks
from bot.metrics import Metrics
from bot.numbers import refuse_in_profiles
from bot.occasions import Occasions
from bot.outbox import Outbox
from bot.probes import add_sign_of_life
from bot.proposing import Proposing
from bot.replicas import Replicas, Role
from bot.rounds import ROUNDS, Around
from bot.routines import Routines
from bot.turn import Turns
from cases import inbound, meeting_kinds, retention_section, roles
from cases.group_map import GroupMap
from cases.record import Record
from cases.store import Store
from dialogs import sections
from dialogs.catalogue import HERE, WATCH, load_flows
from dialogs.check import check_words
from dialogs.desk import Desk
from reminders.profile import Profile, load_profile, profile_names
from reminders.waker import Waker

_LOG = logging.getLogger("stafett")

BY_ITSELF = ROUNDS | {"occasions"}  # what looks by itself now and then, and begins when deadlines have been looked for
LOOPS = BY_ITSELF | {"waker", "outbox", "errands"}
TIDY_EVERY = timedelta(days=1)


def build_record(profiles: Path | None = None, flows: tuple[Path, ...] = (HERE, WATCH)) -> Record:
    """The flows and every profile, checked against each other.

    Raises: ProfileError, FlowError.
    """
    roles.register()
    retention_section.register()
    meeting_kinds.register()
    sections.register()
    refuse_in_profiles(profiles)
    found = load_flows(flows)
    loaded: dict[str, Profile] = {name: load_profile(name, profiles) for name in profile_names(profiles)}
    for profile in loaded.values():
        check_words(profile, found)
    return Record(found, loaded)


@dataclass(kw_only=True)
class House:
    """A running Stafett: store, record, door, outbox, errands and waker."""

    store: Store
    record: Record
    clock: Clock
    door: ChannelDoor
    outbox: Outbox
    errands: Errands
    occasions: Occasions
    firing: Firing
    waker: Waker
    replicas: Replicas
    role: Role
    health: Health
    metrics: Metrics
    routines: Routines
    rounds: tuple[Looks, ...] = ()
    jour: Jour
    front: Front
    board: Board
    graph: Graph | None = None
    files: CalendarFiles | None = None
    feed: CalendarFeed | None = None
    tidy_every: timedelta = TIDY_EVERY
    _tidying: asyncio.Task[None] | None = field(default=None, init=False)
    _warming: asyncio.Task[None] | None = field(default=None, init=False)
    _beginning: asyncio.Task[None] | None = field(default=None, init=False)

    @classmethod
    def build(
        cls, store: Store, record: Record, settings: ChannelSettings, clock: Clock, *, inline: bool = False,
        profiles: Path | None = None, role: Role = Role.ALL, mail: MailSettings | None = None,
        graph: Graph | None = None, groups: GroupMap | None = None, public: str = "",
        on_call: JourSettings | None = None, heartbeat: HeartbeatSettings | None = None,
        board: BoardSettings | None = None,
    ) -> "House":  # fmt: skip
        """Wire the rooms together. `profiles` is the folder that the record was built of; it is watched from now on.
        `mail` is where e-mail is handed in; without `graph` calendars, absence and groups are not known. `groups` say
        which group of the directory gives which role. `public` is this server's address from outside; without it no
        calendar files can be fetched, and nobody is rung at night. `on_call` tells whose rota is read from Shifts,
        `heartbeat` to whom and how often a message is sent to see that it gets through, `board` what the personal
        tab is served with.

        `inline` is the demo's alone: the door refuses it with credentials.
        """
        if inline and not settings.demo:
            raise ValueError("content inline in cards exists only in the loopback demo")
        desk = Desk(record, inline=inline)
        files = CalendarFiles(store, record, clock, public) if public else None
        record.calendar_links = files.address if files else None
        feed = CalendarFeed(store, record, clock, public) if public else None
        record.calendar_feed = feed.address if feed else None
        house: House

        def changed(due: datetime | None) -> None:
            replicas.tell()
            if role.works:
                house.send()
                if due is not None:
                    house.waker.expect(clock.alarm_for(due))

        replicas = Replicas(store, clock, lambda: house.told(), listens=role.works)
        turns = Turns(
            store, desk, clock, look=lambda address, who: house.door.member(address, who), changed=changed,
            before=(Proposing(store, desk, clock, graph), Absences(store, record, clock, graph).before),
        )  # fmt: skip
        metrics = Metrics()
        metrics.engine(store.engine)
        if heartbeat is not None:
            metrics.expects_heartbeat(heartbeat.longest)
        if graph is not None:
            graph.told = metrics.asked_graph
        door = ChannelDoor(settings, guarded(metrics.handler(turns.handle)), now=clock.machine)
        outbox = Outbox(
            store, record, metrics.channel(door), clock, inline=inline, send_timeout=settings.timeout,
            shared=graph.divide if graph else None,
        )  # fmt: skip
        jour = Jour.build(
            store, record, clock, graph, settings, public, on_call, added=lambda: house.send(),
            moved=lambda: house.moved(),
        )  # fmt: skip
        around = Around(
            store=store, record=record, clock=clock, channel=metrics.channel(door), throttle=lambda: outbox.throttle,
            mail=mail, graph=graph, groups=groups, jour=jour, heartbeat=heartbeat, added=lambda: house.send(),
            moved=lambda: house.moved(),
        )  # fmt: skip
        errands = Errands(store, clock, around.doors(), told=metrics.errand, ended=lambda: house.moved())
        loops = LOOPS if role.works else frozenset()
        health = Health(
            store=store, clock=clock, token=door.token_fault, loops=loops, later=BY_ITSELF,
            graph=graph.is_up if graph else None, heartbeat=heartbeat.longest if heartbeat else None,
        )  # fmt: skip
        routines = Routines(
            store, record, clock, folder=profiles, changed=lambda: house.rearmed(), notices=health.notices
        )
        occasions = Occasions(store, record, clock, added=lambda: house.send())
        house = cls(
            store=store, record=record, clock=clock, door=door, outbox=outbox, errands=errands, occasions=occasions,
            firing=Firing(store=store, record=record, clock=clock, metrics=metrics), waker=Waker(lambda: house.look()),
            replicas=replicas, role=role, health=health, metrics=metrics,
            routines=routines, rounds=around.rounds(), graph=graph, files=files, feed=feed,
            jour=jour, front=Front(settings, clock.machine), board=Board(store, record, clock, settings, board),
        )  # fmt: skip
        return house

    def rearmed(self) -> None:
        """Deadlines have got new times."""
        self.replicas.tell()
        self.waker.nudge()

    def told(self) -> None:
        """Another replica has written something."""
        self.send()
        self.waker.nudge()

    def send(self) -> None:
        """There may be something to send or to do."""
        self.outbox.nudge()
        self.errands.nudge()

    def time_moved(self) -> None:
        """Care time has been set, in the demo: look at once for everything that waits for a time."""
        self.waker.nudge()
        self.occasions.nudge()
        for one in self.rounds:
            one.nudge()
        self.send()

    def moved(self) -> None:
        """Something else than a person or a deadline has moved a thread, which may have got new deadlines."""
        self.send()
        self.waker.nudge()
        self.replicas.tell()

    async def look(self) -> datetime | None:
        """Fire every deadline that is due; when the next one is, as this machine's own clock will show it."""
        self.metrics.looked()
        while await self.firing.due():
            self.send()
            self.replicas.tell()
        return await self.firing.following()

    async def start(self) -> None:
        await self._tidy()
        self._tidying = asyncio.create_task(self._tidy_daily(), name="tidy")
        self.replicas.start()
        if self.graph is not None:
            self._warming = asyncio.create_task(self.graph.prepare(), name="graph")
        if self.role.works:
            self.waker.start()
            self.outbox.start()
            self.errands.start()
            self._beginning = asyncio.create_task(self._begin_rounds(), name=BEGINNING)
        self.routines.start()

    async def _begin_rounds(self) -> None:
        """They read the whole roster first, and deadlines are not to wait for that."""
        await self.waker.looked.wait()
        self.occasions.start()
        for one in self.rounds:
            one.start()

    async def _tidy(self) -> None:
        await self.store.run(lambda tx: inbound.tidy(tx, self.clock.machine()))

    async def _tidy_daily(self) -> None:
        while True:
            await asyncio.sleep(self.tidy_every.total_seconds())
            try:
                await self._tidy()
            except Exception as error:  # tomorrow is early enough
                _LOG.error("not tidied: %s", type(error).__name__)

    async def stop(self) -> None:
        """Finish what has been claimed, then close."""
        if self._tidying is not None:
            self._tidying.cancel()
            await asyncio.gather(self._tidying, return_exceptions=True)
        await self.routines.stop()
        if self.role.works:
            if self._beginning is not None:
                self._beginning.cancel()
                await asyncio.gather(self._beginning, return_exceptions=True)
            await asyncio.gather(self.occasions.stop(), *(one.stop() for one in self.rounds))
            await self.waker.stop()
            await asyncio.gather(self.outbox.stop(), self.errands.stop())
        await self.replicas.stop()
        await self.jour.close()
        await self.board.close()
        if self.graph is not None and self._warming is not None:
            await asyncio.gather(self._warming, return_exceptions=True)  # a thread that loads cannot be cut short
            await self.graph.close()
        await self.door.close()
        self.store.close()

    def app(self) -> web.Application:
        """The web application: the channel's route for who answers it, and a sign of life."""
        app = self.front.application()
        if self.role.answers:
            app.router.add_post("/api/messages", self.door.handle)
            self.jour.add_to(app)
            self.board.add_to(app)
            if self.files is not None:
                self.files.add(app)
            if self.feed is not None:
                self.feed.add(app)
        add_sign_of_life(app, self.health)
        app.on_startup.append(self._on_startup)
        app.on_cleanup.append(self._on_cleanup)
        return app

    async def _on_startup(self, _app: web.Application) -> None:
        await self.start()

    async def _on_cleanup(self, _app: web.Application) -> None:
        await self.stop()
