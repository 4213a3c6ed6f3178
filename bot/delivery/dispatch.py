"""Sending what is ready, and writing down what came back at once."""

import asyncio
import logging
from collections.abc import Callable
from random import Random

from sqlalchemy import Connection

from bot.channel.errors import ChannelError, Faulty, Passing, StaleAddress
from bot.channel.values import Address
from bot.clock import Clock
from bot.delivery.jobs import Channel, Job, Told
from bot.setbacks import Setbacks, may_pass
from bot.written import AGAIN, write_down
from cases import cards, deliveries, outbox, people
from cases.outbox import Row
from cases.outbox_figures import Tally
from cases.people import Reach
from cases.store import Store
from cases.thread import thread_ref
from cases.write import catch_up, refresh, show_again
from dialogs.thread_card import superseded_card

_LOG = logging.getLogger("stafett.outbox")


class Dispatch:
    """`timeout` is for a whole send, `fresh` how old a claimed job may be when it leaves, `lease` what it has; seconds.

    A process that has stood still finds its jobs too old and gives them back unsent: another may have them by now.
    """

    def __init__(
        self, store: Store, channel: Channel, clock: Clock, setbacks: Setbacks, tally: Tally, rng: Random,
        *, timeout: float, fresh: float, lease: float,
    ) -> None:  # fmt: skip
        self._store, self._channel, self._clock = store, channel, clock
        self._setbacks, self._tally, self._rng = setbacks, tally, rng
        self._timeout, self._fresh, self._lease = timeout, fresh, lease

    async def deliver(self, job: Job) -> None:
        """Send one job. Whatever happens is written down, as long as the lease holds."""
        try:
            await self._send_and_note(job)
        except Exception as fault:
            _LOG.exception("outbox row %s failed", job.first.id)
            code = type(fault).__name__
            try:
                await self._note(job, lambda tx: self._broken(tx, job, code))
            except Exception:  # the lease brings the row back, and counts how often it had to
                _LOG.exception("outbox row %s is left to its lease", job.first.id)

    async def _send_and_note(self, job: Job) -> None:
        rows = [told.row for told in job.told]
        address = job.address
        if address is None:
            await self._note(job, lambda tx: self._nowhere(tx, rows))
            return
        if self._age(job) > self._fresh:
            self._tally.stale += 1
            _LOG.warning("outbox row %s given back unsent: claimed %.0f s ago", job.first.id, self._age(job))
            await self._note(job, lambda tx: self._give_back(tx, rows))
            return
        try:
            activity_id = await self._send(job, address)
        except ChannelError as fault:
            await self._failed(job, address, fault)
            return
        if not await self._acknowledged(job, address, activity_id):
            return
        if job.activity_id is not None and job.first.kind == "message" and not job.typing:
            await self._fold(job, address, job.activity_id)

    async def _acknowledged(self, job: Job, address: Address, activity_id: str) -> bool:
        """Write down what Teams has acknowledged, however long the database is away: it is never a failure."""
        try:
            await self._note(job, lambda tx: self._sent(tx, job, address.conversation_id, activity_id), keep_on=True)
        except Exception:  # the lease brings the row back, and it is sent once more
            _LOG.exception("outbox row %s was sent, and that is not written down", job.first.id)
            return False
        return True

    async def _send(self, job: Job, address: Address) -> str:
        painted = job.painted
        try:
            async with asyncio.timeout(self._timeout):
                if job.first.kind == "update" and job.activity_id is not None:
                    await self._channel.update(address, job.activity_id, painted.card, summary=painted.toast)
                    return job.activity_id
                return await self._channel.send(address, painted.card, summary=painted.toast, alert=painted.alert)
        except TimeoutError as fault:
            raise Passing("timeout") from fault

    async def _fold(self, job: Job, address: Address, activity_id: str) -> None:
        """The older card of the thread gives way to the new one. Should that fail, a late press is harmless anyway."""
        ref = thread_ref(job.first.thread_id)
        self._setbacks.throttle.spend(address.conversation_id, self._clock.steady())
        try:
            async with asyncio.timeout(self._timeout):
                await self._channel.update(address, activity_id, superseded_card(ref), summary=f"Stafett {ref}")
        except (ChannelError, TimeoutError) as fault:
            _LOG.info("older card of %s not folded: %s", ref, getattr(fault, "code", "timeout"))

    # --- writing down -------------------------------------------------------------------------------------------

    def _sent(self, tx: Connection, job: Job, conversation_id: str, activity_id: str) -> None:
        now = self._clock.machine()
        for told in job.told:
            row = told.row
            if outbox.finish(tx, row, outbox.SENT, now, external_id=activity_id):
                self._tally.sent += 1
                self._tally.bundled += job.together
            elif outbox.known_as(tx, row) != activity_id:  # else it is this very answer, whose commit was not heard of
                self._tally.doubled += 1
                deliveries.tried(tx, row, now, deliveries.DOUBLED, activity_id)
            if row.folds:
                continue  # the person's card is another message
            if job.together:  # the thread keeps its own card, which is to show how things stand
                show_again(tx, row.thread_id, told.version, row.person_id, now)
            else:
                self._keep_card(tx, told, conversation_id, activity_id)
        tells = job.painted.tells_sender
        if job.activity_id is None and tells is not None and not job.together:
            refresh(tx, job.first.thread_id, tells, now)

    def _keep_card(self, tx: Connection, told: Told, conversation_id: str, activity_id: str) -> None:
        """The message is now the person's card. Meanwhile they may have pressed another one, which then is; and the
        thread may have moved on, which it is to show."""
        row = told.row
        version, current = cards.standing(tx, row.thread_id, row.person_id)
        if row.kind == "update" and current not in (None, activity_id):
            return
        cards.shown(tx, row.thread_id, row.person_id, conversation_id, activity_id, told.version, self._clock.care())
        if version > told.version:
            catch_up(tx, row.thread_id, version, row.person_id, self._clock.machine(), activity_id)

    def _broken(self, tx: Connection, job: Job, code: str) -> None:
        for told in job.told:
            self._setbacks.broken(tx, told.row, code)

    def _nowhere(self, tx: Connection, rows: list[Row]) -> None:
        for row in rows:
            self._setbacks.undeliverable(tx, row, "no_conversation")

    def _give_back(self, tx: Connection, rows: list[Row]) -> None:
        for row in rows:
            outbox.put_back(tx, row, self._clock.machine(), row.failure or "stale", tried=False)

    async def _failed(self, job: Job, address: Address, fault: ChannelError) -> None:
        setbacks, rows = self._setbacks, [told.row for told in job.told]
        first = job.first
        _LOG.warning("outbox row %s: %s", first.id, fault.code)
        if may_pass(fault):
            await self._note(job, lambda tx: setbacks.retry(tx, rows, fault, address.conversation_id))
        elif first.folds:  # a late press on the older card is harmless
            await self._note(job, lambda tx: outbox.finish(tx, first, outbox.SUPERSEDED, self._clock.machine()))
        elif isinstance(fault, Faulty):
            await self._note(job, lambda tx: setbacks.faulty(tx, rows, fault))
        elif isinstance(fault, StaleAddress) and first.kind == "update":
            await self._note(job, lambda tx: setbacks.gone(tx, first))
        elif isinstance(fault, StaleAddress) and outbox.RENEWED not in first.notes:
            await self._renew(job, address, fault)
        else:
            await self._note(job, lambda tx: setbacks.unreachable(tx, rows, fault))

    async def _renew(self, job: Job, address: Address, stale: StaleAddress) -> None:
        """Teams no longer knows the conversation: ask for it anew, once. A passing fault meanwhile is just a retry."""
        setbacks, rows, who = self._setbacks, [told.row for told in job.told], job.first.person_id
        member = await self._store.run(lambda tx: people.channel_id(tx, who))
        if member is None:
            await self._note(job, lambda tx: setbacks.unreachable(tx, rows, stale))
            return
        try:
            new = await self._open(address, member)
        except ChannelError as error:
            fault = error
            _LOG.warning("conversation not opened anew: %s", fault.code)
            if may_pass(fault):
                await self._note(job, lambda tx: setbacks.retry(tx, rows, fault, address.conversation_id))
            elif isinstance(fault, Faulty):
                await self._note(job, lambda tx: setbacks.faulty(tx, rows, fault))
            else:
                await self._note(job, lambda tx: setbacks.unreachable(tx, rows, stale))
            return
        reach = Reach(
            conversation_id=new.conversation_id, service_url=new.service_url, tenant_id=new.tenant_id,
            bot_id=new.bot_id or address.bot_id, locale=None,
        )  # fmt: skip
        await self._note(job, lambda tx: setbacks.renewed(tx, rows, reach, stale.code))

    async def _open(self, address: Address, member: str) -> Address:
        try:
            async with asyncio.timeout(self._timeout):
                return await self._channel.open_conversation(address.service_url, address.tenant_id, member)
        except TimeoutError as fault:
            raise Passing("timeout") from fault

    async def _note(self, job: Job, work: Callable[[Connection], object], *, keep_on: bool = False) -> None:
        """Write down what came of a job. Should the database be away, again and again while the lease holds; `keep_on`
        is for what has been sent: an answer that is forgotten is a message sent twice, so nobody here sends another."""

        def again(code: str) -> bool:
            _LOG.error("the answer to outbox row %s not written down: %s", job.first.id, code)
            if keep_on:
                self._setbacks.hold(job.first.person_id, 2 * AGAIN)
            return keep_on or self._age(job) <= self._lease

        await write_down(self._store, work, self._rng, keep_on=again)

    def _age(self, job: Job) -> float:
        return self._clock.steady() - job.ready_at
