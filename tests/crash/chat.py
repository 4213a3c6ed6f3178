"""Somebody in Teams, over real HTTP: writes, presses buttons, and sees the card that comes back."""

from dataclasses import dataclass, field
from typing import Any

import aiohttp
from cards import actions_of, inputs_of
from people import aad
from recorder import Recorder

Json = dict[str, Any]


@dataclass(kw_only=True)
class Chat:
    """A person's chat with the bot. `server` is where the bot listens now."""

    key: str
    number: int
    session: aiohttp.ClientSession
    recorder: Recorder
    server: str = ""
    card: Json = field(default_factory=dict)
    message: str | None = None  # the message in the chat that holds the card
    _activities: int = 0
    _last: Json = field(default_factory=dict)

    @property
    def conversation(self) -> str:
        return f"a:{self.key}"

    async def installs(self) -> None:
        await self._post(self._activity("installationUpdate", action="add"))

    async def types(self, text: str) -> None:
        """The bot's reply comes as a new message, before the request has its answer."""
        await self._post(self._activity("message", text=text, textFormat="plain"))
        reply = self.recorder.posts(self.conversation, "")[-1]
        self.card, self.message = reply.card, reply.activity_id

    async def presses(self, label: str, **answers: str) -> Json | None:
        """The card that the press is answered with; None when the line is cut before there is an answer."""
        action = next(action for action in actions_of(self.card) if action["title"] == label)
        data = {**inputs_of(self.card), **action["data"], **answers}
        value = {"action": {**action, "data": data}, "trigger": "manual"}
        press = self._activity("invoke", name="adaptiveCard/action", value=value, replyToId=self.message)
        return await self._pressed(press)

    async def presses_again(self) -> Json | None:
        """Teams repeats the last press, with the same activity id."""
        return await self._pressed(self._last)

    async def begins_urgent(self, case_ref: str) -> None:
        """From a typed word to a draft on disk."""
        await self.types("brådskande")
        await self.presses("Nej")
        await self.presses(
            "Fortsätt",
            case_ref=case_ref,
            extra_help_start_date="2026-11-16",
            extra_help_start_time="07:30",
            noticed_by_role="care_worker",
        )

    async def _pressed(self, press: Json) -> Json | None:
        self._last = press
        try:
            body = await self._post(press)
        except aiohttp.ClientError:
            return None
        assert body["statusCode"] == 200, body
        self.card = body["value"]
        return self.card

    async def _post(self, activity: Json) -> Any:
        async with self.session.post(f"{self.server}/api/messages", json=activity) as answer:
            assert answer.status == 200, answer.status
            text = await answer.read()
            return await answer.json() if text else None

    def _activity(self, type_: str, **more: Any) -> Json:
        self._activities += 1
        return {
            "type": type_, "id": f"{self.key}-{self._activities}", "channelId": "msteams", "locale": "sv-SE",
            "serviceUrl": self.recorder.service_url, "recipient": {"id": "28:bot", "name": "Stafett"},
            "from": {"id": f"29:{self.key}", "name": self.key, "aadObjectId": aad(self.number)},
            "conversation": {"conversationType": "personal", "tenantId": "tenant", "id": self.conversation},
            "channelData": {"tenant": {"id": "tenant"}}, **more,
        }  # fmt: skip
