"""Teams' connector over real HTTP, with everything it can do wrong. It keeps each chat as the person sees it."""

import asyncio
import json
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from aiohttp import web
from cards import words_of
from counterpart import Call, Counterpart
from town import SetClock

Json = dict[str, Any]
Cut = Literal["", "at_once", "after_headers", "half_way"]


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One bad answer. `kept`: Teams has the message all the same; `cut`: where the line goes dead; `hold`: it waits."""

    status: int = 201
    code: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    kept: bool = False
    cut: Cut = ""
    hold: asyncio.Event | None = None


@dataclass(kw_only=True)
class Message:
    """A message in a chat, as it looks now; `toast` is what it was announced with when it came."""

    id: str
    activity: Json
    toast: str

    @property
    def card(self) -> Json:
        card: Json = self.activity["attachments"][0]["content"]
        return card

    @property
    def words(self) -> str:
        return words_of(self.card) if self.activity.get("attachments") else str(self.activity.get("text", ""))


@dataclass(kw_only=True)
class FaultyTeams(Counterpart):
    """Answers well, but for the faults that wait for a conversation."""

    time: SetClock
    chats: dict[str, list[Message]] = field(default_factory=dict)
    faults: dict[str, deque[Fault]] = field(default_factory=dict)
    moved: dict[str, str] = field(default_factory=dict)  # member → the conversation that is opened for them
    posted: int = 0
    then: dict[str, Callable[[], None]] = field(default_factory=dict)

    def fails(self, conversation: str, *faults: Fault) -> None:
        """The next answers in this conversation, in order."""
        self.faults.setdefault(conversation, deque()).extend(faults)

    def when_posted(self, conversation: str, then: Callable[[], None]) -> None:
        """What happens when the next message there is in the chat, before its answer is on its way."""
        self.then[conversation] = then

    def mend(self) -> None:
        """Nothing is wrong any more."""
        self.faults.clear()

    async def _connector(self, request: web.Request) -> web.StreamResponse:
        raw = await request.read()
        body: Any = json.loads(raw) if raw else None
        self.calls.append(Call(method=request.method, path=request.raw_path, headers=dict(request.headers), body=body))
        async with self.came:
            self.came.notify_all()
        parts = request.path.removeprefix("/teams/v3/conversations").strip("/").split("/")
        waiting = self.faults.get(parts[0])
        if waiting:
            return await self._wrong(request, waiting.popleft(), parts, body)
        return web.json_response(self._done(request.method, parts, body), status=201)

    def _done(self, method: str, parts: list[str], body: Any) -> Json:
        """Do what was asked for; what comes back."""
        if not parts[0]:
            member = body["members"][0]["id"]
            return {"id": self.moved.get(member, f"a:{member.removeprefix('29:')}")}
        if method == "GET":
            return self.member
        chat = self.chats.setdefault(parts[0], [])
        if method == "PUT":
            for message in chat:
                if message.id == parts[-1]:
                    message.activity = body
            return {"id": parts[-1]}
        self.posted += 1
        chat.append(Message(id=f"m{self.posted}", activity=body, toast=str(body.get("summary", ""))))
        self.then.pop(parts[0], lambda: None)()
        return {"id": chat[-1].id}

    async def _wrong(self, request: web.Request, fault: Fault, parts: list[str], body: Any) -> web.StreamResponse:
        answer: Json = {"error": {"code": fault.code, "message": "Anna Testsson skrev detta"}}
        if fault.kept:
            answer = self._done(request.method, parts, body)
        written = json.dumps(answer).encode()
        if fault.hold is not None:
            await fault.hold.wait()
        headers = {"Content-Type": "application/json", **fault.headers}
        if not fault.cut:
            return web.Response(status=fault.status, body=written, headers=headers)
        assert request.transport is not None
        response = web.StreamResponse(status=fault.status, headers=headers)
        if fault.cut != "at_once":
            response.content_length = len(written)
            await response.prepare(request)
            await response.write(written[: len(written) // 2] if fault.cut == "half_way" else b"")
        request.transport.close()
        return response
