"""Looking into the calendars where our meetings stand: what people have moved, called off and answered there.

A calendar says which of its events have changed since the last look; only ours are read, and of them only
times and answers. What a calendar calls the place to go on from is kept in memory: a start looks through everything of
ours once, and so finds what happened while nobody looked. Two processes that look find the same, and the second finds
nothing new.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.clock import Clock
from bot.graph import calendar_back
from bot.graph.client import Graph
from bot.graph.errors import GraphAway, GraphRefused
from bot.graph.plan import Page, Seen
from bot.looks import Looks
from cases import calendar, load, meetings
from cases.record import Record
from cases.store import Store
from cases.thread import DELIVERY

_LOG = logging.getLogger("stafett.calendar")

EVERY = 120.0  # seconds
PATIENCE = timedelta(minutes=15)  # that an invitation may wait for its calendar, until its convener is told
_AHEAD, _RENEW = timedelta(days=400), timedelta(days=340)
_BEHIND = timedelta(days=1)
_MOST_PAGES = 200


@dataclass(kw_only=True)
class _Calendar:
    """One person's calendar: where to go on from, and what could not be read at the last look."""

    mailbox: str
    link: str | None = None
    until: datetime | None = None
    left: set[str] = field(default_factory=set)


class CalendarLooks(Looks):
    """`changed` is called when something in the record has moved. Looks come every `every` seconds."""

    def __init__(
        self, store: Store, record: Record, clock: Clock, graph: Graph | None, *, changed: Callable[[], None]
    ) -> None:  # fmt: skip
        super().__init__("calendars", every=EVERY, log=_LOG, failed="calendars not looked into: %s")
        self._store, self._record, self._clock, self._graph, self._changed = store, record, clock, graph, changed
        self._calendars: dict[int, _Calendar] = {}

    async def look(self) -> int:
        """Look into every calendar where there is something of ours; how many of our events have brought news."""
        late = await self._store.run(self._tell_late)
        news = 0
        if self._graph is not None:
            now = self._clock.care()
            wanted = await self._store.run(
                lambda tx: calendar.people(tx, calendar.organizers(tx, now - _BEHIND))
            )  # fmt: skip
            for who in [one for one in self._calendars if one not in wanted]:
                del self._calendars[who]
            for who, person in wanted.items():
                own = self._calendars.setdefault(who, _Calendar(mailbox=person.upn))
                news += await self._look_into(who, own)
        if late or news:
            self._changed()
        return news

    # --- one calendar -------------------------------------------------------------------------------------------

    async def _look_into(self, who: int, own: _Calendar) -> int:
        now = self._clock.care()
        if own.until is not None and own.until - now < _RENEW:
            own.link = own.until = None
        whole = own.link is None
        try:
            touched, link = await self._changes(own, now)
        except GraphAway as fault:
            _LOG.info("a calendar was not looked into: %s", fault.code)
            return 0
        except GraphRefused as fault:
            if fault.is_gone:  # the place to go on from is too old: look through everything at the next look
                own.link = own.until = None
            else:
                _LOG.warning("a calendar cannot be looked into: %s", fault.code)
            return 0
        ours = await self._store.run(lambda tx: self._ours(tx, who, touched, now))
        known = await self._store.run(lambda tx: calendar.in_calendar_of(tx, who, now - _BEHIND))
        read = {one for one in known if whole or one in ours or one in own.left}
        own.link, own.until = link, own.until or now + _AHEAD
        own.left = set()
        news = 0
        for event_id in sorted(read):
            try:
                news += await self._take(own.mailbox, known[event_id], event_id)
            except GraphAway:
                own.left.add(event_id)
            except Exception as fault:  # one that cannot be taken up keeps no other from it, and is tried again
                _LOG.error("meeting %s does not follow its calendar: %s", known[event_id], type(fault).__name__)
                own.left.add(event_id)
        return news

    async def _changes(self, own: _Calendar, now: datetime) -> tuple[set[str], str | None]:
        """Every event that has changed since the last look, and from where to go on."""
        touched: set[str] = set()
        link, begin, end = own.link, now - _BEHIND, now + _AHEAD
        for _ in range(_MOST_PAGES):
            page = await self._page(own.mailbox, link, begin, end)
            touched |= {one.event_id for one in page.touched}
            touched |= {one.series_event_id for one in page.touched if one.series_event_id}
            if page.following is None:
                return touched, page.later
            link = page.following
        return touched, None

    def _ours(self, tx: Connection, who: int, touched: set[str], now: datetime) -> set[str]:
        """Which of our events those are; with a series every occurrence of it that we follow."""
        known = calendar.in_calendar_of(tx, who, now - _BEHIND)
        by_number = {number: event_id for event_id, number in known.items()}
        found = touched & known.keys()
        for event_id in touched - found:
            found |= {by_number[one] for one in calendar.of_series_event(tx, event_id, now) if one in by_number}
        return found

    async def _take(self, mailbox: str, meeting_id: int, event_id: str) -> int:
        """Read one event, and take what is new in it into the record."""
        before = await self._store.run(lambda tx: meetings.one(tx, meeting_id))
        if before is None or not before.meeting.stands or before.meeting.event_id != event_id:
            return 0  # the calendar is on its way to the row: what it shows meanwhile is our own old word
        what, revision = f"meeting:{meeting_id}", before.meeting.revision
        seen: Seen | None
        try:
            seen = await self._read(mailbox, event_id)
        except GraphRefused as fault:
            if not fault.is_gone:
                _LOG.warning("an event cannot be read: %s", fault.code)
                return 0
            seen = None

        def take(tx: Connection) -> bool:
            if seen is None:
                return calendar_back.called_off(tx, self._record, self._clock, what, revision)
            return calendar_back.took(tx, self._record, self._clock, what, revision, seen)

        return int(await self._store.run(take))

    async def _page(self, mailbox: str, link: str | None, begin: datetime, end: datetime) -> Page:
        assert self._graph is not None  # noqa: S101 (only reached with one)
        graph = self._graph
        await graph.warm()
        from bot.graph import calendar_calls

        page = await graph.call(mailbox, lambda: calendar_calls.changes(graph.client, mailbox, link, begin, end))
        return replace(page, following=graph.own(page.following), later=graph.own(page.later))

    async def _read(self, mailbox: str, event_id: str) -> Seen:
        assert self._graph is not None  # noqa: S101 (only reached with one)
        graph = self._graph
        await graph.warm()
        from bot.graph import calendar_calls

        return await graph.call(mailbox, lambda: calendar_calls.read(graph.client, mailbox, event_id))

    # --- what waits ---------------------------------------------------------------------------------------------

    def _tell_late(self, tx: Connection) -> int:
        """Tell whoever convenes, once, of what has waited for its calendar for too long."""
        waiting = calendar.waiting_since(tx, self._clock.care() - PATIENCE)
        for what, thread_id in waiting:
            load.threads(tx, [thread_id], lock=True)
            meetings.failed(tx, what, calendar.LATE)
            calendar_back.tell(tx, self._record, self._clock, thread_id, "not_in_calendar", DELIVERY)
        return len(waiting)
