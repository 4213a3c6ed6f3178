"""What a turn costs as the record grows: the same server on files with 1,000 to 1,000,000 open threads, side by side.

    python -m benchmarks growth

Every file holds the same town and the same drafts; the other threads lie around them, with a roster of their own size.
The servers take turns on one core, round by round. A turn counts only when the right card came back, and after each
round the database is asked whether everything that was answered is there and has been delivered.
"""

import contextlib
import statistics
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import press, town
from benchmarks.far import Far
from benchmarks.ledger import Ledger, NotKept
from benchmarks.load import drive, served
from benchmarks.turn_stafett import DATABASE, prepare

CONNECTIONS = 8
SIZES = (1_000, 1_000_000)
_TURNS, _WARM_UP = 150, 100
_FEWEST_ROUNDS, _ROUNDS = 3, 5


@dataclass(kw_only=True)
class Grown:
    """One server on its file, and what it gave round by round."""

    url: str
    pid: int
    ledger: Ledger
    per_s: list[float] = field(default_factory=list)
    cpu_ms: list[float] = field(default_factory=list)
    median_ms: list[float] = field(default_factory=list)

    async def press(self, far: Far, first: int, turns: int, *, counts: bool = True) -> None:
        """«Skicka» on so many drafts, then wait until all has been delivered. Raises NotKept."""
        figures = await drive(
            far, self.url, turns=turns, connections=CONNECTIONS, pid=self.pid, make=press.send_press,
            right=press.send_is_right, first=first,
        )  # fmt: skip
        if figures.failed:
            raise NotKept(f"{figures.failed} of {turns} answers without the right card")
        await self.ledger.delivered()
        self.ledger.demand(first, turns, state="sent", signal="send")
        if counts:
            self.per_s.append(figures.turns_per_s)
            self.cpu_ms.append(figures.cpu_ms_per_turn or 0.0)
            self.median_ms.append(figures.median_ms)


async def measure(budget: float, sizes: tuple[int, ...] = SIZES) -> dict[str, object]:
    """Fill the files, press on each in turn, print, and give the keys. Raises NotKept."""
    drafts = max(_WARM_UP + _ROUNDS * _TURNS, town.SENDERS)
    async with contextlib.AsyncExitStack() as stack:
        far = await stack.enter_async_context(Far().running())
        grown: dict[int, Grown] = {}
        for size in sizes:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="stafett-bench-")))
            prepare(folder, far.metadata, drafts, size)
            url, pid = await stack.enter_async_context(
                served("benchmarks.turn_stafett", far, (str(drafts), str(folder)))
            )
            ledger = stack.enter_context(contextlib.closing(Ledger(folder / DATABASE)))
            grown[size] = Grown(url=url, pid=pid, ledger=ledger)
        for one in grown.values():
            await one.press(far, 0, _WARM_UP, counts=False)
        begin = time.monotonic()
        for number in range(_ROUNDS):
            for one in grown.values():
                await one.press(far, _WARM_UP + number * _TURNS, _TURNS)
            if number + 1 >= _FEWEST_ROUNDS and time.monotonic() - begin > budget:
                break
    return _result(grown)


def _result(grown: dict[int, Grown]) -> dict[str, object]:
    print(f"{'open threads':>14}{'turns/s':>12}{'CPU ms/turn':>14}{'median ms':>12}")
    curve = {
        size: {
            "per_s": statistics.median(one.per_s),
            "cpu_ms": statistics.median(one.cpu_ms),
            "median_ms": statistics.median(one.median_ms),
        }
        for size, one in grown.items()
    }
    for size, row in curve.items():
        print(f"{size:>14,}{row['per_s']:>12.1f}{row['cpu_ms']:>14.2f}{row['median_ms']:>12.1f}")
    least, most = min(curve), max(curve)
    return {
        "turn_growth_1k_1m": round(curve[most]["cpu_ms"] / curve[least]["cpu_ms"], 3),
        "growth_in_turns_per_s": round(curve[least]["per_s"] / curve[most]["per_s"], 3),
        "growth_curve": curve,
        "growth_raw": {size: {"per_s": one.per_s, "cpu_ms": one.cpu_ms} for size, one in grown.items()},
    }
