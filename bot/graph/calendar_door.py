"""The way into calendars: an errand brings one event to what its row says, however often it is tried.

Nothing here is done twice. An event is created with a transactionId that stays the same for every try; should the
answer have been lost and the row have changed meanwhile, the calendar says which event it made before, and that one is
brought to the row. While Graph is away, or the app is not let in, an errand waits: it is never set aside for that.
"""

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import Connection

from bot.clock import Clock
from bot.errand.door import Later, Never
from bot.graph import calendar_back
from bot.graph.calendar_plan import Wanted, wanted
from bot.graph.client import Graph
from bot.graph.errors import GraphAway, GraphRefused
from bot.graph.plan import Seen, Standing
from cases import calendar, load, meetings
from cases.errands import Errand
from cases.meeting import NOT_CONNECTED
from cases.meetings import CALENDAR
from cases.record import Record
from cases.thread import DELIVERY
from reminders.localtime import to_utc

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

T = TypeVar("T")

_LOG = logging.getLogger("stafett.calendar")

_IN_TURN = 1.0  # seconds until an earlier change of the same event is looked for again
_AWAY = 5.0  # seconds; the longer it lasts, the longer the errands let it be
_NOT_LET_IN = 300.0  # seconds: a permission is given by a person
_DUPLICATE = "ErrorDuplicateTransactionId"


@dataclass(frozen=True, kw_only=True)
class Result:
    """What came of a try. `gone` is an event that somebody has taken out of the calendar; `seen` what it shows."""

    wanted: Wanted
    standing: Standing | None = None
    gone: bool = False
    seen: Seen | None = None
    patterned: bool = False  # the calendar got a new pattern, and has forgotten what single occurrences are like


class CalendarDoor:
    """Meetings into calendars. Without `graph` there are none: the cards carry the meeting, and say so."""

    kind = CALENDAR

    def __init__(self, record: Record, clock: Clock, graph: Graph | None) -> None:
        self._record, self._clock, self._graph = record, clock, graph
        self._results: dict[int, Result] = {}

    def ready(self, tx: Connection, errand: Errand) -> Wanted | None:
        """What the calendar is to show, as things stand now. Raises: Later, Never."""
        self._results.pop(errand.id, None)
        if self._graph is None:
            meetings.failed(tx, errand.what, NOT_CONNECTED)
            return None
        if not calendar.is_next(tx, errand):
            raise Later(calendar.IN_TURN, _IN_TURN)
        return wanted(tx, self._record, errand, self._clock.care())

    async def do(self, errand: Errand, ready: Wanted) -> str:
        """Bring the event to it; its id. Raises: Later, Never."""
        if self._graph is None:
            raise Never(NOT_CONNECTED)
        try:
            result = await _Try(self._graph, ready).make()
        except GraphAway as fault:
            raise Later(fault.code, fault.after or _AWAY) from None
        except GraphRefused as fault:
            if fault.status == 403:
                raise Later(fault.code, _NOT_LET_IN) from None
            raise Never(fault.code) from None
        self._results[errand.id] = result
        return (result.standing.event_id if result.standing else "")[:250]

    def done(self, tx: Connection, errand: Errand) -> None:
        """Write down how it stands, and let the thread's cards show it."""
        result = self._results.pop(errand.id, None)
        if result is None or errand.thread_id is None:
            return
        load.threads(tx, [errand.thread_id], lock=True)
        now, stand, asked = self._clock.care(), result.standing, result.wanted
        if result.gone:
            calendar_back.called_off(tx, self._record, self._clock, asked.what, asked.revision)
            return
        event_id = stand.event_id if stand and not asked.cancelled else None
        calendar.stands(
            tx, asked.what, asked.revision, event_id, stand.change_key if stand else "", now, errand.id
        )  # fmt: skip
        if asked.plan.weekly is not None:
            calendar.release(tx, int(asked.what.partition(":")[2]))
        if result.patterned:
            calendar.ask_anew(tx, int(asked.what.partition(":")[2]), asked.revision, now)
        calendar_back.tell(tx, self._record, self._clock, errand.thread_id, "in_calendar", DELIVERY)
        if result.seen is not None:
            calendar_back.took(tx, self._record, self._clock, asked.what, asked.revision, result.seen)

    def failed(self, tx: Connection, errand: Errand, code: str) -> None:
        """Say on the card that the calendar has not taken it, and tell whoever convenes."""
        self._results.pop(errand.id, None)
        meetings.failed(tx, errand.what, code)
        if errand.thread_id is not None:
            calendar_back.tell(tx, self._record, self._clock, errand.thread_id, "not_in_calendar", DELIVERY)


class _Try:
    """The requests that bring one event to what is wanted. Each may be repeated after a kill at any moment."""

    def __init__(self, graph: Graph, asked: Wanted) -> None:
        self._graph, self._asked, self._plan = graph, asked, asked.plan

    async def make(self) -> Result:
        await self._graph.warm()
        if self._asked.series_event_id is not None:
            return await self._occurrence(self._asked.series_event_id)
        if self._asked.cancelled:
            return await self._cancelled(await self._known_or_found())
        if self._asked.event_id is None:
            return await self._created()
        return await self._changed(self._asked.event_id)

    async def _created(self) -> Result:
        try:
            made = await self._call(lambda calls, client: calls.create(client, self._plan))
        except GraphRefused as fault:
            if fault.existing is None or _DUPLICATE not in fault.code:
                raise
            return await self._changed(fault.existing)  # an earlier try made it, as the row was then
        return Result(wanted=self._asked, standing=made)

    async def _changed(self, event_id: str) -> Result:
        try:
            changed = await self._call(lambda calls, client: calls.change(client, self._plan, event_id))
        except GraphRefused as fault:
            if not fault.is_gone:
                raise
            return Result(wanted=self._asked, gone=True)
        return Result(wanted=self._asked, standing=changed, patterned=self._plan.weekly is not None)

    async def _cancelled(self, event_id: str | None) -> Result:
        if event_id is not None:
            try:
                await self._call(lambda calls, client: calls.cancel(client, self._plan.mailbox, event_id))
            except GraphRefused as fault:
                if not fault.is_gone:
                    raise
        return Result(wanted=self._asked)

    async def _known_or_found(self) -> str | None:
        """The event to cancel. Where an earlier try may have made one, an event to which nobody is invited is created
        with the same transactionId: either the calendar names the first one, or the new one is taken away again."""
        if self._asked.event_id is not None or not self._asked.tried:
            return self._asked.event_id
        try:
            made = await self._call(lambda calls, client: calls.place_marker(client, self._plan))
        except GraphRefused as fault:
            if fault.existing is None:
                raise
            return fault.existing
        try:
            await self._call(lambda calls, client: calls.remove(client, self._plan.mailbox, made.event_id))
        except GraphRefused as fault:
            if not fault.is_gone:
                raise
        return None

    async def _occurrence(self, series_event_id: str) -> Result:
        """One occurrence of a series: it is found by its place in the pattern, and only it is changed."""
        asked = self._asked
        event_id = asked.event_id or await self._found(series_event_id)
        if asked.cancelled:
            return await self._cancelled(event_id)
        if event_id is None:
            return Result(wanted=asked, gone=True)
        try:
            if asked.differs:
                await self._call(lambda calls, client: calls.move_one(client, self._plan, event_id))
            seen = await self._call(lambda calls, client: calls.read(client, self._plan.mailbox, event_id))
        except GraphRefused as fault:
            if not fault.is_gone:
                raise
            return Result(wanted=asked, gone=True)
        stand = Standing(event_id=event_id, change_key=seen.change_key)
        return Result(wanted=asked, standing=stand, seen=seen)

    async def _found(self, series_event_id: str) -> str | None:
        original = self._asked.original
        if original is None:
            raise Never("no_place_in_series")
        try:
            found: str | None = await self._call(
                lambda calls, client: calls.occurrence(
                    client, self._plan.mailbox, series_event_id, original, to_utc(self._plan.starts)
                )
            )
        except GraphRefused as fault:
            if not fault.is_gone:
                raise
            return None
        return found

    async def _call(self, make: "Callable[[Any, Any], Awaitable[T]]") -> T:
        """One request. The module that writes it is loaded with the SDK, off the loop."""
        from bot.graph import calendar_calls

        return await self._graph.call(self._plan.mailbox, lambda: make(calendar_calls, self._graph.client))
