"""`kill -9` while a series of meetings is put into a calendar, again and again at moments drawn from a seed.

    PYTHONPATH=tests:tests/stories:tests/graph python tests/graph/killed_series.py --kills 50 --seed 1

Each round books a series with three occurrences that differ from it, and two single meetings. The process that does the
errands is killed: as a request of its arrives, when it has had its effect and the answer is lost, or just some time
after it began. Another is started on the same file, with the leases run out. At the end every event stands once, where
its row says.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time as clocks
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path

from killed_process import say
from meeting_town import KIND, record
from played_graph import PlayedGraph
from sqlalchemy import Connection, func, select
from town import MONDAY, SetClock, Town, instant

from bot.clock import Clock
from bot.demo.graph.faults import Fault
from cases import meetings
from cases import tables as t
from cases.meeting import MeetingNow, SeriesNow
from cases.store import Store
from reminders.localtime import to_local

ROOT = Path(__file__).resolve().parents[2]
LEASE = 3_600.0  # seconds by which the clock of the next process is ahead
_THURSDAYS = [date(2026, 12, 3) + timedelta(weeks=week) for week in range(9)]
MOMENTS = ("arriving", "answered", "some_time")


# --- who kills ---------------------------------------------------------------------------------------------------


@dataclass(kw_only=True, eq=False)
class Nth(Fault):
    """The so manieth request from now on: it is told of, and held back or cut after its effect."""

    number: int = 0
    seen: int = 0
    struck: threading.Event = field(default_factory=threading.Event)

    def concerns(self, call: str, now: datetime) -> bool:
        self.seen += 1
        if self.seen == self.number:
            self.struck.set()
        return self.seen == self.number


@dataclass(kw_only=True)
class Outcome:
    """What the rounds came to. `wrong` says what did not stand as it should, and in which round."""

    kills: Counter[str] = field(default_factory=Counter)
    untold: int = 0  # kills that left an event in the calendar of which the record knew nothing
    events: int = 0
    wrong: list[str] = field(default_factory=list)


class Harness:
    """A town on a file, a played Graph, and a starter of processes to kill."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.rng = random.Random(seed)
        self.played = PlayedGraph(SetClock(MONDAY))
        town = Town(folder, record=record())
        town.anna.begins("planning_meeting", "NK-2041", starts_date="2026-11-19", starts_time="10:00", mode="on_site")
        self.url, self.anna = str(town.store.url), town.anna.id
        town.close()
        self.offset = (instant(MONDAY) - Clock().own()).total_seconds()
        paths = [str(ROOT / one) for one in ("", "tests", "tests/stories", "tests/graph")]
        self.starter = subprocess.Popen(
            [sys.executable, "-W", "ignore::DeprecationWarning", str(Path(__file__).with_name("killed_process.py"))],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        )  # fmt: skip
        self.says()
        self.starts = 0
        self.outcome = Outcome()

    def close(self) -> None:
        self.played.stop()
        if self.starter.stdin is not None and self.starter.stdout is not None:
            self.starter.stdin.close()
            self.starter.wait()
            self.starter.stdout.close()

    def says(self) -> str:
        assert self.starter.stdout is not None
        said = self.starter.stdout.readline().strip()
        assert said, "the starter has ended; what it said is on stderr"
        return said

    def start(self) -> int:
        self.starts += 1
        orders = {
            "database": self.url, "graph": f"{self.played.address}/v1.0", "token": self.played.world.token,
            "offset": self.offset, "lead": self.starts * LEASE,
        }  # fmt: skip
        assert self.starter.stdin is not None
        self.starter.stdin.write(json.dumps(orders) + "\n")
        self.starter.stdin.flush()
        return int(self.says())

    def round(self, number: int) -> None:
        """Book, kill once, start anew, and hold the calendar against the record."""
        before = len(self.played.world.calendar.entries)
        store = Store(self.url)
        store.transaction(lambda tx: self._book(tx, number))
        store.close()
        moment = self.rng.choice(MOMENTS)
        self._kill(moment, self.start())
        made = len(self.played.world.calendar.entries) - before
        store = Store(self.url)
        known = store.transaction(lambda tx: self._known(tx, number))
        store.close()
        self.outcome.kills[moment] += 1
        self.outcome.untold += int(made > known)
        self.start()
        if self.says() != "0":
            self.outcome.wrong.append(f"round {number}: the process did not end by itself")
        self._check(number, before)

    def _kill(self, moment: str, pid: int) -> None:
        faults = self.played.world.faults
        if moment == "some_time":
            clocks.sleep(self.rng.uniform(0.0, 0.6))
        else:
            nth = Nth(number=self.rng.randint(1, 8))
            if moment == "arriving":
                nth.gate = threading.Event()
            else:
                nth.cuts = nth.acts = True
            before = len(self.played.world.journal)
            faults.active.append(nth)
            if nth.struck.wait(5.0) and moment == "answered":
                self._until(lambda: len(self.played.world.journal) >= before + nth.number)
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            self.outcome.kills["had ended"] += 1
        self.says()
        said = len(self.played.world.journal)
        faults.clear()
        if moment == "arriving":  # what was held back has its effect now that whoever asked is dead
            self._until(lambda: len(self.played.world.journal) > said)

    def _until(self, happened: Callable[[], bool]) -> None:
        """Wait, a second at most: a request of a process that died may never be answered."""
        for _ in range(200):
            if happened():
                return
            clocks.sleep(0.005)

    def _book(self, tx: Connection, number: int) -> None:
        now = self._care()
        row = SeriesNow(
            id=None, kind=KIND.name, organizer_id=self.anna, weekday=4, at=time(14, 0), minutes=30,
            first_day=_THURSDAYS[0], last_day=_THURSDAYS[-1], mode="on_site", place=f"Rum {number}",
        )  # fmt: skip
        thread = _thread(tx, number)
        meetings.save_series(tx, thread, row, now)
        for slot, original, starts, status in _EXCEPTIONS:
            one = _meeting(self.anna, slot, starts, f"Rum {number}")
            one.series_id, one.original_start, one.status = row.id, instant(original), status
            meetings.save(tx, thread, one, now)
        for slot, starts in _SINGLES:
            meetings.save(tx, thread, _meeting(self.anna, slot, starts, f"Rum {number}"), now)

    def _known(self, tx: Connection, number: int) -> int:
        place = f"Rum {number}"
        single = select(func.count()).where(
            t.meeting.c.place == place, t.meeting.c.event_id.is_not(None), t.meeting.c.series_id.is_(None)
        )
        series = select(func.count()).where(
            t.meeting_series.c.place == place, t.meeting_series.c.event_id.is_not(None)
        )  # fmt: skip
        return int(tx.scalar(single) or 0) + int(tx.scalar(series) or 0)

    def _check(self, number: int, before: int) -> None:
        entries = [one for one in self.played.world.calendar.entries[before:] if one.ended is None]
        self.outcome.events += len(entries)
        found = sorted(
            to_local(slot.start).strftime("%m-%d %H") for entry in entries for slot in entry.slots()
        )  # fmt: skip
        if found != _WANTED:
            self.outcome.wrong.append(f"round {number}: {found}")

    def _care(self) -> datetime:
        return Clock(timedelta(seconds=self.offset)).care()


_EXCEPTIONS = (
    ("2026-12-10", "2026-12-10 14:00", "2026-12-10 14:00", "cancelled"),
    ("2026-12-24", "2026-12-24 14:00", "2026-12-22 14:00", "invited"),
    ("2027-01-14", "2027-01-14 14:00", "2027-01-14 15:00", "invited"),
)
_SINGLES = (("main", "2026-11-19 10:00"), ("day2", "2026-11-20 10:00"))
_WANTED = sorted(
    {f"{day:%m-%d} 14" for day in _THURSDAYS} - {"12-10 14", "12-24 14", "01-14 14"}
    | {"12-22 14", "01-14 15", "11-19 10", "11-20 10"}
)


def _meeting(organizer: int, slot: str, starts: str, place: str) -> MeetingNow:
    begins = instant(starts)
    return MeetingNow(
        id=None, slot=slot, kind=KIND.name, organizer_id=organizer, starts_at=begins,
        ends_at=begins + timedelta(minutes=30), mode="on_site", place=place,
    )  # fmt: skip


def _thread(tx: Connection, number: int) -> int:
    """A thread like the first one: each round has its own."""
    if number == 1:
        return 1
    row = dict(tx.execute(select(t.thread).where(t.thread.c.id == 1)).mappings().one())
    row.pop("id")
    row["opening_key"] = None
    key = tx.execute(t.thread.insert().values(**row)).inserted_primary_key
    assert key is not None
    return int(key[0])


def run(kills: int, seed: int) -> Outcome:
    """So many rounds, each with one kill. Raises nothing for what stands wrong: it is in the outcome."""
    with tempfile.TemporaryDirectory() as folder:
        harness = Harness(Path(folder), seed)
        try:
            for number in range(1, kills + 1):
                harness.round(number)
        finally:
            harness.close()
    return harness.outcome


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    outcome = run(args.kills, args.seed)
    say(f"kills: {dict(outcome.kills)}; the record did not know of an event after {outcome.untold} of them")
    say(f"events: {outcome.events}; wrong: {outcome.wrong or 'none'}")
    return int(bool(outcome.wrong))


if __name__ == "__main__":
    sys.exit(main())
