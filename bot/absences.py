"""Asking who is away: of everybody whom something may wait for every ten minutes, and of one person just before a
message is sent to them.

What is found stands in the record, and only there is it read when a message is routed: no transaction and no deadline
waits for the network. Whoever sends waits a second at most; what has not come by then is unknown, and is called so.
"""

import asyncio
import logging
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, insert, select, update

from bot.channel.values import Incoming
from bot.clock import Clock
from bot.graph import absence as mailboxes
from bot.graph.absence import Answers
from bot.graph.client import Graph
from bot.looks import Looks
from cases import absence, people
from cases import tables as t
from cases.policy import Who
from cases.record import Record
from cases.store import Store
from dialogs.absence import would_reach

_LOG = logging.getLogger("stafett.absences")

EVERY = 60.0  # seconds between two looks at whom it is time to ask about
_AGAIN = timedelta(minutes=10)  # how often each person is asked about
_HOLDS = timedelta(minutes=25)  # an answer this old still holds when there is no newer one
_FRESH = timedelta(seconds=30)  # an answer this old is good enough for a message that is about to be sent
_WITHIN = 1.0  # seconds that whoever sends waits
_MOST = 200  # people in one look
_TURN = "absences_asked_at"
_SETTING = t.setting.c


class Absences(Looks):
    """The loop of one process. Without `graph` nobody is asked about, and what was once known is forgotten."""

    def __init__(self, store: Store, record: Record, clock: Clock, graph: Graph | None) -> None:
        super().__init__("absences", every=EVERY, log=_LOG, failed="absence not asked about: %s")
        self._store, self._record, self._clock, self._graph = store, record, clock, graph
        self.within = _WITHIN

    async def look(self) -> int:
        """Ask about those whose turn it is; how many were asked about."""
        if self._graph is None:
            await self._store.run(absence.forget)
            return 0
        who = await self._store.run(self._in_turn)
        if who:
            await self._ask(self._graph, who)
        return len(who)

    async def before(self, incoming: Incoming) -> None:
        """Ask about whom a press would reach, within a second. Raises nothing."""
        if self._graph is None:
            return
        try:
            who = await self._store.run(lambda tx: self._reached(tx, incoming))
            if who:
                await self._ask(self._graph, who, self.within)
        except Exception as fault:  # whoever sends is not held up by it: it is unknown
            _LOG.error("absence not asked about before a message was sent: %s", type(fault).__name__)

    # --- pieces -------------------------------------------------------------------------------------------------

    async def _ask(self, graph: Graph, who: Mapping[str, int], within: float | None = None) -> None:
        answers = Answers(failed=dict.fromkeys(who.values(), "away"))
        if graph.available:
            try:
                async with asyncio.timeout(within):
                    answers = await mailboxes.ask(graph, who, self._clock.care())
            except TimeoutError:
                answers = Answers(failed=dict.fromkeys(who.values(), "timeout"))
        await self._store.run(lambda tx: self._note(tx, answers))

    def _note(self, tx: Connection, answers: Answers) -> None:
        now = self._clock.machine()
        for person, found in answers.found.items():
            absence.note(tx, person, found, now)
        for code in sorted(set(answers.failed.values())):
            silent = [person for person, failed in answers.failed.items() if failed == code]
            if absence.failed(tx, silent, code, now, now - _HOLDS):
                _LOG.warning("absence of %d people is unknown: %s", len(silent), code)

    def _in_turn(self, tx: Connection) -> dict[str, int]:
        now = self._clock.machine()
        if not _is_our_turn(tx, now, self.every):
            return {}
        directory = self._record.directory(tx)
        absence.no_longer_asked(tx, directory)
        return _accounts(tx, absence.to_ask(tx, directory, now - _AGAIN)[:_MOST])

    def _reached(self, tx: Connection, incoming: Incoming) -> dict[str, int]:
        known = people.recognise(tx, aad_object_id=incoming.aad_object_id, channel_user_id=incoming.channel_user_id)
        if known is None:
            return {}
        scene = self._record.scene(tx)
        who = Who(person_id=known.person_id, directory=scene.directory, now=self._clock.care())
        reached = would_reach(tx, scene, who, incoming.data)
        late = absence.to_ask(tx, scene.directory, self._clock.machine() - _FRESH, reached) if reached else []
        return _accounts(tx, late)


def _accounts(tx: Connection, person_ids: list[int]) -> dict[str, int]:
    """What the directory knows these people by; those without an account cannot be asked about."""
    who = t.person.c
    rows = tx.execute(select(who.id, who.upn, who.aad_object_id).where(who.id.in_(person_ids))).all()
    accounts = {row.id: row.upn or row.aad_object_id for row in rows}
    return {accounts[one]: one for one in person_ids if accounts.get(one)}


def _is_our_turn(tx: Connection, now: datetime, every: float) -> bool:
    """Several processes share the work: whoever moves the time on has the turn."""
    text, latest = _text(now), _text(now - timedelta(seconds=every / 2))
    moved = tx.execute(update(t.setting).where(_SETTING.key == _TURN, _SETTING.value <= latest).values(value=text))
    if moved.rowcount:
        return True
    if tx.scalar(select(_SETTING.value).where(_SETTING.key == _TURN)) is None:
        tx.execute(insert(t.setting).values(key=_TURN, value=text))
        return True
    return False


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
