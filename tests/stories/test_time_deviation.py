"""Norrköping 3.2.2: ordered and performed time outside the frame time. It is Monday 16 November 2026."""

import pytest
from town import Town

ONLY_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
LONGER = {
    "frame": "outside", "deviates_since": "2026-11-02", "measure": "hours_month", "ordered": "4", "performed": "6,5",
    "overhead": "yes",
}  # fmt: skip


def karim_writes(town: Town, **changes: str) -> None:
    town.karim.begins("time_deviation", "NK-2041", **LONGER | changes)


def test_the_good_way(town: Town) -> None:
    karim_writes(town)
    town.karim.presses("Skicka")
    assert "Skillnad: 2,5 timmar per månad mer än beställt" in town.anna.newest()
    assert "Kringtiden är borträknad: Ja" in town.anna.newest()
    town.anna.answers("Lämna återkoppling", action_code="adjust_decision")
    assert town.thread().is_closed and town.karim.sees("Beslutet justeras")


@ONLY_SQLITE
def test_less_than_ordered_is_told_as_well(town: Town) -> None:
    karim_writes(town, measure="minutes_visit", ordered="20", performed="12")
    assert "Skillnad: 8 minuter per besök mindre än beställt" in town.karim.newest()


@ONLY_SQLITE
def test_inside_the_frame_time_nothing_is_adjusted(town: Town) -> None:
    town.karim.begins("time_deviation", "NK-2041", frame="inside")
    assert "görs inga tidsjusteringar om behovet inte förändrats" in town.karim.newest()
    assert town.rows_of("thread") == [] and town.anna.has_heard_nothing()


@ONLY_SQLITE
def test_with_overhead_time_in_it_the_routine_is_said_first(town: Town) -> None:
    karim_writes(town, overhead="no")
    assert "Räkna bort kringtiden innan du jämför." in town.karim.newest()
    town.karim.presses("Fortsätt ändå")
    town.karim.presses("Skicka")
    assert "Kringtiden är borträknad: Nej" in town.anna.newest()


@ONLY_SQLITE
def test_what_is_no_number_is_asked_for_again(town: Town) -> None:
    karim_writes(town, performed="mycket")
    assert town.rows_of("thread") == []
    town.karim.presses("Fortsätt", **LONGER)
    assert "Skicka" in town.karim.buttons()


@ONLY_SQLITE
def test_nobody_reads_and_then_it_is_late(town: Town) -> None:
    karim_writes(town)
    town.karim.presses("Skicka")
    town.until("2026-11-18 09:00")
    assert "Meddelandet är fortfarande inte läst." in town.eva.newest()
    town.until("2026-11-24 09:00")
    assert "Återkoppling saknas när rutinens tid är ute. Du är nästa i tur." in town.eva.newest()
    town.eva.presses("Ta ärendet")
    town.eva.answers("Lämna återkoppling", action_code="no_change")
    assert town.thread().is_closed and town.karim.sees("Nuvarande beslut gäller")


@ONLY_SQLITE
def test_it_is_nobody_elses_and_may_be_withdrawn(town: Town) -> None:
    karim_writes(town)
    town.karim.presses("Skicka")
    town.birgitta.types(town.thread().ref)
    assert "Det finns inget meddelande" in town.birgitta.newest()
    town.maria.types(town.thread().ref)
    town.maria.presses("Återkalla")
    assert town.anna.sees("Du behöver inte göra något."), "a colleague in the unit acts for the sender"
