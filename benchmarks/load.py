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
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import aiohttp

from benchmarks.far import APP_ID, TENANT, Far

_START_WITHIN = 60.0  # seconds for a server to answer on its port

Make = Callable[[int, str], dict[str, Any]]
Right = Callable[[int, bytes], bool]


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


def any_body(number: int, body: bytes) -> bool:
    """For servers whose answer is the status alone."""
    return True


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
    right: Right = any_body,
    first: int = 0,
) -> Figures:
    """Post `turns` activities numbered from `first` over `connections`, each waiting for its answer.

    An answer that is no success, or whose body is not `right`, counts as failed and not as a turn done.
    """
    headers = {"Authorization": f"Bearer {far.token()}"}
    numbers = iter(range(first, first + turns))
    answers: list[tuple[int, int, bytes]] = []
    took: list[float] = []

    async def worker(session: aiohttp.ClientSession) -> None:
        for number in numbers:
            start = time.perf_counter()
            async with session.post(url, json=make(number, far.service_url), headers=headers) as answer:
                body = await answer.read()
            took.append((time.perf_counter() - start) * 1000)
            answers.append((number, answer.status, body))

    posted, cpu = far.posted, cpu_seconds(pid) if pid else 0.0
    begin = time.perf_counter()
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=connections)) as session:
        await asyncio.gather(*(worker(session) for _ in range(connections)))
    elapsed = time.perf_counter() - begin
    used = cpu_seconds(pid) - cpu if pid else None
    # Bodies are looked at after the clock has stopped: reading them is the driver's work and not the server's.
    failed = sum(status >= 300 or not right(number, body) for number, status, body in answers)
    return Figures(
        turns=turns,
        connections=connections,
        latency_s=far.latency,
        turns_per_s=round((turns - failed) / elapsed, 1),
        cpu_ms_per_turn=None if used is None else round(used * 1000 / turns, 3),
        median_ms=round(statistics.median(took), 2),
        p99_ms=round(sorted(took)[max(0, int(len(took) * 0.99) - 1)], 2),
        posted=far.posted - posted,
        failed=failed,
    )


@contextlib.asynccontextmanager
async def served(module: str, far: Far, arguments: Sequence[str] = ()) -> AsyncIterator[tuple[str, int]]:
    """A server in a process of its own: its URL and process id. Raises RuntimeError when it does not start."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    with _on(server_cores()):
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", module, str(port), far.metadata, *arguments
        )
    try:
        await _until_answering(port, process)
        yield f"http://127.0.0.1:{port}/api/messages", process.pid
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


def server_cores() -> set[int]:
    """Where servers run: one core, the same for every one of them. The driver keeps the others, if there are any."""
    return {max(os.sched_getaffinity(0))} if hasattr(os, "sched_getaffinity") else set()


@contextlib.contextmanager
def _on(cores: set[int]) -> Iterator[None]:
    """What is started here runs on these cores; afterwards this process has the rest to itself."""
    if not cores:
        yield
        return
    mine = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, mine)


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
