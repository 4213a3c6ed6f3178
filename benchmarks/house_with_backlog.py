"""Stafett itself with a long backlog in its outbox, while urgent messages are sent; in a process of its own.

    python -m benchmarks.house_with_backlog URL METADATA_URL BACKLOG SECONDS

The backlog is what a changed profile leaves: cards to be drawn anew, in the bulk lane, to care workers. Prints a line
of JSON: when each urgent message was about to be committed, by its receiver's conversation, and how many rows wait.
"""

import argparse
import asyncio
import json
import time
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from benchmarks import filled, town
from benchmarks.far import service_url
from benchmarks.house_under_burst import house_on
from bot.house import House, build_record
from cases import tables as t
from cases.record import Record
from cases.thread import Actor, Signal

_EVERY = 0.3
_BULK = 2


async def run(url: str, metadata: str, backlog: int, seconds: float) -> None:
    """Fill the outbox, serve, send."""
    record = build_record()
    house = house_on(url, metadata, filled.monday() + timedelta(hours=1), record)
    store = house.store
    await store.run(lambda tx: tx.execute(update(t.conversation).values(service_url=service_url(metadata))))
    drafts = await store.run(_drafts)
    await store.run(lambda tx: _put(tx, backlog, house))
    await house.start()
    await asyncio.sleep(3)  # the backlog is under way
    sent: dict[str, float] = {}
    for thread_id, sender_id, assessor_id in drafts[: int(seconds / _EVERY)]:
        sent[town.conversation_of(assessor_id)] = await store.run(
            lambda tx, thread=thread_id, who=sender_id: _send(tx, house, record, thread, who)  # type: ignore[misc]
        )
        house.outbox.nudge()
        await asyncio.sleep(_EVERY)
    await asyncio.sleep(3)
    waiting = select(func.count()).where(t.outbox.c.status == "waiting", t.outbox.c.lane == _BULK)
    left = await store.run(lambda tx: tx.scalar(waiting))
    await house.stop()
    print(json.dumps({"sent": sent, "left": left}), flush=True)


def _send(tx: Connection, house: House, record: Record, thread_id: int, who: int) -> float:
    signal = Signal(thread_id=thread_id, name="send", by=Actor.person(who))
    record.signal(tx, [signal], house.clock.care(), house.clock.machine())
    return time.time()


def _drafts(tx: Connection) -> list[tuple[int, int, int]]:
    """Urgent drafts, each of another assessor's case: thread, sender, assessor."""
    thread, case = t.thread.c, t.care_case.c
    query = (
        select(func.min(thread.id), func.min(thread.sender_id), case.responsible_id)
        .join(t.care_case, case.case_ref == thread.case_ref)
        .where(thread.state == "draft", thread.flow == town.FLOW)
        .group_by(case.responsible_id)
    )
    chosen = {row[0]: row[2] for row in tx.execute(query)}
    senders = tx.execute(select(thread.id, thread.sender_id).where(thread.id.in_(list(chosen))))
    return [(row[0], row[1], chosen[row[0]]) for row in senders]


def _put(tx: Connection, backlog: int, house: House) -> None:
    """Senders' cards to be drawn anew."""
    thread, card, now = t.thread.c, t.card.c, house.clock.machine()
    tx.execute(update(t.thread).where(thread.state != "draft").values(version=thread.version + 1))
    own = select(thread.id, thread.version, thread.sender_id).join(
        t.card, (card.thread_id == thread.id) & (card.person_id == thread.sender_id)
    )
    rows: list[dict[str, Any]] = [
        {
            "key": f"u:{row[0]}:{row[1]}:{row[2]}", "lane": _BULK, "kind": "update", "thread_id": row[0],
            "version": row[1], "person_id": row[2], "text": "", "created_at": now, "not_before": now, "attempts": 0,
            "status": "waiting",
        }
        for row in tx.execute(own.where(thread.state != "draft").limit(backlog))
    ]  # fmt: skip
    if len(rows) < backlog:
        raise RuntimeError(f"only {len(rows)} cards to draw anew")
    tx.execute(insert(t.outbox), rows)


def main() -> None:
    """Serve for so long."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("url")
    parser.add_argument("metadata")
    parser.add_argument("backlog", type=int)
    parser.add_argument("seconds", type=float)
    chosen = parser.parse_args()
    asyncio.run(run(chosen.url, chosen.metadata, chosen.backlog, chosen.seconds))


if __name__ == "__main__":
    main()
