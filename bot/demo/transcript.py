"""The demo's story played in the terminal, for a machine without node: the same house, with the cards as text."""

import asyncio
import shutil
import textwrap
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.channel.values import Address, Incoming, Member
from bot.clock import Clock
from bot.demo import town
from bot.demo.clock import first_time
from bot.house import build_record
from bot.outbox import Outbox
from bot.throttle import Unlimited
from bot.turn import Turns
from cases.store import Store, sqlite_url
from dialogs.desk import Desk
from dialogs.swedish import moment_text
from reminders.deadlines import claim_due, next_due
from reminders.localtime import to_local

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
    """The house without its HTTP edge, and a clock that the story moves."""

    def __init__(self, folder: Path, start: datetime | None) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        self.store = Store(sqlite_url(folder / "stafett.sqlite"))
        self.store.migrate()
        self.record = build_record(town.profiles_for(folder))
        self.clock = Clock()
        calendar = self.record.profiles["norrkoping"].calendar
        self.clock.offset = (start or first_time(self.clock.machine(), calendar)) - self.clock.machine()
        self.store.transaction(lambda tx: town.settle(tx, self.clock.care()))
        self.terminal = Terminal()
        desk = Desk(self.record, inline=True)
        self.turns = Turns(self.store, desk, self.clock, look=self.terminal.member, changed=lambda _due: None)
        self.outbox = Outbox(
            self.store, self.record, self.terminal, self.clock, inline=True, throttle=Unlimited(self.clock.steady())
        )
        self._turn = 0

    async def play(self) -> None:
        today = f"{to_local(self.clock.care()):%Y-%m-%d}"
        for key in ("sara", "anna", "eva", "maria"):
            await self._do(key, "installed", {}, quiet=True)
        print(f"Demoklockan är {moment_text(self.clock.care())}.")
        await self._send("urgent_lasting", {"extra_help_start_date": today, "extra_help_start_time": "07:00"})
        await self._press("anna", "do", signal="take", thread=1)
        await self._press("anna", "do", signal="answer", thread=1, action_code="home_visit")
        print("\n— Ett behov som väntas gå över: inget når handläggaren dag 1–3. —")
        await self._send("urgent_limited", {"day1": today})
        await self._let_pass(timedelta(days=3))
        await self._press("sara", "do", signal="remains", thread=2)
        print("\n— Ingen tar det. Det går vidare till nästa i tur. —")
        for minutes in (2, 18, 20):
            await self._jump(timedelta(minutes=minutes))
        self.store.close()

    async def _send(self, flow: str, answers: dict[str, str]) -> None:
        form = {"flow": flow, "unit": "HT-NORR", "protected": "no", "case_ref": "NK-2041", "need_category": "toilet"}
        await self._press("sara", "draft", **form, noticed_by_role="care_worker", **answers)
        await self._press("sara", "do", signal="send", thread=1 if flow == "urgent_lasting" else 2)

    async def _press(self, key: str, verb: str, **data: Any) -> None:
        await self._do(key, "press", {"verb": verb, **data})

    async def _do(self, key: str, kind: Any, data: dict[str, Any], *, quiet: bool = False) -> None:
        person = town.people()[key]
        self._turn += 1
        address = _address(person.name)
        incoming = Incoming(
            activity_id=f"t{self._turn}", kind=kind, invoke=True, channel_user_id=person.user_id, address=address,
            aad_object_id=person.aad_object_id, user_name=person.name, locale="sv-SE", data=data,
            reply_to_id=self.terminal.cards.get(person.name, (f"start-{key}", {}))[0],
        )  # fmt: skip
        answer = await self.turns.handle(incoming)
        if answer.card is not None and not quiet:
            print(f"\n  {person.name} trycker: {data.get('signal') or data.get('verb')}")
            self.terminal._show(address, incoming.reply_to_id or "", answer.card, "ser")
        await self._rest()

    async def _let_pass(self, span: timedelta) -> None:
        end = self.clock.care() + span
        while (due := self.store.transaction(next_due)) is not None and due <= end:
            self.clock.offset += max(due - self.clock.care(), timedelta()) + timedelta(seconds=1)
            print(f"\n— {moment_text(self.clock.care())} —")
            await self._rest()
        self.clock.offset += max(end - self.clock.care(), timedelta())

    async def _jump(self, span: timedelta) -> None:
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
            if not await self.outbox.drain() and not fired:
                return


def _address(name: str) -> Address:
    return Address(
        conversation_id=name,
        service_url="http://localhost",
        tenant_id="demo",
        bot_id="28:demo",
        conversation_type="personal",
    )


def play(folder: Path, start: datetime | None) -> int:
    """Play the story to its end."""
    asyncio.run(Story(folder, start).play())
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
