"""The on-call side of the house: the rota read from Shifts, the calls at night, and the routes by which they answer."""

from collections.abc import Callable
from dataclasses import dataclass, field

from aiohttp import web

from bot.channel.bearer import demand_loopback
from bot.channel.settings import ChannelSettings
from bot.channel.wire import Wire
from bot.clock import Clock
from bot.graph.call_door import CallDoor
from bot.graph.call_route import METADATA, CallAuth, CallRoute
from bot.graph.calls import Ringer
from bot.graph.client import Graph
from bot.graph.prompt import tones
from bot.night_calls import NightCalls
from bot.rota import Rota, ShiftsSettings
from cases.record import Record
from cases.store import Store


@dataclass(frozen=True, kw_only=True)
class JourSettings:
    """`sound` is what is played to whoever answers, else three tones. `metadata` leads to the keys that Microsoft signs
    its notifications with."""

    shifts: ShiftsSettings = field(default_factory=ShiftsSettings)
    sound: bytes = b""
    metadata: str = METADATA


@dataclass(frozen=True, kw_only=True)
class Jour:
    """What the house starts, drains, serves and closes. `route` is there where Graph is."""

    rota: Rota
    night: NightCalls
    door: CallDoor
    route: CallRoute | None
    wire: Wire

    @classmethod
    def build(
        cls, store: Store, record: Record, clock: Clock, graph: Graph | None, channel: ChannelSettings,
        public_url: str, settings: JourSettings | None, *, added: Callable[[], None], moved: Callable[[], None],
    ) -> "Jour":  # fmt: skip
        """Wire it together. `public_url` is where Graph reaches this server; without it nobody is rung. `added` is
        called when there is something to do, `moved` when a thread has moved."""
        told = settings or JourSettings()
        night = NightCalls(store, record, clock, added=added, moved=moved)
        wire = Wire(channel)
        ringer = route = None
        if graph is not None:
            ringer = Ringer(graph, channel.tenant_id, f"{public_url}/api/calls/prompt.wav")
            auth = CallAuth(channel, wire, clock.machine, told.metadata)
            route = CallRoute(
                store, clock, night, ringer, demand_loopback if channel.demo else auth.check,
                told.sound or tones(), moved=moved,
            )  # fmt: skip
        return cls(
            rota=Rota(store, record, clock, graph, told.shifts, changed=added), night=night,
            door=CallDoor(night, clock, ringer, public_url), route=route, wire=wire,
        )  # fmt: skip

    def add_to(self, app: web.Application) -> None:
        if self.route is not None:
            self.route.add_to(app)

    async def close(self) -> None:
        """Let what follows a notification be asked, then close the line."""
        if self.route is not None:
            await self.route.settled()
        await self.wire.close()
