"""The outbox: urgent first, one sender of a row at a time, and nothing is ever given up in silence."""

from datetime import timedelta

from flow_walk import led_to
from sqlalchemy import Connection, insert
from town import Town

from cases import outbox, people
from cases import tables as t
from cases.lanes import Room
from cases.outbox import Row
from cases.write import show_again

LEASE = timedelta(seconds=60)


def put(town: Town, *rows: tuple[str, int, str]) -> None:
    """Rows for (person, lane, text), in this order."""

    def work(tx: Connection) -> None:
        for number, (who, lane, text) in enumerate(rows):
            tx.execute(
                insert(t.outbox).values(
                    key=f"test:{number}", lane=lane, kind="message", thread_id=1, version=9, text=text,
                    person_id=town.residents[who].id, created_at=town.clock.time, not_before=town.clock.time,
                    status="waiting", attempts=0,
                )
            )  # fmt: skip

    town.store.transaction(work)


def claimed(town: Town, limit: int = 16) -> list[Row]:
    return town.store.transaction(lambda tx: outbox.claim(tx, town.clock.time, LEASE, Room.of(limit)))


def test_urgent_rows_go_first_and_each_person_gets_one_at_a_time(town: Town) -> None:
    led_to(town, "question", "sent")
    put(town, ("anna", 1, "new"), ("eva", 2, "new"), ("anna", 0, "unread"), ("johan", 1, "new"))
    rows = claimed(town)
    assert [(row.person_id, row.lane) for row in rows] == [(town.anna.id, 0), (town.johan.id, 1), (town.eva.id, 2)]
    assert claimed(town) == [], "Anna's second waits for her first, so that her chat keeps its order"


def test_a_row_is_leased_to_one_sender_and_comes_back_when_that_one_dies(town: Town) -> None:
    led_to(town, "question", "sent")
    put(town, ("anna", 0, "new"))
    assert len(claimed(town)) == 1
    assert claimed(town) == []
    town.clock.time += LEASE - timedelta(seconds=1)
    assert claimed(town) == []
    town.clock.time += timedelta(seconds=1)
    again = claimed(town)
    assert [row.attempts for row in again] == [1]


def test_what_was_put_back_waits_for_its_time(town: Town) -> None:
    led_to(town, "question", "sent")
    put(town, ("anna", 0, "new"))
    (row,) = claimed(town)
    later = town.clock.time + timedelta(seconds=30)
    town.store.transaction(lambda tx: outbox.put_back(tx, row, later, "429"))
    assert claimed(town) == []
    assert town.store.transaction(lambda tx: outbox.next_time(tx, town.clock.time)) == later
    town.clock.time = later
    assert [one.id for one in claimed(town)] == [row.id]


def test_what_is_finished_is_not_claimed_again(town: Town) -> None:
    led_to(town, "question", "sent")
    put(town, ("anna", 0, "new"), ("eva", 0, "new"))
    for row, status in zip(claimed(town), (outbox.SENT, outbox.UNDELIVERABLE), strict=True):
        town.store.transaction(lambda tx, r=row, s=status: outbox.finish(tx, r, s, town.clock.time))  # type: ignore[misc]
    town.clock.time += LEASE
    assert claimed(town) == []
    assert not [row for row in town.rows(t.outbox) if row.status == "waiting"]
    assert town.store.transaction(lambda tx: outbox.next_time(tx, town.clock.time)) is None


def test_a_crash_between_send_and_note_sends_again_and_a_second_press_is_harmless(town: Town) -> None:
    """The one window where the outcome is unknown: at least once, never lost."""
    town.sara.begins(
        "urgent_lasting", "NK-2041", noticed_by_role="night",
        extra_help_start_date="2026-11-16", extra_help_start_time="07:30",
    )  # fmt: skip
    town.sara.presses("Skicka")
    row = next(one for one in town.rows_of("outbox") if one.text == "new")
    town.store.transaction(
        lambda tx: tx.execute(t.outbox.update().where(t.outbox.c.id == row.id).values(status="waiting"))
    )
    town.settle()
    first, second = town.anna.chat()
    assert "ett nyare kort finns längre ned i chatten" in repr(first.card)
    town.anna.presses("Ta ärendet")
    assert town.thread().state == "taken" and second is town.anna.chat()[-1]


def test_a_pressed_card_is_edited_also_when_the_edit_of_an_older_one_has_been_taken_up(town: Town) -> None:
    """Whoever sends that edit has chosen its message already: the card that was pressed would stay as it was."""
    number, later = led_to(town, "question", "sent"), timedelta(seconds=3)
    version, anna = town.thread(number).version, town.anna.id

    def pressed(message: str) -> None:
        town.store.transaction(lambda tx: show_again(tx, number, version, anna, town.clock.time, message))

    def edits() -> int:
        return sum(row.kind == "update" and row.person_id == anna for row in town.rows_of("outbox"))

    before = edits()
    pressed("message-a")
    pressed("message-b")
    assert edits() == before + 1, "one that nobody has taken up yet will edit the latest card"
    town.clock.time += later
    assert [row.kind for row in claimed(town)] == ["update"]
    pressed("message-b")
    pressed("message-b")
    assert edits() == before + 2, "once more for the pressed message, and once only"


def test_a_reminder_is_not_sent_when_it_is_no_longer_true(town: Town) -> None:
    led_to(town, "urgent_lasting", "sent")
    town.store.transaction(lambda tx: people.mark(tx, town.anna.id, people.OPEN))
    town.clock.time += timedelta(minutes=10)
    town.store.transaction(town._fire)
    town.karim.forges(verb="do", thread=1, signal="withdraw")
    town.settle()
    reminder = next(one for one in town.rows_of("outbox") if one.text == "untaken_remind")
    assert reminder.status == "superseded"
    assert not town.anna.sees("väntar på att någon tar det")
