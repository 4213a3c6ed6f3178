"""The demo's calendars: a Graph that is played on this machine, with a mailbox for everybody in the invented roster."""

import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import date, time, timedelta

from aiohttp import web

from bot.clock import Clock
from bot.demo import town
from bot.demo.graph.app import serve
from bot.demo.graph.world import World
from bot.graph.client import Graph
from bot.graph.settings import GraphSettings
from reminders.localtime import at, to_local

_APP = "00000000-0000-4000-8000-0000000000cc"  # Stafett in the invented organisation's list of Teams apps
_VISIT = (time(10), time(11, 30))  # something that stands in a calendar already, so that proposed times avoid it


class Calendars:
    """Everybody's calendar, and Stafett's way to them. `changed` is called when somebody has pressed a button there."""

    def __init__(self, clock: Clock, changed: Callable[[], None]) -> None:
        self._clock, self._changed = clock, changed
        self.world = World(clock=clock.care, token=secrets.token_urlsafe(24), catalogue={_APP})
        for person in town.people().values():
            self.world.add(person.aad_object_id, person.upn, person.name)
        self._runner: web.AppRunner | None = None
        self._address = ""

    @property
    def page(self) -> str:
        """The address of the page with everybody's calendar."""
        return f"{self._address}/kalender"

    async def open(self, port: int) -> Graph:
        """Serve them on this machine, and give the way to them. Raises: OSError for a port that is taken."""
        self._runner, self._address = await serve(self.world, port, changed=self._changed)
        self._fill(to_local(self._clock.care()).date() + timedelta(days=1))
        settings = GraphSettings.local(f"{self._address}/v1.0", self.world.token)
        return Graph(replace(settings, teams_app=_APP), self._clock)

    async def close(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    def _fill(self, day: date) -> None:
        begins, ends = _VISIT
        self.world.block(town.people()["anna"].upn, at(day, begins), at(day, ends), subject="Hembesök")
