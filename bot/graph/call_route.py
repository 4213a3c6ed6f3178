"""What Graph tells us of the calls we have placed: picked up, a key, over. Who tells us so is checked first.

The address of each call carries its number and nothing else; the token says that it is Microsoft who calls, for this
bot and for this tenant.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from aiohttp import web
from sqlalchemy import Connection

from bot.channel.bearer import Bearer, Unauthorized, authorization_of
from bot.channel.body import Malformed, json_object
from bot.channel.rates import HUSHED
from bot.channel.settings import ChannelSettings
from bot.channel.wire import Wire
from bot.clock import Clock
from bot.graph.calls import Ringer
from bot.graph.errors import GraphAway, GraphRefused
from bot.night_calls import NightCalls
from cases import phone_calls
from cases.phone_calls import UNANSWERED, Call
from cases.store import Store

_LOG = logging.getLogger("stafett.night_calls")

METADATA = "https://api.aps.skype.com/v1/.well-known/OpenIdConfiguration"
ISSUERS = ("https://graph.microsoft.com", "https://api.botframework.com")
PATH, SOUND = "/api/calls/{number:[0-9]{1,12}}", "/api/calls/prompt.wav"
_KEY = "tone1"
Check = Callable[[web.Request], Awaitable[None]]  # raises Unauthorized


@dataclass(frozen=True, kw_only=True)
class Said:
    """One thing that is told of a call: `established`, `tone` or `over`."""

    what: str
    call_id: str


class CallAuth:
    """Whether it is Microsoft who tells us of a call. `metadata` leads to the keys; `now` is the machine's time."""

    def __init__(
        self, settings: ChannelSettings, wire: Wire, now: Callable[[], datetime], metadata: str = METADATA
    ) -> None:
        self._bearer = Bearer(wire, metadata, now, audience=settings.app_id, issuers=ISSUERS)
        self._tenants = settings.tenants

    async def check(self, request: web.Request) -> None:
        """Raises: Unauthorized."""
        claims = await self._bearer.claims(authorization_of(request))
        if claims.get("tid") not in self._tenants:
            raise Unauthorized("tenant")


class CallRoute:
    """The routes of the calls. Each notification is written down before it is answered; what is then asked of Graph
    follows after, since Graph waits only some seconds."""

    def __init__(
        self, store: Store, clock: Clock, night: NightCalls, ringer: Ringer, check: Check, sound: bytes,
        *, moved: Callable[[], None],
    ) -> None:  # fmt: skip
        self._store, self._clock, self._night, self._ringer = store, clock, night, ringer
        self._check, self._sound, self._moved = check, sound, moved
        self._afterwards: set[asyncio.Task[None]] = set()

    def add_to(self, app: web.Application) -> None:
        app.router.add_get(SOUND, self.prompt)
        app.router.add_post(PATH, self.handle)

    async def prompt(self, _request: web.Request) -> web.Response:
        """The sound, for Graph to play. It is open to everybody: there is nothing in it."""
        return web.Response(body=self._sound, content_type="audio/wav")

    async def handle(self, request: web.Request) -> web.Response:
        """401 without a word to whoever is not let in, 202 for what has been written down, never 500 for a bad body."""
        try:
            await self._check(request)
        except Unauthorized as refusal:
            if not request.get(HUSHED):
                _LOG.warning("a notification of a call refused: %s", refusal.reason)
            return web.Response(status=401)
        try:
            told = list(read(await json_object(request)))
        except Malformed:
            return web.Response(status=400)
        number = int(request.match_info["number"])
        for said in told:
            call = await self._store.run(partial(self._note, number, said))
            if call is not None:
                self._moved()
                self._follow(said, call)
        return web.Response(status=202)

    async def settled(self) -> None:
        """Until what follows the notifications has been asked of Graph."""
        while self._afterwards:
            await asyncio.gather(*self._afterwards, return_exceptions=True)

    def _note(self, number: int, said: Said, tx: Connection) -> Call | None:
        """Write it down. The call when it was news; None for what is told twice or is of another call."""
        call = phone_calls.one(tx, number)
        if call is None or (call.call_id is not None and call.call_id != said.call_id):
            return None
        if said.what == "established":
            return call if phone_calls.answered(tx, number, self._clock.care()) else None
        if said.what == "tone":
            return call if self._night.acknowledged(tx, call) else None
        return call if self._night.ended(tx, call, UNANSWERED) else None

    def _follow(self, said: Said, call: Call) -> None:
        after = {"established": self._ringer.speak, "tone": self._ringer.put_down}.get(said.what)
        if after is not None:
            task = asyncio.create_task(_asked(after, said.call_id))
            self._afterwards.add(task)
            task.add_done_callback(self._afterwards.discard)


async def _asked(what: Callable[[str], Awaitable[None]], call_id: str) -> None:
    try:
        await what(call_id)
    except (GraphAway, GraphRefused) as fault:  # the call ends unanswered by itself, and the next in line is rung
        _LOG.warning("Graph would not go on with a night call: %s", fault.code)


def read(body: Any) -> Iterator[Said]:
    """What the notifications tell. Anything else that Graph tells of a call is passed over."""
    for one in body.get("value") or [] if isinstance(body, dict) else []:
        if not isinstance(one, dict) or not isinstance(one.get("resourceData"), dict):
            continue
        parts = str(one.get("resourceUrl") or one.get("resource") or "").strip("/").split("/")
        if len(parts) != 3 or parts[1] != "calls":  # of an operation within the call
            continue
        what = _what(one["resourceData"], str(one.get("changeType") or ""))
        if what:
            yield Said(what=what, call_id=parts[2])


def _what(data: Mapping[str, Any], change: str) -> str:
    if change == "deleted" or data.get("state") == "terminated":
        return "over"
    tone = data.get("toneInfo")
    if isinstance(tone, Mapping):
        return "tone" if tone.get("tone") == _KEY else ""
    return "established" if data.get("state") == "established" else ""
