"""Calls that ring in Teams: what the service says of them to whoever placed them, and what the one who is rung does."""

import asyncio
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

import aiohttp

from bot.demo.graph.people import Person
from bot.demo.graph.wire import Json, Refusal

_TIMEOUT = aiohttp.ClientTimeout(total=10)  # seconds for the bot to take a notification


@dataclass(kw_only=True, eq=False)
class Rung:
    """One call to one person. `prompts` are what has been played in it, `tones` the keys that have been pressed."""

    id: str
    person: Person
    callback_uri: str
    state: str = "establishing"  # establishing, established, terminated
    listens: bool = False
    prompts: list[str] = field(default_factory=list)
    tones: list[str] = field(default_factory=list)


@dataclass(eq=False)
class Calls:
    """All calls, the newest last. `signer` makes the token that a notification carries; without one it carries none."""

    app_id: str
    tenant_id: str
    signer: Callable[[], str] | None = None
    placed: list[Rung] = field(default_factory=list)
    _under_way: set[asyncio.Task[int]] = field(default_factory=set)

    def find(self, call_id: str) -> Rung:
        """Raises: Refusal for one that is not, or is over."""
        for rung in self.placed:
            if rung.id == call_id and rung.state != "terminated":
                return rung
        raise Refusal(404, "NotFound", "Call not found.")

    def place(self, person: Person, callback_uri: str) -> Rung:
        """It begins to ring. The service says so by itself."""
        rung = Rung(id=str(uuid.uuid4()), person=person, callback_uri=callback_uri)
        self.placed.append(rung)
        self.say_later(rung, self.state_of(rung))
        return rung

    # What the one who is rung does. Each returns the status with which the bot has taken the notification.

    async def answer(self, call_id: str) -> int:
        """Somebody picks up. Raises: Refusal."""
        rung = self.find(call_id)
        rung.state = "established"
        return await self.say(rung, self.state_of(rung))

    async def press(self, call_id: str, tone: str = "tone1") -> int:
        """A key is pressed: tone0 to tone9, star or pound. Nobody hears it who has not asked to. Raises: Refusal."""
        rung = self.find(call_id)
        rung.tones.append(tone)
        if not rung.listens:
            return 0
        kind = {"@odata.type": "#microsoft.graph.toneInfo"}
        info = kind | {"sequenceId": len(rung.tones), "tone": tone}
        return await self.say(rung, self.state_of(rung) | {"toneInfo": info})

    async def hang_up(self, call_id: str, *, code: int = 200, subcode: int = 0) -> int:
        """It is over: put down, or with another code never picked up (408), refused (603) or busy (486).
        Raises: Refusal."""
        rung = self.find(call_id)
        rung.state = "terminated"
        result = {"@odata.type": "#microsoft.graph.resultInfo", "code": code, "subcode": subcode}
        return await self.say(rung, self.state_of(rung) | {"resultInfo": result}, change="deleted")

    # What the service says.

    def state_of(self, rung: Rung) -> Json:
        return {"@odata.type": "#microsoft.graph.call", "id": rung.id, "state": rung.state, "direction": "outgoing"}

    async def say(self, rung: Rung, data: Json, *, change: str = "updated", under: str = "") -> int:
        """Tell whoever placed the call; the status of the answer, 0 when nobody answers."""
        notice = {
            "@odata.type": "#microsoft.graph.commsNotification",
            "changeType": change,
            "resourceUrl": f"/communications/calls/{rung.id}{under}",
            "resourceData": data,
        }
        body = {"@odata.type": "#microsoft.graph.commsNotifications", "value": [notice]}
        headers = {} if self.signer is None else {"Authorization": f"Bearer {self.signer()}"}
        try:
            async with (
                aiohttp.ClientSession(timeout=_TIMEOUT) as http,
                http.post(rung.callback_uri, json=body, headers=headers) as answer,
            ):
                return answer.status
        except (aiohttp.ClientError, TimeoutError):
            return 0

    def say_later(self, rung: Rung, data: Json, *, change: str = "updated", under: str = "") -> None:
        """Tell it by and by, as the service does beside its answers."""
        task = asyncio.create_task(self.say(rung, data, change=change, under=under))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def settle(self) -> None:
        """Until everything that was to be told has been told. In the loop that serves."""
        while self._under_way:
            await asyncio.gather(*self._under_way)

    async def close(self) -> None:
        """Nobody is told any more. In the loop that serves."""
        for task in self._under_way:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)
