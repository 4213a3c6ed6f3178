"""The door in a web server, and a way to post activities to it over real HTTP."""

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from activities import BOT_ID, CONVERSATION
from aiohttp import web
from counterpart import APP_ID, SECRET, TENANT, Clock, Counterpart

from bot.channel.door import ChannelDoor
from bot.channel.settings import ChannelSettings, ClientSecret
from bot.channel.values import Address, Answer, Incoming
from bot.front import Front

SDKS = ("botbuilder", "agents")
CARD = {"type": "AdaptiveCard", "version": "1.5", "body": []}


@dataclass(kw_only=True)
class House:
    """The door in a web server, with a handler that keeps what came in and answers what it was told."""

    far: Counterpart
    clock: Clock
    client: aiohttp.ClientSession
    door: ChannelDoor
    url: str = ""
    came: list[Incoming] = field(default_factory=list)
    answer: Answer = field(default_factory=Answer)
    fault: Exception | None = None

    async def on_incoming(self, incoming: Incoming) -> Answer:
        self.came.append(incoming)
        if self.fault is not None:
            raise self.fault
        return self.answer

    async def post(self, activity: Any, *, token: str | None = None, **options: Any) -> tuple[int, Any]:
        """Status and JSON body (None when empty) of the door's answer; a good token unless another is given."""
        headers = {"Authorization": f"Bearer {self.far.token() if token is None else token}"}
        given = {"headers": headers, "json": activity, **options}
        async with self.client.post(self.url, **given) as answer:
            raw = await answer.read()
            return answer.status, await answer.json() if raw else None

    def address(self, **changes: str) -> Address:
        """The home care worker's personal conversation."""
        given = {
            "conversation_id": CONVERSATION,
            "service_url": self.far.service_url,
            "tenant_id": TENANT,
            "bot_id": BOT_ID,
            "conversation_type": "personal",
        }
        return Address(**{**given, **changes})

    async def send(self) -> str:
        """Send a card there with a toast."""
        return await self.door.send(self.address(), CARD, summary="Stafett", alert=True)


def settings(far: Counterpart, **changes: Any) -> ChannelSettings:
    """Settings of a real start, pointed at the counterpart."""
    given: dict[str, Any] = {
        "app_id": APP_ID,
        "tenant_id": TENANT,
        "credentials": ClientSecret(value=SECRET),
        "service_hosts": frozenset({"127.0.0.1"}),
        "openid_metadata": f"{far.url}/openid",
        "login_authority": far.login,
        "ca_file": far.ca_file,
        "timeout": 5.0,
    }
    return ChannelSettings(**{**given, **changes})


@contextlib.asynccontextmanager
async def opened(far: Counterpart, clock: Clock, chosen: ChannelSettings) -> AsyncIterator[House]:
    """A door in a running web server."""
    async with aiohttp.ClientSession() as client:
        house: House

        async def on_incoming(incoming: Incoming) -> Answer:
            return await house.on_incoming(incoming)

        house = House(far=far, clock=clock, client=client, door=ChannelDoor(chosen, on_incoming, now=clock))
        app = Front(chosen, clock).application()
        app.router.add_post("/api/messages", house.door.handle)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        house.url = f"http://127.0.0.1:{runner.addresses[0][1]}/api/messages"
        try:
            yield house
        finally:
            await house.door.close()
            await runner.cleanup()


Open = Callable[..., Awaitable[House]]
