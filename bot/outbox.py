"""Draining the outbox to Teams: urgent first, within Teams' limits, and what came back is written down at once."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Protocol

from sqlalchemy import Connection

from bot.channel.errors import ChannelError, StaleAddress
from bot.channel.values import Address
from bot.clock import Clock
from bot.setbacks import Setbacks, may_pass
from bot.throttle import Throttle
from cases import cards, outbox, people
from cases.cards import CardRow
from cases.outbox import Row
from cases.people import Reach
from cases.record import Record
from cases.store import Store
from cases.thread import thread_ref
from cases.write import refresh
from dialogs.painter import Painted, Painter
from dialogs.parts import Element
from dialogs.thread_card import superseded_card

_LOG = logging.getLogger("stafett.outbox")

LEASE = timedelta(seconds=60)  # well above the channel's own time-out of 15 s for a whole call
BATCH = 16
_LONGEST_PAUSE = 30.0  # seconds
_SHORTEST_PAUSE = 0.25  # seconds; what is due may be held by another sender's lease, and looking does not free it


class Channel(Protocol):
    """What the outbox needs of the channel door."""

    async def send(self, address: Address, card: Element, *, summary: str, alert: bool) -> str: ...
    async def update(self, address: Address, activity_id: str, card: Element, *, summary: str) -> None: ...
    async def open_conversation(self, service_url: str, tenant_id: str, member_id: str) -> Address: ...


@dataclass(frozen=True, kw_only=True)
class _Job:
    """A row with everything needed to send it; `address` is None when the person cannot be reached."""

    row: Row
    painted: Painted
    address: Address | None
    activity_id: str | None
    typing: bool  # the person is filling in a form in the older card: it is left alone


class Outbox:
    """One drain loop of a process. Several processes may drain the same outbox: a row is leased to one at a time."""

    def __init__(
        self, store: Store, record: Record, channel: Channel, clock: Clock, *, inline: bool, rng: Random | None = None
    ) -> None:
        self._store, self._record, self._channel, self._clock = store, record, channel, clock
        self._inline = inline
        self._throttle = Throttle(clock.machine())
        self._setbacks = Setbacks(record, clock, self._throttle, rng or Random())  # noqa: S311 (jitter, not secrecy)
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._draining: asyncio.Task[int] | None = None
        self._stopping = False

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="outbox")
        self.nudge()

    def nudge(self) -> None:
        """There is something new to send."""
        self._wake.set()

    async def stop(self) -> None:
        """Let what is under way finish, so that its answer is written down, then stop."""
        self._stopping = True
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        if self._draining is not None:
            await asyncio.gather(self._draining, return_exceptions=True)

    async def drain(self) -> int:
        """Send everything that may be sent now; how many rows were handled."""
        handled = 0
        while not self._stopping and self._throttle.free(self._clock.machine()):
            taken, jobs = await self._store.run(self._take)
            await asyncio.gather(*(self._deliver(job) for job in jobs))
            handled += taken
            if not taken:
                break
        return handled

    async def _run(self) -> None:
        while True:
            pause = 1.0
            self._wake.clear()  # before looking: what comes while we look wakes us again
            try:
                self._draining = asyncio.ensure_future(self.drain())
                await asyncio.shield(self._draining)
                pause = await self._until_next()
            except Exception:  # the loop outlives every fault; leases bring unfinished rows back
                _LOG.exception("draining the outbox failed")
            await self._nap(pause)

    async def _nap(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._wake.wait()
        except TimeoutError:
            return

    async def _until_next(self) -> float:
        """Seconds until there is something to send and Teams lets us. While the limit holds, nobody need look."""
        held = self._throttle.pause(self._clock.machine()).total_seconds()
        if held > 0:
            return held
        when = await self._store.run(outbox.next_time)
        left = _LONGEST_PAUSE if when is None else (when - self._clock.machine()).total_seconds()
        return min(max(left, _SHORTEST_PAUSE), _LONGEST_PAUSE)

    # --- a batch ------------------------------------------------------------------------------------------------

    def _take(self, tx: Connection) -> tuple[int, list[_Job]]:
        """Claim a batch and draw its cards, all in one transaction; no more than Teams lets us send now."""
        now = self._clock.machine()
        rows = outbox.claim(tx, now, LEASE, min(BATCH, self._throttle.free(now)))
        if not rows:
            return 0, []
        painter = Painter(tx, self._record, rows, self._clock.care(), inline=self._inline)
        held = cards.cards_of(tx, {row.thread_id for row in rows})
        reached = people.reaches(tx, {row.person_id for row in rows})
        jobs = []
        for row in rows:
            try:
                job = self._prepare(tx, row, painter, held.get((row.thread_id, row.person_id)), reached, now)
            except Exception:  # one row that cannot be drawn must not hold up everybody else's
                _LOG.exception("outbox row %s cannot be drawn", row.id)
                self._setbacks.broken(tx, row, "undrawable")
                continue
            if job is not None:
                jobs.append(job)
        return len(rows), jobs

    def _prepare(
        self,
        tx: Connection,
        row: Row,
        painter: Painter,
        card: CardRow | None,
        reached: Mapping[int, Reach],
        now: datetime,
    ) -> _Job | None:
        """Everything needed to send a row, or None when it has been put off or is no longer wanted."""
        if row.kind == "update" and (card is None or card.shown_version >= row.version):
            outbox.finish(tx, row.id, outbox.SUPERSEDED, now)
            return None
        if row.kind == "update" and card is not None and card.busy_until is not None and card.is_busy(now):
            outbox.put_back(tx, row.id, card.busy_until, "busy", tried=False, notes=row.notes)
            return None
        reach = reached.get(row.person_id)
        wait = self._throttle.wait(reach.conversation_id, now) if reach else None
        if wait:
            outbox.put_back(tx, row.id, now + wait, "paced", tried=False, notes=row.notes)
            return None
        painted = painter.paint(row)
        if painted is None:
            outbox.finish(tx, row.id, outbox.SUPERSEDED, now)
            return None
        return _Job(
            row=row, painted=painted, address=_address(reach) if reach else None,
            activity_id=card.activity_id if card else None, typing=card is not None and card.is_busy(now),
        )  # fmt: skip

    # --- one row ------------------------------------------------------------------------------------------------

    async def _deliver(self, job: _Job) -> None:
        try:
            await self._send_and_note(job)
        except Exception as fault:
            _LOG.exception("outbox row %s failed", job.row.id)
            code, row = type(fault).__name__, job.row
            await self._store.run(lambda tx: self._setbacks.broken(tx, row, code))

    async def _send_and_note(self, job: _Job) -> None:
        if job.address is None:
            await self._store.run(lambda tx: self._setbacks.undeliverable(tx, job.row, "no_conversation"))
            return
        try:
            activity_id = await self._send(job, job.address)
        except ChannelError as fault:
            await self._failed(job, job.address, fault)
            return
        conversation = job.address.conversation_id
        await self._store.run(lambda tx: self._sent(tx, job, conversation, activity_id))
        if job.row.kind == "message" and job.activity_id is not None and not job.typing:
            await self._fold(job, job.address, job.activity_id)

    async def _send(self, job: _Job, address: Address) -> str:
        painted = job.painted
        if job.row.kind == "update" and job.activity_id is not None:
            await self._channel.update(address, job.activity_id, painted.card, summary=painted.toast)
            return job.activity_id
        return await self._channel.send(address, painted.card, summary=painted.toast, alert=painted.alert)

    async def _fold(self, job: _Job, address: Address, activity_id: str) -> None:
        """The older card of the thread gives way to the new one. Should that fail, a late press is harmless anyway."""
        ref = thread_ref(job.row.thread_id)
        try:
            await self._channel.update(address, activity_id, superseded_card(ref), summary=f"Stafett {ref}")
        except ChannelError as fault:
            _LOG.info("older card of %s not folded: %s", ref, fault.code)

    def _sent(self, tx: Connection, job: _Job, conversation_id: str, activity_id: str) -> None:
        row = job.row
        outbox.finish(tx, row.id, outbox.SENT, self._clock.machine(), external_id=activity_id)
        cards.shown(
            tx, row.thread_id, row.person_id, conversation_id, activity_id, job.painted.version, self._clock.care()
        )
        if job.activity_id is None and job.painted.tells_sender is not None:
            refresh(tx, row.thread_id, job.painted.tells_sender, self._clock.machine())

    async def _failed(self, job: _Job, address: Address, fault: ChannelError) -> None:
        row, setbacks = job.row, self._setbacks
        _LOG.warning("outbox row %s: %s", row.id, fault.code)
        if may_pass(fault):
            await self._store.run(lambda tx: setbacks.retry(tx, row, fault, address.conversation_id))
        elif isinstance(fault, StaleAddress) and row.kind == "update":
            await self._store.run(lambda tx: setbacks.gone(tx, row))
        elif isinstance(fault, StaleAddress) and outbox.RENEWED not in row.notes:
            await self._renew(row, address, fault)
        else:
            await self._store.run(lambda tx: setbacks.unreachable(tx, row, fault))

    async def _renew(self, row: Row, address: Address, stale: StaleAddress) -> None:
        """Teams no longer knows the conversation: ask for it anew, once. A passing fault meanwhile is just a retry."""
        setbacks = self._setbacks
        member = await self._store.run(lambda tx: people.channel_id(tx, row.person_id))
        if member is None:
            await self._store.run(lambda tx: setbacks.unreachable(tx, row, stale))
            return
        try:
            new = await self._channel.open_conversation(address.service_url, address.tenant_id, member)
        except ChannelError as error:
            fault = error
            _LOG.warning("conversation not opened anew: %s", fault.code)
            if may_pass(fault):
                await self._store.run(lambda tx: setbacks.retry(tx, row, fault, address.conversation_id))
            else:
                await self._store.run(lambda tx: setbacks.unreachable(tx, row, stale))
            return
        reach = Reach(
            conversation_id=new.conversation_id, service_url=new.service_url, tenant_id=new.tenant_id,
            bot_id=new.bot_id or address.bot_id, locale=None,
        )  # fmt: skip
        await self._store.run(lambda tx: setbacks.renewed(tx, row, reach, stale.code))


def _address(reach: Reach) -> Address:
    return Address(
        conversation_id=reach.conversation_id, service_url=reach.service_url, tenant_id=reach.tenant_id,
        bot_id=reach.bot_id, conversation_type="personal",
    )  # fmt: skip
