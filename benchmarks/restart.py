"""From a restart to an aimed waker, with 1,000,000 threads waiting.

    python -m benchmarks restart

`restart_ms` is from building the house on an existing record until the waker is aimed at the right instant; `start_ms`
is the whole process from exec, most of it Python's own imports. Medians of nine starts.
"""

import json
import statistics
import time
from datetime import timedelta
from typing import Any

from benchmarks import filled
from benchmarks.burst import python
from benchmarks.far import Far

_STARTS = 9


async def measure(budget: float) -> dict[str, object]:
    """On SQLite, where one process has it all."""
    armed, started = [], []
    with filled.sqlite() as url:
        async with Far().running() as far:
            for _ in range(_STARTS + 1):
                begin = time.perf_counter()
                lines = await python("house_under_burst", url, far.metadata, _later(), "0")
                started.append((time.perf_counter() - begin) * 1000)
                armed.append(lines[0]["armed_ms"])
    found: dict[str, Any] = {
        "restart_ms": round(statistics.median(armed[1:]), 1),
        "start_ms": round(statistics.median(started[1:])),
        "restart_raw": armed,
    }
    print(f"armed after {found['restart_ms']} ms, of {found['start_ms']} ms from exec to an orderly stop", flush=True)
    return found


def _later() -> str:
    """A moment before the burst is due, so that nothing but the next instant is looked for."""
    return (filled.monday() - timedelta(hours=1)).isoformat()


if __name__ == "__main__":
    import asyncio

    print(json.dumps(asyncio.run(measure(60.0))))
