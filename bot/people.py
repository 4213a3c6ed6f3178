"""Keeping people and roles in step with the directory's groups (Entra ID), day and night.

Every five minutes each group, and each group inside it, is asked what has changed. A group in which something has is
read whole, and so is every group once a day. What follows is one transaction: whoever has left loses the role, what
they held goes to the unit's queue, and whoever answers for the unit is told. While Graph is away nothing changes.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select

from bot.clock import Clock
from bot.graph import groups as directory
from bot.graph.client import Graph
from bot.graph.errors import GraphAway, GraphRefused
from bot.graph.groups import Whole
from bot.looks import Looks
from cases import access, groups, installs
from cases import tables as t
from cases.directory import read
from cases.group_map import GroupMap
from cases.groups import LEFT, Changed
from cases.leaving import hand_on
from cases.record import Record, Scene
from cases.store import Store
from dialogs import lists_access

_LOG = logging.getLogger("stafett.people")

EVERY = 300.0  # seconds
_WHOLE_EVERY = timedelta(days=1)


class People(Looks):
    """The loop of one process. `changed` is called when there is something to send. Several processes may run it: what
    they write is the same. Without `graph` or a map of groups the roster alone says who works where."""

    def __init__(
        self, store: Store, record: Record, clock: Clock, graph: Graph | None, groups: GroupMap | None,
        *, changed: Callable[[], None],
    ) -> None:  # fmt: skip
        super().__init__("people", every=EVERY, log=_LOG, failed="people not read from the groups: %s")
        self._store, self._record, self._clock, self._graph = store, record, clock, graph
        self._groups, self._changed = groups, changed

    async def look(self) -> int:
        """Ask the directory, and make the record follow; how many roles somebody got or lost."""
        graph = self._graph
        if graph is None:
            return 0
        for group_id in self._groups.group_ids if self._groups is not None else ():
            try:
                await self._read(graph, group_id)
            except GraphAway as fault:
                _LOG.warning("the groups are as they were last read: %s", fault.code)
                break
            except GraphRefused as fault:  # what cannot be read takes nobody's access away, nor gives any
                _LOG.error("group %s cannot be read (%s): see the permissions and its id", group_id, fault.code)
        done = await self._store.run(lambda tx: self._follow(tx, installs_too=bool(graph.settings.teams_app)))
        if done:
            self._changed()
        return done

    # --- pieces -------------------------------------------------------------------------------------------------

    async def _read(self, graph: Graph, group_id: str) -> None:
        """Read a group whole when anything has changed in it, or a day has gone. Raises: GraphAway, GraphRefused.

        Where the next questions go on is written with what was read, and not before: no change falls between.
        """
        states = await self._store.run(_states)
        links: dict[str, str] = {}
        changed = group_id not in states or states[group_id].read_at is None
        for one in (group_id, *(states[group_id].nested if group_id in states else ())):
            try:
                news = await directory.news(graph, one, states[one].link if one in states else None)
            except GraphRefused as fault:
                if one == group_id or not fault.is_gone:
                    raise
                changed = True  # a group inside it has been taken away
                continue
            links[one] = news.link
            changed |= news.changed
        read_at = states[group_id].read_at if group_id in states else None
        now = self._clock.machine()
        found = None
        if changed or read_at is None or now - read_at > _WHOLE_EVERY:
            found = await directory.whole(graph, group_id)
        await self._store.run(lambda tx: _keep(tx, group_id, found, links, now))

    def _follow(self, tx: Connection, *, installs_too: bool) -> int:
        """What the groups say is made so, in one transaction; how much there was to do."""
        now = self._clock.care()
        done = 0
        if self._groups is not None:
            _forget_others(tx, self._groups)
            changed = groups.reconcile(tx, self._groups, now)
            for one in changed:
                groups.tell(tx, [one], self._handed_on(tx, one) if one.change == LEFT else 0, now)
            lists_access.tell(tx, self._scene(tx), {one.unit_id for one in changed}, now)
            done = len(changed)
        return done + (installs.ask_for_all(tx, now) if installs_too else 0)

    def _handed_on(self, tx: Connection, one: Changed) -> int:
        units = [one.unit_id, *access.asked_for(tx, one.person_id)]
        return hand_on(tx, self._scene(tx), one.person_id, units, self._clock.care(), self._clock.machine())

    def _scene(self, tx: Connection) -> Scene:
        return Scene(record=self._record, directory=read(tx, ""))  # not kept: the transaction may be undone


def _states(tx: Connection) -> dict[str, Any]:
    return {row.group_id: row for row in tx.execute(select(t.group_state))}


def _keep(tx: Connection, group_id: str, found: Whole | None, links: dict[str, str], now: datetime) -> None:
    if found is not None:
        groups.keep(tx, group_id, found.members, found.nested, now)
    for one, link in links.items():
        groups.note_state(tx, one, link=link)


def _forget_others(tx: Connection, wanted: GroupMap) -> None:
    """Groups that no longer stand in the map, nor inside one that does."""
    states = _states(tx)
    kept = set(wanted.group_ids)
    kept |= {inside for one in wanted.group_ids if one in states for inside in states[one].nested}
    if states.keys() - kept:
        groups.forget(tx, sorted(kept))
