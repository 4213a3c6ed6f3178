"""What a case more costs: turn, deadline, look-up, disk and memory with 1,000 to 1,000,000 open threads, on SQLite.

    python -m benchmarks curve
    python -m benchmarks.curve URL FIRST_DUE        (one point of it, on a record of its own)

A turn here is a receipt through the record, each in its own transaction (WAL, synchronous=FULL); a deadline is one of a
burst, in batches as the house claims them. The look-up is for the next deadline.
"""

import argparse
import json
import statistics
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, make_url

from benchmarks import filled
from benchmarks.burst import python
from benchmarks.house_under_burst import rss_mb, seats
from bot.house import build_record
from bot.pace import MOST
from cases.record import Record
from cases.store import Store
from cases.thread import Actor, Signal
from reminders.deadlines import claim_due, next_due

POINTS = ((1_000, 500), (10_000, 2_000), (100_000, 10_000), (filled.PENDING, filled.DUE))
_TURNS, _LOOKS = 300, 200
_COLUMNS = ("turn_ms", "turn_cpu_ms", "deadline_us", "deadline_cpu_us", "next_due_us", "database_mb", "rss_mb")


async def measure(budget: float) -> dict[str, object]:
    """Point by point; `curve` is the table, by number of threads."""
    curve: dict[str, dict[str, Any]] = {}
    print(f"{'threads':>10}" + "".join(f"{name:>17}" for name in _COLUMNS))
    for threads, due in POINTS:
        with filled.sqlite(threads, due) as url:
            point = (await python("curve", url, filled.monday().isoformat()))[-1]
        curve[str(threads)] = point
        print(f"{threads:>10}" + "".join(f"{point[name]:>17}" for name in _COLUMNS), flush=True)
    return {"curve": curve}


def point(url: str, first_due: datetime) -> dict[str, Any]:
    """Everything of one record."""
    store, record = Store(url), build_record()
    now = first_due + timedelta(seconds=2)
    begin = time.perf_counter()
    store.transaction(record.directory)
    directory_ms = (time.perf_counter() - begin) * 1000
    looks = [_timed(store, next_due)[0] for _ in range(_LOOKS)]
    turns = [_timed(store, _turn(record, thread, who, now)) for thread, who in store.transaction(seats)[:_TURNS]]
    fired, wall, cpu = _fire(store, record, now)
    database = Path(str(make_url(url).database))
    store.close()
    return {
        "turn_ms": round(statistics.median(one[0] for one in turns) * 1000, 2),
        "turn_cpu_ms": round(statistics.median(one[1] for one in turns) * 1000, 2),
        "deadline_us": round(wall / fired * 1e6),
        "deadline_cpu_us": round(cpu / fired * 1e6),
        "next_due_us": round(statistics.median(looks) * 1e6),
        "database_mb": round(database.stat().st_size / 2**20),
        "rss_mb": rss_mb(),
        "directory_ms": round(directory_ms),
    }


def _turn(record: Record, thread_id: int, person_id: int, now: datetime) -> Callable[[Connection], object]:
    signal = Signal(thread_id=thread_id, name="read", by=Actor.person(person_id))
    return lambda tx: record.signal(tx, [signal], now, now)


def _fire(store: Store, record: Record, now: datetime) -> tuple[int, float, float]:
    """All that is due: how many, and how long it took, by the wall and by the CPU."""
    fired, begin, cpu = 0, time.perf_counter(), time.thread_time()

    def batch(tx: Connection) -> int:
        rows = claim_due(tx, now, MOST)
        return record.fire(tx, rows, now, now) if rows else 0

    while done := store.transaction(batch):
        fired += done
    return fired, time.perf_counter() - begin, time.thread_time() - cpu


def _timed(store: Store, work: Callable[[Connection], object]) -> tuple[float, float]:
    begin, cpu = time.perf_counter(), time.thread_time()
    store.transaction(work)
    return time.perf_counter() - begin, time.thread_time() - cpu


def main() -> None:
    """One point."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("url")
    parser.add_argument("first_due", type=datetime.fromisoformat)
    chosen = parser.parse_args()
    print(json.dumps(point(chosen.url, chosen.first_due)))


if __name__ == "__main__":
    main()
