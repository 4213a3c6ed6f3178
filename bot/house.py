"""The composition root: every room is built here, once, and handed to the others as values."""

import asyncio
import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from aiohttp import web
from sqlalchemy import Connection

from bot.channel.door import ChannelDoor
from bot.channel.settings import ChannelSettings
from bot.clock import Clock
from bot.outbox import Outbox
from bot.pages import add_pages
from bot.turn import Turns
from cases import inbound, roles
from cases.record import Record
from cases.store import Store
from dialogs import sections
from dialogs.catalogue import HERE, load_flows
from dialogs.check import check_words
from dialogs.desk import Desk
from reminders.deadlines import DueRow, claim_due, next_due, postpone
from reminders.profile import Profile, load_profile, profile_names
from reminders.waker import Waker

_LOG = logging.getLogger("stafett")

CLAIM = 500
TIDY_EVERY = timedelta(days=1)


def build_record(profiles: Path | None = None, flows: tuple[Path, ...] = (HERE,)) -> Record:
    """The flows and every profile, checked against each other.

    Raises: ProfileError, FlowError.
    """
    roles.register()
    sections.register()
    found = load_flows(flows)
    loaded: dict[str, Profile] = {name: load_profile(name, profiles) for name in profile_names(profiles)}
    for profile in loaded.values():
        check_words(profile, found)
    return Record(found, loaded)


@dataclass(kw_only=True)
class House:
    """A running Stafett: store, record, door, outbox and waker."""

    store: Store
    record: Record
    clock: Clock
    door: ChannelDoor
    outbox: Outbox
    waker: Waker
    tidy_every: timedelta = TIDY_EVERY
    _tidying: asyncio.Task[None] | None = field(default=None, init=False)

    @classmethod
    def build(
        cls, store: Store, record: Record, settings: ChannelSettings, clock: Clock, *, inline: bool = False
    ) -> "House":
        """Wire the rooms together. `inline` is the demo's alone: the door refuses it with credentials."""
        if inline and not settings.demo:
            raise ValueError("content inline in cards exists only in the loopback demo")
        desk = Desk(record, inline=inline)
        house: House

        def changed(due: datetime | None) -> None:
            house.outbox.nudge()
            if due is not None:
                house.waker.expect(clock.machine_of(due))

        turns = Turns(store, desk, clock, look=lambda address, who: house.door.member(address, who), changed=changed)
        door = ChannelDoor(settings, turns.handle, now=clock.machine)
        outbox = Outbox(store, record, door, clock, inline=inline)
        house = cls(
            store=store, record=record, clock=clock, door=door, outbox=outbox, waker=Waker(lambda: house.look())
        )  # fmt: skip
        return house

    async def look(self) -> datetime | None:
        """Fire every deadline that is due; the machine time of the next one."""
        while await self._fire_due():
            self.outbox.nudge()
        following = await self.store.run(next_due)
        return None if following is None else self.clock.machine_of(following)

    async def _fire_due(self) -> int:
        """Fire what is due, all at once; should that fail, one row at a time, so that only the bad one waits."""
        try:
            return await self.store.run(self._fire)
        except Exception as error:  # whatever it was, nothing has been written
            _LOG.error("due deadlines not written together: %s", type(error).__name__)
        rows = await self.store.run(lambda tx: claim_due(tx, self.clock.care(), CLAIM))
        for row in rows:
            await self._fire_alone(row)
        return len(rows)

    async def _fire_alone(self, row: DueRow) -> None:
        """Whether the row is still due is asked again under the thread's lock."""
        try:
            await self.store.run(lambda tx: self.record.fire(tx, [row], self.clock.care(), self.clock.machine()))
        except Exception as error:
            _LOG.error("deadline %s of thread %s put off: %s", row.id, row.thread_id, type(error).__name__)
            await self.store.run(lambda tx: postpone(tx, row, self.clock.care()))

    def _fire(self, tx: Connection) -> int:
        now = self.clock.care()
        rows = claim_due(tx, now, CLAIM)
        if rows:
            self.record.fire(tx, rows, now, self.clock.machine())
        return len(rows)

    async def start(self) -> None:
        await self._tidy()
        self._tidying = asyncio.create_task(self._tidy_daily(), name="tidy")
        self.waker.start()
        self.outbox.start()

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
        await self.waker.stop()
        await self.outbox.stop()
        await self.door.close()
        self.store.close()

    def app(self) -> web.Application:
        """The web application: the channel's route, the pages of the Teams package, and a sign of life."""
        app = web.Application(client_max_size=256 * 1024)
        app.router.add_post("/api/messages", self.door.handle)
        app.router.add_get("/healthz", _alive)
        add_pages(app)
        app.on_startup.append(self._on_startup)
        app.on_cleanup.append(self._on_cleanup)
        return app

    async def _on_startup(self, _app: web.Application) -> None:
        await self.start()

    async def _on_cleanup(self, _app: web.Application) -> None:
        await self.stop()


async def _alive(_request: web.Request) -> web.Response:
    return web.Response(text="ok\n")
