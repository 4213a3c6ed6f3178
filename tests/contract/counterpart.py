"""The far side of the channel door on this machine: connector, token service and published keys, over real HTTP.

It keeps every request, and can be told to answer each error that the real one answers.
"""

import asyncio
import json
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
from aiohttp import web
from certificate import certified
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

APP_ID = "3f6d1c1e-0c5e-4b1e-9a51-6d6f0a3b7c11"
TENANT = "7b0c2a54-2f0e-4a51-8a7e-0e5b7d1f2c22"
SECRET = "not-a-real-secret"
ISSUER = "https://api.botframework.com"


@dataclass(frozen=True, kw_only=True)
class Call:
    """One request as it came."""

    method: str
    path: str  # with its percent-encoding
    headers: Mapping[str, str]
    body: Any


@dataclass(frozen=True, kw_only=True)
class Canned:
    """An answer to give instead of the usual one."""

    status: int
    body: bytes
    headers: Mapping[str, str]
    hold: asyncio.Event | None = None  # answer first when this is set
    drop: bool = False  # close the connection instead of answering


@dataclass(kw_only=True)
class Clock:
    """A clock that stands still until it is moved."""

    now: datetime = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **delta: float) -> None:
        self.now += timedelta(**delta)


@dataclass(kw_only=True)
class Counterpart:
    """Connector and keys on one port, the token service with TLS on another (MSAL insists on https)."""

    clock: Callable[[], datetime]
    signing: rsa.RSAPrivateKey
    folder: Path
    kid: str = "key-1"
    endorsements: list[str] = field(default_factory=lambda: ["msteams", "webchat"])
    calls: list[Call] = field(default_factory=list)
    came: asyncio.Condition = field(default_factory=asyncio.Condition)
    token_requests: list[Mapping[str, str]] = field(default_factory=list)
    key_requests: int = 0
    canned: deque[Canned] = field(default_factory=deque)
    member: dict[str, Any] = field(default_factory=dict)
    token_lifetime: int = 3600
    token_error: str | None = None
    graph_roles: tuple[str, ...] = ()  # the permissions that a token for Graph says the app has been given
    keys_down: bool = False
    earlier: dict[str, rsa.RSAPrivateKey] = field(default_factory=dict)
    _runner: web.AppRunner | None = None
    url: str = ""
    login: str = ""

    async def start(self) -> None:
        app = web.Application()
        app.router.add_get("/openid", self._metadata)
        app.router.add_get("/keys", self._keys)
        app.router.add_get("/{tenant}/v2.0/.well-known/openid-configuration", self._tenant)
        app.router.add_post("/{tenant}/oauth2/v2.0/token", self._token)
        app.router.add_get("/identity", self._identity)
        app.router.add_route("*", "/teams/{rest:.*}", self._connector)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        await web.TCPSite(self._runner, "127.0.0.1", 0, ssl_context=certified(self.ca_file)).start()
        plain, secure = (address[1] for address in self._runner.addresses)
        self.url, self.login = f"http://127.0.0.1:{plain}", f"https://127.0.0.1:{secure}"

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def service_url(self) -> str:
        return f"{self.url}/teams/"

    @property
    def ca_file(self) -> Path:
        return self.folder / "ca.pem"

    def answer(
        self,
        status: int,
        code: str | None = None,
        *,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        hold: asyncio.Event | None = None,
        drop: bool = False,
    ) -> None:
        """The connector's next answer."""
        if body is None:
            body = json.dumps({"error": {"code": code, "message": "Anna Testsson skrev detta"}}).encode()
        given = {"Content-Type": "application/json", **(headers or {})}
        self.canned.append(Canned(status=status, body=body, headers=given, hold=hold, drop=drop))

    async def arrived(self, calls: int) -> None:
        """Wait until the connector has got so many requests."""
        async with self.came:
            await self.came.wait_for(lambda: len(self.calls) >= calls)

    def claims(self, **changes: Any) -> dict[str, Any]:
        """The claims of a good token; a value of None takes the claim away."""
        now = int(self.clock().timestamp())
        claims = {"iss": ISSUER, "aud": APP_ID, "exp": now + 3600, "nbf": now - 300, "serviceurl": self.service_url}
        return {name: value for name, value in {**claims, **changes}.items() if value is not None}

    def token(self, *, kid: str | None = None, **changes: Any) -> str:
        """A token signed with the current key."""
        return jwt.encode(self.claims(**changes), self.signing, algorithm="RS256", headers={"kid": kid or self.kid})

    def rotate(self, key: rsa.RSAPrivateKey, kid: str, *, keep: bool = False) -> None:
        """Sign and publish with another key from now on; with `keep` the one before is published as well."""
        if keep:
            self.earlier[self.kid] = self.signing
        self.signing, self.kid = key, kid

    async def _metadata(self, request: web.Request) -> web.Response:
        if self.keys_down:
            return web.Response(status=503)
        return web.json_response({"issuer": ISSUER, "jwks_uri": f"{self.url}/keys"})

    async def _keys(self, request: web.Request) -> web.Response:
        self.key_requests += 1
        published = [
            json.loads(RSAAlgorithm.to_jwk(key.public_key()))
            | {"kid": kid, "use": "sig", "endorsements": self.endorsements}
            for kid, key in {**self.earlier, self.kid: self.signing}.items()
        ]
        odd = [{"kty": "EC", "kid": "odd"}, "odd", {"kty": "RSA", "kid": "half"}]
        return web.json_response({"keys": [*odd, *published]})

    async def _tenant(self, request: web.Request) -> web.Response:
        base = f"{self.login}/{request.match_info['tenant']}"
        return web.json_response(
            {
                "issuer": f"{base}/v2.0",
                "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
                "token_endpoint": f"{base}/oauth2/v2.0/token",
                "jwks_uri": f"{self.url}/keys",
            }
        )

    async def _token(self, request: web.Request) -> web.Response:
        form = {name: str(value) for name, value in (await request.post()).items()}
        self.token_requests.append(form)
        if self.token_error is not None:
            return web.json_response({"error": self.token_error, "error_description": "hemligt"}, status=401)
        value = f"bot-token-{len(self.token_requests)}"
        if "graph.microsoft.com" in form.get("scope", ""):
            value = jwt.encode({"roles": self.graph_roles}, self.signing, algorithm="RS256")
        return web.json_response({"token_type": "Bearer", "expires_in": self.token_lifetime, "access_token": value})

    async def _identity(self, request: web.Request) -> web.Response:
        self.token_requests.append(dict(request.query))
        answer = {"access_token": "managed-token", "expires_on": str(int(time.time()) + 3600), "resource": "r"}
        return web.json_response(answer)

    async def _connector(self, request: web.Request) -> web.Response:
        raw = await request.read()
        body: Any = json.loads(raw) if raw else None
        call = Call(method=request.method, path=request.raw_path, headers=dict(request.headers), body=body)
        self.calls.append(call)
        async with self.came:
            self.came.notify_all()
        if self.canned:
            canned = self.canned.popleft()
            if canned.hold is not None:
                await canned.hold.wait()
            if canned.drop and request.transport is not None:
                request.transport.abort()
            return web.Response(status=canned.status, body=canned.body, headers=canned.headers)
        if request.method == "GET":
            return web.json_response(self.member)
        if request.path == "/teams/v3/conversations":
            return web.json_response({"id": f"a:personal-{body['members'][0]['id']}"}, status=201)
        if request.method == "PUT":
            return web.json_response({"id": request.path.rpartition("/")[2]})
        return web.json_response({"id": f"activity-{len(self.calls)}"}, status=201)
