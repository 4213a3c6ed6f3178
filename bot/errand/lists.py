"""The way out of a list: its card is drawn when it is sent, and goes to the person's chat within Teams' limits."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from bot.channel.errors import WORDS, Blocked, ChannelError, NotInstalled, Throttled
from bot.channel.values import Address
from bot.clock import Clock
from bot.delivery.jobs import Channel, address_of
from bot.errand.door import Later, Never
from bot.throttle import Throttle
from cases import errands, notices, people
from cases.errands import LIST, Errand
from cases.record import Record
from dialogs.duty import held_until, on_duty
from dialogs.lists_sent import LISTS, told_instead
from dialogs.occasion import Occasion
from dialogs.parts import Element
from dialogs.visit import Visit

_LOG = logging.getLogger("stafett.errands")

_PATIENCE = 10.0  # seconds that a list waits for its turn before it is put off
_PUT_OFF, _A_BLINK = 30.0, 0.05


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A list that is ready to be sent. `alert` asks for a toast: nobody off duty gets one."""

    card: Element
    toast: str
    alert: bool
    address: Address


_SAYS = {Blocked: people.BLOCKED, NotInstalled: people.REMOVED}


def status_after(code: str) -> str | None:
    """How it stands with the chat of somebody whom Teams would not let us write to, or None when it says nothing."""
    return next((_SAYS[fault] for word, fault in WORDS.items() if word in code and fault in _SAYS), None)


class ListDoor:
    """Lists to people. `throttle` tells the limits that the outbox keeps to just now: both send for the same tenant."""

    kind = LIST

    def __init__(self, record: Record, clock: Clock, channel: Channel, throttle: Callable[[], Throttle]) -> None:
        self._record, self._clock, self._channel = record, clock, channel
        self._throttle = throttle

    def ready(self, tx: Connection, errand: Errand) -> Sheet | None:
        """The list as things stand now, or None when nobody wants it, or not at this hour. Raises: Never."""
        kind, who = LISTS.get(errand.what), errand.person_id
        if kind is None or who is None:
            raise Never("unknown_list")
        scene, now = self._record.scene(tx), self._clock.care()
        if not scene.directory.is_active(who):
            return None
        held = scene.directory.memberships(who)
        if not held:
            return None
        profile = scene.profile_of_unit(errand.unit_id or held[0].unit_id)
        visit = Visit(tx=tx, scene=scene, person_id=who, now=now, machine_now=self._clock.machine())
        card = kind.draw(visit, errand.unit_id, errand.not_before)
        if card is None:
            return None
        until = None if kind.at_once else held_until(who, scene.directory, profile, now)
        if until is not None:
            self._hold(tx, errand, until)
            return None
        reach = people.reaches(tx, {who}).get(who)
        if reach is None:
            raise Never("no_conversation")
        alert = kind.wakes or on_duty(who, scene.directory, profile, now)
        return Sheet(card=card, toast=f"{kind.title}. Öppna Stafett.", alert=alert, address=address_of(reach))

    def _hold(self, tx: Connection, errand: Errand, until: datetime) -> None:
        """Quiet hours: the same list is asked for again when they are over, in place of this errand."""
        errands.add(
            tx, kind=LIST, key=f"{errand.key}:q", not_before=until, person_id=errand.person_id,
            unit_id=errand.unit_id, what=errand.what,
        )  # fmt: skip

    async def do(self, errand: Errand, ready: Sheet) -> str:
        """Send it when Teams' limits let us. Raises: Later, Never."""
        await self._turn(ready.address.conversation_id)
        try:
            return await self._channel.send(ready.address, ready.card, summary=ready.toast, alert=ready.alert)
        except Throttled as fault:
            seconds = fault.retry_after or _PUT_OFF
            now = self._clock.steady()
            self._throttle().hold(ready.address.conversation_id, now + seconds, now)
            raise Later(fault.code, seconds) from fault
        except ChannelError as fault:
            raise (Later(fault.code) if fault.retryable else Never(fault.code)) from fault

    async def _turn(self, conversation_id: str) -> None:
        """Wait for room: a list is never urgent, and must not take what the urgent have left for them."""
        waited = 0.0
        while True:
            now, throttle = self._clock.steady(), self._throttle()
            if throttle.room(now).other > 0:
                wait = throttle.wait(conversation_id, now, urgent=False)
            else:
                wait = max(throttle.pause(now, urgent=False), _A_BLINK)
            if wait <= 0:
                return
            if waited + wait > _PATIENCE:
                raise Later("paced", max(wait, _PUT_OFF))
            await asyncio.sleep(wait)
            waited += wait

    def done(self, tx: Connection, errand: Errand) -> None:
        """Nothing more: whoever got the list opens what they want of it."""

    def failed(self, tx: Connection, errand: Errand, code: str) -> None:
        """The list is there for whoever asks for it; what it tells of has its own reminders. The log says so, and of a
        pass whoever leads the unit is asked to ring."""
        _LOG.error("list %s to person %s not sent (%s)", errand.what, errand.person_id, code)
        if errand.person_id is None:
            return
        status = status_after(code)
        if status is not None:
            people.mark(tx, errand.person_id, status)
        if status == people.BLOCKED:
            notices.ask(tx, errand.person_id, self._clock.care())
        missed = Occasion(
            what=errand.what, person_id=errand.person_id, unit_id=errand.unit_id, at=errand.not_before, key=errand.key
        )
        for one in told_instead(self._record.scene(tx), missed, code, self._clock.care()):
            errands.add(
                tx, kind=LIST, key=one.key, not_before=one.at, person_id=one.person_id, unit_id=one.unit_id,
                what=one.what,
            )  # fmt: skip
