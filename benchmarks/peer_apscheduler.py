"""The peer of the burst: APScheduler 3 with its own SQLAlchemy job store, 10,000 jobs due within the same second.

    python -m benchmarks.peer_apscheduler FILE DUE GRACE

Its own job store on SQLite as shipped, asyncio scheduler, jobs that do nothing but note the time. GRACE is
`misfire_grace_time`: the default of one second, or `none`, without limit. The jobs are put in the store in its own
format but in one transaction, for adding them one by one takes a minute. Nothing else waits in it, in its favour.
"""

import argparse
import asyncio
import json
import logging
import pickle
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from apscheduler.events import EVENT_JOB_EXECUTED, EVENT_JOB_MISSED
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.date import DateTrigger
from sqlalchemy import insert, select

from benchmarks.house_under_burst import spread

_LEAD = timedelta(seconds=6)
_QUIET, _LONGEST = 5.0, 120.0  # seconds
_late: list[float] = []


async def measure(due: int) -> dict[str, Any]:
    """Dropped and late, with the default grace and without limit."""
    found: dict[str, Any] = {}
    for name, grace in (("default", "1"), ("unlimited", "none")):
        with tempfile.TemporaryDirectory() as folder:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "benchmarks.peer_apscheduler", str(Path(folder) / "jobs.sqlite"), str(due), grace,
                stdout=asyncio.subprocess.PIPE,
            )  # fmt: skip
            output, _ = await process.communicate()
        run = json.loads(output.decode().splitlines()[-1])
        found |= {
            f"burst_apscheduler_{name}_dropped": run["dropped"],
            f"burst_apscheduler_{name}_p99_s": run["p99"],
            f"burst_apscheduler_{name}_p50_s": run["p50"],
        }
        print(
            f"APScheduler, grace {name:10} ran {run['ran']}, dropped {run['dropped']}, late p50 {run['p50']:.2f} s,"
            f" p99 {run['p99']:.2f} s",
            flush=True,
        )
    return found


async def note(due_at: datetime) -> None:
    """The job: how late is it?"""
    _late.append((datetime.now(UTC) - due_at).total_seconds())


async def run(file: Path, due: int, grace: int | None) -> dict[str, Any]:
    """Let the scheduler run its jobs. Seconds."""
    scheduler = AsyncIOScheduler(timezone=UTC, job_defaults={"misfire_grace_time": grace})
    store = SQLAlchemyJobStore(url=f"sqlite:///{file}")
    scheduler.add_jobstore(store)
    scheduler.start(paused=True)
    _put(scheduler, store, due, datetime.now(UTC) + _LEAD)
    seen = {"ran": 0, "dropped": 0, "last": time.monotonic()}

    def heard(event: Any) -> None:
        seen["dropped" if event.code == EVENT_JOB_MISSED else "ran"] += 1
        seen["last"] = time.monotonic()

    scheduler.add_listener(heard, EVENT_JOB_EXECUTED | EVENT_JOB_MISSED)
    scheduler.resume()
    begin = time.monotonic()
    while seen["ran"] + seen["dropped"] < due and time.monotonic() - begin < _LONGEST:
        await asyncio.sleep(0.2)
        if time.monotonic() - seen["last"] > _QUIET + _LEAD.total_seconds():
            break
    scheduler.shutdown(wait=False)
    return {"ran": seen["ran"], "dropped": due - int(seen["ran"]), **spread(_late)}


def _put(scheduler: AsyncIOScheduler, store: SQLAlchemyJobStore, due: int, first: datetime) -> None:
    """As many jobs as are due, each like the one that the scheduler itself has put in the store."""
    scheduler.add_job(note, DateTrigger(first, timezone=UTC), args=[first], id="0")
    with store.engine.begin() as tx:
        state = pickle.loads(tx.scalar(select(store.jobs_t.c.job_state)))
        rows = []
        for number in range(1, due):
            at = first + timedelta(seconds=number / due)
            own = state | {
                "id": str(number),
                "trigger": DateTrigger(at, timezone=UTC),
                "args": (at,),
                "next_run_time": at,
            }
            rows.append({"id": str(number), "next_run_time": at.timestamp(), "job_state": pickle.dumps(own)})
        tx.execute(insert(store.jobs_t), rows)


def main() -> None:
    """One burst; its figures as a line of JSON."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("due", type=int)
    parser.add_argument("grace", type=lambda text: None if text == "none" else int(text))
    chosen = parser.parse_args()
    logging.getLogger("apscheduler").setLevel(logging.CRITICAL)  # it has a line to say for each job that it drops
    print(json.dumps(asyncio.run(run(chosen.file, chosen.due, chosen.grace))))


if __name__ == "__main__":
    from benchmarks import peer_apscheduler

    peer_apscheduler.main()  # under its own name: the store keeps its jobs by that
