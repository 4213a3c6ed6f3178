"""Norrköping 3.1: an assignment that hemtjänst finds unclear. It is Monday 16 November 2026."""

import pytest
from town import Town

ONLY_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def karim_asks(town: Town) -> None:
    town.karim.begins("unclear_assignment", "NK-2041", part_of_assignment="what,goal")
    town.karim.presses("Skicka")


def test_they_go_through_it_together_and_both_are_told_to_document(town: Town) -> None:
    karim_asks(town)
    assert "Oklart: Vad som ska utföras, Målsättningen" in town.anna.newest()
    town.anna.answers("Lämna återkoppling", action_code="go_through", planned_date="2026-11-18")
    assert town.thread().is_closed
    assert town.karim.sees("Vi går igenom uppdraget tillsammans") and town.karim.sees("ons 18 nov 2026")
    assert town.karim.sees("Glöm inte att dokumentera viktiga förtydliganden i er journal.")


@ONLY_SQLITE
def test_nobody_answers(town: Town) -> None:
    karim_asks(town)
    town.until("2026-11-16 17:00")
    assert "Meddelandet är inte läst. Läs det i dag." in town.anna.newest()
    town.until("2026-11-23 09:00")
    assert "Sista dagen att lämna återkoppling." in town.anna.newest()
    town.until("2026-11-24 09:00")
    assert "Du är nästa i tur." in town.eva.newest() and "Försenat." in town.eva.newest()
    town.anna.answers("Lämna återkoppling", action_code="clarified")
    assert town.karim.sees("Uppdraget är förtydligat"), "late is better than never"


@ONLY_SQLITE
def test_it_is_nobody_elses(town: Town) -> None:
    karim_asks(town)
    town.birgitta.types(town.thread().ref)
    assert "Det finns inget meddelande" in town.birgitta.newest()
    town.sara.types("otydligt")
    assert "Din roll kan inte starta det meddelandet." in town.sara.newest(), "chef, gruppledare or administratör asks"


@ONLY_SQLITE
def test_withdrawn(town: Town) -> None:
    karim_asks(town)
    town.karim.presses("Återkalla")
    assert town.anna.sees("Du behöver inte göra något.")
