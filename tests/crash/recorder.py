"""Teams' connector, played on loopback: it writes down what reaches it, and can keep an answer to itself."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

Json = dict[str, Any]
PATIENCE = 60.0  # seconds before a wait is a failure


@dataclass(frozen=True, kw_only=True)
class Call:
    """One request to the connector."""

    method: str
    conversation: str
    activity_id: str
    body: Json

    @property
    def card(self) -> Json:
        card: Json = self.body["attachments"][0]["content"]
        return card

    def is_like(self, method: str, conversation: str, word: str) -> bool:
        here = (self.method, self.conversation) == (method, conversation)
        return here and word in json.dumps(self.body, ensure_ascii=False)

    @property
    def toast(self) -> str:
        return str(self.body.get("summary", ""))


@dataclass(kw_only=True)
class Recorder:
    """`hold` is the method, the conversation and a word of the card whose request gets no answer, or half of one."""

    calls: list[Call] = field(default_factory=list)
    told: list[tuple[str, Any]] = field(default_factory=list)  # what the server's process has said of itself
    hold: tuple[str, str, str] | None = None
    half: bool = False
    held: int = 0
    url: str = ""
    _news: asyncio.Condition = field(default_factory=asyncio.Condition)
    _over: asyncio.Event = field(default_factory=asyncio.Event)
    _runner: web.AppRunner | None = None

    async def start(self) -> None:
        app = web.Application()
        app.router.add_post("/teams/v3/conversations/{conversation}/activities", self._activity)
        app.router.add_put("/teams/v3/conversations/{conversation}/activities/{activity}", self._activity)
        app.router.add_post("/house/{what}", self._house)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        self._over.set()
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def service_url(self) -> str:
        return f"{self.url}/teams/"

    async def until(self, happened: Callable[[], bool]) -> None:
        """Wait for what the connector or the server's process says. Raises TimeoutError."""
        async with asyncio.timeout(PATIENCE), self._news:
            await self._news.wait_for(happened)

    def said(self, what: str) -> list[Any]:
        """What the server's process has said under this heading."""
        return [about for heading, about in self.told if heading == what]

    def posts(self, conversation: str, toast: str) -> list[Call]:
        """New messages in a conversation whose toast begins like this."""
        return [
            call
            for call in self.calls
            if call.method == "POST" and call.conversation == conversation and call.toast.startswith(toast)
        ]

    async def _activity(self, request: web.Request) -> web.StreamResponse:
        conversation = request.match_info["conversation"]
        activity_id = request.match_info.get("activity") or f"activity-{len(self.calls) + 1}"
        call = Call(
            method=request.method, conversation=conversation, activity_id=activity_id, body=await request.json()
        )
        self.calls.append(call)
        answer = json.dumps({"id": activity_id}).encode()
        if self.hold is not None and call.is_like(*self.hold):
            return await self._kept(request, answer)
        await self._tell()
        return web.Response(status=201 if call.method == "POST" else 200, body=answer, content_type="application/json")

    async def _kept(self, request: web.Request, answer: bytes) -> web.StreamResponse:
        """The request has been taken care of, but whoever sent it does not get to know."""
        self.hold = None
        response = web.StreamResponse(status=201, headers={"Content-Type": "application/json"})
        response.content_length = len(answer)
        if self.half:
            await response.prepare(request)
            await response.write(answer[: len(answer) // 2])
        self.held += 1
        await self._tell()
        await self._over.wait()
        return response

    async def _house(self, request: web.Request) -> web.Response:
        self.told.append((request.match_info["what"], (await request.json())["about"]))
        await self._tell()
        return web.Response()

    async def _tell(self) -> None:
        async with self._news:
            self._news.notify_all()
