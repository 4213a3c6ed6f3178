"""The way out of a night call: the errand is done when it rings; what comes of it is told to the route."""

import logging
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection, select

from bot.clock import Clock
from bot.errand.door import Later, Never
from bot.graph.calls import Ringer
from bot.graph.errors import GraphAway, GraphRefused
from bot.night_calls import NightCalls
from cases import phone_calls
from cases import tables as t
from cases.errands import Errand
from cases.phone_calls import AWAY, CALL, UNREACHABLE

_LOG = logging.getLogger("stafett.errands")

PATIENCE = timedelta(minutes=3)  # a call that cannot be placed by then is no use: somebody must ring by hand
_REFUSED = "refused "
_NOT_THIS_ONE = frozenset({"no_account"})


@dataclass(frozen=True, kw_only=True)
class Ringing:
    """A call that is ready to be placed."""

    account: str
    callback: str


class CallDoor:
    """Night calls. Without `ringer` none can be placed, and whoever waits for one is told so."""

    kind = CALL

    def __init__(self, night: NightCalls, clock: Clock, ringer: Ringer | None, public_url: str) -> None:
        self._night, self._clock, self._ringer, self._public_url = night, clock, ringer, public_url

    def ready(self, tx: Connection, errand: Errand) -> Ringing | None:
        """The call as things stand now; None when somebody has the message. Raises: Never."""
        call = phone_calls.one(tx, phone_calls.number_of(errand.what))
        if call is None or not self._night.wanted(tx, call):
            return None
        if self._ringer is None or not self._public_url:
            raise Never("not_configured")
        if phone_calls.is_too_old(call, self._clock.care(), PATIENCE):
            raise Never("too_late")
        account = tx.scalar(select(t.person.c.aad_object_id).where(t.person.c.id == call.person_id))
        if not account:
            raise Never("no_account")
        return Ringing(account=account, callback=f"{self._public_url}/api/calls/{call.id}")

    async def do(self, errand: Errand, ready: Ringing) -> str:
        """Place it. Raises: Later, Never."""
        if self._ringer is None:
            raise Never("not_configured")
        try:
            return await self._ringer.place(ready.account, ready.callback)
        except GraphAway as fault:
            raise Later(fault.code, fault.after) from fault
        except GraphRefused as fault:
            raise Never(f"{_REFUSED}{fault.code}") from fault

    def done(self, tx: Connection, errand: Errand) -> None:
        """It rings from now on."""
        known_as = tx.scalar(select(t.errand.c.external_id).where(t.errand.c.id == errand.id))
        phone_calls.placed(tx, phone_calls.number_of(errand.what), known_as or "", self._clock.care())

    def failed(self, tx: Connection, errand: Errand, code: str) -> None:
        """Who cannot be rung gives way to the next in line; when nobody can be, somebody is asked to ring by hand."""
        _LOG.error("night call %s not placed (%s)", errand.what, code)
        call = phone_calls.one(tx, phone_calls.number_of(errand.what))
        if call is not None:
            is_theirs = code in _NOT_THIS_ONE or code.startswith(_REFUSED)
            self._night.ended(tx, call, UNREACHABLE if is_theirs else AWAY)
