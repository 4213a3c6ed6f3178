"""Teams' connector, played on loopback: it keeps everybody's chat, fails now and then, and writes down what it took.

It is a process apart from those that die, so what stands here has really left them.
"""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from time import monotonic
from typing import Any

from aiohttp import web
from cards import words_of

from chaos.reading import CASE, Json, Told, told_by

# What may happen to a call: how often, whether the message was taken all the same, and what is answered.
FAULTS = (
    ("throttled", 2.0, False),
    ("bad_gateway", 2.0, False),
    ("gateway_timeout", 1.0, False),
    ("hang", 0.7, False),
    ("cut", 1.0, False),
    ("taken_and_cut", 1.0, True),
    ("slow", 2.0, True),
    ("blocked", 0.4, False),
)
STATUS = {"throttled": 429, "bad_gateway": 502, "gateway_timeout": 504, "blocked": 403}
NO_FAULT = 90.0  # the weight of an ordinary answer beside the weights above
REPLY = "Stafett"  # the toast of an answer to a typed word; it is no row of the outbox
# The titles of the lists that come by themselves. They are errands, and about no thread.
LISTS = (
    "Påminnelse: journalföring", "Påminnelse: månadens genomgång", "Påminnelse: biståndsmöten",
    "Ditt jourpass har börjat", "Ditt jourpass slutar snart", "Listan till jouren kom inte fram",
    "Ingen har jouren", "Du har jour i kväll",
    "Kontrollera kvällens jour", "Dagens läge i enheten", "Utförd tid mot beställd tid", "Behörigheter har ändrats",
    "Gå igenom behörigheter", "Kontrollera: månadens åtkomst", "Kontrollera: åtkomst", "Ett ärende är avslutat",
)  # fmt: skip
ANSWERED, WITHHELD, IN_FLIGHT = "answered", "withheld", "in flight"


@dataclass(kw_only=True)
class Post:
    """One message that the connector took. `fate` is what became of its answer."""

    method: str
    conversation: str
    activity_id: str
    toast: str
    card: Json
    replica: str
    at: float
    fate: str = ""
    cases: frozenset[str] = frozenset()
    told: Told | None = None

    @property
    def is_row(self) -> bool:
        """Whether it is a new message out of the outbox."""
        return self.method == "POST" and self.toast != REPLY and not self.is_list

    @property
    def is_list(self) -> bool:
        """Whether it is a list that an errand has brought."""
        return self.method == "POST" and self.toast.startswith(LISTS)

    @property
    def group(self) -> tuple[str, str, frozenset[str]]:
        """What a person would call the same message come twice."""
        return (self.conversation, self.toast, self.cases)


@dataclass(kw_only=True)
class Message:
    """A message in somebody's chat, with the cards it has shown before."""

    id: str
    card: Json
    sent: Json  # as the connector has it; an answer to a press changes only what is seen until the chat is opened anew
    earlier: list[Json] = field(default_factory=list)

    def shows(self, card: Json) -> None:
        self.earlier = [*self.earlier[-2:], self.card]
        self.card = card


@dataclass(kw_only=True)
class Recorder:
    """`on_request` is asked at every taken message, before its answer; true when whoever sent it has been killed."""

    rng: Random
    slow: float  # seconds a slow answer takes; shorter than the senders' time-out
    faulty: bool = True
    posts: list[Post] = field(default_factory=list)
    chats: dict[str, list[Message]] = field(default_factory=dict)
    refused: dict[str, int] = field(default_factory=dict)
    settled: dict[str, int] = field(default_factory=dict)  # by replica: how many posts an autopsy has looked at
    on_request: Callable[[Post], bool] | None = None
    url: str = ""
    _over: asyncio.Event = field(default_factory=asyncio.Event)
    _runner: web.AppRunner | None = None

    async def start(self) -> None:
        app = web.Application(client_max_size=1024 * 1024)
        app.router.add_post("/teams/v3/conversations", self._open)
        app.router.add_post("/teams/v3/conversations/{conversation}/activities", self._activity)
        app.router.add_put("/teams/v3/conversations/{conversation}/activities/{activity}", self._activity)
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

    def message(self, conversation: str, activity_id: str) -> Message | None:
        return next((one for one in self.chats.get(conversation, ()) if one.id == activity_id), None)

    # --- calls ------------------------------------------------------------------------------------------------------

    async def _open(self, request: web.Request) -> web.Response:
        member = (await request.json())["members"][0]["id"]
        return web.json_response({"id": f"a:{member.removeprefix('29:')}"}, status=201)

    async def _activity(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        fault, taken = self._fault(request.method)
        if not taken:
            self.refused[fault] = self.refused.get(fault, 0) + 1
            return await self._refuse(request, fault)
        post = self._take(request, body)
        if self.on_request is not None and self.on_request(post):
            return web.Response(status=500)  # nobody is there to read it
        return await self._answer(request, post, fault)

    def _fault(self, method: str) -> tuple[str, bool]:
        if not self.faulty:
            return "", True
        roll = self.rng.uniform(0, NO_FAULT + sum(weight for _, weight, _ in FAULTS))
        for name, weight, taken in FAULTS:
            roll -= weight
            if roll < 0 and not (name == "blocked" and method == "PUT"):
                return name, taken
        return "", True

    def _take(self, request: web.Request, body: Json) -> Post:
        conversation = request.match_info["conversation"]
        activity_id = request.match_info.get("activity") or f"activity-{len(self.posts) + 1}"
        attachments = body.get("attachments") or [{"content": {}}]
        card = attachments[0]["content"]
        post = Post(
            method=request.method, conversation=conversation, activity_id=activity_id,
            toast=str(body.get("summary", "")), card=card, at=monotonic(),
            replica=request.headers.get("User-Agent", "").partition("replica-")[2][:1],
            cases=cases_on(card), told=told_by(card),
        )  # fmt: skip
        self.posts.append(post)
        known = self.message(conversation, activity_id)
        if known is not None:
            known.shows(card)
            known.sent = card
        elif request.method == "POST":
            self.chats.setdefault(conversation, []).append(Message(id=activity_id, card=card, sent=card))
        return post

    async def _answer(self, request: web.Request, post: Post, fault: str) -> web.StreamResponse:
        if fault == "taken_and_cut":
            post.fate = WITHHELD
            return _cut(request)
        if fault == "slow":
            await self._wait(self.slow)
        if request.transport is None or request.transport.is_closing():
            post.fate = post.fate or WITHHELD
            return web.Response(status=500)
        answer = json.dumps({"id": post.activity_id}).encode()
        response = web.Response(status=201, body=answer, content_type="application/json")
        await response.prepare(request)
        await response.write_eof()
        post.fate = post.fate or ANSWERED
        return response

    async def _refuse(self, request: web.Request, fault: str) -> web.StreamResponse:
        if fault == "cut":
            return _cut(request)
        if fault == "hang":
            await self._wait(60.0, request)
            return web.Response(status=500)
        headers = {"Retry-After": "1"} if fault == "throttled" else None
        body = {"error": {"code": "MessageWritesBlocked", "message": "played"}} if fault == "blocked" else {}
        return web.json_response(body, status=STATUS[fault], headers=headers)

    async def _wait(self, seconds: float, request: web.Request | None = None) -> None:
        """Until the time is out, the harness stops or the caller has hung up."""
        end = monotonic() + seconds
        while monotonic() < end and not self._over.is_set():
            if request is not None and (request.transport is None or request.transport.is_closing()):
                return
            try:
                await asyncio.wait_for(self._over.wait(), 0.05)
            except TimeoutError:
                continue


def _cut(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)


def cases_on(card: Any) -> frozenset[str]:
    """Every case that a card names: the one it is about, or those of a card for several messages."""
    return frozenset(CASE.findall(words_of(card)))
