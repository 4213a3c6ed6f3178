"""People at work, drawn from a seed: they write, press, answer late or never, press old cards, and ask again."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from cards import actions_of, inputs_of

from bot.channel.values import Answer, Incoming
from reminders.localtime import to_local
from simulation.loop import LineCut, SimLoop
from simulation.teams import Message, PlayedTeams, address_of

Turn = Callable[[Incoming], Awaitable[Answer]]
Card = dict[str, Any]

_FORWARD = frozenset({"take", "answer", "read", "seen", "ended", "remains", "send", "resend", "complete"})
STARTS = {
    "care_worker": ("brådskande", "tillfälligt"),
    "team_lead": ("fråga", "brådskande", "tillfälligt"),
    "needs_assessor": ("fråga",),
    "return_home_team": ("överlämning", "överlämning24"),
}


@dataclass(kw_only=True)
class Resident:
    """Somebody with a phone. `told` is given every card that a press or a word was answered with."""

    key: str
    person_id: int
    role: str
    cases: tuple[str, ...]
    loop: SimLoop
    teams: PlayedTeams
    rng: Random
    turn: Turn
    told: Callable[["Resident", Card], None]
    per_day: float
    here: bool = True
    _activities: int = 0
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def conversation(self) -> str:
        return f"a:{self.key}"

    def now(self) -> datetime:
        return to_local(self.loop.wall())

    async def work(self) -> None:
        """Day after day: something comes up, mostly in the daytime."""
        words = STARTS.get(self.role, ())
        while words and self.per_day:
            await asyncio.sleep(self.rng.expovariate(self.per_day) * 86_400)
            awake = 6 <= self.now().hour < 22 or self.rng.random() < 0.2
            if self.here and awake and self.rng.random() < 0.9:
                await self._begins(self.rng.choice(words))

    def got(self, message: Message) -> None:
        """A toast: sooner or later, or never, they look."""
        after = self.rng.choice((None, None, 60, 300, 900, 3600, 4 * 3600, 20 * 3600, 60 * 3600))
        if after is not None and self.here:
            task = self.loop.create_task(self._looks(message, after * self.rng.uniform(0.3, 2.0)))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _looks(self, message: Message, after: float) -> None:
        await asyncio.sleep(after)
        if not self.here:
            return
        if self.rng.random() < 0.15:  # an older card, as it happens to look
            message = self.rng.choice(self.teams.chats.get(self.conversation) or [message])
        await self._acts(message)

    async def _acts(self, message: Message) -> None:
        for _ in range(self.rng.choice((1, 1, 2))):
            if not await self._moves(message):
                return
            await asyncio.sleep(self.rng.uniform(1.0, 200.0))

    async def _moves(self, message: Message) -> bool:
        """Press something, if need be behind «Mer …»; whether there was an answer."""
        more = True
        while more:
            actions = [one for one in actions_of(message.card) if one["data"].get("signal") or _is_more(one)]
            if not actions:
                return False
            weights = [4.0 if one["data"].get("signal") in _FORWARD else 0.5 for one in actions]
            (action,) = self.rng.choices(actions, weights)
            if not await self._presses(message, action):
                return False
            more = _is_more(action)
        return True

    async def _begins(self, word: str) -> None:
        answer = await self._does("text", {}, text=word)
        if answer is None or answer.card is None:
            return
        message = self.teams.reply(self.conversation, answer.card, answer.summary)
        for label in ("Nej", "Fortsätt", "Fortsätt ändå"):
            action = next((one for one in actions_of(message.card) if one["title"] == label), None)
            if action is None and label == "Fortsätt ändå":
                break  # no signpost stands in the way
            if action is None or not await self._presses(message, action):
                return
        if self.rng.random() < 0.9:
            await asyncio.sleep(self.rng.uniform(2.0, 300.0))
            sends = [one for one in actions_of(message.card) if one["data"].get("signal") == "send"]
            if sends:
                await self._presses(message, sends[0])

    async def _presses(self, message: Message, action: dict[str, Any]) -> bool:
        """Press, and fill in what is asked, until the card asks no more; whether there was an answer."""
        for _ in range(4):
            data = {**inputs_of(message.card), **self._filled(message.card), **action["data"]}
            answer = await self._does("press", data, reply_to=message.id)
            if answer is None:
                return False
            if answer.card is None:
                return True
            message.card = answer.card
            asked = [one for one in actions_of(message.card) if one["data"].get("verb") in ("do", "draft")]
            if not inputs_of(message.card) or not asked:
                return True
            if action["data"].get("verb") == "gate":
                return True
            action = asked[0]
        return True

    async def _does(
        self, kind: Any, data: dict[str, Any], text: str = "", reply_to: str | None = None
    ) -> Answer | None:
        """One activity. When the line is cut, Teams repeats it, or the person gives up."""
        self._activities += 1
        incoming = Incoming(
            activity_id=f"in{self._activities}", kind=kind, invoke=kind == "press", locale="sv-SE", text=text,
            channel_user_id=f"29:{self.key}", aad_object_id=f"00000000-0000-4000-8000-{self.person_id:012d}",
            user_name=self.key, address=address_of(self.conversation), data=data, reply_to_id=reply_to,
        )  # fmt: skip
        self.teams.blocked.discard(self.conversation)
        for _ in range(3):
            try:
                answer = await self.turn(incoming)
            except LineCut:
                if self.rng.random() < 0.3:
                    return None
                await asyncio.sleep(self.rng.uniform(1.0, 60.0))
                continue
            if answer.card is not None:
                self.told(self, answer.card)
            return answer
        return None

    async def installs(self) -> None:
        await self._does("installed", {"action": "add"})

    def _filled(self, card: Card) -> dict[str, str]:
        """A likely answer to each question; now and then one that the form refuses."""
        found: dict[str, str] = {}
        today = self.now().date()
        for node in _inputs(card):
            name, kind = node["id"], node["type"]
            if kind == "Input.ChoiceSet" and node["choices"]:
                found[name] = self.rng.choice(node["choices"])["value"]
            elif name == "day1":
                found[name] = str(today - timedelta(days=self.rng.randint(0, 4)))
            elif name == "extra_help_start_date":
                found[name] = str(today - timedelta(days=self.rng.choice((0, 0, 1, 3))))
            elif kind == "Input.Date":
                found[name] = str(today + timedelta(days=self.rng.choice((0, 1, 2, 3, 5, 9, 20))))
            elif kind == "Input.Time":
                found[name] = f"{self.rng.randrange(24):02d}:{self.rng.choice((0, 15, 30, 59)):02d}"
            elif name == "case_ref":
                found[name] = self.rng.choice(self.cases)
        return found


def _is_more(action: dict[str, Any]) -> bool:
    return bool(action["data"].get("verb") == "more")


def _inputs(node: Any) -> list[dict[str, Any]]:
    if isinstance(node, list):
        return [found for one in node for found in _inputs(one)]
    if not isinstance(node, dict):
        return []
    own = [node] if str(node.get("type", "")).startswith("Input.") else []
    return own + [found for key in ("body", "items") for found in _inputs(node.get(key))]


def shows(card: Card) -> tuple[str, str, int] | None:
    """The thread's reference, the state and the version that a thread's card shows, or None for any other card."""
    facts: dict[str, str] = {}
    for block in card.get("body", ()):
        runs = block.get("inlines") or ()
        if len(runs) == 2:
            facts[runs[0]["text"].rstrip(": ")] = runs[1]["text"]
    if "Läge" not in facts or "Beteckning" not in facts:
        return None
    versions = [int(action["data"].get("version") or 0) for action in actions_of(card)]
    return facts["Beteckning"].split(" ")[0], facts["Läge"], max(versions, default=0)
