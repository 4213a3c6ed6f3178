"""Reading the on-call rota of the units that keep theirs in Teams Shifts, every quarter of an hour.

What has been read stands in the record, and only there is it looked for. When Shifts does not answer, what was last
read holds, and whoever leads the unit is told how old it is.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import Connection, select

from bot.clock import Clock
from bot.graph import shifts
from bot.graph.client import Graph
from bot.graph.errors import GraphAway, GraphRefused
from bot.looks import Looks
from cases import rota
from cases import tables as t
from cases.record import Record
from cases.route import ON_CALL
from cases.store import Store

_LOG = logging.getLogger("stafett.rota")

EVERY = 900.0  # seconds
AHEAD = timedelta(days=42)


@dataclass(frozen=True, kw_only=True)
class ShiftsSettings:
    """The units that keep their rota in Shifts: unit → the team's id. A shift is on call when its label has `word`."""

    teams: Mapping[str, str] = field(default_factory=dict)
    word: str = "jour"


class Rota(Looks):
    """The loop of one process. `changed` is called when somebody's pass has come, gone or moved."""

    def __init__(
        self, store: Store, record: Record, clock: Clock, graph: Graph | None, settings: ShiftsSettings | None,
        *, changed: Callable[[], None],
    ) -> None:  # fmt: skip
        super().__init__("rota", every=EVERY, log=_LOG, failed="the rota not read: %s")
        self._store, self._record, self._clock, self._graph = store, record, clock, graph
        self._settings = settings or ShiftsSettings()
        self._changed = changed

    async def look(self) -> int:
        """Read the rota of every unit that has it in Shifts; how many units had something new."""
        changed = await self._read_all(self._graph) if self._graph is not None else 0
        left = await self._store.run(lambda tx: rota.let_go(tx, self._settings.teams, self._clock.care()))
        for unit_id in left:
            _LOG.warning("the rota of %s is no longer read from Shifts; the roster's sheet counts", unit_id)
        if changed or left:
            self._changed()
        return changed

    async def _read_all(self, graph: Graph) -> int:
        changed = 0
        for unit_id, team_id in self._settings.teams.items():
            try:
                changed += await self._read(graph, unit_id, team_id)
            except (GraphAway, GraphRefused) as fault:
                _LOG.warning("the rota of %s not read from Shifts: %s", unit_id, fault.code)
        return changed

    async def _read(self, graph: Graph, unit_id: str, team_id: str) -> bool:
        """Raises: GraphAway, GraphRefused."""
        now = self._clock.care()
        passes = await shifts.read(graph, team_id, self._settings.word, now, now + AHEAD)
        return bool(await self._store.run(lambda tx: self._bring(tx, unit_id, passes)))

    def _bring(self, tx: Connection, unit_id: str, passes: shifts.Passes) -> rota.Brought:
        directory, now = self._record.directory(tx), self._clock.care()
        if unit_id not in directory.units:
            _LOG.error("STAFETT_SHIFTS names a unit that the roster does not have")
            return rota.Brought()
        known = {row.aad_object_id.lower(): row.id for row in tx.execute(_ACCOUNTS)}
        allowed = set(directory.holders(unit_id, ON_CALL))
        wanted = [(known.get(person, 0), span) for person, span in passes if span.ends_at > now]
        strangers = sum(who not in allowed for who, _ in wanted)
        if strangers:
            _LOG.warning("%d passes of %s in Shifts are somebody's who is not on call there", strangers, unit_id)
        taken = {(who, span.starts_at, span.ends_at) for who, span in wanted if who in allowed}
        return rota.bring(tx, unit_id, taken, now, now + AHEAD)


_ACCOUNTS = select(t.person.c.aad_object_id, t.person.c.id).where(
    t.person.c.aad_object_id.is_not(None), t.person.c.active
)
