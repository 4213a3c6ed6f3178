"""Norrköping 1.3: hemtjänst helps a client to reach the assessor. It is Monday 16 November 2026."""

import pytest
from town import Town

ONLY_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
WISH = {"wished_by": "client", "why_through_us": "unable", "purpose": "changed_support"}


def karim_passes_it_on(town: Town) -> None:
    town.karim.begins("client_contact", "NK-2041", **WISH)
    town.karim.presses("Skicka")


def test_the_good_way(town: Town) -> None:
    karim_passes_it_on(town)
    assert "En önskan om kontakt, ingen ansökan." in town.anna.newest()
    assert "Ingen ansökan har lämnats i Stafett" in town.anna.newest()
    assert "Önskan gäller: Förändrat stöd" in town.anna.newest()
    town.anna.answers("Lämna återkoppling", action_code="phone_client", planned_date="2026-11-17")
    assert town.thread().is_closed
    assert town.karim.sees("Telefonkontakt med brukaren") and town.karim.sees("tis 17 nov 2026")


@ONLY_SQLITE
def test_it_is_no_way_to_apply(town: Town) -> None:
    """Said before the first question, and again to whoever receives it."""
    town.karim.types("kontakt")
    town.karim.presses("Nej")
    assert "Stafett tar inte emot ansökningar." in town.karim.newest()


@ONLY_SQLITE
def test_nobody_reads_and_then_it_is_late(town: Town) -> None:
    karim_passes_it_on(town)
    town.until("2026-11-16 17:00")
    assert "Meddelandet är inte läst. Läs det i dag." in town.anna.newest()
    town.until("2026-11-24 09:00")
    assert "Återkoppling saknas när rutinens tid är ute. Du är nästa i tur." in town.eva.newest()
    town.eva.answers("Lämna återkoppling", action_code="home_visit")
    assert town.thread().is_closed and town.karim.sees("Hembesök bokas")


@ONLY_SQLITE
def test_it_is_nobody_elses_and_may_be_withdrawn(town: Town) -> None:
    karim_passes_it_on(town)
    town.birgitta.types(town.thread().ref)
    assert "Det finns inget meddelande" in town.birgitta.newest()
    town.karim.presses("Återkalla")
    assert town.anna.sees("Du behöver inte göra något.")
