"""Stafett itself under a burst: the house on a record that somebody has filled, in a process of its own.

    python -m benchmarks.house_under_burst URL METADATA_URL FIRST_DUE SECONDS

Real clock, real waker, real outbox. Care time is set so that the burst begins SECONDS after the waker has been aimed.
Prints a line of JSON when the waker is aimed, and one when the burst is over. While it lasts people press: a receipt
every 50 ms, each in its own transaction. `late` is from when a deadline was due until its commit had returned.
"""

import argparse
import asyncio
import json
import os
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path

from sqlalchemy import Connection, select, update

from benchmarks import town
from benchmarks.far import APP_ID, TENANT, identity_url, service_url
from bot.channel.settings import ChannelSettings, ManagedIdentity
from bot.clock import Clock
from bot.house import House, build_record
from cases import tables as t
from cases.record import Record
from cases.store import Store
from cases.thread import Actor, Signal
from reminders.deadlines import DueRow

_BEFORE = timedelta(hours=1)  # the house arms at this time before the burst; what is due until then is out of the way
_QUIET = 3.0  # seconds without a deadline, and the burst is over
_AT_MOST = 30.0  # seconds for the first of it
_PRESS_EVERY = 0.05


@dataclass(kw_only=True)
class Watch:
    """What is seen of one burst, by the clock of the process that fires it. Seconds. What was due before it, and was
    still waiting, is no part of it."""

    clock: Clock
    begins: datetime
    late: list[float] = field(default_factory=list)
    presses: list[float] = field(default_factory=list)
    last: float = field(default_factory=time.monotonic)

    def fired(self, rows: Sequence[DueRow], _now: datetime) -> None:
        """The house tells this when the transaction that fired these rows has been committed."""
        now = self.clock.care()
        self.late += [(now - row.due_at).total_seconds() for row in rows if row.due_at >= self.begins]
        if rows:
            self.last = time.monotonic()


def house_on(url: str, metadata: str, care_now: datetime, record: Record) -> House:
    """The house on a record that is there, at this care time, with the driver as its far side."""
    os.environ["IDENTITY_ENDPOINT"], os.environ["IDENTITY_HEADER"] = identity_url(metadata), "bench"
    settings = ChannelSettings(
        app_id=APP_ID, tenant_id=TENANT, credentials=ManagedIdentity(), service_hosts=frozenset({"127.0.0.1"}),
        openid_metadata=metadata,
    )  # fmt: skip
    return House.build(Store(url), record, settings, town.clock_at(care_now))


async def run(url: str, metadata: str, first_due: datetime, seconds: float) -> None:
    """Arm, wait, burst, report; without seconds to wait, only arm."""
    record = build_record()
    import_module("bot.channel.sdk_botbuilder.sdk")  # a program's imports are no part of arming; `start_ms` has them
    begin = time.perf_counter()
    house = house_on(url, metadata, first_due - _BEFORE, record)
    aimed = _aimed(house)
    watch = Watch(clock=house.clock, begins=first_due)
    house.metrics.fired = watch.fired  # type: ignore[method-assign]  # the house's own hook, called after the commit
    await house.start()
    await aimed.wait()
    print(json.dumps({"armed_ms": round((time.perf_counter() - begin) * 1000, 1), "rss_mb": rss_mb()}), flush=True)
    if seconds:
        house.clock.offset = first_due - timedelta(seconds=seconds) - house.clock.machine()
        house.time_moved()
        print(json.dumps(await _burst(house, record, watch, metadata, first_due)), flush=True)
    await house.stop()


async def _burst(house: House, record: Record, watch: Watch, metadata: str, first_due: datetime) -> dict[str, object]:
    store, clock = house.store, house.clock
    # Those whom it tells are where the driver is.
    await store.run(lambda tx: tx.execute(update(t.conversation).values(service_url=service_url(metadata))))
    waiting = await store.run(seats)
    pressing = asyncio.create_task(_press(store, record, clock, watch, waiting, first_due))
    wait = (clock.machine_of(first_due) - clock.machine()).total_seconds()
    watch.last = time.monotonic() + wait + _AT_MOST  # the first batch may be long in coming
    await asyncio.sleep(wait + 1)
    while watch.last + _QUIET > time.monotonic():  # noqa: ASYNC110 (the watch tells nobody)
        await asyncio.sleep(0.5)
    pressing.cancel()
    await asyncio.gather(pressing, return_exceptions=True)
    return _report(watch, house)


def _aimed(house: House) -> asyncio.Event:
    """Set when the waker has been aimed for the first time."""
    event, aim = asyncio.Event(), house.waker._aim

    def noting(when: datetime | None) -> None:
        aim(when)
        event.set()

    house.waker._aim = noting  # type: ignore[method-assign]
    return event


def seats(tx: Connection) -> list[tuple[int, int]]:
    """Threads that wait for their receiver, none of them in a burst, and who that is."""
    party, thread = t.party.c, t.thread.c
    found = select(party.thread_id, party.person_id).join(t.thread, thread.id == party.thread_id)
    waiting = found.where(thread.state == "sent", party.side == "receiver", party.person_id.is_not(None))
    later = waiting.where(thread.opened_at > select(t.deadline.c.due_at).where(t.deadline.c.status == "armed")
                          .order_by(t.deadline.c.due_at).limit(1).scalar_subquery())  # fmt: skip
    return [(row[0], row[1]) for row in tx.execute(later.limit(2_000))]


async def _press(
    store: Store, record: Record, clock: Clock, watch: Watch, seats: list[tuple[int, int]], first_due: datetime
) -> None:
    await asyncio.sleep(max((clock.machine_of(first_due) - clock.machine()).total_seconds(), 0))
    for thread_id, person_id in seats:
        signal = Signal(thread_id=thread_id, name="read", by=Actor.person(person_id))
        begin = time.perf_counter()
        await store.run(lambda tx, signal=signal: record.signal(tx, [signal], clock.care(), clock.machine()))  # type: ignore[misc]
        watch.presses.append(time.perf_counter() - begin)
        await asyncio.sleep(_PRESS_EVERY)


def _report(watch: Watch, house: House) -> dict[str, object]:
    # What was pressed after the burst says nothing of it.
    during = watch.presses[: int((max(watch.late, default=0) + 1) / _PRESS_EVERY)]
    return {
        "fired": len(watch.late), **{f"late_{name}": value for name, value in spread(watch.late).items()},
        **{f"press_{name}": value for name, value in spread(during).items()}, "presses": len(during),
        "rss_mb": rss_mb(),
    }  # fmt: skip


def spread(values: Sequence[float]) -> dict[str, float]:
    """Half of them, all but one in a hundred, and the worst; seconds."""
    if len(values) < 2:
        return {"p50": 0.0, "p99": 0.0, "max": 0.0}
    cuts = statistics.quantiles(values, n=100, method="inclusive")
    return {"p50": round(cuts[49], 3), "p99": round(cuts[98], 3), "max": round(max(values), 3)}


def rss_mb() -> float:
    """What this process holds in memory."""
    line = next(one for one in Path("/proc/self/status").read_text().splitlines() if one.startswith("VmRSS"))
    return round(int(line.split()[1]) / 1024, 1)


def main() -> None:
    """Serve one burst."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("url")
    parser.add_argument("metadata")
    parser.add_argument("first_due", type=datetime.fromisoformat)
    parser.add_argument("seconds", type=float, help="0: only arm")
    chosen = parser.parse_args()
    asyncio.run(run(chosen.url, chosen.metadata, chosen.first_due, chosen.seconds))


if __name__ == "__main__":
    main()
