"""What every request meets before its answer: the token, the permission, Outlook's limits, and what is set to go wrong.

The order is Graph's own: who asks, whether it may, whether it asks too much.
"""

import asyncio
import time
from collections import Counter, defaultdict, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from json import JSONDecodeError
from typing import Any

from aiohttp import web

from bot.demo.graph.faults import Fault
from bot.demo.graph.permissions import Call, covered
from bot.demo.graph.wire import Json, Refusal, invalid
from bot.demo.graph.world import Made, World

_TEN_MINUTES = 600.0


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A request that has been let in."""

    world: World
    request: web.Request
    body: Json

    def part(self, name: str) -> str:
        """A part of the path."""
        return self.request.match_info[name]

    def option(self, name: str) -> str | None:
        """A query option, whatever the size of its letters."""
        wanted = name.lower()
        return next((value for key, value in self.request.query.items() if key.lower() == wanted), None)


@dataclass(frozen=True, kw_only=True)
class Said:
    """What is answered."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


Answerer = Callable[[Asked], Awaitable[Said]]


@dataclass(eq=False)
class Gate:
    """Lets requests in to a world, and answers them as Graph writes its answers."""

    world: World
    _busy: Counter[str] = field(default_factory=Counter)
    _lately: dict[str, deque[float]] = field(default_factory=lambda: defaultdict(deque))

    def guard(self, call: Call, answerer: Answerer) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        """The handler of one call."""

        async def handle(request: web.Request) -> web.StreamResponse:
            about, struck = self._about(request), self.world.faults.strike(call.name)
            worst = next((fault for fault in struck if fault.cuts or fault.status), None)
            said = Said()
            self._busy[about] += 1
            try:
                if worst is None or worst.acts:
                    said = await self._answer(call, about, request, answerer, struck)
            finally:
                self._busy[about] -= 1
            if worst is not None:
                return self._fail(call, about, worst, request)
            self._note(call, about, said.status)
            if said.body is None:
                return web.Response(status=said.status, headers=said.headers)
            return web.json_response(said.body, status=said.status, headers=said.headers)

        return handle

    async def _answer(
        self, call: Call, about: str, request: web.Request, answerer: Answerer, struck: list[Fault]
    ) -> Said:
        try:
            self._check(call, about, request)
            for fault in struck:
                await _wait(fault)
            return await answerer(Asked(world=self.world, request=request, body=await self._body(call, request)))
        except Refusal as refusal:
            return Said(status=refusal.status, body=refusal.body, headers=refusal.headers)

    def _check(self, call: Call, about: str, request: web.Request) -> None:
        """Raises: Refusal for a request that is not let in."""
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        if kind != "Bearer" or not (token == self.world.token or token in self.world.tokens):
            raise Refusal(401, "InvalidAuthenticationToken", "Access token is empty or not valid.")
        if not covered(self.world.granted, call.needs):
            raise Refusal(403, _denied(call), "Access is denied. Check credentials and try again.")
        if not call.about_mailbox:
            return
        if self.world.scope is not None and about not in self.world.scope:
            raise Refusal(403, "ErrorAccessDenied", "Access to OData is disabled for this mailbox.")
        if self._busy[about] > self.world.at_once:
            text = "Application is over its MailboxConcurrency limit."
            raise Refusal(429, "ApplicationThrottled", text, after=1)
        now, lately = time.monotonic(), self._lately[about]
        while lately and now - lately[0] > _TEN_MINUTES:
            lately.popleft()
        lately.append(now)
        if len(lately) > self.world.often:
            text = "Application is over its RequestCount limit."
            raise Refusal(429, "ApplicationThrottled", text, after=max(1, int(_TEN_MINUTES - (now - lately[0]))))

    async def _body(self, call: Call, request: web.Request) -> Json:
        """What was sent, which the SDK's own classes must know all of. Raises: Refusal."""
        if not call.body:
            return {}
        try:
            body = await request.json()
        except (JSONDecodeError, UnicodeDecodeError):
            raise invalid("Unable to read JSON request payload.", "BadRequest") from None
        if not isinstance(body, dict):
            raise invalid("Unable to read JSON request payload.", "BadRequest")
        unknown = await asyncio.to_thread(_unknown, call.body, body)
        if unknown:
            self.world.unknown.extend(f"{call.name}: {path}" for path in unknown)
            raise invalid(f"The property '{unknown[0]}' does not exist on the type.", "RequestBodyRead")
        return body

    def _about(self, request: web.Request) -> str:
        """Whose mailbox, or what else, a request is about: limits count by the mailbox, however it is named."""
        key = request.match_info.get("id", "")
        person = self.world.people.get(key)
        return (person.upn if person else key).lower()

    def _fail(self, call: Call, about: str, fault: Fault, request: web.Request) -> web.StreamResponse:
        self._note(call, about, 0 if fault.cuts else fault.status)
        if fault.cuts:
            if request.transport is not None:
                request.transport.abort()
            raise web.HTTPServiceUnavailable  # never reaches anybody: the line is gone
        headers = {} if fault.after is None else {"Retry-After": str(fault.after)}
        refusal = Refusal(fault.status, fault.code, "Set to go wrong.")
        return web.json_response(refusal.body, status=fault.status, headers=headers)

    def _note(self, call: Call, about: str, status: int) -> None:
        self.world.journal.append(Made(call=call.name, about=about, status=status, at=self.world.clock()))


async def _wait(fault: Fault) -> None:
    if fault.gate is not None:
        await asyncio.to_thread(fault.gate.wait)


def _denied(call: Call) -> str:
    """Outlook, the directory and Teams each have their own word for it."""
    if call.about_mailbox:
        return "ErrorAccessDenied"
    return "Authorization_RequestDenied" if call.path.startswith("/groups") else "Forbidden"


def _unknown(where: str, body: Json) -> list[str]:
    from bot.demo.graph.strict import unknown_properties  # loads the SDK, which takes seconds

    return unknown_properties(where, body)
