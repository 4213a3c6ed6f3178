"""What a turn of Stafett costs with either bot SDK behind the channel door, side by side.

    python -m benchmarks doors

Two servers, each whole and on a file of its own, differ in one setting. They take turns on one core, round by round; a
round is so many drafts sent and taken, and all of it delivered.
"""

import contextlib
import statistics
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import get_args

from benchmarks.far import Far
from benchmarks.ledger import Ledger
from benchmarks.load import served
from benchmarks.turn import SEND, TAKE, Line, Peer, Race, drafts_for, table
from benchmarks.turn_stafett import DATABASE
from bot.channel.settings import SdkName

_FEWEST_ROUNDS, _ROUNDS, _TURNS = 3, 5, 200


async def measure(budget: float, rounds: int = _ROUNDS) -> dict[str, object]:
    """Both doors, round by round; the keys say how many times as fast the successor is. Raises NotKept."""
    begin = time.monotonic()
    async with contextlib.AsyncExitStack() as stack:
        far = await stack.enter_async_context(Far().running())
        races: dict[str, Race] = {}
        for sdk in get_args(SdkName):
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="stafett-bench-"))
            arguments = (str(drafts_for(rounds)), folder, "--sdk", sdk)
            url, pid = await stack.enter_async_context(served("benchmarks.turn_stafett", far, arguments))
            ledger = stack.enter_context(contextlib.closing(Ledger(Path(folder) / DATABASE)))
            races[sdk] = Race(far, {SEND: Peer(url=url, pid=pid)}, ledger)
            await races[sdk].warm_up_stafett()
        for number in range(rounds):
            started = time.monotonic()
            for race in races.values():
                await race.stafett(_TURNS)
            if number + 1 >= _FEWEST_ROUNDS and 2 * time.monotonic() - started - begin > budget:
                break
    lines = {sdk: {name: race.lines[name] for name in (SEND, TAKE)} for sdk, race in races.items()}
    print(table({f"{name[8:]} {sdk}": line for sdk, pair in lines.items() for name, line in pair.items()}))
    return _result(lines)


def _result(lines: Mapping[str, Mapping[str, Line]]) -> dict[str, object]:
    def median(sdk: str, what: str) -> float:
        return statistics.median(getattr(lines[sdk][SEND], what))

    return {
        "turn_agents_door": round(median("agents", "per_s") / median("botbuilder", "per_s"), 3),
        "turn_agents_door_cpu": round(median("botbuilder", "cpu_ms") / median("agents", "cpu_ms"), 3),
        "turn_agents_door_with_delivery_cpu": round(
            median("botbuilder", "whole_cpu_ms") / median("agents", "whole_cpu_ms"), 3
        ),
        "doors_raw": {sdk: {name: vars(line) for name, line in pair.items()} for sdk, pair in lines.items()},
    }
