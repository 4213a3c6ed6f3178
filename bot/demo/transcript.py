"""The demo's tales played in the terminal, for a machine without node: the same house, with the cards as text."""

import asyncio
import shutil
import textwrap
from collections.abc import Awaitable, Callable
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from bot.channel.values import Address, Incoming, Member
from bot.clock import Clock
from bot.demo import town
from bot.demo.clock import first_time
from bot.demo.story_calendars import StoryCalendars
from bot.house import build_record
from bot.openings import Openings
from bot.outbox import Outbox
from bot.throttle import Unlimited
from bot.turn import Turns
from cases import load
from cases.store import Store, sqlite_url
from dialogs.desk import Desk
from dialogs.swedish import moment_text
from reminders.deadlines import claim_due, next_due
from reminders.localtime import at, to_local

_WIDTH = 76


class Terminal:
    """A channel that writes what each person gets."""

    def __init__(self) -> None:
        self.cards: dict[str, tuple[str, dict[str, Any]]] = {}
        self._count = 0

    async def send(self, address: Address, card: dict[str, Any], *, summary: str, alert: bool) -> str:
        self._count += 1
        self._show(address, f"m{self._count}", card, "får ett kort")
        return f"m{self._count}"

    async def update(self, address: Address, activity_id: str, card: dict[str, Any], *, summary: str) -> None:
        if self.cards.get(address.conversation_id, ("", {}))[0] == activity_id:
            self._show(address, activity_id, card, "ser kortet ändras")

    async def open_conversation(self, service_url: str, tenant_id: str, member_id: str) -> Address:
        return _address(town.people()[member_id.removeprefix("29:")].name)

    async def member(self, address: Address, user_id: str) -> Member:
        person = town.people()[user_id.removeprefix("29:")]
        return Member(id=user_id, aad_object_id=person.aad_object_id, name=person.name, upn=person.upn)

    def _show(self, address: Address, activity_id: str, card: dict[str, Any], what: str) -> None:
        self.cards[address.conversation_id] = (activity_id, card)
        print(f"\n  {address.conversation_id} {what}:")
        for line in _lines(card):
            print(textwrap.fill(line, _WIDTH, initial_indent="    │ ", subsequent_indent="    │ "))


class Story:
    """The house without its HTTP edge, its units by the routine of `profile`, and a clock that the story moves."""

    def __init__(self, folder: Path, start: datetime | None, profile: str = town.USUAL) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        self.store = Store(sqlite_url(folder / "stafett.sqlite"))
        self.store.migrate()
        self.record = build_record(town.profiles_for(folder))
        self.clock = Clock()
        calendar = self.record.profiles[profile].calendar
        self.clock.offset = (start or first_time(self.clock.machine(), calendar)) - self.clock.machine()
        self.store.transaction(lambda tx: town.settle(tx, self.clock.care(), profile))
        self.terminal = Terminal()
        desk = Desk(self.record, inline=True)
        self.turns = Turns(self.store, desk, self.clock, look=self.terminal.member, changed=lambda _due: None)
        self.outbox = Outbox(
            self.store, self.record, self.terminal, self.clock, inline=True, throttle=Unlimited(self.clock.steady())
        )
        self.openings = Openings(self.store, self.record, self.clock, opened=lambda: None)
        self.calendars = StoryCalendars(self.store, self.record, self.clock)
        self._turn = 0

    async def gathers(self, *people: str) -> None:
        """These people have Stafett, and their cards are written out."""
        for key in people:
            await self._do(key, "installed", {}, quiet=True)
        print(f"Demoklockan är {moment_text(self.clock.care())}.")

    def now(self, name: str) -> dict[str, str]:
        """The answer «now» to a question about a date and a time."""
        local = to_local(self.clock.care())
        return {f"{name}_date": f"{local:%Y-%m-%d}", f"{name}_time": f"{local:%H:%M}"}

    async def starts(self, key: str, flow: str, **answers: str) -> None:
        """Fill in the form of a flow, as somebody in the unit where they work."""
        form = {"flow": flow, "unit": town.workplaces()[key], "protected": "no", "need_category": "toilet"}
        await self._do(key, "press", {"verb": "draft", **form, **answers})

    async def presses(self, key: str, thread: int, signal: str, **answers: str) -> None:
        """Press a button of a thread's card as it is now, with the answers that it asks for."""
        version = self.store.transaction(lambda tx: load.one(tx, thread).version)
        data = {"verb": "do", "signal": signal, "thread": thread, "version": version}
        await self._do(key, "press", {**data, **answers})

    async def writes(self, key: str, text: str) -> None:
        """Write to Stafett and get a card in answer."""
        await self._do(key, "text", {}, text=text)

    async def _do(self, key: str, kind: Any, data: dict[str, Any], *, text: str = "", quiet: bool = False) -> None:
        person = town.people()[key]
        self._turn += 1
        address = _address(person.name)
        incoming = Incoming(
            activity_id=f"t{self._turn}", kind=kind, invoke=True, channel_user_id=person.user_id, address=address,
            aad_object_id=person.aad_object_id, user_name=person.name, locale="sv-SE", data=data, text=text,
            reply_to_id=self.terminal.cards.get(person.name, (f"start-{key}", {}))[0],
        )  # fmt: skip
        answer = await self.turns.handle(incoming)
        if answer.card is not None and not quiet:
            did = f"skriver: {text}" if text else f"trycker: {data.get('signal') or data.get('verb')}"
            print(f"\n  {person.name} {did}")
            self.terminal._show(address, incoming.reply_to_id or "", answer.card, "ser")
        await self._rest()

    async def lets_pass(self, span: timedelta) -> None:
        """Let time pass, with a stop at each reminder on the way."""
        end = self.clock.care() + span
        while (due := self.store.transaction(next_due)) is not None and due <= end:
            self.clock.offset += max(due - self.clock.care(), timedelta()) + timedelta(seconds=1)
            print(f"\n— {moment_text(self.clock.care())} —")
            await self._rest()
        self.clock.offset += max(end - self.clock.care(), timedelta())

    async def until(self, clock: time) -> None:
        """Let time pass until the local clock shows this next, with a stop at each reminder on the way."""
        local = to_local(self.clock.care())
        day = local.date() + timedelta(days=local.time() >= clock)
        await self.lets_pass(at(day, clock) - self.clock.care())
        print(f"\n— {moment_text(self.clock.care())} —")

    async def jumps(self, span: timedelta) -> None:
        """Let time pass without a stop at each reminder on the way."""
        self.clock.offset += span
        print(f"\n— {moment_text(self.clock.care())} —")
        await self._rest()

    async def _rest(self) -> None:
        while True:
            fired = self.store.transaction(
                lambda tx: self.record.fire(
                    tx, claim_due(tx, self.clock.care(), 100), self.clock.care(), self.clock.machine()
                )
            )
            moved = await self.calendars.rest()
            if not await self.outbox.drain() and not fired and not moved and not await self.openings.look():
                return


def _address(name: str) -> Address:
    return Address(
        conversation_id=name,
        service_url="http://localhost",
        tenant_id="demo",
        bot_id="28:demo",
        conversation_type="personal",
    )


def play(
    folder: Path, start: datetime | None, tale: Callable[[Story], Awaitable[None]], profile: str = town.USUAL,
    *, calendars: bool = False,
) -> int:  # fmt: skip
    """Play a tale to its end, in a municipality with this routine; with `calendars` meetings come into them."""

    async def to_the_end() -> None:
        story = Story(folder, start, profile)
        try:
            if calendars:
                await story.calendars.open()
            await tale(story)
        finally:
            await story.calendars.close()
            story.store.close()

    asyncio.run(to_the_end())
    return 0


def _lines(node: Any) -> list[str]:
    """The lines of a card, one per block; buttons in brackets."""
    if isinstance(node, list):
        return [line for item in node for line in _lines(item)]
    if not isinstance(node, dict):
        return []
    kind = node.get("type", "")
    if kind == "RichTextBlock":
        return ["".join(run["text"] for run in node["inlines"])]
    if kind.startswith("Action."):
        return [f"[{node['title']}]"]
    own = [node["text"]] if "text" in node else []
    return own + [line for key in ("body", "items", "actions") for line in _lines(node.get(key, []))]
