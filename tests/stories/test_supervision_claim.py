"""Katrineholm's claim: the month's supervision hours, sent by the third vardag (D29). HT-NORR's manager is Maria."""

from collections.abc import Iterator
from typing import Any

import pytest
from people import leaves
from supervised import SupervisedTown
from town import instant

from cases.record import Opening
from cases.thread import Actor, Signal

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

SENT = "Underlaget är inskickat"
BY_SARA = {"documented_by": "care_worker:HT-NORR:1"}


@pytest.fixture
def town(database: str) -> Iterator[SupervisedTown]:
    """It is Monday 30 November 2026 at 16.00."""
    made = SupervisedTown(database, "2026-11-30 16:00")
    yield made
    made.close()


def meets(town: SupervisedTown, day: str, *, held: bool = True) -> int:
    """A supervision on this day, called by Maria; its number."""
    values = {"starts": instant(f"{day} 14:00").isoformat(), "mode": "on_site"}
    opening = Opening(
        flow="supervision_meeting", sender_id=town.maria.id, sender_unit_id="HT-NORR", case_ref="", values=values
    )
    now, machine = town.clock.care(), town.clock.machine()
    number = town.store.transaction(lambda tx: town.record.open(tx, opening, now, machine).id)
    gives(town, number, "send")
    if held:
        gives(town, number, "hold", **BY_SARA)
        gives(town, number, "documented")
    return number


def gives(town: SupervisedTown, number: int, signal: str, **values: Any) -> None:
    """Maria presses a button of that thread."""
    one = Signal(thread_id=number, name=signal, by=Actor.person(town.maria.id), values=values)
    now, machine = town.clock.care(), town.clock.machine()
    town.store.transaction(lambda tx: town.record.signal(tx, [one], now, machine))


def claims(town: SupervisedTown) -> list[tuple[str, str]]:
    """Each claim's state and hours."""
    rows = [row for row in town.rows_of("thread") if row.flow == "supervision_claim"]
    return [(row.state, town.thread(row.id).values["hours"]) for row in rows]


def test_the_months_hours_by_the_third_vardag(town: SupervisedTown) -> None:
    for day in ("2026-11-05", "2026-11-12", "2026-11-19"):
        meets(town, day)
    meets(town, "2026-10-29", held=False)
    town.until("2026-12-01 08:59")
    assert claims(town) == []
    town.until("2026-12-01 09:00")
    assert claims(town) == [("to_claim", "1.5")]
    card = town.maria.newest()
    assert "1,5 handledningstimmar för nov 2026" in card and "senast tor 3 dec" in card
    assert "Debiteringsunderlag för ersättning enligt lagen om valfrihetssystem (LOV)" in card
    assert "kr" not in card.split("E-tjänst")[1].split("Visa")[0].replace("Skriv", ""), "never a sum of money"
    town.maria.answers(SENT, sent_on="2026-12-01")
    assert claims(town) == [("claimed", "1.5")]
    town.until("2026-12-09 09:00")
    assert len(claims(town)) == 1


def test_nobody_sends_it(town: SupervisedTown) -> None:
    meets(town, "2026-11-05")
    town.until("2026-12-03 08:59")
    before = len(town.maria.toasts())
    town.until("2026-12-03 09:00")
    assert len(town.maria.toasts()) > before and "Anmälan" in town.maria.newest()
    town.until("2026-12-04 09:00")
    assert town.maria.sees("Försenat.")
    assert town.thread(next(row.id for row in town.rows_of("thread") if row.flow == "supervision_claim")).due_hard


def test_a_meeting_written_in_late_changes_the_open_claim_and_then_becomes_a_further_one(town: SupervisedTown) -> None:
    meets(town, "2026-11-05")
    late = [meets(town, day, held=False) for day in ("2026-11-12", "2026-11-19")]
    town.until("2026-12-01 09:00")
    assert claims(town) == [("to_claim", "0.5")]
    assert town.maria.sees("Skriv först in om handledningarna utan besked hölls")
    gives(town, late[0], "hold", **BY_SARA, lasted="45")
    assert town.looks() == 1 and claims(town) == [("to_claim", "1.25")]
    assert town.maria.sees("Timmarna har ändrats sedan du fick dem.")
    town.maria.answers(SENT, sent_on="2026-12-01")
    gives(town, late[1], "hold", **BY_SARA)
    assert town.looks() == 1 and claims(town) == [("claimed", "1.25"), ("to_claim", "0.5")]
    assert town.looks() == 0


def test_a_month_without_a_single_meeting_asks_for_nothing(town: SupervisedTown) -> None:
    gives(town, meets(town, "2026-11-05", held=False), "not_held", not_held_because="no_chair")
    town.until("2026-12-01 09:00")
    assert claims(town) == []


def test_not_to_be_claimed(town: SupervisedTown) -> None:
    meets(town, "2026-11-05")
    town.until("2026-12-01 09:00")
    town.maria.answers("Ska inte anmälas", not_claimed_because="elsewhere")
    assert claims(town) == [("not_claimed", "0.5")] and town.looks() == 0


def test_the_manager_has_left_before_the_claim(town: SupervisedTown) -> None:
    meets(town, "2026-11-05")
    town.store.transaction(lambda tx: leaves(tx, town.maria.id))
    town.until("2026-12-01 09:00")
    assert claims(town) == [("to_claim", "0.5")]
    assert "handledningstimmar är räknade" in town.karim.newest(), "nobody leads the unit: the unit is told"
