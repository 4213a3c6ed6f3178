"""Every figure of Stafett, part by part, each side by side with what it is compared with.

    python -m benchmarks [PART ...] [--budget 130]

Without a part all of them run, one after the other. Each prints its own table; last comes one line of JSON with the
figures of all that ran. A part raises `NotKept` when something that was answered to a person had not been kept.
"""

import argparse
import asyncio
import importlib
import json
from collections.abc import Awaitable, Callable, Mapping

from benchmarks.ledger import NotKept

Figures = Mapping[str, object]
Part = Callable[[float], Awaitable[Figures]]  # given the seconds it may take, it prints its table and gives its keys

# Part → module and the coroutine function in it; loaded when it runs, so that one part needs nothing of another.
PARTS = {
    "turn": "benchmarks.turn:measure",
    "doors": "benchmarks.doors:measure",
    "growth": "benchmarks.growth:measure",
    "burst": "benchmarks.burst:measure",
    "urgent": "benchmarks.urgent:measure",
    "restart": "benchmarks.restart:measure",
    "curve": "benchmarks.curve:measure",
    "board": "benchmarks.board:measure",
}
KEYS = (
    "turn_vs_botbuilder", "turn_vs_agents", "turn_vs_bare", "turn_agents_door", "turn_growth_1k_1m", "burst_dropped",
    "burst_p99_s_sqlite", "burst_p99_s_postgres", "urgent_p99_s", "restart_ms", "rss_mb",
    "board_p95_ms",
)  # fmt: skip


async def run(names: list[str], budget: float) -> dict[str, object]:
    """The figures of these parts: first the keys that are promised, then what lies behind them. Raises NotKept."""
    found: dict[str, object] = {}
    for name in names:
        module, _, function = PARTS[name].partition(":")
        part: Part = getattr(importlib.import_module(module), function)
        print(f"\n== {name}", flush=True)
        found |= await part(budget)
    return {key: found[key] for key in KEYS if key in found} | found


def main() -> int:
    """Measure, print, and answer 1 when something that was answered had not been kept."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"{', '.join(PARTS)}; by default all")
    parser.add_argument("--budget", type=float, default=130.0, help="seconds after which a part begins no new round")
    chosen = parser.parse_args()
    unknown = sorted(set(chosen.parts) - set(PARTS))
    if unknown:
        parser.error(f"no part is called {', '.join(unknown)}; there are {', '.join(PARTS)}")
    try:
        figures = asyncio.run(run(chosen.parts or list(PARTS), chosen.budget))
    except NotKept as fault:
        print(f"not kept: {fault}")
        return 1
    print(json.dumps(figures, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
