"""The far side of every server that is measured: connector, published signing key and token service, on loopback."""

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

APP_ID = "3f6d1c1e-0c5e-4b1e-9a51-6d6f0a3b7c11"
TENANT = "7b0c2a54-2f0e-4a51-8a7e-0e5b7d1f2c22"
ISSUER = "https://api.botframework.com"
_KID = "load-key"


@dataclass(kw_only=True)
class Far:
    """The connector, the published key and a managed identity's token endpoint."""

    latency: float = 0.0  # seconds before a post is acknowledged
    port: int = 0
    posted: int = 0
    tokens: int = 0
    url: str = ""
    _key: rsa.RSAPrivateKey = field(default_factory=lambda: rsa.generate_private_key(65537, 2048))

    @property
    def metadata(self) -> str:
        """Where the server finds the keys."""
        return f"{self.url}/openid"

    @property
    def service_url(self) -> str:
        """The connector's address, as it stands in each activity."""
        return service_url(self.metadata)

    def token(self) -> str:
        """A token for this bot, valid for two hours."""
        now = int(time.time())
        claims = {"iss": ISSUER, "aud": APP_ID, "nbf": now - 60, "exp": now + 7200, "serviceurl": self.service_url}
        return jwt.encode(claims, self._key, algorithm="RS256", headers={"kid": _KID})

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator["Far"]:
        """Serve on loopback until the block ends."""
        app = web.Application()
        app.router.add_get("/openid", self._metadata)
        app.router.add_get("/keys", self._keys)
        app.router.add_get("/identity", self._identity)
        app.router.add_route("*", "/teams/{rest:.*}", self._acknowledge)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", self.port).start()
        self.port = runner.addresses[0][1]
        self.url = f"http://127.0.0.1:{self.port}"
        try:
            yield self
        finally:
            await runner.cleanup()

    async def _metadata(self, request: web.Request) -> web.Response:
        return web.json_response({"issuer": ISSUER, "jwks_uri": f"{self.url}/keys"})

    async def _keys(self, request: web.Request) -> web.Response:
        published = json.loads(RSAAlgorithm.to_jwk(self._key.public_key()))
        return web.json_response({"keys": [published | {"kid": _KID, "use": "sig", "endorsements": ["msteams"]}]})

    async def _identity(self, request: web.Request) -> web.Response:
        self.tokens += 1
        expires = str(int(time.time()) + 7200)
        return web.json_response({"access_token": "bot-token", "expires_on": expires, "resource": ISSUER})

    async def _acknowledge(self, request: web.Request) -> web.Response:
        await request.read()
        self.posted += 1
        if self.latency:
            await asyncio.sleep(self.latency)
        if request.method == "PUT":
            return web.json_response({"id": request.path.rpartition("/")[2]})
        return web.json_response({"id": f"activity-{self.posted}"}, status=201)


def service_url(metadata: str) -> str:
    """The connector's address beside a key address."""
    return f"{metadata.removesuffix('/openid')}/teams/"


def identity_url(metadata: str) -> str:
    """The token endpoint beside a key address."""
    return f"{metadata.removesuffix('/openid')}/identity"
