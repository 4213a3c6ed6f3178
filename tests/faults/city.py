"""The whole house over real HTTP in both directions: tokens are checked, and only the clock is set."""

from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import Any

import aiohttp
from aiohttp import web
from cards import actions_of, inputs_of
from counterpart import APP_ID, SECRET, TENANT
from people import aad, settle
from teams import FaultyTeams, Message
from test_drafts import BEGIN
from town import SetClock

from bot.channel.settings import ChannelSettings, ClientSecret
from bot.house import House, build_record
from cases.record import Record
from cases.store import Store

Json = dict[str, Any]

record = cache(build_record)


@dataclass(kw_only=True)
class Person:
    """Somebody in Teams."""

    city: "City"
    key: str
    number: int
    said: str = ""  # what the last press was answered with, when it was not a card
    last: Json = field(default_factory=dict)

    @property
    def conversation(self) -> str:
        return f"a:{self.key}"

    @property
    def chat(self) -> list[Message]:
        return self.city.teams.chats.get(self.conversation, [])

    def sees(self, text: str) -> bool:
        return any(text in message.words for message in self.chat)

    def got(self, toast: str) -> int:
        """How many messages have come with a toast that begins so."""
        return sum(message.toast.startswith(toast) for message in self.chat)

    async def types(self, text: str) -> None:
        await self.city.post(self._activity("message", text=text, textFormat="plain"))

    async def presses(self, label: str, **answers: str) -> None:
        """Press a button on the newest card that has it, and see what the answer shows."""
        message, action = next(
            (message, action)
            for message in reversed(self.chat)
            for action in actions_of(message.card)
            if action["title"] == label
        )
        data = {**inputs_of(message.card), **action["data"], **answers}
        value = {"action": {**action, "data": data}, "trigger": "manual"}
        self.last = self._activity("invoke", name="adaptiveCard/action", value=value, replyToId=message.id)
        self._shown(message, await self.city.post(self.last))

    async def presses_again(self) -> None:
        """Teams repeats the last press, with the same activity id."""
        message = next(message for message in self.chat if message.id == self.last["replyToId"])
        self._shown(message, await self.city.post(self.last))

    async def begins_urgent(self, case_ref: str = "NK-2041") -> None:
        """From a typed word to a draft on disk."""
        await self.types("brådskande")
        await self.presses("Nej")
        await self.presses("Fortsätt", case_ref=case_ref, **BEGIN["urgent_lasting"][1])

    def _shown(self, message: Message, body: Any) -> None:
        self.said = ""
        if isinstance(body["value"], str):
            self.said = body["value"]
        else:
            message.activity = {**message.activity, "attachments": [{"content": body["value"]}]}

    def _activity(self, type_: str, **more: Any) -> Json:
        self.city.activities += 1
        return {
            "type": type_, "id": f"in{self.city.activities}", "channelId": "msteams", "locale": "sv-SE",
            "serviceUrl": self.city.teams.service_url, "recipient": {"id": "28:bot", "name": "Stafett"},
            "from": {"id": f"29:{self.key}", "name": self.key, "aadObjectId": aad(self.number)},
            "conversation": {"conversationType": "personal", "tenantId": TENANT, "id": self.conversation},
            "channelData": {"tenant": {"id": TENANT}}, **more,
        }  # fmt: skip


@dataclass(kw_only=True)
class City:
    """A house in a web server, Teams on the other side, and everybody in the municipality."""

    teams: FaultyTeams
    clock: SetClock
    store: Store
    record: Record
    settings: ChannelSettings
    session: aiohttp.ClientSession
    ids: dict[str, int]
    activities: int = 0
    house: House = field(init=False)
    _runner: web.AppRunner | None = None
    _url: str = ""
    _running: bool = False

    def __post_init__(self) -> None:
        self.house = House.build(self.store, self.record, self.settings, self.clock)
        self.people = {key: Person(city=self, key=key, number=number) for key, number in self.ids.items()}

    def __getattr__(self, name: str) -> Person:
        try:
            return self.__dict__["people"][name]
        except KeyError:
            raise AttributeError(name) from None

    async def open(self) -> None:
        """Listen. The loops are the test's: `settle` does what they do, at a time of its choosing."""
        app = web.Application()
        app.router.add_post("/api/messages", self.house.door.handle)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self._url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/api/messages"

    async def starts(self) -> None:
        """Let the loops run by themselves."""
        self._running = True
        await self.house.start()

    async def close(self) -> None:
        await (self.house.stop() if self._running else self.house.outbox.stop())
        await self.house.door.close()
        if self._runner is not None:
            await self._runner.cleanup()
        self.store.close()

    async def post(self, activity: Json) -> Any:
        """What the bot answers with. It always answers, whatever has happened to it."""
        headers = {"Authorization": f"Bearer {self.teams.token()}"}
        async with self.session.post(self._url, json=activity, headers=headers) as answer:
            assert answer.status == 200, answer.status
            raw = await answer.read()
            return await answer.json() if raw else None

    async def settle(self) -> None:
        """Let the clock and the outbox come to rest at the present time."""
        for _ in range(50):
            await self.house.look()
            if not await self.house.outbox.drain():
                return
        raise AssertionError("the city does not come to rest")

    async def passes(self, seconds: float, step: float = 5.0) -> None:
        """Let time go by."""
        end = self.clock.time + timedelta(seconds=seconds)
        while self.clock.time < end:
            self.clock.time = min(self.clock.time + timedelta(seconds=step), end)
            await self.settle()

    def rows(self, query: str) -> list[Any]:
        return self.store.transaction(lambda tx: list(tx.exec_driver_sql(query)))


async def opened(teams: FaultyTeams, url: str, **changes: Any) -> City:
    """A city on this database, everybody installed."""
    store = Store(url)
    given: dict[str, Any] = {
        "app_id": APP_ID, "tenant_id": TENANT, "credentials": ClientSecret(value=SECRET),
        "service_hosts": frozenset({"127.0.0.1"}), "openid_metadata": f"{teams.url}/openid",
        "login_authority": teams.login, "ca_file": teams.ca_file, "timeout": 5.0, "dialogs": False,
    }  # fmt: skip
    made = City(
        teams=teams, clock=teams.time, store=store, record=record(), settings=ChannelSettings(**given | changes),
        session=aiohttp.ClientSession(), ids=store.transaction(settle),
    )  # fmt: skip
    await made.open()
    for person in made.people.values():
        await made.post(person._activity("installationUpdate", action="add"))
    return made
