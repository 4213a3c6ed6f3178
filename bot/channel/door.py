"""The channel door: what comes from Teams goes in as `Incoming`, what the bot answers or sends goes out from here.

A bot SDK lives behind this door and nowhere else: which one is a setting, and no other room can tell.
"""

import asyncio
import logging
import traceback
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from aiohttp import web

from bot.channel.bearer import authorization_of, demand_loopback
from bot.channel.body import Malformed, json_object
from bot.channel.call import Caller
from bot.channel.errors import ChannelError, StaleAddress
from bot.channel.inbound_auth import InboundAuth, Unauthorized
from bot.channel.outbound import Outbound
from bot.channel.parse import is_invoke, parse
from bot.channel.rates import HUSHED, Buckets
from bot.channel.render import APOLOGY, invoke_body
from bot.channel.sdk import chosen
from bot.channel.settings import ChannelSettings
from bot.channel.tokens import NoToken, TokenHolder, TokenSource, msal_fetch
from bot.channel.values import Address, Answer, Incoming, Member
from bot.channel.wire import Wire
from dialogs.dialog_cards import for_chat

log = logging.getLogger(__name__)

_ASKED_BY_A_PERSON = frozenset({"text", "press", "open", "submit"})


class ChannelDoor:
    """Receives and sends. `now` gives the machine's time (aware); `tokens` replaces MSAL where a host has its own.

    Build it once; call `close()` when the server stops.
    """

    def __init__(
        self,
        settings: ChannelSettings,
        on_incoming: Callable[[Incoming], Awaitable[Answer]],
        *,
        now: Callable[[], datetime],
        tokens: TokenSource | None = None,
    ) -> None:
        self._settings = settings
        self._on_incoming = on_incoming
        self._wire = Wire(settings)
        self._tokens = tokens or (NoToken() if settings.demo else TokenHolder(msal_fetch(settings), now))
        self._auth = InboundAuth(settings, self._wire, now)
        self._sdk = chosen(settings, Caller(self._wire, self._tokens, now))
        self._outbound = Outbound(settings, self._sdk)
        self._turns = None if settings.demo else Buckets(settings.turns_per_minute, now)
        self._afterwards: set[asyncio.Task[None]] = set()

    async def handle(self, request: web.Request) -> web.Response:
        """The answer to one POST from the channel: 401 without a word to whoever is not let in, 429 to what has run
        wild, never 500."""
        try:
            claims, activity = await self._admit(request)
            incoming = parse(activity)
        except Unauthorized as unknown:
            if not request.get(HUSHED):
                log.warning("inbound refused: %s", unknown.reason)
            return web.Response(status=401)
        except Malformed as fault:
            log.warning("inbound malformed: %s", fault)
            refusal = web.Response(status=400)
            if request.content.exception() is not None:  # what comes next on the connection cannot be told apart
                refusal.force_close()
            return refusal
        except web.HTTPRequestEntityTooLarge:
            log.warning("inbound too big")
            return web.Response(status=413)
        if incoming is None:
            return web.Response(status=501 if is_invoke(activity) else 200)
        wait = self._wait(incoming)
        if wait:
            log.warning("inbound too often: %s", incoming.kind)
            return web.Response(status=429, headers={"Retry-After": str(wait)})
        body = await self._sdk.turn(claims, incoming, lambda: self._turn(incoming))
        return web.Response(status=200) if body is None else web.json_response(body)

    async def send(self, address: Address, card: dict[str, Any], *, summary: str, alert: bool) -> str:
        """Post a card; its activity id comes back. `summary` is the toast's text. Raises ChannelError."""
        return await self._outbound.send(address, self._in_chat(card), summary=summary, alert=alert)

    async def update(self, address: Address, activity_id: str, card: dict[str, Any], *, summary: str) -> None:
        """Replace a card that was posted before, without a toast. Raises ChannelError."""
        await self._outbound.update(address, activity_id, self._in_chat(card), summary=summary)

    async def open_conversation(self, service_url: str, tenant_id: str, member_id: str) -> Address:
        """The personal conversation with a member (29:…); asked twice it is the same one. Raises ChannelError."""
        return await self._outbound.open_conversation(service_url, tenant_id, member_id)

    async def member(self, address: Address, user_id: str) -> Member:
        """A person in the conversation as the channel knows them. Raises ChannelError."""
        return await self._outbound.member(address, user_id)

    async def token_fault(self) -> str | None:
        """What keeps the bot from having a token, as a code; None when there is one."""
        try:
            await self._tokens.get()
        except ChannelError as fault:
            return fault.code
        return None

    async def settled(self) -> None:
        """Wait until the posts that follow an invoke, and a token fetch, have finished."""
        while self._afterwards:
            await asyncio.gather(*self._afterwards, return_exceptions=True)
        await self._tokens.settled()

    async def close(self) -> None:
        """Let what is under way finish, then close the session."""
        await self.settled()
        await self._wire.close()

    async def _admit(self, request: web.Request) -> tuple[Mapping[str, Any], dict[str, Any]]:
        """The token is checked before the body is read: a stranger's body is not worth parsing."""
        claims: Mapping[str, Any] = {}
        if self._settings.demo:
            await demand_loopback(request)
        else:
            claims = await self._auth.claims(authorization_of(request))
        activity = await json_object(request)
        if not self._settings.demo:
            self._auth.check_activity(claims, activity)
        elif not self._settings.serves(activity.get("serviceUrl")):
            raise Unauthorized("service_host")
        return claims, activity

    def _wait(self, incoming: Incoming) -> int:
        """Seconds that this person, or this conversation, is to wait; 0 for nearly everybody.

        What a client refreshes by itself counts by itself: it must not use up what somebody presses.
        """
        if self._turns is None:
            return 0
        how = "auto" if incoming.automatic else "own"
        keys = f"{how} {incoming.channel_user_id}", f"{how} {incoming.address.conversation_id}"
        return max(self._turns.take(key) for key in keys)

    async def _turn(self, incoming: Incoming) -> dict[str, Any] | None:
        answer = await self._answer(incoming)
        if incoming.invoke and incoming.kind == "press" and answer.card is not None:
            answer = replace(answer, card=self._in_chat(answer.card))
        if not incoming.invoke:
            await self._reply(incoming, answer)
            return None
        if answer.posts and not incoming.extension:
            # The channel waits for the body only some seconds: the posts follow it.
            self._afterward(self._post(incoming, answer))
        return invoke_body(incoming, answer)

    def _in_chat(self, card: dict[str, Any]) -> dict[str, Any]:
        """The card as it lies in a chat: with forms that open in dialogs, where the clients have them."""
        return for_chat(card) if self._settings.opens_dialogs else card

    async def _answer(self, incoming: Incoming) -> Answer:
        try:
            return await self._on_incoming(incoming)
        except Exception as fault:
            # The fault's own text may quote what somebody wrote, so only its kind and place are logged.
            frame = traceback.extract_tb(fault.__traceback__)[-1]
            log.error("turn failed: %s %s at %s:%s", incoming.kind, type(fault).__name__, frame.name, frame.lineno)
        return Answer(message=APOLOGY if incoming.kind in _ASKED_BY_A_PERSON else None)

    async def _reply(self, incoming: Incoming, answer: Answer) -> None:
        """Answer an activity that has no body to answer in. Nothing is said where the bot has been taken away."""
        if incoming.kind == "removed":
            return
        try:
            if answer.card is not None:
                await self._show(incoming, answer.card, answer.summary)
            elif answer.message is not None:
                await self._outbound.say(incoming.address, answer.message)
        except ChannelError as fault:
            log.warning("reply not delivered: %s %s", incoming.kind, fault.code)
        await self._post(incoming, answer)

    async def _show(self, incoming: Incoming, card: dict[str, Any], summary: str) -> None:
        if incoming.kind == "press" and incoming.reply_to_id is not None:
            try:
                await self.update(incoming.address, incoming.reply_to_id, card, summary=summary)
                return
            except StaleAddress:
                log.info("pressed card is gone: posting anew")
        await self.send(incoming.address, card, summary=summary, alert=False)

    async def _post(self, incoming: Incoming, answer: Answer) -> None:
        for card in answer.posts:
            try:
                await self.send(incoming.address, card, summary=answer.summary, alert=False)
            except ChannelError as fault:
                log.warning("reply not delivered: %s %s", incoming.kind, fault.code)

    def _afterward(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._afterwards.add(task)
        task.add_done_callback(self._afterwards.discard)
