"""Life and death: servers start, die at their moments and start again; in the end everything comes to rest."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from time import monotonic
from zoneinfo import ZoneInfo

import aiohttp

from chaos import autopsy, moments
from chaos.account import LOST, Account
from chaos.books import Books
from chaos.people import Load
from chaos.recorder import Post, Recorder
from chaos.replica import Replica
from chaos.server import Orders

MONDAY = datetime(2026, 11, 16, 8, 0, tzinfo=UTC)  # nine o'clock in Sweden
STOCKHOLM = ZoneInfo("Europe/Stockholm")
LEASE, TIMEOUT = 5.0, 2.0  # seconds; in earnest 60 and 15
LONGEST_WAIT = 3.0  # seconds for a moment that does not come; then any instant will do
LEAPS = (0.0, 0.0, 61.0, 310.0)  # seconds of machine time that pass while everybody is dead
MINUTES = (0, 0, 3, 12, 35, 90, 240, 960)  # of care time that pass between deaths
AFTER_ALL = 90_000.0  # seconds: longer than any lease, back-off, open form or night
QUIET_ROUNDS = 12  # in a row that bring nothing further
PATIENCE = 20.0  # seconds
NO_MORE: dict[str, object] = {"at": "", "nth": 0}
ORDER = aiohttp.ClientTimeout(total=5)


@dataclass(frozen=True, kw_only=True)
class Options:
    seed: int
    kills: int
    database: str  # sqlite or postgres
    replicas: int = 1
    plant: str = ""
    progress: Callable[[Account], None] = lambda _account: None


@dataclass(kw_only=True)
class Run:
    """Everything of one run. `lead` and `forwarded` are how far machine time and care time have been moved."""

    options: Options
    folder: Path
    url: str
    recorder: Recorder
    load: Load
    replicas: list[Replica]
    rng: Random
    account: Account
    books: Books
    lead: float = 0.0
    forwarded: int = 0
    _offset: float = field(default=0.0)
    _requests: tuple[str, int] = ("", 0)

    def __post_init__(self) -> None:
        self._offset = (MONDAY - datetime.now(UTC)).total_seconds()
        self.recorder.on_request = self._at_request

    # --- time -------------------------------------------------------------------------------------------------------

    def machine(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self.lead)

    def care(self) -> datetime:
        return self.machine() + timedelta(seconds=self._offset, minutes=self.forwarded)

    async def _forward(self, minutes: int) -> None:
        """Let care time pass for everybody who is up."""
        if minutes:
            self.forwarded += minutes
            for replica in self.replicas:
                if replica.url is not None:
                    await self._order(replica, "forward", {"minutes": minutes})

    # --- life and death ---------------------------------------------------------------------------------------------

    async def kills(self) -> None:
        """As many deaths as were asked for, once there is something to lose."""
        await self.all_up()
        await self.load.at_work.wait()
        while self.account.kills < self.options.kills:
            await self.all_up()
            await self._forward(self.rng.choice(MINUTES))
            await self._one(moments.draw(self.rng, len(self.replicas)))
            self.options.progress(self.account)

    async def all_up(self, die: str = "", nth: int = 0) -> None:
        if all(replica.pid is None for replica in self.replicas):
            self.lead += self.rng.choice(LEAPS)
        for replica in self.replicas:
            if replica.pid is None and not await replica.up(self._orders(replica, die, nth)):
                self._note_death(replica, die)
        self.load.listening([replica.url for replica in self.replicas if replica.url])

    def _orders(self, replica: Replica, die: str, nth: int) -> Orders:
        return Orders(
            database=self.url, replica=replica.name, lead=self.lead, plant=self.options.plant, die=die, nth=nth,
            care_offset=self._offset + self.forwarded * 60, timeout=TIMEOUT, log=str(self.folder / "servers.log"),
            lease=LEASE,
        )  # fmt: skip

    async def _one(self, moment: moments.Moment) -> None:
        """Wait for the moment, and see to the dead."""
        victim = self.replicas[moment.victim]
        if moment.name == moments.FREEZE:
            await self._freeze(victim, moment)
            return
        if moment.name == moments.START:
            await self._die(victim, moment)
            await self.all_up(die="after_commit", nth=moment.nth)
            if victim.pid is not None and not await self._order(victim, "die", NO_MORE):
                await self._die(victim, moment)  # it came when it was just up
            return
        if moment.in_server:
            await self._order(victim, "die", {"at": moment.name, "nth": moment.nth})
        elif moment.name == moments.REQUEST:
            self._requests = (victim.name, moment.nth)
        if not await victim.dies(moment.after if moment.name == moments.INSTANT else LONGEST_WAIT):
            victim.strike()
            await victim.dies(60.0)
        self._requests = ("", 0)
        others = [one for one in self.replicas if one is not victim and moment.both]
        for other in others:
            other.strike()
        self._note_death(victim, moment.name)
        for other in others:
            await self._die(other, moment, struck=True)

    async def _die(self, replica: Replica, moment: moments.Moment, *, struck: bool = False) -> None:
        if not struck:
            replica.strike()
        await replica.dies(60.0)
        self._note_death(replica, moment.name)

    def _note_death(self, replica: Replica, moment: str) -> None:
        self.load.listening([one.url for one in self.replicas if one.url])
        self.account.died(moment)
        autopsy.examine(self.books.corpse(), self.recorder, replica.name, self.account)

    async def _freeze(self, victim: Replica, moment: moments.Moment) -> None:
        """Stop a replica where it stands, for longer than its leases, while the others go on."""
        await self._order(victim, "die", {"at": "after_commit", "nth": moment.nth, "frozen": True})
        url = await victim.freezes(LONGEST_WAIT)
        self.load.listening([one.url for one in self.replicas if one.url])
        self.account.froze()
        autopsy.examine(self.books, self.recorder, victim.name, self.account)
        await asyncio.sleep(LEASE + 0.5)
        victim.thaw(url)
        while not await self._order(victim, "die", NO_MORE):  # its own moment may come only now
            victim.thaw(url)
        self.load.listening([one.url for one in self.replicas if one.url])

    def _at_request(self, post: Post) -> bool:
        name, left = self._requests
        if post.replica != name:
            return False
        self._requests = (name, left - 1)
        if left != 1:
            return False
        next(one for one in self.replicas if one.name == name).strike()
        return True

    async def _order(self, replica: Replica, what: str, order: dict[str, object]) -> bool:
        """To a server that may be dying or standing still; whether it has heard."""
        try:
            async with self.load.session.post(f"{replica.url}/{what}", json=order, timeout=ORDER) as answer:
                return answer.status == 200
        except (aiohttp.ClientError, TimeoutError):
            return False

    # --- the end ----------------------------------------------------------------------------------------------------

    async def quiet(self) -> None:
        """No more faults, nobody presses: let everything that waits come to its end."""
        self.recorder.faulty = False
        number, idle, left = 0, 0, self._left()
        while idle < QUIET_ROUNDS:
            for replica in self.replicas:
                if replica.pid is not None:
                    replica.strike()
                    await replica.dies(60.0)
                    autopsy.examine(self.books.corpse(), self.recorder, replica.name, self.account)
            if number and not self._left():
                return
            if number % 5 == 0:
                self.forwarded += self._minutes_to_work()  # what quiet hours hold is told when people are at work
            self.lead += AFTER_ALL
            self._offset -= AFTER_ALL  # but for that care time stands still: no new reminders
            await self.all_up()
            await self._until_all_have_been_tried()
            now_left = self._left()  # Teams' limits let only so much through in a round
            number, idle, left = number + 1, idle + 1 if now_left >= left else 0, min(left, now_left)
        self.account.note(LOST, f"{self._left()} messages or deadlines still wait, and no round brings them further")

    def _minutes_to_work(self) -> int:
        """To ten o'clock on the next weekday."""
        now = self.care().astimezone(STOCKHOLM)
        then = now.replace(hour=10, minute=0) + timedelta(days=1)
        while then.weekday() > 4:
            then += timedelta(days=1)
        return int((then - now).total_seconds() / 60)

    def _left(self) -> int:
        """Messages that wait, and deadlines and errands that are due."""
        return self._waiting("") + self._due() + self._errands("")

    def _waiting(self, also: str) -> int:
        return int(self.books.rows(f"SELECT count(*) AS n FROM outbox WHERE status = 'waiting' {also}")[0]["n"])

    def _due(self) -> int:
        due = f"status = 'armed' AND due_at <= '{stored(self.care())}'"
        return int(self.books.rows(f"SELECT count(*) AS n FROM deadline WHERE {due}")[0]["n"])

    def _errands(self, also: str) -> int:
        due = f"status = 'waiting' AND not_before <= '{stored(self.care())}' {also}"
        return int(self.books.rows(f"SELECT count(*) AS n FROM errand WHERE {due}")[0]["n"])

    async def _until_all_have_been_tried(self) -> None:
        """Wait for what may be sent now; what has to wait for a later time is left."""
        end = monotonic() + PATIENCE
        while monotonic() < end:
            now = stored(self.machine())
            waiting = self._waiting(f"AND not_before <= '{now}'")
            waiting += self._errands(f"AND (retry_at IS NULL OR retry_at <= '{now}')")
            if not self._due() and not waiting:
                return
            await asyncio.sleep(0.02)


def stored(time: datetime) -> str:
    """A time as both databases keep it."""
    return time.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")
