"""Stories are told in a town: real record, turns and outbox; only Teams itself is played, and the clock is set."""

import asyncio
import tempfile
from collections.abc import Coroutine
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from cards import actions_of, inputs_of, words_of
from people import aad, settle
from played_teams import Message, PlayedTeams
from sqlalchemy import Connection, select

from bot.channel.values import Address, Answer, Incoming
from bot.clock import Clock
from bot.house import build_record
from bot.outbox import Outbox
from bot.throttle import Throttle
from bot.turn import Turns
from cases import load
from cases import tables as t
from cases.lanes import Room
from cases.record import Record
from cases.store import Store, sqlite_url
from cases.thread import ThreadNow
from dialogs.desk import Desk
from reminders.deadlines import claim_due, next_due
from reminders.localtime import to_utc

T = TypeVar("T")


class SetClock(Clock):
    """A clock that stands still until it is set. Care time and machine time go together."""

    def __init__(self, local: str) -> None:
        super().__init__()
        self.time = instant(local)

    def machine(self) -> datetime:
        return self.time

    def shared(self, tx: Connection) -> datetime:
        return self.time

    def steady(self) -> float:
        return self.time.timestamp()


class Patient(Throttle):
    """A Teams that takes everything at once, since the clock stands still; it still asks for pauses with 429."""

    def room(self, now: float) -> Room:
        return Room.of(1_000)

    def wait(self, conversation_id: str, now: float, *, urgent: bool) -> float:
        return max(self._conversation(conversation_id).closed_until - now, 0.0)


def instant(local: str) -> datetime:
    """«2026-11-16 09:00», local time, as a UTC instant."""
    return to_utc(datetime.fromisoformat(local)).astimezone(UTC)


@cache
def empty_database() -> bytes:
    """A database with every migration run, made once and copied for each story."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "empty.sqlite"
        store = Store(sqlite_url(path))
        store.migrate()
        store.close()
        return path.read_bytes()


def new_sqlite(folder: Path) -> str:
    """The URL of an empty, migrated database on a file in this folder."""
    (folder / "stafett.sqlite").write_bytes(empty_database())
    return sqlite_url(folder / "stafett.sqlite")


@dataclass(kw_only=True)
class Resident:
    """Somebody in the town, with their chat."""

    town: "Town"
    key: str
    id: int
    shown: dict[str, Any] = field(default_factory=dict)  # the card last answered to a press
    pressed_message: str | None = None

    @property
    def conversation(self) -> str:
        return f"a:{self.key}"

    def chat(self) -> list[Message]:
        return self.town.teams.chats.get(self.conversation, [])

    def installs(self) -> None:
        self._turn("installed", {})

    def types(self, text: str) -> None:
        """Write to the bot; the answer is posted as a new message."""
        answer = self._turn("text", {}, text=text)
        self._post(answer)

    def presses(self, label: str, **answers: str) -> None:
        """Press a button on the newest card that has it, after filling in the card's questions."""
        message, action = self._button(label)
        data = {**inputs_of(message.card), **action["data"], **answers}
        answer = self._turn("press", data, reply_to=message.id)
        if answer.card is not None:
            message.card = answer.card
        self.town.settle()

    def answers(self, label: str, **answers: str) -> None:
        """Press a button that asks, fill in its form and send it in."""
        self.presses(label)
        self.presses(label, **answers)

    def keeps(self) -> tuple[dict[str, Any], Message]:
        """The newest card as it looks now, to be pressed when it is old."""
        return deepcopy(self.chat()[-1].card), self.chat()[-1]

    def presses_old(self, card: dict[str, Any], label: str, message: Message) -> None:
        """Press a button on a card as it looked earlier."""
        action = next(action for action in actions_of(card) if action["title"] == label)
        answer = self._turn("press", dict(action["data"]), reply_to=message.id)
        assert answer.card is not None
        message.card = answer.card
        self.town.settle()

    def sees(self, text: str) -> bool:
        """Whether the text stands on any card in the chat now."""
        return any(text in words_of(message.card) for message in self.chat())

    def newest(self) -> str:
        """All words of the newest message."""
        return words_of(self.chat()[-1].card) if self.chat() else ""

    def buttons(self) -> list[str]:
        """The buttons of the newest message."""
        return [action["title"] for action in actions_of(self.chat()[-1].card)] if self.chat() else []

    def toasts(self) -> list[str]:
        return [message.toast for message in self.chat()]

    def has_heard_nothing(self) -> bool:
        return not [message for message in self.chat() if message.toast != "Stafett"]

    def starts(self, flow_title: str, case_ref: str, **answers: str) -> None:
        """From the start card to a draft on disk."""
        self.types("start")
        self.presses(flow_title)
        self.presses("Nej")
        self.presses("Fortsätt", case_ref=case_ref, **answers)

    def begins(self, flow: str, case_ref: str, **answers: str) -> None:
        """A draft of the flow with this name."""
        self.starts(self.town.record.flows[flow].title, case_ref, **answers)

    def forges(self, **data: Any) -> Answer:
        """Send what no card of theirs offers."""
        return self._turn("press", data)

    def _button(self, label: str) -> tuple[Message, dict[str, Any]]:
        for message in reversed(self.chat()):
            for action in actions_of(message.card):
                if action["title"] == label:
                    return message, action
        raise AssertionError(f"{self.key} har ingen knapp «{label}»; det nyaste kortet: {self.newest()}")

    def _post(self, answer: Answer) -> None:
        assert answer.card is not None
        self.town.do(self.town.teams.send(self.address(), answer.card, summary=answer.summary, alert=False))
        self.town.settle()

    def address(self) -> Address:
        return Address(
            conversation_id=self.conversation, service_url="http://localhost/", tenant_id="tenant", bot_id="28:bot",
            conversation_type="personal",
        )  # fmt: skip

    def _turn(self, kind: Any, data: dict[str, Any], text: str = "", reply_to: str | None = None) -> Answer:
        self.town.activities += 1
        incoming = Incoming(
            activity_id=f"in{self.town.activities}", kind=kind, invoke=kind == "press", locale="sv-SE", text=text,
            channel_user_id=f"29:{self.key}", aad_object_id=aad(self.id), user_name=self.key, address=self.address(),
            data=data, reply_to_id=reply_to,
        )  # fmt: skip
        self.town.last = incoming
        return self.town.do(self.town.turns.handle(incoming))


class Town:
    """Everything of Stafett but the HTTP edge, with a clock that the story sets.

    `where` is the URL of an empty, migrated database, or a folder for one on a SQLite file.
    """

    def __init__(self, where: Path | str, local: str = "2026-11-16 09:00", record: Record | None = None) -> None:
        self.clock = SetClock(local)
        self.store = Store(where if isinstance(where, str) else new_sqlite(where))
        self.record = record or build_record()
        self.teams = PlayedTeams()
        self.activities = 0
        self.last: Incoming | None = None
        self._loop = asyncio.new_event_loop()
        self.desk = Desk(self.record)
        self.turns = Turns(self.store, self.desk, self.clock, look=self.teams.member, changed=lambda _due: None)
        self.outbox = Outbox(
            self.store, self.record, self.teams, self.clock, inline=False, throttle=Patient(self.clock.steady())
        )
        ids = self.store.transaction(settle)
        self.residents = {key: Resident(town=self, key=key, id=number) for key, number in ids.items()}
        for resident in self.residents.values():
            resident.installs()

    def __getattr__(self, name: str) -> Resident:
        try:
            return self.__dict__["residents"][name]
        except KeyError:
            raise AttributeError(name) from None

    def close(self) -> None:
        self.store.close()
        self._loop.close()

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        return self._loop.run_until_complete(work)

    def settle(self) -> None:
        """Let the clock's due signals and the outbox come to rest at the present time."""
        for _ in range(50):
            fired = self.store.transaction(self._fire)
            if not self.do(self.outbox.drain()) and not fired:
                return
        raise AssertionError("the town does not come to rest")

    def until(self, local: str) -> None:
        """Let time pass, stopping at every deadline on the way."""
        end = instant(local)
        assert end >= self.clock.time, "time goes forward"
        while (due := self.store.transaction(self._next)) is not None and due <= end:
            self.clock.time = max(self.clock.time, due)
            self.settle()
        self.clock.time = end
        self._wait_for_paced_rows()

    def _next(self, tx: Connection) -> datetime | None:
        """When a deadline is due or a message need no longer be held for the night."""
        held = select(t.outbox.c.not_before).where(t.outbox.c.status == "waiting", t.outbox.c.failure == "quiet")
        times = [*tx.scalars(held), next_due(tx)]
        return min((at for at in times if at is not None), default=None)

    def down_until(self, local: str) -> None:
        """Stafett is stopped, and comes up again at this time."""
        self.clock.time = instant(local)
        self.settle()

    def _wait_for_paced_rows(self) -> None:
        """Rows that the throttle has put off a little go out within the next minutes."""
        for _ in range(20):
            self.settle()
            soon = self.clock.time + timedelta(minutes=10)
            paced = select(t.outbox.c.id).where(t.outbox.c.status == "waiting", t.outbox.c.not_before <= soon)
            if self.store.transaction(lambda tx, query=paced: tx.scalar(query)) is None:
                return
            self.clock.time += timedelta(seconds=30)

    def _fire(self, tx: Connection) -> int:
        rows = claim_due(tx, self.clock.care(), 100)
        return self.record.fire(tx, rows, self.clock.care(), self.clock.machine()) if rows else 0

    # --- looking into the record --------------------------------------------------------------------------------

    def thread(self, number: int = 1) -> ThreadNow:
        return self.store.transaction(lambda tx: load.one(tx, number))

    def rows(self, table: Any) -> list[Any]:
        return self.store.transaction(lambda tx: list(tx.execute(select(table))))

    def rows_of(self, name: str) -> list[Any]:
        """Every row of the table with this name."""
        return self.rows(t.metadata.tables[name])
