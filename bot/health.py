"""Whether Stafett does its work: what an operator and a load balancer ask, and what they are told.

`failing` means that this process should get no more turns until it is mended. What lies elsewhere, such as Teams
being away, is `degraded`: the record still takes every message, and refusing turns would only lose them.
"""

import asyncio
import logging
import math
import shutil
from collections.abc import Callable, Collection, Coroutine
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.clock import Clock
from cases.figures import Figures, read
from cases.store import Store

_LOG = logging.getLogger("stafett.health")

OK, DEGRADED, FAILING = "ok", "degraded", "failing"
_WORST = {OK: 0, DEGRADED: 1, FAILING: 2}

BEGINNING = "rounds"
PATIENCE = 2.0  # seconds for the database to answer
FRESH = 5.0  # seconds that a look at the record, or a refused token, is good for
_SLOW = 60.0
_OLD = 600.0  # seconds that an urgent row may wait, whatever the reason, before somebody should look
_LATE, _VERY_LATE = 60.0, 300.0
_LITTLE, _NONE = 500_000_000, 50_000_000  # bytes left beside a SQLite file

CURES = {
    "stopping": "Stafett håller på att stänga av. Inget att göra.",
    "loops": "En av Stafetts slingor har stannat. Starta om processen och skicka loggen till utvecklarna.",
    "database": "Databasen svarar inte. Kontrollera att den är igång och nåbar på STAFETT_DATABASE_URL.",
    "disk": "Disken där databasen ligger är snart full. Frigör eller lägg till utrymme.",
    "token": "Boten får ingen token från Entra. Kontrollera hemlighet eller certifikat och utgående trafik.",
    "outbox": "Brådskande meddelanden väntar. Se «stafett outbox» och loggen: nekar Teams boten, går trafiken fram?",
    "deadlines": "Frister har förfallit utan att påminnelserna kommit. Se loggen och processorlasten; starta om.",
    "retried": "Någon frist kan inte behandlas och provas igen varje timme. Sök på «put off» i loggen.",
    "set_aside": "Det finns meddelanden som Stafett har gett upp. Se dem med «stafett outbox», och ring mottagaren.",
    "errands": "E-post eller listor går inte ut. Se «stafett outbox» och loggen: svarar e-postservern?",
    "graph": "Microsoft Graph svarar inte. Inbjudningar väntar så länge. Se behörigheterna i docs/drift/graph.md.",
    "heartbeat": "Stafetts provmeddelande går inte hela vägen. Kör «stafett doctor» och gör som den säger.",
    "profiles": "En kommunprofil kunde inte läsas om. Den gamla gäller. Se loggen, rätta filen.",
}


@dataclass(frozen=True, kw_only=True)
class Check:
    """One thing that was looked at. `figure` is in the unit that the docs tell (seconds, rows or bytes)."""

    name: str
    state: str
    figure: float | None = None

    def told(self) -> dict[str, object]:
        told: dict[str, object] = {"state": self.state}
        if self.figure is not None:
            told["figure"] = round(self.figure, 1)
        if self.state != OK:
            told["cure"] = CURES[self.name]
        return told


@dataclass(frozen=True, kw_only=True)
class Report:
    """The state of the whole is that of its worst part."""

    checks: tuple[Check, ...]

    @property
    def state(self) -> str:
        return max((check.state for check in self.checks), key=_WORST.__getitem__, default=OK)

    def told(self) -> dict[str, object]:
        return {"state": self.state, "checks": {check.name: check.told() for check in self.checks}}


@dataclass(kw_only=True)
class Health:
    """Looks at one process and its record. `token` gives the code of what is wrong with the bot's token, or None."""

    store: Store
    clock: Clock
    token: Callable[[], Coroutine[Any, Any, str | None]]
    fresh: float = FRESH
    loops: frozenset[str] = frozenset({"outbox", "waker"})  # names of the tasks that must be running here
    later: frozenset[str] = frozenset()  # those of them that begin only when the task BEGINNING has ended
    stopping: bool = False
    graph: Callable[[], bool] | None = None  # whether Graph answers, where it is used
    heartbeat: timedelta | None = None  # the longest that there may be none, where one is sent
    notices: set[str] = field(default_factory=set)  # names in CURES that another room has reported
    _began: datetime = field(init=False)
    _figures: Figures | None = field(default=None, init=False)
    _looked: float = field(default=float("-inf"), init=False)
    _looking: asyncio.Task[Figures] | None = field(default=None, init=False)
    _token_state: str = field(default=FAILING, init=False)
    _token_asked: float = field(default=float("-inf"), init=False)
    _asking: asyncio.Task[str | None] | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self._began = self.clock.machine()

    def alive(self) -> bool:
        """Whether the loops run: a process of which this is not true should be restarted."""
        running = {task.get_name() for task in asyncio.all_tasks()}
        # Until deadlines have been looked for once, one task stands for the loops that begin after that.
        standing = self.later if BEGINNING in running else frozenset()
        return self.stopping or self.loops <= running | standing

    async def figures(self) -> Figures | None:
        """What the record holds, at most some seconds old; None when the database does not answer in time."""
        if self._figures is not None and self.clock.steady() - self._looked < self.fresh:
            return self._figures
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look(), name="health")
        done, _ = await asyncio.wait({self._looking}, timeout=PATIENCE)
        return self._looking.result() if done and self._looking.exception() is None else None

    async def ready(self) -> Report:
        """Everything there is to say."""
        if self.stopping:
            return Report(checks=(Check(name="stopping", state=FAILING),))
        figures = await self.figures()
        checks = [
            Check(name="loops", state=OK if self.alive() else FAILING),
            Check(name="database", state=FAILING if figures is None else OK),
            Check(name="token", state=await self._token()),
            *self._disk(),
            *self._graph(),
            *(Check(name=name, state=DEGRADED) for name in sorted(self.notices)),
        ]
        if figures is not None:
            checks += [*self._heartbeat(figures), *_of_figures(figures, self.loops)]
        return Report(checks=tuple(checks))

    async def _look(self) -> Figures:
        try:
            found = await self.store.run(lambda tx: read(tx, self.clock.care(), self.clock.machine()))
        except Exception as fault:
            _LOG.warning("the record could not be looked at: %s", type(fault).__name__)
            raise
        self._figures, self._looked = found, self.clock.steady()
        return found

    async def _token(self) -> str:
        """Asked for when the latest answer is old. One that was had once may be had again: that is only degraded."""
        if self.clock.steady() - self._token_asked < self.fresh:
            return self._token_state
        self._token_asked = self.clock.steady()
        if self._asking is None or self._asking.done():
            self._asking = asyncio.ensure_future(self.token())
        done, _ = await asyncio.wait({self._asking}, timeout=PATIENCE)
        if done and self._asking.exception() is None and self._asking.result() is None:
            self._token_state = OK
        elif self._token_state == OK:
            self._token_state = DEGRADED
        return self._token_state

    def _graph(self) -> tuple[Check, ...]:
        """Everything that carries messages goes on without it."""
        return () if self.graph is None else (Check(name="graph", state=OK if self.graph() else DEGRADED),)

    def _heartbeat(self, figures: Figures) -> tuple[Check, ...]:
        """How long ago one came all the way; a process that has just started is given time to hear of one."""
        if self.heartbeat is None:
            return ()
        heard = max(figures.heartbeat or self._began, self._began)
        silent = self.clock.machine() - heard
        state = DEGRADED if silent > self.heartbeat else OK
        return (Check(name="heartbeat", state=state, figure=silent.total_seconds()),)

    def _disk(self) -> tuple[Check, ...]:
        url = self.store.engine.url
        if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
            return ()
        free = shutil.disk_usage(Path(url.database).resolve().parent).free
        return (Check(name="disk", state=_state(-free, -_LITTLE, -_NONE), figure=free),)


def _of_figures(figures: Figures, loops: Collection[str]) -> tuple[Check, ...]:
    urgent = figures.lanes.get(0)
    overdue, oldest = (urgent.overdue, urgent.oldest) if urgent else (0.0, 0.0)
    # Only a process that watches deadlines can be mended by taking it out of service.
    # A backlog that Teams' limit holds is long without being stuck, and presses mend more of it than they cost.
    stuck = DEGRADED if overdue > _SLOW or oldest > _OLD else OK
    too_late = _VERY_LATE if "waker" in loops else math.inf
    errand = max((one.oldest for one in figures.errands.values()), default=0.0)
    undone = DEGRADED if figures.errands_aside or errand > _OLD else OK
    return (
        Check(name="outbox", state=stuck, figure=oldest),
        Check(name="deadlines", state=_state(figures.late, _LATE, too_late), figure=figures.late),
        Check(name="retried", state=DEGRADED if figures.retried else OK, figure=figures.retried),
        Check(name="set_aside", state=DEGRADED if figures.set_aside else OK, figure=figures.set_aside),
        Check(name="errands", state=undone, figure=errand),
    )


def _state(figure: float, much: float, too_much: float) -> str:
    return FAILING if figure > too_much else DEGRADED if figure > much else OK
