"""What goes wrong, drawn from the seed: at every commit, every await, every call, and to the machine as a whole."""

from contextvars import Context
from dataclasses import dataclass, field
from random import Random

from simulation.disk import PLACES, Mishap
from simulation.loop import Process, SimLoop

MINUTE, HOUR = 60.0, 3600.0
_OFTEN = (*PLACES, "before_commit")  # what has been worked out and is not on disk: the widest gap there is
_CLAIMED = 6.0  # seconds that a row may have been claimed before it is sent


@dataclass(kw_only=True)
class Weather:
    """`wild` scales every chance; 0 is a fair day. `troubles` are the spells of trouble: from, until (loop time)."""

    loop: SimLoop
    rng: Random
    wild: float
    troubles: list[tuple[float, float]] = field(default_factory=list)
    disturbed: list[tuple[float, Process | None]] = field(default_factory=list)
    database_until: float = 0.0
    struck: dict[str, int] = field(default_factory=dict)

    def mishap(self, process: Process) -> Mishap | None:
        """What is to happen to the next transaction."""
        now = self.loop.time()
        if now < self.database_until:
            return self._counted(Mishap(place="begin", fatal=False), process)
        if self.rng.random() >= 0.004 * self.wild:
            return None
        place = self.rng.choice(_OFTEN)
        fatal = self.rng.random() < 0.15
        return self._counted(Mishap(place=place, fatal=fatal, statement=self.rng.randrange(12)), process)

    def takes(self) -> float:
        """How long a transaction waits for the disk (s)."""
        if self.wild and self.rng.random() < 0.002 * self.wild:
            return self.rng.uniform(0.5, 40.0)
        return self.rng.uniform(0.0005, 0.004)

    def step(self, process: Process) -> None:
        """Before each step of a process: it may die here, or freeze."""
        if not self.wild:
            return
        drawn = self.rng.random()
        if drawn < 0.00006 * self.wild:
            self._count("killed at an await")
            process.kill()
        elif drawn < 0.0003 * self.wild and not process.frozen:
            self.freeze(process, self.rng.choice((5.0, 30.0, 90.0, 90.0, 400.0)))

    def committed(self, process: Process | None) -> None:
        """A process may stand still just when it has written something, and before it acts on it."""
        if process is not None and not process.frozen and self.rng.random() < 0.003 * self.wild:
            self.freeze(process, self.rng.choice((90.0, 400.0, 400.0)))

    def freeze(self, process: Process, seconds: float) -> None:
        """The machine stops giving it time, and later goes on as if nothing had been."""
        self._count("frozen")
        process.frozen = True
        self.trouble(self.loop.time(), self.loop.time() + seconds, process)
        self.loop.call_later(seconds, process.thaw, context=Context())  # outside, for it cannot thaw itself

    def trouble(self, begin: float, end: float, process: Process | None = None) -> None:
        self.troubles.append((begin, end))
        self.disturbed.append((begin, process))

    def calm(self) -> float | None:
        """Since when nothing has been the matter; None while something is."""
        end = max((end for _, end in self.troubles[-400:]), default=0.0)
        return end if end <= self.loop.time() else None

    def excuses(self, process: Process, begin: float, end: float) -> bool:
        """Whether something happened to this process between the two, or to all of them since the row was claimed."""
        own = any(begin <= at <= end and who is process for at, who in self.disturbed)
        return own or any(begin - _CLAIMED <= at <= end and who is None for at, who in self.disturbed)

    def _counted(self, mishap: Mishap, process: Process) -> Mishap:
        self._count(f"database: {mishap.place}{', fatal' if mishap.fatal else ''}")
        self.trouble(self.loop.time(), self.loop.time(), process)
        return mishap

    def _count(self, what: str) -> None:
        self.struck[what] = self.struck.get(what, 0) + 1
