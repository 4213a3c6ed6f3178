"""Years of deadlines: every rule of every profile, armed and fired by the engine, and each instant held to the oracle.

A thread of a toy flow arms one rule from a start drawn at random; the waker fires it on the simulated clock, rung by
rung, and each workday after, until the thread is closed. The oracle says when each rung should have been.
"""

import asyncio
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

from calendar_oracle import Moment
from due_oracle import TAKES_A_MONTH
from ladder_oracle import Ladder, ladder
from ladder_rungs import RUNGS
from ladder_times import again, later
from since_oracle import Refused, start_of
from sqlalchemy import Connection, delete, insert

from bot.channel.settings import ChannelSettings
from bot.clock import Clock
from bot.house import House, build_record
from cases import tables as t
from cases.flow import Arm, By, Day, Flow, Move, by, table
from cases.ladder import basis_of
from cases.record import Opening, Record
from cases.thread import Actor, Signal
from reminders.errors import RuleError
from reminders.rules import due
from reminders.waker import Waker
from simulation.disk import Disk, running
from simulation.loop import Process, SimLoop
from simulation.watched import Watched, instant, is_nag, moment

PROFILES = ("norrkoping", "osthammar", "stockholm", "katrineholm")
SENDER = 1
_TOGETHER, _SIDE_BY_SIDE, _GROUPS = 250, 7, 12
_ASKED_FOR = ".relay"  # when the jour's help began is written in a form, which knows no seconds
_SILENT = "unsent"  # the step that has no daily reminder after its last rung


@dataclass(kw_only=True)
class Figures:
    """What a run has compared. `instants` counts soft times, hard times, and each time that was due next."""

    instants: int = 0
    armed: int = 0
    fired: int = 0
    refused: int = 0
    differences: int = 0
    shown: list[str] = field(default_factory=list)
    by_rule: Counter[str] = field(default_factory=Counter)

    def differs(self, what: str) -> None:
        self.differences += 1
        if len(self.shown) < 20:
            self.shown.append(what)


def toy(name: str, rules: Sequence[str]) -> Flow:
    """One state in which these deadlines run side by side, each from a start of its own, and a way to close."""
    arms = tuple(Arm(step=_step(rule), rule=rule, since=rule) for rule in rules)
    moves = table(
        {
            ("", "open"): Move(to="running", by=by(By.SENDER), then=arms),
            ("running", "close"): Move(to="closed", by=by(By.SENDER), label="Stäng"),
        }
    )
    form = tuple(Day(name=rule, label=rule) for rule in rules)
    return Flow(
        name=name, title=name, source="", intro="", senders=frozenset(), form=form,
        states={"running": "Pågår", "closed": "Stängd"}, first="running", last=frozenset({"closed"}), moves=moves,
        urgent=False,
    )  # fmt: skip


def _step(rule: str) -> str:
    """A draft's own deadline goes by its name: it alone falls silent when its ladder is climbed."""
    return _SILENT if rule.startswith("draft") else rule


class Years:
    """`seed` draws the rules and the starts; `start` is when the clock begins (UTC); a thread `stays` open for so
    many days at the most; `impatient` ends at the first difference."""

    def __init__(self, seed: int, start: datetime, *, stays: int = 40, impatient: bool = False) -> None:
        self.stays, self.impatient = stays, impatient
        self.rng = Random(seed)
        self.loop = SimLoop(start)
        self.disk = Disk(loop=self.loop)
        self.store = self.disk.store()
        shipped = build_record()
        self.profiles = shipped.profiles
        self.pairs = [(name, rule) for name in PROFILES for rule in self.profiles[name].rules if rule in RUNGS]
        self.groups = {group: rules for name in PROFILES for group, rules in self._groups(name).items()}
        flows = {name: toy(name, rules) for name, rules in self.groups.items()}
        self.record = Record({**shipped.flows, **flows}, self.profiles)
        self.clock = Clock()
        self.figures = Figures()
        self.watched: dict[tuple[int, str], Watched] = {}
        self.closing: dict[float, list[int]] = {}  # day → threads
        self.store.transaction(self._settle)
        self.reader = self.disk.look()
        self._seen = 0

    def run(self, days: int, threads: int) -> Figures:
        """Let so many days pass, with so many threads opened evenly over the first three quarters of them."""
        with running(self.loop):
            process = Process(self.loop, "worker")
            self.loop.run_until_complete(process.start(self._live(days, threads)))
        self.reader.close()
        self.store.close()
        self.disk.close()
        return self.figures

    async def _live(self, days: int, threads: int) -> None:
        house = House.build(self.store, self.record, ChannelSettings(demo=True), self.clock)
        house.waker = Waker(house.look, safety=_SELDOM)  # nothing fails here, so an aim cannot miss
        house.waker.start()
        loop, rounds = self.loop, max(threads // _TOGETHER, 1)
        share = days * 0.75 * 86_400 / rounds
        opening, end, wait = 0.0, days * 86_400.0, 6 * 3600.0
        left = threads
        while loop.time() < end and not (self.impatient and self.figures.differences):
            self._close()
            until = min(opening, loop.time() + wait) if left else loop.time() + wait
            await asyncio.sleep(max(until - loop.time(), 0.0))
            self._compare_fired()
            if left and loop.time() >= opening:
                self._open(min(left, _TOGETHER))
                left -= _TOGETHER
                left, opening = max(left, 0), opening + share * self.rng.uniform(0.9, 1.1)
                house.waker.nudge()
        self._compare_fired()
        await house.waker.stop()
        await house.door.close()

    # --- opening and closing ------------------------------------------------------------------------------------------

    def _groups(self, profile: str) -> dict[str, tuple[str, ...]]:
        """Rules that run in one thread, each rule in some group; of the drafts' at most one, for they share a step."""
        rules = [rule for name, rule in self.pairs if name == profile and not rule.startswith("draft")]
        self.rng.shuffle(rules)
        size, found = min(_SIDE_BY_SIDE, len(rules)), {}
        for number in range(_GROUPS):
            chosen = [rules[(number * size + at) % len(rules)] for at in range(size)]
            found[f"{profile}:{number}"] = (*chosen, *((), ("draft",), ("draft_with_notice",))[number % 3])
        return found

    def _open(self, count: int) -> None:
        now = self.clock.care()
        drawn = [self.rng.choice(list(self.groups)) for _ in range(count)]

        def work(tx: Connection) -> None:
            for name in drawn:
                self._open_one(tx, name, now)

        self.store.transaction(work)

    def _open_one(self, tx: Connection, name: str, now: datetime) -> None:
        profile = name.partition(":")[0]
        drawn = {rule: self._drawn(profile, rule, now) for rule in self.groups[name]}
        values = {rule: basis for rule, (basis, _, _) in drawn.items()}
        opening = Opening(flow=name, sender_id=SENDER, sender_unit_id=profile, case_ref="-", values=values)
        thread = self.record.open(tx, opening, now, now)
        for rule, (basis, start, wanted) in drawn.items():
            armed = thread.deadlines[_step(rule)]
            self.figures.armed += 1
            self.figures.by_rule[f"{profile} {rule}"] += 1
            watched = Watched(
                rule=rule, start=moment(start), what=f"{profile} {rule} from {basis}, armed {now}",
                left=list(wanted.rungs), left_over=start.second, armed=moment(now), falls_silent=armed.step == _SILENT,
                due=wanted.rungs[0].at if wanted.rungs else None,
            )  # fmt: skip
            self.watched[(thread.id, armed.step)] = watched
            self._compare(watched, "soft", armed.soft_at, wanted.soft)
            self._compare(watched, "hard", armed.hard_at, wanted.hard)
            self._compare(watched, "first rung", armed.due_at, watched.due)
        self.closing.setdefault(self.loop.time() // 86_400 + self.rng.randint(3, self.stays), []).append(thread.id)

    def _drawn(self, profile: str, rule: str, now: datetime) -> tuple[str, datetime, Ladder]:
        """A start that the rule has an answer to, as text and instant, and the oracle's answer. Where the oracle
        refuses, the engine must refuse too."""
        while True:
            start = self._start(now)
            if rule.endswith(_ASKED_FOR):
                start = start.replace(second=0)
            basis = start.date().isoformat() if rule in TAKES_A_MONTH else start.isoformat()
            began = start_of(basis, True) if rule in TAKES_A_MONTH else moment(start)
            try:
                found = ladder(rule, began, moment(now))
                if start.second and found.soft == moment(now):
                    continue  # what is past within this very minute the oracle cannot tell
                return basis, start, found
            except Refused:
                self.figures.refused += 1
            with suppress(RuleError):
                due(rule, basis_of(basis), self.profiles[profile])
                self.figures.differs(f"{profile} {rule} from {basis}: answered, though the oracle refuses")

    def _start(self, now: datetime) -> datetime:
        """Mostly about now, as care work is; sometimes long ago or far ahead, and often on an edge of the day."""
        rng = self.rng
        days = rng.choice((0, 0, 0, -1, 1, rng.randint(-5, 20), rng.randint(-90, 400)))
        start = now + timedelta(days=days)
        if rng.random() < 0.7:
            start = start.replace(hour=rng.randrange(24), minute=rng.choice((0, 0, 30, 59, rng.randrange(60))))
        return start.replace(second=rng.choice((0, rng.randrange(60))), microsecond=0)

    def _close(self) -> None:
        """Close what has been open for so many days as were drawn for it."""
        today = self.loop.time() // 86_400
        done = [one for day in [day for day in self.closing if day <= today] for one in self.closing.pop(day)]
        if not done:
            return
        now = self.clock.care()
        for first in range(0, len(done), _TOGETHER):
            chunk = done[first : first + _TOGETHER]
            signals = [Signal(thread_id=one, name="close", by=Actor.person(SENDER)) for one in chunk]
            self.store.transaction(lambda tx, signals=signals: self.record.signal(tx, signals, now, now))  # type: ignore[misc]
        self.store.transaction(lambda tx: tx.execute(delete(t.outbox)))  # nobody sends here

    # --- comparing ----------------------------------------------------------------------------------------------------

    def _compare_fired(self) -> None:
        """Every firing since last time, in order: it was the instant we waited for, and the next is the oracle's."""
        for row in self.reader.execute(_FIRED, (self._seen,)):
            self._seen = row["id"]
            step, _, rung = row["signal"].rpartition(".")
            watched = self.watched[(row["thread_id"], step)]
            at, was_due = _instant(row["at"]), _instant(row["due_at"])
            self.figures.fired += 1
            if not was_due <= at <= max(was_due, instant(later(watched.armed, 1))) + PUNCTUAL:
                self.figures.differs(f"{watched.what}: due {was_due}, fired {at}")
            if watched.times:  # the first was compared when it was armed
                self._compare(watched, f"time {watched.times + 1}", was_due, watched.due)
            said = self._climb(watched, at)
            if rung != said:
                self.figures.differs(f"{watched.what}: said {rung} at {at}, the oracle says {said}")

    def _climb(self, watched: Watched, now: datetime) -> str:
        """The rung that the oracle says is reached at `now`; afterwards `due` is what it says comes next."""
        given = [rung for rung in watched.left if watched.is_reached(rung, now)]
        watched.left = [rung for rung in watched.left if rung not in given]
        if given and is_nag(given[-1]):  # nobody has these threads, so the turn goes to the next in line at once
            watched.left = [rung for rung in watched.left if not is_nag(rung) and rung.step != "next_in_line"]
        watched.times += 1
        watched.due = watched.left[0].at if watched.left else None if watched.falls_silent else again(moment(now))
        return given[-1].step if given else "again"

    def _compare(self, watched: Watched, what: str, found: datetime | None, wanted: Moment | None) -> None:
        if found is None and wanted is None:
            return
        self.figures.instants += 1
        if found is None or wanted is None or moment(found) != wanted or not self._exact(watched, found):
            said = wanted.printed() if wanted else "nothing"
            self.figures.differs(f"{watched.what}: {what} is {found}, the oracle says {said}")

    def _exact(self, watched: Watched, found: datetime) -> bool:
        """Seconds are the start's own, none, or the last of a day."""
        over = found.second + found.microsecond / 1e6
        return any(abs(over - may) < 0.0011 for may in (0.0, watched.left_over, 59.999))

    def _settle(self, tx: Connection) -> None:
        """A unit for each profile, with somebody who sends and somebody who is next in line."""
        for number, role in ((SENDER, "needs_assessor"), (SENDER + 1, "lead_needs_assessor")):
            tx.execute(insert(t.person).values(id=number, name=role, title="", phone="", active=True))
        for name in PROFILES:
            unit = {"kind": "authority_unit", "profile": name, "provider_kind": "egen_regi", "phone": ""}
            last = {"last_resort_role": "växeln", "last_resort_phone": "08-465 004 99"}
            tx.execute(insert(t.unit).values(id=name, name=name, **unit, **last))
            for number, role in ((SENDER, "needs_assessor"), (SENDER + 1, "lead_needs_assessor")):
                tx.execute(insert(t.role).values(person_id=number, unit_id=name, role=role))


_FIRED = "SELECT id, thread_id, at, due_at, signal FROM log WHERE id > ? AND by = 'clock' ORDER BY id"
_SELDOM = timedelta(hours=12)
PUNCTUAL = timedelta(seconds=1)


def _instant(stored: str) -> datetime:
    return datetime.fromisoformat(stored).replace(tzinfo=UTC)
