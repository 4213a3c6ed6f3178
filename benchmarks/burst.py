"""10,000 deadlines due within one second, in a record where 1,000,000 wait; beside APScheduler's own job store.

    python -m benchmarks burst

On SQLite (WAL, synchronous=FULL) and on PostgreSQL (fsync on). Late is from when a deadline was due until the commit of
its move, log and outbox rows had returned. A deadline is dropped when the record afterwards lacks its log row or its
message. APScheduler has 10,000 jobs in the same second and nothing else; one that it throws away is dropped.
"""

import asyncio
import json
import sys
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, create_engine, exists, func, select, update

from benchmarks import filled, peer_apscheduler
from benchmarks.far import Far
from benchmarks.many import Burst, fill
from cases import tables as t

_LEAD = 12.0  # seconds from start to burst: the house is built, and the driver's address noted
_AT_ONCE = timedelta(milliseconds=10)
_LONGEST = 300.0


async def measure(budget: float) -> dict[str, object]:
    """Both databases, spread over a second and all at once, then the peer. Raises NotKept."""
    found: dict[str, Any] = {"burst_dropped": 0, "burst_pending": filled.PENDING}
    for name, database in (("sqlite", filled.sqlite), ("postgres", filled.postgres)):
        with database() as url:
            _note(found, name, "", await burst_on(url, filled.monday(), timedelta(seconds=1), filled.DUE))
            again = filled.monday() + timedelta(hours=2)
            _settled(url)
            fill(url, filled.DUE, now=again, burst=Burst(threads=filled.DUE, at=again, spread=_AT_ONCE))
            _note(found, name, "instant_", await burst_on(url, again, _AT_ONCE, filled.DUE))
    found["rss_mb"] = found["burst_raw"]["sqlite"]["rss_mb"]
    found |= await peer_apscheduler.measure(filled.DUE)
    return found


def _note(found: dict[str, Any], database: str, kind: str, run: dict[str, Any]) -> None:
    found["burst_dropped"] += run["dropped"]
    for name in ("p50", "p99"):
        found[f"burst_{kind}{name}_s_{database}"] = run[f"late_{name}"]
    found[f"burst_{kind}press_p99_s_{database}"] = run["press_p99"]
    found.setdefault("burst_raw", {})[f"{kind}{database}"] = run
    kind = "within 10 ms" if kind else "within 1 s"
    print(
        f"{database:10}{kind:14}fired {run['fired']}, dropped {run['dropped']}, late p50 {run['late_p50']:.2f} s,"
        f" p99 {run['late_p99']:.2f} s; a press meanwhile p99 {run['press_p99']:.2f} s; {run['rss_mb']:.0f} MB",
        flush=True,
    )


async def burst_on(url: str, first_due: datetime, spread: timedelta, due: int, lead: float = _LEAD) -> dict[str, Any]:
    """One burst in a process of its own, and what the record holds of it afterwards."""
    async with Far().running() as far:
        output = await python("house_under_burst", url, far.metadata, first_due.isoformat(), str(lead))
    found: dict[str, Any] = {}
    for line in output:
        found |= line
    return found | {"dropped": due - _kept(url, first_due, spread)}


async def python(module: str, *arguments: str) -> list[dict[str, Any]]:
    """Run a module of the bench in a process of its own; the lines of JSON that it prints."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", f"benchmarks.{module}", *arguments, stdout=asyncio.subprocess.PIPE
    )
    try:
        output, _ = await asyncio.wait_for(process.communicate(), _LONGEST)
    finally:
        if process.returncode is None:
            process.kill()
    return [json.loads(line) for line in output.decode().splitlines() if line.startswith("{")]


def _kept(url: str, first_due: datetime, spread: timedelta) -> int:
    """How many deadlines of the burst have their log row and, with it, a message in the outbox."""
    log, box = t.log.c, t.outbox.c
    told = exists().where(and_(box.thread_id == log.thread_id, box.version == log.version, box.kind == "message"))
    in_burst = select(func.count(func.distinct(log.thread_id))).where(
        log.by == "clock", log.due_at >= first_due, log.due_at <= first_due + spread, told
    )
    engine = create_engine(url)
    try:
        with engine.connect() as tx:
            return int(tx.scalar(in_burst) or 0)
    finally:
        engine.dispose()


def _settled(url: str) -> None:
    """Everything that the last burst said has been delivered."""
    engine = create_engine(url)
    with engine.begin() as tx:
        tx.execute(update(t.outbox).where(t.outbox.c.status == "waiting").values(status="sent"))
    engine.dispose()
