"""Deadlines that cannot be acted on: they are put off, seen, never given up, and never in the way of anybody else's."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, update
from test_question import karim_asks
from town import Town, instant

from bot.channel.settings import ChannelSettings
from bot.house import House
from cases import tables as t
from reminders.deadlines import claim_due, next_due, postpone

BAD = "oläsligt"  # a start that no rule can read


def poison(town: Town, count: int, due: str) -> None:
    """So many rows of the first thread, due then, that cannot be worked out."""
    row = {
        "thread_id": 1, "round": 1, "rule": "feedback", "basis": BAD, "rung": 0, "status": "armed",
        "due_at": instant(due), "armed_at": town.clock.care(),
        "profile_print": town.record.profiles["norrkoping"].prints.time,
    }  # fmt: skip
    town.store.transaction(lambda tx: tx.execute(insert(t.deadline), [row | {"step": f"p{n}"} for n in range(count)]))


def poisoned(town: Town) -> list[Any]:
    return [row for row in town.rows_of("deadline") if row.basis == BAD]


def looks(town: Town) -> None:
    async def run() -> None:
        house = House.build(town.store, town.record, ChannelSettings(demo=True), town.clock)
        await house.look()
        await house.door.close()

    town.do(run())


def test_more_bad_rows_than_are_claimed_at_once_do_not_stand_before_a_good_one(town: Town) -> None:
    karim_asks(town)
    karim_asks(town, "NK-2042")
    town.store.transaction(
        lambda tx: tx.execute(update(t.deadline).where(t.deadline.c.thread_id == 1).values(status="disarmed"))
    )
    poison(town, 120, "2026-11-16 08:00")
    town.clock.time = instant("2026-11-16 17:00")
    looks(town)
    assert [row.signal for row in town.rows_of("log") if row.by == "clock"] == ["read.unread"]
    assert {row.attempts for row in poisoned(town)} == {1}


def test_a_row_that_is_put_off_keeps_its_time_and_says_it_when_it_comes(
    town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    karim_asks(town)
    town.anna.presses("Läst")
    feedback = town.thread().deadlines["feedback"]
    good = feedback.basis
    rows = update(t.deadline).where(t.deadline.c.id == feedback.id)
    town.store.transaction(lambda tx: tx.execute(rows.values(basis=BAD)))
    town.clock.time = instant("2026-11-19 09:00")
    waits = []
    for _ in range(8):
        looks(town)
        (row,) = poisoned(town)
        waits.append(row.due_at - town.clock.time)
        assert row.original_due_at == instant("2026-11-19 09:00")
        town.clock.time = row.due_at
    minutes = [wait / timedelta(minutes=1) for wait in waits]
    assert minutes == [1, 2, 4, 8, 16, 32, 60, 60], "twice as long each time, and tried for ever"
    critical = [record.getMessage() for record in caplog.records if record.levelname == "CRITICAL"]
    assert len(critical) == 4 and "has failed 5 times" in critical[0]
    assert good not in caplog.text and BAD not in caplog.text

    town.store.transaction(lambda tx: tx.execute(rows.values(basis=good)))
    town.settle()
    assert "Två arbetsdagar kvar att lämna återkoppling." in town.anna.newest()
    assert "Skulle ha kommit tor 19 nov kl. 09.00." in town.anna.newest()
    fired = [row for row in town.rows_of("log") if row.signal == "feedback.day3"]
    assert [row.due_at for row in fired] == [instant("2026-11-19 09:00")], "the log knows its time too"
    row = next(row for row in town.rows_of("deadline") if row.step == "feedback")
    assert (row.attempts, row.original_due_at) == (0, None)


def test_what_has_meanwhile_been_settled_is_not_put_off(town: Town) -> None:
    karim_asks(town)
    town.clock.time = instant("2026-11-16 17:00")
    claimed = town.store.transaction(lambda tx: claim_due(tx, town.clock.care(), 10))
    town.settle()
    before = town.rows_of("deadline")
    town.store.transaction(lambda tx: postpone(tx, claimed[0], town.clock.care()))
    assert town.rows_of("deadline") == before


def test_a_claim_takes_no_more_than_asked_for(town: Town) -> None:
    karim_asks(town)
    poison(town, 30, "2026-11-16 08:00")
    now = instant("2026-11-16 12:00")
    rows = town.store.transaction(lambda tx: claim_due(tx, now, 7))
    assert len(rows) == 7 and {row.due_at for row in rows} == {instant("2026-11-16 08:00")}
    assert town.store.transaction(next_due) == instant("2026-11-16 08:00")
