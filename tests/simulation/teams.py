"""Teams, played: everybody's chat, a line with delays and faults, and an account of every call that it got.

It stands where the channel door stands, and is the only thing in the simulation that is not Stafett's own.
"""

from collections.abc import Callable
from contextvars import Context
from dataclasses import dataclass, field
from random import Random
from typing import Any

from bot.channel.errors import (
    Blocked,
    ChannelError,
    NotInstalled,
    Passing,
    Refused,
    StaleAddress,
    Throttled,
)
from bot.channel.values import Address, Member
from simulation.loop import PROCESS, Process, SimLoop

TIME_OUT = 15.0  # seconds, as the channel's own for a whole call
_OUTSIDE = Context()


@dataclass(kw_only=True)
class Message:
    """A message in somebody's chat, as it looks now."""

    id: str
    card: dict[str, Any]
    toast: str


@dataclass(kw_only=True)
class Call:
    """One call of the bot's. `received`: it had its effect. `answered`: Teams said so and the process got to know."""

    kind: str
    conversation: str
    toast: str
    process: Process
    activity_id: str
    at: float
    done: float | None = None
    received: bool = False
    answered: bool = False
    fault: str = ""


@dataclass(kw_only=True)
class Fate:
    """What becomes of a call. `arrives` and `answers` are seconds from now; None: it never arrives."""

    arrives: float | None
    answers: float
    error: ChannelError | None = None


@dataclass(kw_only=True)
class PlayedTeams:
    """`storm` is how often a call meets with a fault; `arrived` is told of each new message in a chat."""

    loop: SimLoop
    rng: Random
    arrived: Callable[[str, Message], None]
    storm: float = 0.0
    slow: float = 0.02
    calls: list[Call] = field(default_factory=list)
    of_id: dict[str, list[Call]] = field(default_factory=dict)
    chats: dict[str, list[Message]] = field(default_factory=dict)
    blocked: set[str] = field(default_factory=set)
    removed: set[str] = field(default_factory=set)
    stale: set[str] = field(default_factory=set)
    final: dict[str, list[float]] = field(default_factory=dict)  # conversation → when it was refused for good
    shut_out: bool = False
    down: bool = False

    async def send(self, address: Address, card: dict[str, Any], *, summary: str, alert: bool) -> str:
        call = self._call("send", address.conversation_id, f"m{len(self.calls) + 1}", summary)

        def post() -> None:
            message = Message(id=call.activity_id, card=card, toast=summary)
            self.chats.setdefault(call.conversation, []).append(message)
            self.arrived(call.conversation, message)

        await self._travel(call, post)
        return call.activity_id

    async def update(self, address: Address, activity_id: str, card: dict[str, Any], *, summary: str) -> None:
        call = self._call("update", address.conversation_id, activity_id, summary)

        def change() -> None:
            for message in self.chats.get(call.conversation, ()):
                if message.id == activity_id:
                    message.card = card

        await self._travel(call, change)

    async def open_conversation(self, service_url: str, tenant_id: str, member_id: str) -> Address:
        """As Teams does: the same conversation for the same member; a lost one is found again."""
        conversation = "a:" + member_id.removeprefix("29:")
        call = self._call("open", conversation, "", "")
        await self._travel(call, lambda: self.stale.discard(conversation))
        return address_of(conversation)

    async def member(self, address: Address, user_id: str) -> Member:
        """Everybody here is in the roster with their directory id, so nobody is looked up."""
        raise Passing("504")

    def reply(self, conversation: str, card: dict[str, Any], toast: str) -> Message:
        """A posted answer to what somebody wrote: it is not the outbox's, and nothing goes wrong with it."""
        chat = self.chats.setdefault(conversation, [])
        chat.append(Message(id=f"r{len(chat)}:{conversation}", card=card, toast=toast))
        return chat[-1]

    def received(self, activity_id: str | None) -> bool:
        """Whether this message or change has had its effect."""
        return any(call.received for call in self.of_id.get(activity_id or "", ()))

    def conversation(self, activity_id: str) -> str:
        return self.of_id[activity_id][0].conversation

    # --- the line -----------------------------------------------------------------------------------------------------

    def _call(self, kind: str, conversation: str, activity_id: str, toast: str) -> Call:
        process = PROCESS.get()
        assert process is not None, "only Stafett calls Teams"
        call = Call(
            kind=kind, conversation=conversation, toast=toast, process=process, activity_id=activity_id,
            at=self.loop.time(),
        )  # fmt: skip
        self.calls.append(call)
        self.of_id.setdefault(activity_id, []).append(call)
        return call

    async def _travel(self, call: Call, effect: Callable[[], None]) -> None:
        fate = self._fate(call)
        call.fault = fate.error.code if fate.error is not None else ""
        answer = self.loop.create_future()

        def arrive() -> None:
            call.received = True
            effect()

        def settle() -> None:
            call.done = self.loop.time()
            if answer.done() or call.process.dead:
                return
            if fate.error is not None:
                answer.set_exception(fate.error)
            else:
                answer.set_result(None)

        # What has left the process arrives whether or not the process lives to see it.
        if fate.arrives is not None and not call.process.dead:
            self.loop.call_later(fate.arrives, arrive, context=_OUTSIDE)
        self.loop.call_later(fate.answers, settle, context=_OUTSIDE)
        await answer
        call.answered = True

    def _fate(self, call: Call) -> Fate:
        rng = self.rng
        takes = rng.uniform(0.03, 0.6) if rng.random() >= self.slow else rng.uniform(1.0, TIME_OUT - 1.0)
        lasting = self._lasting(call)
        if lasting is not None:
            if not isinstance(lasting, Passing | Refused):
                self.final.setdefault(call.conversation, []).append(self.loop.time())
            return Fate(arrives=None, answers=takes, error=lasting)
        if rng.random() >= self.storm:
            return Fate(arrives=takes * 0.5, answers=takes)
        return self._stormy(takes)

    def _lasting(self, call: Call) -> ChannelError | None:
        """What is wrong for a while: with Teams, with the bot, or with this chat."""
        if self.down:
            return Passing("503")
        if self.shut_out:
            return Refused("401")
        if call.conversation in self.blocked:
            return Blocked("403 ConversationBlockedByUser")
        if call.conversation in self.removed:
            return NotInstalled("403 BotNotInConversationRoster")
        if call.conversation in self.stale and call.kind != "open":
            return StaleAddress("404")
        return None

    def _stormy(self, takes: float) -> Fate:
        rng = self.rng
        kind = rng.choice(("time-out", "time-out", "time-out after", "502", "502 after", "412", "429", "429", "line"))
        if kind.startswith("time-out"):
            arrives = rng.uniform(0.0, TIME_OUT) if kind.endswith("after") else None
            return Fate(arrives=arrives, answers=TIME_OUT, error=Passing("timeout"))
        if kind.startswith("502"):
            return Fate(arrives=takes * 0.5 if kind.endswith("after") else None, answers=takes, error=Passing("502"))
        if kind == "429":
            pause = rng.choice((None, 1.0, 5.0, 30.0, 120.0))
            return Fate(arrives=None, answers=takes, error=Throttled("429", pause))
        if kind == "line":
            arrives = takes * 0.5 if rng.random() < 0.5 else None
            return Fate(arrives=arrives, answers=takes, error=Passing("connection"))
        return Fate(arrives=None, answers=takes, error=Passing("412"))


def address_of(conversation: str) -> Address:
    return Address(
        conversation_id=conversation, service_url="https://smba.invalid/", tenant_id="tenant", bot_id="28:bot",
        conversation_type="personal",
    )  # fmt: skip
