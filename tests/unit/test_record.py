"""The one door: all or nothing, once, and what has been written in the log and the account stays."""

import pytest
from flow_walk import alternatives, everything, given, led_to, opened, values_for
from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.exc import DatabaseError, IntegrityError
from town import Town, instant

from cases import tables as t
from cases.errors import AnswerMissing, IllegalMove
from cases.thread import DELIVERY, Actor, Signal
from cases.write import refresh
from reminders.deadlines import claim_due


def signal(town: Town, number: int, name: str, who: str, **values: str) -> Signal:
    return Signal(thread_id=number, name=name, by=Actor.person(town.residents[who].id), values=dict(values))


def signalled(town: Town, *signals: Signal) -> None:
    town.store.transaction(lambda tx: town.record.signal(tx, signals, town.clock.care(), town.clock.machine()))


def test_one_transaction_and_when_it_fails_nothing_is_written(town: Town) -> None:
    number = led_to(town, "urgent_lasting", "draft")
    before = town.store.transaction(everything)

    class PowerCut(Exception):
        pass

    def cut(tx: Connection) -> None:
        town.record.signal(tx, [signal(town, number, "send", "sara")], town.clock.care(), town.clock.machine())
        assert tx.scalar(select(t.thread.c.state)) == "sent"
        raise PowerCut

    with pytest.raises(PowerCut):
        town.store.transaction(cut)
    assert town.store.transaction(everything) == before


def test_state_log_deadlines_outbox_and_account_are_one_change(town: Town) -> None:
    number = opened(town, "urgent_lasting")
    signalled(town, signal(town, number, "send", "sara"))
    assert town.thread(number).state == "sent"
    assert [row.signal for row in town.rows_of("log")] == ["open", "send"]
    assert {row.step for row in town.rows_of("deadline") if row.status == "armed"} == {"read", "untaken"}
    assert [(row.person_id, row.text) for row in town.rows_of("outbox")] == [(town.anna.id, "new")]
    assert [(row.person_id, row.action, row.signal) for row in town.rows_of("audit")] == [
        (town.sara.id, "create", "open"),
        (town.sara.id, "signal", "send"),
    ]


def test_two_signals_in_one_batch_are_made_in_order(town: Town) -> None:
    first, second = led_to(town, "urgent_lasting", "draft"), led_to(town, "question", "sent")
    signalled(
        town,
        signal(town, first, "send", "sara"),
        signal(town, second, "take", "anna"),
        signal(town, second, "answer", "anna", action_code="other"),
    )
    assert town.thread(first).state == "sent" and town.thread(second).state == "answered"
    assert [row.version for row in town.rows_of("log") if row.thread_id == second] == [1, 2, 3, 4]


def test_two_answers_to_one_thread_in_one_batch_are_both_kept(town: Town) -> None:
    number = led_to(town, "question", "draft")
    signalled(
        town,
        signal(town, number, "edit", "karim", category="planning"),
        signal(town, number, "edit", "karim", category="contact"),
    )
    assert town.thread(number).values["category"] == "contact"
    assert [(row.seq, row.value) for row in town.rows_of("content") if row.field == "category"] == [
        (1, "assignment"),
        (2, "planning"),
        (3, "contact"),
    ]


def test_one_illegal_signal_in_a_batch_stops_them_all(town: Town) -> None:
    first, second = led_to(town, "urgent_lasting", "draft"), led_to(town, "question", "sent")
    before = town.store.transaction(everything)
    with pytest.raises(IllegalMove):
        signalled(town, signal(town, first, "send", "sara"), signal(town, second, "send", "karim"))
    assert town.store.transaction(everything) == before


def test_an_answer_that_is_missing_writes_nothing(town: Town) -> None:
    number = led_to(town, "question", "sent")
    before = town.store.transaction(everything)
    with pytest.raises(AnswerMissing, match="Vilken åtgärd"):
        signalled(town, signal(town, number, "answer", "anna"))
    assert town.store.transaction(everything) == before


def test_a_deadline_fires_once_however_often_the_clock_ticks(town: Town) -> None:
    led_to(town, "urgent_lasting", "sent")
    now = instant("2026-11-16 09:10")

    def tick(tx: Connection) -> int:
        rows = claim_due(tx, now, 100)
        fired = town.record.fire(tx, rows, now, now)
        assert town.record.fire(tx, rows, now, now) == 0, "the same claimed rows once more"
        return fired

    assert town.store.transaction(tick) == 1
    assert town.store.transaction(tick) == 0
    assert [row.text for row in town.rows_of("outbox")].count("untaken_remind") == 1


def test_a_deadline_of_a_thread_that_has_ended_does_not_fire(town: Town) -> None:
    number = led_to(town, "urgent_lasting", "sent")
    now = instant("2026-11-16 09:10")

    def ended_meanwhile(tx: Connection) -> int:
        rows = claim_due(tx, now, 100)
        town.record.signal(tx, [signal(town, number, "withdraw", "sara")], now, now)
        return town.record.fire(tx, rows, now, now)

    assert town.store.transaction(ended_meanwhile) == 0


@pytest.mark.parametrize("name", ["log", "audit"])
def test_what_is_written_in_the_log_and_the_account_stays(town: Town, name: str) -> None:
    led_to(town, "question", "sent")
    table = t.metadata.tables[name]
    before = town.rows(table)
    assert before
    for statement in (update(table).values(signal="annat"), delete(table)):
        with pytest.raises(DatabaseError, match="append-only"):
            town.store.transaction(lambda tx, statement=statement: tx.execute(statement))  # type: ignore[misc]
    assert town.rows(table) == before


def test_a_message_has_one_row_in_the_outbox(town: Town) -> None:
    led_to(town, "urgent_lasting", "sent")
    row = town.rows_of("outbox")[0]
    with pytest.raises(IntegrityError):
        town.store.transaction(
            lambda tx: tx.execute(insert(t.outbox).values({**row._mapping, "id": None, "status": "waiting"}))
        )


def test_that_somebody_was_not_reached_is_told_once(town: Town) -> None:
    number = led_to(town, "urgent_lasting", "sent")
    for _ in range(3):
        signalled(town, Signal(thread_id=number, name="undeliverable", by=DELIVERY, about=town.anna.id))
    told = [
        (row.text, row.person_id) for row in town.rows_of("outbox") if row.text in ("not_delivered", "undeliverable")
    ]
    assert sorted(told) == [("not_delivered", town.sara.id), ("undeliverable", town.eva.id)]


def test_a_card_drawn_anew_still_says_what_has_just_happened(town: Town) -> None:
    number = led_to(town, "handover_simplified", "notified")
    town.until("2026-11-17 09:00")
    said = "Överlämningen är inte kvitterad av alla."

    def drawn_anew() -> str:
        town.store.transaction(lambda tx: refresh(tx, number, town.lena.id, town.clock.machine()))
        town.settle()
        return town.lena.newest()

    assert said in drawn_anew()
    given(town, number, "read", town.anna.id)
    assert said not in drawn_anew(), "and no longer when the thread has moved on"


def test_an_edit_that_is_written_before_a_message_has_left_does_not_wipe_what_it_says(town: Town) -> None:
    """The other side's card arrives just before the sender's own reminder is sent: both edits come after it."""
    number = led_to(town, "handover_simplified", "notified")
    town.clock.time = instant("2026-11-17 09:00")
    town.store.transaction(lambda tx: refresh_before(tx, town, number))
    town.settle()
    assert "Överlämningen är inte kvitterad av alla." in town.lena.newest()


def refresh_before(tx: Connection, town: Town, number: int) -> None:
    rows = claim_due(tx, town.clock.care(), 100)
    town.record.fire(tx, rows, town.clock.care(), town.clock.machine())
    refresh(tx, number, town.lena.id, town.clock.machine())


def test_content_stands_in_the_content_table_alone(town: Town) -> None:
    number = led_to(town, "handover_ordinary", "notified")
    needs = alternatives(town.record.flows["handover_ordinary"], "notified", "complete")[0].needs
    signalled(town, signal(town, number, "complete", "olle", **values_for(needs)))
    assert {row.field for row in town.rows_of("content")} == {
        "handover_at",
        "receiving_unit",
        "form_sent",
        "short_notice_reason",
        "outcome",
    }


def test_people_are_not_taken_for_somebody_else(town: Town) -> None:
    with pytest.raises(IntegrityError):
        town.store.transaction(
            lambda tx: tx.execute(update(t.person).where(t.person.c.id == 2).values(aad_object_id=_aad_of_first(tx)))
        )


def _aad_of_first(tx: Connection) -> str:
    return str(tx.scalar(select(t.person.c.aad_object_id).where(t.person.c.id == 1)))
