"""Drawn activities against the real door and the real turn, over HTTP on loopback, and what must hold after each.

A town is lived in for so many activities, then everybody moves into a new one: so a fault is told with the few that led
to it, and memory that grows is ours.
"""

import asyncio
import json
import logging
import re
import tempfile
from collections import Counter, deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import aiohttp
from aiohttp import web
from counterpart import Clock, Counterpart
from cryptography.hazmat.primitives.asymmetric import rsa
from databases import new_sqlite
from flow_walk import EVERY_STATE, PATHS, STAGED, led_to
from harness import settings
from played_teams import Message
from sqlalchemy import func, select
from town import Town

from bot.channel.door import ChannelDoor
from bot.front import Front
from bot.guard import Handler, guarded
from cases import account_check
from cases import tables as t
from cases.errors import RecordError
from fuzz.activities_drawn import STRANGER, Drawn, drawn
from fuzz.draw import NUMBERS, Draw
from reminders.localtime import to_local

ANSWERS = frozenset({200, 400, 401, 413, 501})
REFUSALS = frozenset({400, 401, 413})
WRONG = ("Felkod", "Något gick fel hos oss")
LIVED_IN = 2_000  # activities in one town
LOOKED_OVER = 500  # activities between two looks through the whole database
HOUR_EVERY = 100  # activities between two steps of the clock
FULL = 14  # threads that a town begins with, of any flow and in any state
LENGTH = 160  # bytes to draw one activity from
TOGETHER = 8  # activities at the same time
_AT_ONCE = [one for one in EVERY_STATE if not any(step.startswith("until") for step in PATHS[one[0]][one[1]])]
_PLAIN = [one for one in _AT_ONCE if one[0] not in STAGED]
_STAGED = [one for one in _AT_ONCE if one[0] in STAGED]  # one in a town: each changes the town in a way of its own
_LONGEST = 1_500  # bytes of an activity that are told
# Standing alone: within a longer row of digits it is no personal number.
_NUMBERS = re.compile(rb"(?<!\d)(?<!\d[ .-])(?:%s)(?![ .-]?\d)" % b"|".join(re.escape(one.encode()) for one in NUMBERS))


class Found(AssertionError):
    """Something that must not be, with the last activities that led to it."""


class Errors(logging.Handler):
    """Keeps what is logged: errors, but for lists to who has no chat yet, and lines with a personal number in them."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        line = record.getMessage()
        if (record.levelno >= logging.ERROR and "(no_conversation)" not in line) or told(line.encode()):
            self.lines.append(f"{record.name}: {line}")


def told(raw: bytes) -> bool:
    """Whether one of the personal numbers stands in it."""
    return _NUMBERS.search(raw) is not None


def around(text: str) -> str:
    """What stands about a personal number."""
    raw = text.encode("utf-8", "replace")
    found = _NUMBERS.search(raw)
    return "" if found is None else raw[max(found.start() - 200, 0) : found.end() + 80].decode("utf-8", "replace")


@dataclass(kw_only=True)
class FuzzedDoor:
    """A town behind its real door. `count` is of statuses and of what was drawn."""

    folder: Path
    far: Counterpart
    keys: list[rsa.RSAPrivateKey]
    rng: Random
    database: Callable[[], str]  # the URL of a new, migrated database
    count: Counter[str] = field(default_factory=Counter)
    handler: Handler | None = None  # in place of the town's own, to see that what is wrong is found
    number: int = 0
    town: Town | None = None
    seen: deque[Drawn] = field(default_factory=lambda: deque(maxlen=2 * TOGETHER))
    errors: Errors = field(default_factory=Errors)
    _client: aiohttp.ClientSession | None = None
    _runner: web.AppRunner | None = None
    _door: ChannelDoor | None = None
    _url: str = ""
    _tokens: dict[str, str] = field(default_factory=dict)

    # --- the town -----------------------------------------------------------------------------------------------

    def open(self) -> Town:
        """A new town, with a door of its own."""
        self.close()
        self.town = town = Town(self.database())
        logging.getLogger().addHandler(self.errors)
        town.do(self._open(town))
        for flow, state in [self.rng.choice(_STAGED), *self.rng.sample(_PLAIN, FULL)]:
            with suppress(RecordError, AssertionError):  # what stands in the way of one another stays where it got to
                led_to(town, flow, state, content={})
        town.settle()
        return town

    def close(self) -> None:
        logging.getLogger().removeHandler(self.errors)
        if self.town is not None:
            self.town.do(self._close())
            self.town.close()
            self.town = None

    async def _open(self, town: Town) -> None:
        self.far.clock = town.clock.machine
        await self.far.start()
        chosen = settings(self.far, turns_per_minute=10**9, refusals_per_minute=0)
        self._door = ChannelDoor(chosen, guarded(self.handler or town.turns.handle), now=town.clock.machine)
        app = Front(chosen, town.clock.machine).application()
        app.router.add_post("/api/messages", self._door.handle)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self._url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/api/messages"
        self._client = aiohttp.ClientSession()
        self._sign()

    async def _close(self) -> None:
        assert self._client is not None and self._door is not None and self._runner is not None
        await self._client.close()
        await self._door.close()
        await self._runner.cleanup()
        await self.far.stop()

    def _sign(self) -> None:
        good, now = self.far.token(), int(self.far.clock().timestamp())
        head, _, signature = good.split(".")
        strangers = Counterpart(clock=self.far.clock, signing=self.keys[1], folder=self.folder)
        bad = {
            "none": "", "word": "Bearer", "garbage": "Bearer a.b.c", "basic": "Basic Zm9vOmJhcg==",
            "huge": f"Bearer {'a' * 7_000}",
            "over": f"Bearer {self.far.token(exp=now - 3_600)}", "later": f"Bearer {self.far.token(nbf=now + 3_600)}",
            "other": f"Bearer {self.far.token(aud='someone-else')}", "issuer": f"Bearer {self.far.token(iss='x')}",
            "forged": f"Bearer {strangers.token(serviceurl=self.far.service_url)}", "cut": f"Bearer {good[:-9]}",
            "swapped": f"Bearer {head}.{head}.{signature}", "kid": f"Bearer {self.far.token(kid='../../x')}",
        }  # fmt: skip
        self._tokens = {"good": f"Bearer {good}", **bad}

    # --- one activity -------------------------------------------------------------------------------------------

    def play(self, data: Sequence[bytes]) -> None:
        """Draw activities, post them at the same time, and look at what came of them. Raises: Found.

        What must leave no trace is posted by itself, after the others.
        """
        town = self.town if self.town is not None and self.number % LIVED_IN >= len(data) else self.open()
        if self.number % HOUR_EVERY < len(data):
            self._an_hour(town)
        batch = [self._draw(town, one) for one in data]
        self._post([one for one in batch if not one.traceless])
        for one in batch:
            if one.traceless:
                before = self._rows()
                self._post([one])
                if self._rows() != before:
                    self._found("what must leave no trace has left one", one)
        if self.number % LOOKED_OVER < len(data):
            self.look_over()

    def _draw(self, town: Town, data: bytes) -> Drawn:
        self.number += 1
        chats = {one.key: one.chat()[-4:] for one in town.residents.values()}
        return drawn(Draw(data), chats, self.far.service_url, self._tokens, self.number)

    def _post(self, batch: Sequence[Drawn]) -> None:
        assert self.town is not None
        self.seen.extend(batch)
        answers = self.town.do(self._answers(batch))
        self.town.settle()
        posted = [json.dumps(call.body, ensure_ascii=False) for call in self.far.calls]
        self.far.calls.clear()
        for one, (status, raw) in zip(batch, answers, strict=True):
            self._judge(one, status, raw, posted)
            self._show(self.town, one, raw)

    async def _answers(self, batch: Sequence[Drawn]) -> list[tuple[int, bytes]]:
        assert self._door is not None
        answers = await asyncio.gather(*(self._answer(one) for one in batch))
        await self._door.settled()
        return answers

    async def _answer(self, one: Drawn) -> tuple[int, bytes]:
        assert self._client is not None
        headers = {name: value for name, value in one.headers.items() if value}
        async with self._client.post(self._url, data=one.body, headers=headers) as answer:
            return answer.status, await answer.read()

    def _an_hour(self, town: Town) -> None:
        later = town.clock.time + timedelta(hours=1)
        town.until(f"{to_local(later):%Y-%m-%d %H:%M}")
        self._sign()

    def _judge(self, one: Drawn, status: int, raw: bytes, posted: list[str]) -> None:
        self.count[str(status)] += 1
        text = "\n".join([raw.decode("utf-8", "replace"), *posted])
        if status not in ANSWERS:
            self._found(f"answered {status}", one)
        if one.refused and status not in REFUSALS:
            self._found(f"should have been refused, was answered {status}", one)
        if any(word in text for word in WRONG):
            self._found("told that something went wrong", one)
        if told(text.encode("utf-8", "replace")):
            self._found(f"a personal number was told again: {around(text)}", one)
        if self.errors.lines:
            self._found(f"logged: {self.errors.lines[:3]}", one)

    def _show(self, town: Town, one: Drawn, raw: bytes) -> None:
        """What was answered and what came lies in the chats."""
        chats = town.teams.chats
        if raw.startswith(b"{") and one.who != STRANGER:
            answer = json.loads(raw)
            card = answer.get("value") if isinstance(answer.get("value"), dict) else _of_task(answer)
            if card:
                name = f"c{len(chats.get(f'a:{one.who}', ()))}-{self.number}"
                chats.setdefault(f"a:{one.who}", []).append(Message(id=name, card=card, toast="", alerted=False))

    # --- the whole ----------------------------------------------------------------------------------------------

    def look_over(self) -> None:
        """Look through the database. Raises: Found."""
        assert self.town is not None
        one = self.seen[-1]
        for table in t.metadata.sorted_tables:
            kept = repr(self.town.rows(table))
            if told(kept.encode()):
                self._found(f"a personal number is kept in {table.name}: {around(kept)}", one)
        flows = self.town.record.flows
        for row in self.town.rows(t.thread):
            if row.flow not in flows or row.state not in {*flows[row.flow].states, "sealed", "withdrawn"}:
                self._found(f"a thread of {row.flow} in state {row.state}", one)
        checked = self.town.store.transaction(account_check.check)
        if checked.faults:
            self._found(f"the account does not hold: {checked.faults[:3]}", one)

    def _rows(self) -> list[int]:
        """How much there is of what a stranger must not touch: versions of threads, answers, receipts."""
        assert self.town is not None
        asked = (func.sum(t.thread.c.version), func.count(t.content.c.seq.distinct()), func.count(t.party.c.read_at))
        return self.town.store.transaction(lambda tx: [tx.scalar(select(one)) for one in asked])

    def _found(self, what: str, one: Drawn) -> None:
        before = [f"{each.who} {each.body[:_LONGEST]!r}" for each in self.seen]
        self.errors.lines.clear()
        raise Found(
            "\n".join([f"activity {self.number}: {what}", f"{one.who} {one.body[:_LONGEST]!r}", "after:", *before])
        )


def _of_task(answer: dict[str, Any]) -> Any:
    value = answer.get("task", {}).get("value") if isinstance(answer.get("task"), dict) else None
    return value.get("card", {}).get("content") if isinstance(value, dict) else None


def opened(
    folder: Path, keys: list[rsa.RSAPrivateKey], seed: int, database: Callable[[], str] | None = None
) -> FuzzedDoor:
    """A door with nobody at it yet; on SQLite files in the folder, unless something else is given."""

    def new_file() -> str:
        for one in folder.glob("stafett.sqlite*"):
            one.unlink()
        return new_sqlite(folder)

    far = Counterpart(clock=Clock(), signing=keys[0], folder=folder)
    return FuzzedDoor(folder=folder, far=far, keys=keys, rng=Random(seed), database=database or new_file)


def new_keys() -> list[rsa.RSAPrivateKey]:
    return [rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2)]


def run(runs: int, seed: int, tell: Callable[[FuzzedDoor], None] = lambda _door: None) -> Counter[str]:
    """So many activities; `tell` is called now and then. Raises: Found."""
    rng = Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        door = opened(Path(folder), new_keys(), seed)
        try:
            while door.number < runs:
                door.play([rng.randbytes(LENGTH) for _ in range(min(TOGETHER, runs - door.number))])
                tell(door)
            door.look_over()
        finally:
            door.close()
        return door.count
