"""The night in a town that rings: Stafett's own routes in a real web server, keys that Microsoft would sign with, and
somebody at the other end of the line."""

import asyncio
import json
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import jwt
from aiohttp import web
from aiohttp.test_utils import unused_port
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm
from played_graph import PlayedGraph
from town import Town

from bot.channel.settings import ChannelSettings, ClientSecret
from bot.demo.graph.calls import Rung
from bot.graph.client import Graph
from bot.jour import Jour, JourSettings

APP_ID, TENANT = "3f6d1c1e-0c5e-4b1e-9a51-6d6f0a3b7c11", "7b0c2a54-2f0e-4a51-8a7e-0e5b7d1f2c22"
_KID = "skype-1"


@cache
def _key() -> rsa.RSAPrivateKey:
    """Making one takes time."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass(kw_only=True)
class Signer:
    """Microsoft's keys, as they are published, and tokens signed with them."""

    town: Town
    key: rsa.RSAPrivateKey = field(default_factory=_key)
    address: str = ""

    def add_to(self, app: web.Application, address: str) -> None:
        self.address = address
        app.router.add_get("/openid", self._metadata)
        app.router.add_get("/keys", self._keys)

    def token(self, **changes: Any) -> str:
        """A good token, but for what is changed."""
        now = int(self.town.clock.machine().timestamp())
        good = {
            "iss": "https://graph.microsoft.com", "aud": APP_ID, "tid": TENANT, "nbf": now - 60, "exp": now + 3600
        }  # fmt: skip
        return jwt.encode(good | changes, self.key, algorithm="RS256", headers={"kid": _KID})

    async def _metadata(self, _request: web.Request) -> web.Response:
        return web.json_response({"jwks_uri": f"{self.address}/keys"})

    async def _keys(self, _request: web.Request) -> web.Response:
        published = json.loads(RSAAlgorithm.to_jwk(self.key.public_key())) | {"kid": _KID, "use": "sig"}
        return web.json_response({"keys": [published]})


@dataclass(kw_only=True)
class Switchboard:
    """The town's side of the calls, and what happens at the other end."""

    town: Town
    played: PlayedGraph
    jour: Jour
    signer: Signer
    address: str

    def until(self, local: str) -> None:
        """Time passes; Stafett looks whom to ring, and rings."""
        self.town.until(local)
        self.town.do(self.jour.night.look())
        self.settle()

    @property
    def calls(self) -> list[Rung]:
        return self.played.world.calls.placed

    def rung(self) -> list[str]:
        """Whom it has rung for, in order."""
        names = {row.aad_object_id: row.name.split()[0].lower() for row in self.town.rows_of("person")}
        return [names[one.person.id] for one in self.calls]

    def answers(self) -> int:
        return self._happens(self.played.world.calls.answer(self.calls[-1].id))

    def presses(self, tone: str = "tone1") -> int:
        return self._happens(self.played.world.calls.press(self.calls[-1].id, tone))

    def hangs_up(self, code: int = 200) -> int:
        return self._happens(self.played.world.calls.hang_up(self.calls[-1].id, code=code))

    def settle(self) -> None:
        """Until every errand is done, and Graph has told what it had to tell."""
        self.town.settle()
        self.town.do(self._listen())
        self.town.settle()

    def _happens(self, what: Coroutine[Any, Any, int]) -> int:
        """Something at the other end, while the town's server listens; the status with which it answered."""

        async def meanwhile() -> int:
            return await asyncio.to_thread(self.played.do, what)

        status = self.town.do(meanwhile())
        self.settle()
        return status

    async def _listen(self) -> None:
        assert self.jour.route is not None
        await asyncio.to_thread(self.played.settle)
        await self.jour.route.settled()
        await asyncio.to_thread(self.played.settle)


@contextmanager
def switchboard(town: Town, played: PlayedGraph, graph: Graph) -> Iterator[Switchboard]:
    """Stafett's routes for calls in a web server on loopback, with the real check of tokens."""
    address = f"http://127.0.0.1:{unused_port()}"
    signer, app = Signer(town=town), web.Application()
    channel = ChannelSettings(app_id=APP_ID, tenant_id=TENANT, credentials=ClientSecret(value="x"))
    settings = JourSettings(metadata=f"{address}/openid")

    async def open_it() -> tuple[Jour, Callable[[], Coroutine[Any, Any, None]]]:
        jour = Jour.build(
            town.store, town.record, town.clock, graph, channel, address, settings,
            added=lambda: None, moved=lambda: None,
        )  # fmt: skip
        jour.add_to(app)
        signer.add_to(app, address)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", int(address.rpartition(":")[2])).start()
        return jour, runner.cleanup

    jour, close = town.do(open_it())
    town.doors.append(jour.door)
    played.world.calls.signer = signer.token
    try:
        yield Switchboard(town=town, played=played, jour=jour, signer=signer, address=address)
    finally:
        town.do(close())
        town.do(jour.close())
