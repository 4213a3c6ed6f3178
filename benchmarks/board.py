"""How long a page of the board takes with 100,000 open threads, beside a bare aiohttp page of the same length.

    python -m benchmarks board

People of each kind of role open every page that they have, one at a time, each in a
transaction of its own that also writes the look into the account. Both servers run on the same core, in turn.
"""

import asyncio
import contextlib
import statistics
import time
from collections import defaultdict
from contextlib import closing

import aiohttp
from sqlalchemy import func, select

from benchmarks import filled
from benchmarks.board_server import BARE
from benchmarks.far import Far
from benchmarks.ledger import NotKept
from benchmarks.load import cpu_seconds, served
from bot.board.tabs import TABS
from cases import tables as t
from cases.store import Store

THREADS = 100_000
_OF_EACH = 20
_ROLES = ("needs_assessor", "unit_manager", "care_worker", "lead_needs_assessor")
_ROUNDS = 2


async def measure(_budget: float) -> dict[str, object]:
    """Open every page, print, and give the key. Raises NotKept when a look is not in the account."""
    with filled.sqlite(THREADS, 0) as url:
        people, before = _people(url), _looks(url)
        care = filled.monday().isoformat()
        took: dict[str, list[float]] = defaultdict(list)
        async with contextlib.AsyncExitStack() as stack:
            far = await stack.enter_async_context(Far().running())
            board, pid = await stack.enter_async_context(served("benchmarks.board_server", far, (url, care)))
            bare, _ = await stack.enter_async_context(served("benchmarks.board_server", far, (BARE, care)))
            session = await stack.enter_async_context(aiohttp.ClientSession())
            used = 0.0
            for number in range(_ROUNDS):
                counts = number > 0  # the first time over, statements are made and the roster is read
                used = cpu_seconds(pid)
                for who in people:
                    for tab in TABS:
                        path = f"/tavlan/som/{who}" + (f"/{tab.path}" if tab.path else "")
                        await _timed(session, board, path, took[tab.name] if counts else [])
                    await _timed(session, bare, "/", took[BARE] if counts else [])
            used = cpu_seconds(pid) - used
        noted = _looks(url) - before
    seen = sum(len(some) for name, some in took.items() if name != BARE)
    if noted < seen:
        raise NotKept(f"{noted} looks in the account for {seen} pages")
    return _result(took, used)


async def _timed(session: aiohttp.ClientSession, address: str, path: str, took: list[float]) -> None:
    """Open a page; whoever has not that page is told so, and that is no page."""
    begin = time.perf_counter()
    async with session.get(address.removesuffix("/api/messages") + path) as answer:
        await answer.read()
    if answer.status == 200:
        took.append((time.perf_counter() - begin) * 1000)


def _people(url: str) -> list[int]:
    with closing(Store(url)) as store:
        found: list[int] = []
        for role in _ROLES:
            query = select(t.role.c.person_id).where(t.role.c.role == role).order_by(t.role.c.person_id)
            every = list(store.transaction(lambda tx, asked=query: tx.scalars(asked)))
            found += every[:: max(1, len(every) // _OF_EACH)][:_OF_EACH]
    return found


def _looks(url: str) -> int:
    with closing(Store(url)) as store:
        query = select(func.count()).where(t.audit.c.channel == "board")
        return int(store.transaction(lambda tx: tx.scalar(query)) or 0)


def _result(took: dict[str, list[float]], cpu_s: float) -> dict[str, object]:
    print(f"{'page':<16}{'looks':>8}{'median ms':>12}{'p95 ms':>10}")
    rows = {name: (len(some), statistics.median(some), _p95(some)) for name, some in took.items() if some}
    for name, (count, median, p95) in rows.items():
        print(f"{name:<16}{count:>8}{median:>12.1f}{p95:>10.1f}")
    every = [one for name, some in took.items() if name != BARE for one in some]
    print(f"{'all pages':<16}{len(every):>8}{statistics.median(every):>12.1f}{_p95(every):>10.1f}")
    print(f"CPU of the server: {cpu_s * 1000 / len(every):.1f} ms a page")
    return {
        "board_cpu_ms": round(cpu_s * 1000 / len(every), 2),
        "board_p95_ms": round(_p95(every), 1), "board_median_ms": round(statistics.median(every), 1),
        "board_bare_p95_ms": round(_p95(took[BARE]), 2),
        "board_pages": {name: {"median_ms": round(median, 2), "p95_ms": round(p95, 2)} for name, (_, median, p95) in
                        rows.items()},
    }  # fmt: skip


def _p95(some: list[float]) -> float:
    return sorted(some)[max(0, int(len(some) * 0.95) - 1)]


if __name__ == "__main__":
    asyncio.run(measure(60.0))
