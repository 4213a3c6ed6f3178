"""A whole municipality's deadlines are worked out anew: in batches, stopped and begun again, and by two at once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from municipality import Municipality, closed, write
from sqlalchemy import Connection, insert, select
from test_question import karim_asks
from town import Town, instant

from bot.house import build_record
from cases import recompute as module
from cases import tables as t
from cases.recompute import are_noted, note_profiles, recompute
from cases.record import Record
from cases.store import Store

COUNT = 40
CLOSED = closed("2026-11-20")


@pytest.fixture
def kommun(database: str, tmp_path: Path) -> Iterator[Municipality]:
    """Forty questions wait since Friday; all of them are due on Friday the 20th."""
    made = Municipality.of(database, tmp_path / "rutiner", "2026-11-13 09:00")
    karim_asks(made.town)
    made.town.anna.presses("Läst")
    made.town.store.transaction(many)
    yield made
    made.town.close()


def many(tx: Connection) -> None:
    """The first thread and its running deadline, so many times over."""
    first = tx.execute(select(t.thread)).mappings().one()
    row = tx.execute(select(t.deadline).where(t.deadline.c.status == "armed")).mappings().one()
    copied = {name: value for name, value in first.items() if name not in ("id", "opening_key")}
    for _ in range(COUNT - 1):
        thread_id = tx.execute(insert(t.thread).values(copied).returning(t.thread.c.id)).scalar_one()
        own = {name: value for name, value in row.items() if name != "id"} | {"thread_id": thread_id}
        tx.execute(insert(t.deadline).values(own))


def anew(town: Town) -> dict[int, int]:
    """How often each thread was worked out anew, by its log."""
    found: dict[int, int] = {}
    for row in town.rows_of("log"):
        if row.signal == "recompute":
            found[row.thread_id] = found.get(row.thread_id, 0) + 1
    return found


def limits(town: Town) -> set[Any]:
    return {row.soft_at for row in town.rows_of("deadline") if row.status == "armed"}


def pass_over(store: Store, record: Record, town: Town, batch: int, stop_after: int | None = None) -> int:
    """A pass in batches of this size, cut off after so many; how many batches there were."""
    after: int | None = 0
    done = 0
    while after is not None and done != stop_after:
        here = after
        after = store.transaction(
            lambda tx, here=here: recompute(
                tx, record.profiles, here, town.clock.care(), town.clock.machine(), limit=batch
            )
        ).after
        done += 1
    return done


def test_it_is_done_in_batches_and_goes_on_where_it_was_cut_off(kommun: Municipality) -> None:
    """A stop between two batches, and one in the middle of a batch, leave nothing half done and nothing done twice."""
    town = kommun.town
    write(kommun.folder, CLOSED)
    record = build_record(kommun.folder)
    pass_over(town.store, record, town, 7, stop_after=3)
    assert len(anew(town)) == 21 and limits(town) == {instant("2026-11-20 17:00"), instant("2026-11-23 17:00")}

    def killed(tx: Connection) -> None:
        assert recompute(tx, record.profiles, 0, town.clock.care(), town.clock.machine(), limit=7).changed == 7
        raise ConnectionAbortedError

    with pytest.raises(ConnectionAbortedError):
        town.store.transaction(killed)
    assert len(anew(town)) == 21, "what was not committed did not happen"
    stored = {row.key: row.value for row in town.rows_of("setting")}
    assert stored["profile:norrkoping"] != record.profiles["norrkoping"].prints.whole, "not before all is done"

    kommun.looks()
    assert limits(town) == {instant("2026-11-23 17:00")}
    assert anew(town) == dict.fromkeys(range(1, COUNT + 1), 1)


def test_two_replicas_at_once_do_it_once(kommun: Municipality, database: str) -> None:
    town = kommun.town
    write(kommun.folder, CLOSED)
    begin = Barrier(2)

    def replica() -> list[str]:
        store, record = Store(database), build_record(kommun.folder)
        try:
            begin.wait()
            pass_over(store, record, town, 5)
            return store.transaction(lambda tx: note_profiles(tx, record.profiles, town.clock.care()))
        finally:
            store.close()

    with ThreadPoolExecutor(2) as threads:
        noted = [future.result() for future in [threads.submit(replica) for _ in range(2)]]
    assert sorted(noted) == [[], ["norrkoping"]], "one of them accounts for it"
    assert limits(town) == {instant("2026-11-23 17:00")} and anew(town) == dict.fromkeys(range(1, COUNT + 1), 1)


def test_a_deadline_that_fires_before_it_was_worked_out_anew_goes_by_the_new_profile(kommun: Municipality) -> None:
    """The server has read the file, the pass has not come to the row, and the clock strikes."""
    town = kommun.town
    write(kommun.folder, CLOSED)
    town.record.take(build_record(kommun.folder).profiles)
    town.until("2026-11-20 12:00")
    said = [row.text for row in town.rows_of("outbox") if row.kind == "message" and row.original_due_at is not None]
    assert "feedback_day5" not in said, "not on the closed day"
    assert limits(town) == {instant("2026-11-23 17:00")}, "what fired on the way was worked out anew there"
    town.until("2026-11-23 09:00")
    said = [row.text for row in town.rows_of("outbox") if row.kind == "message" and row.original_due_at is not None]
    assert said.count("feedback_day5") == COUNT


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # whose trigger makes the fault
def test_a_row_that_cannot_be_written_is_stepped_over(kommun: Municipality, caplog: pytest.LogCaptureFixture) -> None:
    town = kommun.town
    town.store.transaction(
        lambda tx: tx.exec_driver_sql(
            "CREATE TRIGGER full BEFORE INSERT ON log WHEN NEW.thread_id = 9 BEGIN SELECT RAISE(ABORT, 'full'); END"
        )
    )
    kommun.decides(CLOSED)
    assert set(anew(town)) == set(range(1, COUNT + 1)) - {9}
    assert "it keeps its times" in caplog.text
    town.store.transaction(lambda tx: tx.exec_driver_sql("DROP TRIGGER full"))
    kommun.restarts()
    assert set(anew(town)) == set(range(1, COUNT + 1))


def test_rows_of_other_profiles_are_not_touched_and_a_pass_looks_at_few_rows_at_a_time(
    kommun: Municipality, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_LOOKED_AT", 10)
    town = kommun.town
    others = {row.id for row in town.rows_of("deadline") if row.id % 2}
    town.store.transaction(
        lambda tx: tx.execute(t.thread.update().where(t.thread.c.id % 2 == 0).values(profile="_boken"))
    )
    assert others
    kommun.decides(CLOSED)
    moved = {row.thread_id for row in town.rows_of("deadline") if row.soft_at == instant("2026-11-23 17:00")}
    assert moved == {number for number in range(1, COUNT + 1) if number % 2}


def test_a_pass_by_the_same_profiles_as_the_last_one_need_not_hurry(kommun: Municipality) -> None:
    """Every start looks through all deadlines; at the first of a new routine people wait for it, else nobody does."""
    noted = [kommun.town.store.transaction(lambda tx: are_noted(tx, kommun.town.record.profiles))]
    write(kommun.folder, CLOSED)
    kommun.looks()
    noted.append(kommun.town.store.transaction(lambda tx: are_noted(tx, kommun.town.record.profiles)))
    with_old = build_record()
    noted.append(kommun.town.store.transaction(lambda tx: are_noted(tx, with_old.profiles)))
    assert noted == [True, True, False]
