"""An hour's stop over Monday 08:00, with thousands due: what people get afterwards, when, and how often."""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import Connection, insert

from bot import house as house_room
from bot.channel.settings import ChannelSettings
from bot.house import House, build_record
from cases import tables as t
from cases.flow import Arm, By, Flow, Moment, Move, by, table
from cases.record import Opening, Record
from simulation.disk import Disk, running
from simulation.edge import PlayedDoor, SimClock
from simulation.loop import Process, SimLoop
from simulation.swap import swapped
from simulation.teams import PlayedTeams

MONDAY = datetime(2026, 11, 16, 6, tzinfo=UTC)  # 07.00 in Sweden
DUE = MONDAY + timedelta(hours=1)
UP_AGAIN = MONDAY + timedelta(hours=1, minutes=30)
UNIT = "HT"


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of it. Seconds are counted from when Stafett was up again."""

    due: int
    fired: int
    delivered: int
    more_than_once: int
    waiting: int
    urgent: int
    urgent_done: float  # the last urgent one
    all_done: float
    urgent_among_the_first: float  # of as many calls as there are urgent messages
    most_in_a_second: int


def _flow(name: str, urgent: bool) -> Flow:
    arm = Arm(step="unsent", rule="draft_with_notice", since="start")
    return Flow(
        name=name, title=name, source="", intro="", senders=frozenset(), form=(Moment(name="start", label="Start"),),
        states={"running": "Pågår", "closed": "Stängd"}, first="running", last=frozenset({"closed"}), urgent=urgent,
        moves=table(
            {
                ("", "open"): Move(to="running", by=by(By.SENDER), then=(arm,)),
                ("running", "close"): Move(to="closed", by=by(By.SENDER), label="Stäng"),
            }
        ),
    )  # fmt: skip


class Outage:
    """`due` deadlines at once, a fifth of them urgent, of as many people as have ten each."""

    def __init__(self, due: int, seed: int = 1) -> None:
        self.due, self.people = due, max(due // 10, 1)
        self.loop = SimLoop(MONDAY)
        self.disk = Disk(loop=self.loop)
        self.teams = PlayedTeams(loop=self.loop, rng=Random(seed), arrived=lambda _where, _message: None)
        shipped = build_record()
        flows = {name: _flow(name, name == "toy_urgent") for name in ("toy_urgent", "toy_slow")}
        self.flows, self.profiles = {**shipped.flows, **flows}, shipped.profiles

    def run(self) -> Outcome:
        """Open the threads, be down from half past seven to half past eight, come back, and deliver."""
        logging.disable(logging.CRITICAL)
        try:
            with running(self.loop), ExitStack() as stack:
                stack.callback(self.disk.close)
                stack.enter_context(swapped(house_room, "ChannelDoor", self._door()))
                return self.loop.run_until_complete(self._live())
        finally:
            logging.disable(logging.NOTSET)

    def _door(self) -> Callable[..., PlayedDoor]:
        return lambda _settings, on_incoming, **_more: PlayedDoor(self.teams, on_incoming)

    async def _live(self) -> Outcome:
        store = self.disk.store()
        clock = SimClock(self.loop)
        record = Record(self.flows, self.profiles)
        store.transaction(self._settle)
        store.transaction(lambda tx: self._open(tx, record, clock.care()))
        before = Process(self.loop, "before")
        house = House.build(self.disk.store(), record, ChannelSettings(demo=True), clock)
        await before.serve(house.start())
        await asyncio.sleep(30 * 60)
        before.kill()
        before.bury()
        await asyncio.sleep((UP_AGAIN - MONDAY).total_seconds() - self.loop.time())
        after = Process(self.loop, "after")
        record = Record(self.flows, self.profiles)
        house = House.build(self.disk.store(), record, ChannelSettings(demo=True), SimClock(self.loop))
        await after.serve(house.start())
        await asyncio.sleep(self.due / 30 + 120)
        await after.serve(house.stop())
        store.close()
        return self._outcome()

    # --- the town ---------------------------------------------------------------------------------------------------

    def _settle(self, tx: Connection) -> None:
        last = {"last_resort_role": "växeln", "last_resort_phone": "08-465 004 99", "phone": "08-465 004 01"}
        unit = {"kind": "home_care", "profile": "norrkoping", "provider_kind": "egen_regi"}
        tx.execute(insert(t.unit).values(id=UNIT, name="Hemtjänst", **unit, **last))
        people = range(1, self.people + 1)
        somebody = {"title": "", "phone": "", "active": True}
        tx.execute(insert(t.person), [{"id": one, "name": f"Person {one}", **somebody} for one in people])
        tx.execute(insert(t.role), [{"person_id": one, "unit_id": UNIT, "role": "care_worker"} for one in people])
        where = {"service_url": "https://smba.invalid/", "tenant_id": "tenant", "bot_id": "28:bot", "status": "open"}
        tx.execute(
            insert(t.conversation),
            [{"person_id": one, "conversation_id": f"a:{one}", "seen_at": MONDAY, **where} for one in people],
        )

    def _open(self, tx: Connection, record: Record, now: datetime) -> None:
        start = (DUE - timedelta(minutes=30)).isoformat()
        for number in range(self.due):
            opening = Opening(
                flow="toy_urgent" if number % 5 == 0 else "toy_slow", sender_id=number % self.people + 1,
                sender_unit_id=UNIT, case_ref=f"NK-{number}", values={"start": start},
            )  # fmt: skip
            record.open(tx, opening, now, now)

    # --- what came of it ----------------------------------------------------------------------------------------------

    def _outcome(self) -> Outcome:
        look = self.disk.look()
        up_again = (UP_AGAIN - MONDAY).total_seconds()
        rows = look.execute("SELECT * FROM outbox WHERE kind = 'message' ORDER BY id").fetchall()
        fired = look.execute("SELECT count(*) FROM log WHERE by = 'clock'").fetchone()[0]
        look.close()
        lane = {row["external_id"]: row["lane"] for row in rows}
        sends = sorted((call for call in self.teams.calls if call.kind == "send"), key=lambda call: call.at)
        times = Counter(call.toast for call in sends if call.received)
        urgent = sum(row["lane"] == 0 for row in rows)
        ended = [call.at - up_again for call in sends if lane.get(call.activity_id) == 0]
        first = sends[:urgent]
        return Outcome(
            due=self.due, fired=fired, delivered=sum(row["status"] == "sent" for row in rows),
            more_than_once=sum(count > 1 for count in times.values()),
            waiting=sum(row["status"] == "waiting" for row in rows), urgent=urgent,
            urgent_done=max(ended, default=0.0), all_done=max((call.at for call in sends), default=0.0) - up_again,
            urgent_among_the_first=sum(lane.get(call.activity_id) == 0 for call in first) / max(len(first), 1),
            most_in_a_second=_busiest_second([call.at for call in self.teams.calls]),
        )  # fmt: skip


def _busiest_second(times: list[Any]) -> int:
    found, first = 0, 0
    ordered = sorted(times)
    for last, at in enumerate(ordered):
        while ordered[first] <= at - 1.0:
            first += 1
        found = max(found, last - first + 1)
    return found
