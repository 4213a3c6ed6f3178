"""People in Teams over real HTTP: they begin forms, send, take, answer, ask, press old cards, and try again when the
line is cut. Each notes what they were told."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

import aiohttp
from cards import actions_of, inputs_of
from people import aad

from chaos.reading import Json, Told, questions, told_by
from chaos.recorder import Message, Recorder
from chaos.roster import NUMBERS, Cases

FLOWS = {
    "care": ("brådskande", "tillfälligt"),
    "office": ("brådskande", "tillfälligt", "fråga"),
    "assessor": ("fråga",),
    "team": ("överlämning", "överlämning24"),
}
KIND = {
    "sara": "care", "karim": "office", "maria": "office", "olle": "office", "birgitta": "office",
    "anna": "assessor", "johan": "assessor", "eva": "assessor", "lena": "team", "nils": "none",
}  # fmt: skip
TRIES = 12  # how often a client repeats what got no answer
AT_WORK = 20  # cards answered to presses before anybody dies
# «Tillbaka» leads out of «Mer …». What is sealed is gone on purpose, from every thread of its case.
NOT_PRESSED = frozenset({"Ja", "Vet inte", "Avbryt", "Hjälp", "Skyddade personuppgifter"})
PRESSED_OFTEN = frozenset({"Skicka", "Fortsätt", "Ta ärendet", "Lämna återkoppling", "Behovet kvarstår", "Kvittera"})


@dataclass(kw_only=True)
class Press:
    """One activity of a person's, and the answer as it was received."""

    person: str
    activity_id: str
    data: Json
    tries: int = 0
    answered: bool = False
    told: Told | None = None  # by an answer that came at the first try
    message: str = ""  # words instead of a card

    @property
    def signal(self) -> str:
        return str(self.data.get("signal", "")) if self.data.get("verb") == "do" else ""


@dataclass(kw_only=True)
class Load:
    """What people share: where the bot answers now, what time it is for them, and what they have noted."""

    recorder: Recorder
    session: aiohttp.ClientSession
    cases: Cases
    now: Callable[[], datetime]  # care time, local
    presses: list[Press] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)  # by every answer
    servers: list[str] = field(default_factory=list)
    going: bool = True
    at_work: asyncio.Event = field(default_factory=asyncio.Event)  # there is something to lose
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    def listening(self, servers: list[str]) -> None:
        """These servers answer from now on."""
        self.servers = servers
        if servers:
            self._news.set()
        else:
            self._news.clear()

    async def server(self, rng: Random) -> str:
        await self._news.wait()
        return rng.choice(self.servers)


@dataclass(kw_only=True)
class Person:
    """Somebody with a chat. `pace` is the mean pause between what they do, in seconds."""

    key: str
    load: Load
    rng: Random
    pace: float
    _activities: int = 0
    _last: tuple[Json, Press] | None = None

    @property
    def conversation(self) -> str:
        return f"a:{self.key}"

    async def lives(self) -> None:
        await self._post(self._activity("installationUpdate", action="add"), Press(**self._who(), data={}))
        while self.load.going:
            await self._acts()
            await asyncio.sleep(self.rng.expovariate(1 / self.pace))

    async def _acts(self) -> None:
        roll = self.rng.random()
        flows = FLOWS.get(KIND[self.key], ())
        if flows and roll < 0.25:
            await self._begins(self.rng.choice(flows))
        elif roll < 0.30 and self._last is not None:
            await self._post(*self._last)  # Teams repeats what has been answered
        elif roll < 0.33:
            await self._types("mina")
        else:
            await self._presses_something()

    # --- what they do -----------------------------------------------------------------------------------------------

    async def _begins(self, word: str) -> None:
        """From a typed word over the form to a draft, which most often is sent."""
        message = await self._types(word)
        if message is None or not await self._presses(message, message.card, "Nej"):
            return
        if await self._presses(message, message.card, "Fortsätt") and self.rng.random() < 0.9:
            await self._presses_first(message, ("Skicka", "Börja räkna dagarna", "Meddela"))

    async def _presses_something(self) -> None:
        """A button on one of the newest cards, now and then as the card looked earlier."""
        chat = self.load.recorder.chats.get(self.conversation, [])[-12:]
        if not chat:
            return
        message = self.rng.choice(chat)
        card = message.card
        if message.earlier and self.rng.random() < 0.12:
            card = self.rng.choice(message.earlier)
        await self._presses_on(message, card)

    async def _presses_on(self, message: Message, card: Json) -> None:
        titles = [action["title"] for action in actions_of(card) if action["title"] not in NOT_PRESSED]
        if not titles:
            return
        weights = [5 if title in PRESSED_OFTEN else 1 for title in titles]
        title = self.rng.choices(titles, weights)[0]
        if await self._presses(message, card, title) and questions(message.card):
            await self._presses_first(message, (title,))

    async def _presses_first(self, message: Message, beginnings: tuple[str, ...]) -> None:
        for action in actions_of(message.card):
            if action["title"].startswith(beginnings):
                if await self._presses(message, message.card, action["title"]) and questions(message.card):
                    await self._presses(message, message.card, action["title"])  # a reason is asked for
                return

    # --- how --------------------------------------------------------------------------------------------------------

    async def _types(self, text: str) -> Message | None:
        """The reply comes as a message of its own, if the connector takes it."""
        before = len(self.load.recorder.chats.get(self.conversation, []))
        await self._post(self._activity("message", text=text, textFormat="plain"), Press(**self._who(), data={}))
        chat = self.load.recorder.chats.get(self.conversation, [])
        return next((one for one in reversed(chat[before:]) if actions_of(one.card)), None)

    async def _presses(self, message: Message, card: Json, title: str) -> bool:
        """Whether a new card came back."""
        action = next((one for one in actions_of(card) if one["title"] == title), None)
        if action is None or action["type"] != "Action.Execute":
            return False
        data = {**inputs_of(card), **action["data"], **self._answers(card)}
        press = Press(**self._who(), data=data)
        value = {"action": {**action, "data": data}, "trigger": "manual"}
        activity = self._activity("invoke", name="adaptiveCard/action", value=value, replyToId=message.id)
        body = await self._post(activity, press)
        if body is None or not isinstance(body.get("value"), dict):
            return False
        message.shows(body["value"])
        return True

    async def _post(self, activity: Json, press: Press) -> Json | None:
        """The answer, after as many tries as it takes; None when there was none in the end."""
        self._last = (activity, press)
        if not press.tries:
            self.load.presses.append(press)
        for _ in range(TRIES):
            server = await self.load.server(self.rng)
            press.tries += 1
            try:
                async with self.load.session.post(f"{server}/api/messages", json=activity) as answer:
                    text = await answer.read()
                    assert answer.status == 200, answer.status
                    body = await answer.json() if text else {}
            except (aiohttp.ClientError, TimeoutError):
                continue
            self._note(press, body)
            return dict(body)
        return None

    def _note(self, press: Press, body: Json) -> None:
        press.answered = True
        value = body.get("value")
        if not isinstance(value, dict):
            press.message = str(value or "")
            return
        told = told_by(value)
        if told is not None:
            self.load.told.append(told)
            if len(self.load.told) >= AT_WORK:
                self.load.at_work.set()
        if press.tries == 1:
            press.told = told

    def _who(self) -> dict[str, str]:
        self._activities += 1
        return {"person": self.key, "activity_id": f"{self.key}-{self._activities}"}

    def _activity(self, type_: str, **more: Any) -> Json:
        return {
            "type": type_, "id": f"{self.key}-{self._activities}", "channelId": "msteams", "locale": "sv-SE",
            "serviceUrl": self.load.recorder.service_url, "recipient": {"id": "28:bot", "name": "Stafett"},
            "from": {"id": f"29:{self.key}", "name": self.key, "aadObjectId": aad(NUMBERS[self.key])},
            "conversation": {"conversationType": "personal", "tenantId": "tenant", "id": self.conversation},
            "channelData": {"tenant": {"id": "tenant"}}, **more,
        }  # fmt: skip

    def _answers(self, card: Json) -> dict[str, str]:
        """Something sensible for every question; now and then one is left empty."""
        return {one["id"]: self._answer(one) for one in questions(card)}

    def _answer(self, question: Json) -> str:
        name, kind, today = question["id"], question["type"], self.load.now().date()
        if name == "case_ref":
            return self.load.cases.fresh()
        if kind == "Input.ChoiceSet":
            return str(self.rng.choice(question["choices"])["value"])
        if kind == "Input.Time":
            return self.rng.choice(("07:30", "09:15", "13:00"))
        if kind == "Input.Date":
            days = {"day1": -self.rng.randrange(4), "extra_help_start_date": -1, "planned_date": 1}
            return (today + timedelta(days=days.get(name, self.rng.randrange(1, 7)))).isoformat()
        return "Se verksamhetssystemet"
