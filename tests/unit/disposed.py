"""Towns whose municipality has decided on disposal, and what is looked for when something has gone."""

from typing import Any

from privacy_town import keeping_content
from sqlalchemy import select
from town import Town, instant

from cases import disposal, journal, retention
from cases import tables as t

SECRET = "Ramlade i badrummet i natt"


def decided(database: str, local: str = "2026-11-16 09:00") -> Town:
    """A town in mode «visa», with references to its decisions."""
    return Town(database, local, keeping_content())


def ended(town: Town, case_ref: str = "NK-2041") -> int:
    """Karim asks, and whoever answers for the case answers; the thread's number."""
    town.karim.begins("question", case_ref, category="planning", question_text=SECRET)
    town.karim.presses("Skicka")
    number: int = max(row.id for row in town.rows(t.thread))
    whose = town.johan if case_ref == "NK-2042" else town.anna
    whose.answers("Lämna återkoppling", action_code="home_visit")
    assert town.thread(number).is_closed
    return number


def ticks(town: Town, number: int, *units: str) -> None:
    """These units say that they have journaled the thread."""
    who = {"HT-NORR": town.karim.id, "MYND": town.anna.id}
    for unit in units or who:
        town.store.transaction(lambda tx, unit=unit: journal.tick(tx, number, unit, who[unit], town.clock.care()))


def later(town: Town, local: str) -> None:
    """It is this time, and what was to be sent has been."""
    assert instant(local) >= town.clock.time
    town.clock.time = instant(local)
    town.settle()


def dispose(town: Town, most: int = disposal.TOGETHER) -> int:
    """Every batch that there is; how many rows went."""
    rows = 0
    while went := town.store.transaction(lambda tx: disposal.batch(tx, town.record, town.clock.care(), most)):
        rows += went
    return rows


def stays(town: Town) -> dict[tuple[str, str], int]:
    """What is kept past its time, by kind and reason."""

    def counted(tx: Any) -> dict[tuple[str, str], int]:
        found: dict[tuple[str, str], int] = {}
        for heap in retention.heaps(tx, town.record, town.clock.care()):
            for why, number in retention.how_many_stay(tx, heap).items():
                found[heap.kind, why] = found.get((heap.kind, why), 0) + number
        return found

    return town.store.transaction(counted)


def tells_of(town: Town, number: int) -> dict[str, int]:
    """In which tables something is still said of the thread, and how many rows; repeated presses are known for days."""
    found = {}
    for table in t.metadata.sorted_tables:
        if table is t.inbound:
            continue
        column = table.c.id if table is t.thread else table.c.get("thread_id")
        if column is not None:
            query = select(table).where(column == number)
            rows = town.store.transaction(lambda tx, query=query: len(tx.execute(query).all()))
            if rows:
                found[table.name] = rows
    return found


def content_of(town: Town, number: int) -> dict[str, Any]:
    return {row.field: row.value for row in town.rows(t.content) if row.thread_id == number}
