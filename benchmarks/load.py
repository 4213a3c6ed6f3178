"""Load driver: posts activities with a real token to a bot's endpoint and measures turns a second and CPU a turn.

    python -m benchmarks.load --serve benchmarks.turn_echo_botbuilder --turns 1000 --connections 8
    python -m benchmarks.load --url http://127.0.0.1:3978/api/messages --pid 4711 --far-port 4000

With `--serve` the server is started as `python -m MODULE PORT METADATA_URL` and stopped afterwards. The driver is also
the far side: it publishes the signing key and acknowledges what the bot posts, after `--latency` seconds. CPU time is
the server process's own (user and system, all threads) from /proc, so the driver's share of the machine is not in it.
"""

import argparse
import asyncio
import contextlib
import json
import os
import socket
import statistics
import sys
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

APP_ID = "3f6d1c1e-0c5e-4b1e-9a51-6d6f0a3b7c11"
TENANT = "7b0c2a54-2f0e-4a51-8a7e-0e5b7d1f2c22"
_KID = "load-key"
_START_WITHIN = 30.0  # seconds for a server to answer on its port

Make = Callable[[int, str], dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What one run gave. Times in milliseconds; `posted` counts what reached the far side during the run."""

    turns: int
    connections: int
    latency_s: float
    turns_per_s: float
    cpu_ms_per_turn: float | None
    median_ms: float
    p99_ms: float
    posted: int
    failed: int


@dataclass(kw_only=True)
class Far:
    """The connector and the published key."""

    latency: float = 0.0  # seconds before a post is acknowledged
    port: int = 0
    posted: int = 0
    url: str = ""
    _key: rsa.RSAPrivateKey = field(default_factory=lambda: rsa.generate_private_key(65537, 2048))

    @property
    def metadata(self) -> str:
        """Where the server finds the keys."""
        return f"{self.url}/openid"

    @property
    def service_url(self) -> str:
        """The connector's address, as it stands in each activity."""
        return f"{self.url}/teams/"

    def token(self) -> str:
        """A token for this bot, valid for two hours."""
        now = int(time.time())
        claims = {"iss": "https://api.botframework.com", "aud": APP_ID, "nbf": now - 60, "exp": now + 7200}
        return jwt.encode(
            {**claims, "serviceurl": self.service_url}, self._key, algorithm="RS256", headers={"kid": _KID}
        )

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator["Far"]:
        """Serve on loopback until the block ends."""
        app = web.Application()
        app.router.add_get("/openid", self._metadata)
        app.router.add_get("/keys", self._keys)
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
        return web.json_response({"issuer": "https://api.botframework.com", "jwks_uri": f"{self.url}/keys"})

    async def _keys(self, request: web.Request) -> web.Response:
        published = json.loads(RSAAlgorithm.to_jwk(self._key.public_key()))
        return web.json_response({"keys": [published | {"kid": _KID, "use": "sig", "endorsements": ["msteams"]}]})

    async def _acknowledge(self, request: web.Request) -> web.Response:
        await request.read()
        self.posted += 1
        if self.latency:
            await asyncio.sleep(self.latency)
        return web.json_response({"id": f"activity-{self.posted}"}, status=201)


def text_activity(number: int, service_url: str) -> dict[str, Any]:
    """A typed message as Teams sends it, in a conversation of its own."""
    return {
        "type": "message",
        "id": f"load-{number}",
        "timestamp": "2026-11-16T08:00:00.123Z",
        "localTimestamp": "2026-11-16T09:00:00.123+01:00",
        "channelId": "msteams",
        "serviceUrl": service_url,
        "from": {"id": f"29:user-{number % 50}", "name": "Alva Exempel", "aadObjectId": f"aad-{number % 50}"},
        "conversation": {"conversationType": "personal", "tenantId": TENANT, "id": f"a:conversation-{number % 50}"},
        "recipient": {"id": f"28:{APP_ID}", "name": "Stafett"},
        "entities": [{"locale": "sv-SE", "country": "SE", "platform": "iOS", "type": "clientInfo"}],
        "channelData": {"tenant": {"id": TENANT}},
        "text": "hjälp",
        "textFormat": "plain",
        "locale": "sv-SE",
    }


def cpu_seconds(pid: int) -> float:
    """CPU time that a process has used so far, in seconds. Raises FileNotFoundError when it is gone."""
    # The second field, the name in parentheses, may hold blanks: count from behind it.
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def drive(
    far: Far,
    url: str,
    *,
    turns: int,
    connections: int,
    pid: int | None = None,
    make: Make = text_activity,
    first: int = 0,
) -> Figures:
    """Post `turns` activities numbered from `first` over `connections`, each waiting for its answer."""
    headers = {"Authorization": f"Bearer {far.token()}"}
    numbers = iter(range(first, first + turns))
    took: list[float] = []
    failed = 0

    async def worker(session: aiohttp.ClientSession) -> None:
        nonlocal failed
        for number in numbers:
            start = time.perf_counter()
            async with session.post(url, json=make(number, far.service_url), headers=headers) as answer:
                await answer.read()
                failed += answer.status >= 300
            took.append((time.perf_counter() - start) * 1000)

    posted, cpu = far.posted, cpu_seconds(pid) if pid else 0.0
    begin = time.perf_counter()
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=connections)) as session:
        await asyncio.gather(*(worker(session) for _ in range(connections)))
    elapsed = time.perf_counter() - begin
    return Figures(
        turns=turns,
        connections=connections,
        latency_s=far.latency,
        turns_per_s=round(turns / elapsed, 1),
        cpu_ms_per_turn=round((cpu_seconds(pid) - cpu) * 1000 / turns, 3) if pid else None,
        median_ms=round(statistics.median(took), 2),
        p99_ms=round(sorted(took)[max(0, int(len(took) * 0.99) - 1)], 2),
        posted=far.posted - posted,
        failed=failed,
    )


@contextlib.asynccontextmanager
async def served(module: str, far: Far) -> AsyncIterator[tuple[str, int]]:
    """A server in a process of its own: its URL and process id. Raises RuntimeError when it does not start."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", module, str(port), far.metadata)
    try:
        await _until_answering(port, process)
        yield f"http://127.0.0.1:{port}/api/messages", process.pid
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def _until_answering(port: int, process: asyncio.subprocess.Process) -> None:
    for _ in range(int(_START_WITHIN / 0.1)):
        if process.returncode is not None:
            break
        with contextlib.suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.close()
            return
        await asyncio.sleep(0.1)
    raise RuntimeError("the server did not start")


async def measure(
    module: str, *, turns: int, connections: int, latency: float = 0.0, make: Make = text_activity
) -> Figures:
    """One run of a server module, after a tenth as many turns to warm up."""
    async with Far(latency=latency).running() as far, served(module, far) as (url, pid):
        warm = max(turns // 10, connections)
        await drive(far, url, turns=warm, connections=connections, make=make)
        return await drive(far, url, turns=turns, connections=connections, pid=pid, make=make, first=warm)


async def _main(chosen: argparse.Namespace) -> Figures:
    if chosen.serve:
        return await measure(chosen.serve, turns=chosen.turns, connections=chosen.connections, latency=chosen.latency)
    async with Far(latency=chosen.latency, port=chosen.far_port).running() as far:
        return await drive(far, chosen.url, turns=chosen.turns, connections=chosen.connections, pid=chosen.pid)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Measure turns a second and CPU a turn")
    target = parser.add_mutually_exclusive_group(required=True)
    target.add_argument("--serve", help="module to start as: python -m MODULE PORT METADATA_URL")
    target.add_argument("--url", help="endpoint of a server that runs already")
    parser.add_argument("--pid", type=int, help="that server's process, for its CPU time")
    parser.add_argument("--far-port", type=int, default=0, help="port of the far side, when the server must know it")
    parser.add_argument("--turns", type=int, default=1000)
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--latency", type=float, default=0.0, help="seconds before the far side acknowledges a post")
    sys.stdout.write(json.dumps(asdict(asyncio.run(_main(parser.parse_args())))) + "\n")
