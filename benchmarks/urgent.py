"""Urgent messages through a backlog of 10,000 bulk messages, at Teams' limit.

    python -m benchmarks urgent

The far side takes real HTTP on loopback, a tenth of a second each. The outbox keeps its own pace, within what Teams
takes from a bot, so that the backlog lasts for minutes. Every 0.3 s somebody sends an urgent message, each to an
assessor of their own; its time is from when the outbox row was about to be committed until the connector was called.
"""

import asyncio
import time
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from benchmarks import filled
from benchmarks.burst import python
from benchmarks.far import Far
from benchmarks.house_under_burst import spread
from benchmarks.ledger import NotKept

BACKLOG, THREADS = 10_000, 16_000
_LATENCY = 0.1


@dataclass(kw_only=True)
class Noting(Far):
    """Notes when each conversation was first written to."""

    first: dict[str, float] = field(default_factory=dict)
    calls: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    async def _acknowledge(self, request: web.Request) -> web.Response:
        self.calls[request.method] += 1
        if request.method == "POST":
            self.first.setdefault(request.path.split("/")[4], time.time())
        return await super()._acknowledge(request)


async def measure(budget: float) -> dict[str, object]:
    """Raises NotKept when an urgent message did not come at all, or the backlog ran out meanwhile."""
    with filled.sqlite(THREADS, 0) as url:
        async with Noting(latency=_LATENCY).running() as far:
            begin = time.time()
            lines = await python("house_with_backlog", url, far.metadata, str(BACKLOG), str(min(budget, 45.0)))
            seconds = time.time() - begin
    sent, left = lines[-1]["sent"], lines[-1]["left"]
    missing = [one for one in sent if one not in far.first]
    if missing or not left:
        raise NotKept(f"{len(missing)} urgent messages did not come; {left} of the backlog left")
    waits = [far.first[one] - at for one, at in sent.items()]
    found: dict[str, Any] = {f"urgent_{name}_s": value for name, value in spread(waits).items()}
    found["urgent_raw"] = {"sent": len(sent), "backlog_left": left, "calls": dict(far.calls), "seconds": round(seconds)}
    print(
        f"{len(sent)} urgent messages, p50 {found['urgent_p50_s']:.2f} s, p99 {found['urgent_p99_s']:.2f} s;"
        f" {left} of {BACKLOG} others still wait",
        flush=True,
    )
    return found


if __name__ == "__main__":
    print(asyncio.run(measure(60.0)))
