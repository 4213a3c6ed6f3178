"""Side by side, in one run: a full durable urgent turn of Stafett, the echoes of two bot SDKs, and bare aiohttp.

All check the same real token with the same code, run on the same core in turn, and are driven over eight connections
from the rest of the machine. A turn counts only when the right card came back, and after each round the database is
asked whether everything that was answered is there and has been delivered.
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
from benchmarks.load import Figures, Make, Right, cpu_seconds, drive, served
from benchmarks.turn_stafett import DATABASE

CONNECTIONS = 8
BARE, BOTBUILDER, AGENTS = "bare aiohttp", "botbuilder echo", "agents echo"
SEND, TAKE = "stafett «Skicka»", "stafett «Ta ärendet»"
# Turns of a round: enough CPU time for the kernel's clock ticks of 10 ms, and not so many that delivery takes long.
_TURNS = {BARE: 600, BOTBUILDER: 100, AGENTS: 200, SEND: 200, TAKE: 200}
_WARM_UP = 24
_FEWEST_ROUNDS, _ROUNDS = 3, 5


@dataclass(kw_only=True)
class Line:
    """What one kind of turn gave, round by round."""

    per_s: list[float] = field(default_factory=list)
    cpu_ms: list[float] = field(default_factory=list)
    whole_cpu_ms: list[float] = field(default_factory=list)  # until the outbox is empty too
    median_ms: list[float] = field(default_factory=list)
    p99_ms: list[float] = field(default_factory=list)

    def add(self, figures: Figures, whole_cpu_ms: float) -> None:
        self.per_s.append(figures.turns_per_s)
        self.cpu_ms.append(figures.cpu_ms_per_turn or 0.0)
        self.whole_cpu_ms.append(round(whole_cpu_ms, 3))
        self.median_ms.append(figures.median_ms)
        self.p99_ms.append(figures.p99_ms)


@dataclass(frozen=True, kw_only=True)
class Peer:
    """A running server."""

    url: str
    pid: int


class Race:
    """The peers, side by side."""

    def __init__(self, far: Far, peers: dict[str, Peer], ledger: Ledger) -> None:
        self._far, self._peers, self._ledger = far, peers, ledger
        self._next = 0
        self.lines: dict[str, Line] = {name: Line() for name in _TURNS}

    async def warm_up(self) -> None:
        """Keys fetched, code paths walked, connections open."""
        for name in (BARE, BOTBUILDER, AGENTS):
            await self._echo(name, _WARM_UP)
        await self.warm_up_stafett()

    async def warm_up_stafett(self) -> None:
        """Everybody has been seen once, and some messages have been sent and taken."""
        for make, people in ((press.sender_calls, town.SENDERS), (press.assessor_calls, town.RESPONSIBLE)):
            await self._pressed(SEND, make, press.help_is_right, 0, people)
        await self.stafett(_WARM_UP)
        self.lines = {name: Line() for name in _TURNS}

    async def round(self) -> None:
        """Everybody once. Raises NotKept."""
        await self._echo(BARE, _TURNS[BARE])
        await self._echo(BOTBUILDER, _TURNS[BOTBUILDER])
        await self._echo(AGENTS, _TURNS[AGENTS])
        await self.stafett(_TURNS[SEND])

    async def _echo(self, name: str, turns: int) -> None:
        peer = self._peers[name]
        figures = await drive(self._far, peer.url, turns=turns, connections=CONNECTIONS, pid=peer.pid)
        if figures.failed or figures.posted != turns:
            raise NotKept(f"{name}: {figures.failed} failed, {figures.posted} of {turns} echoes came")
        self.lines[name].add(figures, figures.cpu_ms_per_turn or 0.0)

    async def stafett(self, turns: int) -> None:
        """Send some drafts; when all has been delivered, have the same ones taken."""
        first, self._next = self._next, self._next + turns
        await self._pressed(SEND, press.send_press, press.send_is_right, first, turns)
        self._ledger.demand(first, turns, state="sent", signal="send")
        await self._pressed(TAKE, press.take_press, press.take_is_right, first, turns)
        self._ledger.demand(first, turns, state="taken", signal="take")

    async def _pressed(self, name: str, make: Make, right: Right, first: int, turns: int) -> None:
        peer, before = self._peers[SEND], cpu_seconds(self._peers[SEND].pid)
        figures = await drive(
            self._far, peer.url, turns=turns, connections=CONNECTIONS, pid=peer.pid, make=make, right=right, first=first
        )
        if figures.failed:
            raise NotKept(f"{name}: {figures.failed} of {turns} answers without the right card")
        await self._ledger.delivered()
        self.lines[name].add(figures, (cpu_seconds(peer.pid) - before) * 1000 / turns)


def drafts_for(rounds: int) -> int:
    """Drafts that so many rounds send, with the warm-up."""
    return max(_WARM_UP + rounds * _TURNS[SEND], town.SENDERS)


async def run(rounds: int, budget: float) -> dict[str, Line]:
    """At least three rounds, then as many as fit in `budget` seconds. Raises NotKept."""
    begin = time.monotonic()
    drafts = drafts_for(rounds)
    async with contextlib.AsyncExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        far = await stack.enter_async_context(Far().running())
        modules = {
            BARE: ("benchmarks.turn_bare_aiohttp", ()),
            BOTBUILDER: ("benchmarks.turn_echo_botbuilder", ()),
            AGENTS: ("benchmarks.turn_echo_agents", ()),
            SEND: ("benchmarks.turn_stafett", (str(drafts), folder)),
        }
        peers = {}
        for name, (module, arguments) in modules.items():
            url, pid = await stack.enter_async_context(served(module, far, arguments))
            peers[name] = Peer(url=url, pid=pid)
        ledger = stack.enter_context(contextlib.closing(Ledger(Path(folder) / DATABASE)))
        race = Race(far, peers, ledger)
        await race.warm_up()
        for number in range(rounds):
            started = time.monotonic()
            await race.round()
            took = time.monotonic() - started
            if number + 1 >= _FEWEST_ROUNDS and time.monotonic() - begin + took > budget:
                break
        return race.lines


def table(lines: dict[str, Line]) -> str:
    """Medians with the least and the most."""
    head = f"{'':22}{'turns/s':>22}{'CPU ms/turn':>22}{'with its delivery':>22}"
    rows = [
        f"{name:22}{_spread(line.per_s, 1):>22}{_spread(line.cpu_ms, 2):>22}{_spread(line.whole_cpu_ms, 2):>22}"
        for name, line in lines.items()
    ]
    rounds = len(next(iter(lines.values())).per_s)
    return "\n".join([head, *rows, f"median (least–most) of {rounds} rounds, {CONNECTIONS} connections"])


def _spread(values: list[float], digits: int) -> str:
    return f"{statistics.median(values):.{digits}f} ({min(values):.{digits}f}–{max(values):.{digits}f})"


def result(lines: dict[str, Line]) -> dict[str, object]:
    """The ratios of the medians, over one where Stafett is better, and the raw figures."""
    per_s = {name: statistics.median(line.per_s) for name, line in lines.items()}
    cpu = {name: statistics.median(line.cpu_ms) for name, line in lines.items()}
    whole = {name: statistics.median(line.whole_cpu_ms) for name, line in lines.items()}
    return {
        "turn_vs_botbuilder": round(per_s[SEND] / per_s[BOTBUILDER], 2),
        "turn_vs_agents": round(per_s[SEND] / per_s[AGENTS], 2),
        "turn_vs_bare": round(per_s[SEND] / per_s[BARE], 3),
        "turn_cpu_vs": {name: round(cpu[name] / cpu[SEND], 3) for name in (BOTBUILDER, AGENTS, BARE)},
        "turn_with_delivery_cpu_vs": {name: round(whole[name] / whole[SEND], 3) for name in (BOTBUILDER, AGENTS, BARE)},
        "take_vs": {name: round(per_s[TAKE] / per_s[name], 3) for name in (BOTBUILDER, AGENTS, BARE)},
        "turn_connections": CONNECTIONS,
        "turn_raw": {name: vars(line) for name, line in lines.items()},
    }


async def measure(budget: float, rounds: int = _ROUNDS) -> dict[str, object]:
    """Race and print. Raises NotKept."""
    lines = await run(rounds, budget)
    print(table(lines))
    return result(lines)
