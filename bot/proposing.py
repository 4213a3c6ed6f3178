"""Before «Föreslå tider» is answered, calendars are asked: before the transaction, and for three seconds at most."""

from dataclasses import dataclass, replace

from sqlalchemy import Connection, select

from bot.channel.values import Incoming
from bot.clock import Clock
from bot.graph.client import Graph
from bot.graph.free_busy import WITHIN, free_busy
from cases import people
from cases import tables as t
from cases.errors import RecordError
from cases.store import Store
from dialogs import proposals
from dialogs.calendars import Calendars
from dialogs.desk import Desk
from dialogs.visit import thread_of
from reminders.free_times import Span


class Proposing:
    """Asks whose calendars, and asks them, `within` so many seconds. Without Graph it brings nothing, and the card says
    so."""

    def __init__(self, store: Store, desk: Desk, clock: Clock, graph: Graph | None) -> None:
        self._store, self._desk, self._clock, self._graph = store, desk, clock, graph
        self.within = WITHIN

    async def __call__(self, incoming: Incoming) -> Calendars | None:
        """What the calendars say, for this press; None for any other."""
        graph = self._graph
        if graph is None or incoming.data.get("verb") != proposals.PROPOSE:
            return None
        try:
            wanted = await self._store.run(lambda tx: self._wanted(tx, incoming))
        except RecordError:  # the turn itself answers, and writes the account of it
            return None
        if wanted is None:
            return None
        found = Calendars(busy={}, unknown=frozenset(wanted.accounts.values()))
        if graph.available:
            found = await free_busy(graph, wanted.asker, wanted.accounts, wanted.span, self.within)
        return replace(found, unknown=found.unknown | wanted.without)

    def _wanted(self, tx: Connection, incoming: Incoming) -> "_Wanted | None":
        """What is to be asked; None where nothing can be proposed."""
        known = people.recognise(tx, aad_object_id=incoming.aad_object_id, channel_user_id=incoming.channel_user_id)
        if known is None:
            return None
        visit = self._desk.visit(tx, known.person_id, self._clock.care(), self._clock.machine())
        asked = proposals.asked(self._desk.view_of(visit, thread_of(incoming.data)))
        if asked is None:
            return None
        person = t.person.c
        rows = tx.execute(select(person.id, person.upn).where(person.id.in_({*asked.people, known.person_id})))
        accounts = {who: upn for who, upn in rows if upn}
        if known.person_id not in accounts:
            return None
        return _Wanted(
            asker=accounts[known.person_id], span=asked.span,
            accounts={upn: who for who, upn in accounts.items() if who in asked.people},
            without=frozenset(asked.people) - accounts.keys(),
        )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class _Wanted:
    """In whose name, whose calendars (account → person), for which time; and who has no account to ask about."""

    asker: str
    accounts: dict[str, int]
    without: frozenset[int]
    span: Span
