"""A lease outlasts its send, and a process that has stood still sends nothing that another may have sent."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from cards import words_of
from sqlalchemy import Connection, select, update
from test_delivery import sara_sends
from town import Town

from bot.outbox import Outbox
from cases import outbox
from cases import tables as t
from cases.lanes import Room

LONG = timedelta(days=1)


def new_row(town: Town) -> Any:
    return next(row for row in town.rows_of("outbox") if row.text == "new")


def set_back(town: Town, **values: Any) -> None:
    town.store.transaction(lambda tx: tx.execute(update(t.outbox).where(t.outbox.c.text == "new").values(**values)))


def waiting(town: Town) -> None:
    """Sara's message lies in the outbox, and nobody has looked yet."""
    sara_sends(town)
    set_back(town, status="waiting", attempts=0, claimed_until=None, external_id=None, finished_at=None)


def test_a_send_that_could_outlast_its_lease_is_refused(town: Town) -> None:
    with pytest.raises(ValueError, match="lease"):
        Outbox(
            town.store, town.record, town.teams, town.clock, inline=False, lease=timedelta(seconds=20), send_timeout=20
        )


def test_after_a_freeze_nothing_is_sent_that_another_process_may_have(town: Town) -> None:
    waiting(town)
    sends = town.teams.sends
    batches, dispatch = town.outbox._batches, town.outbox._dispatch
    _, (job, *_) = town.store.transaction(lambda tx: batches.take(tx, Room.of(1), timedelta(seconds=60), ()))
    town.clock.time += timedelta(seconds=45)  # the lease still runs, but a whole send no longer fits in it
    town.do(dispatch.deliver(job))
    assert town.teams.sends == sends and town.outbox.tally.stale == 1
    assert (new_row(town).status, new_row(town).attempts) == ("waiting", 0), "given back, untried"
    town.settle()
    assert new_row(town).status == "sent"


def test_an_answer_that_comes_after_another_process_has_taken_the_row_changes_nothing(town: Town) -> None:
    waiting(town)
    first = town.store.transaction(lambda tx: outbox.claim(tx, town.clock.time, timedelta(seconds=60), Room.of(1)))[0]
    town.clock.time += timedelta(seconds=61)
    town.store.transaction(lambda tx: outbox.claim(tx, town.clock.time, timedelta(seconds=60), Room.of(1)))

    def late(tx: Connection) -> tuple[bool, bool, bool]:
        now = town.clock.time
        return (
            outbox.put_back(tx, first, now, "502"),
            outbox.finish(tx, first, outbox.UNDELIVERABLE, now),
            outbox.finish(tx, first, outbox.SENT, now, external_id="m1"),
        )

    assert town.store.transaction(late) == (False, False, True), "but a success is a success"


def test_a_row_whose_lease_runs_out_again_and_again_is_set_aside_and_a_human_told(
    town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    waiting(town)
    for _ in range(5):
        town.store.transaction(lambda tx: outbox.claim(tx, town.clock.time, timedelta(seconds=60), Room.of(1)))
        town.clock.time += timedelta(seconds=61)
    sends = len([one for one in town.anna.chat() if "Brådskande: nytt" in one.toast])
    town.settle()
    assert (new_row(town).status, new_row(town).failure) == ("set_aside", "lease_lost;told")
    assert len([one for one in town.anna.chat() if "Brådskande: nytt" in one.toast]) == sends, "it is not sent"
    assert town.sara.sees("Inte levererat – ring") and "is set aside" in caplog.text
    assert town.outbox.tally.set_aside == 1


def test_a_thread_that_cannot_be_read_does_not_stop_its_whole_batch(town: Town) -> None:
    sara_sends(town)
    town.karim.begins("question", "NK-2042", category="planning")
    town.karim.presses("Skicka")
    anna, johan = town.anna.id, town.johan.id
    mine = t.outbox.c.person_id.in_((anna, johan)) & (t.outbox.c.text == "new")
    again = {"status": "waiting", "attempts": 0, "claimed_until": None}
    town.store.transaction(lambda tx: tx.execute(update(t.outbox).where(mine).values(**again)))
    town.store.transaction(
        lambda tx: tx.execute(update(t.thread).where(t.thread.c.id == 1).values(flow="no such flow"))
    )
    before = len(town.johan.chat())
    town.do(town.outbox.drain())
    rows = {row.person_id: row for row in town.rows(select(t.outbox).where(mine).subquery())}
    assert (rows[anna].status, rows[anna].failure, rows[johan].status) == ("waiting", "undrawable", "sent")
    assert len(town.johan.chat()) == before + 1


def test_a_slow_send_holds_up_nobody_else(town: Town) -> None:
    """One conversation hangs; another person's message, which comes meanwhile, is delivered all the same."""
    send, held, hanging, heard = town.teams.send, asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def hangs(address: Any, card: Any, *, summary: str, alert: bool) -> str:
        if address.conversation_id == town.anna.conversation:
            hanging.set()
            await held.wait()
            return await send(address, card, summary=summary, alert=alert)
        activity_id = await send(address, card, summary=summary, alert=alert)
        heard.set()
        return activity_id

    sara_sends(town, "NK-2090")  # to both assessors of the queue
    mine = (t.outbox.c.text == "new") & t.outbox.c.person_id.in_((town.anna.id, town.johan.id))
    anew = update(t.outbox).where(mine).values(status="waiting", attempts=0, claimed_until=None)
    town.store.transaction(lambda tx: tx.execute(anew))
    tomorrow = update(t.outbox).where(t.outbox.c.person_id == town.johan.id).values(not_before=town.clock.time + LONG)
    town.store.transaction(lambda tx: tx.execute(tomorrow))
    town.teams.send = hangs  # type: ignore[method-assign]

    async def story() -> None:
        town.outbox.start()
        async with asyncio.timeout(30):
            await hanging.wait()
            now = update(t.outbox).where(t.outbox.c.person_id == town.johan.id).values(not_before=town.clock.time)
            await town.store.run(lambda tx: tx.execute(now))
            town.outbox.nudge()
            await heard.wait()
            assert any(row.urgent for row in town.outbox._under_way.values()), "Anna's is still on its way"
            held.set()
            await town.outbox.stop()

    town.do(story())
    assert {row.status for row in town.rows_of("outbox") if row.text == "new"} == {"sent"}


def test_a_card_whose_answer_comes_late_from_another_process_is_brought_up_to_date(town: Town) -> None:
    """One process hangs in a send; another sends the same again and tells what happens next; then the answer comes."""
    waiting(town)
    batches, dispatch = town.outbox._batches, town.outbox._dispatch
    _, (job, *_) = town.store.transaction(lambda tx: batches.take(tx, Room.of(1), timedelta(seconds=60), ()))
    assert job.address is not None
    late = town.do(dispatch._send(job, job.address))
    town.clock.time += timedelta(seconds=61)
    town.settle()  # by the other process
    town.anna.presses("Ta ärendet")
    town.clock.time += timedelta(seconds=5)
    town.settle()
    assert town.do(dispatch._acknowledged(job, job.address, late))
    town.settle()
    arrived = words_of(town.teams.find(town.anna.conversation, late).card)
    assert "Taget" in arrived, arrived
