"""Norrköping 1.2: a decision changed without a new assignment. It is Monday 16 November 2026 at 09.00."""

import pytest
from town import Town

ONLY_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def anna_tells(town: Town, case_ref: str = "NK-2077", **changes: str) -> None:
    form = {"change_type": "ended", "effective_date": "2026-11-20"} | changes
    town.anna.begins("decision_change_notice", case_ref, **form)
    town.anna.presses("Skicka")


def test_the_good_way(town: Town) -> None:
    anna_tells(town)
    for resident in (town.olle, town.birgitta):
        assert "Ändring: En insats avslutas" in resident.newest(), "it lies in the unit's function mailbox"
    assert "Gäller från: fre 20 nov 2026" in town.olle.newest()
    assert "senast fre 4 dec, därefter kontaktar biståndshandläggaren debiteringen" in town.olle.newest()
    town.olle.answers("Bekräfta ändringen", change_result="planned")
    assert town.thread().is_closed
    assert town.anna.sees("Hemtjänsten har bekräftat ändringen.") and town.anna.sees("Planeringen ändras från dagen")


@ONLY_SQLITE
def test_the_other_heading_and_the_new_assignment_are_pointed_to_before_anything_is_asked(town: Town) -> None:
    town.anna.types("ändring")
    town.anna.presses("Nej")
    assert "vid nya beslut skickas bara uppdraget" in town.anna.newest()
    assert "under rubriken ”övrigt” i uppdraget" in town.anna.newest()


@ONLY_SQLITE
def test_registered_after_the_fourth_debiteringen_is_contacted(town: Town) -> None:
    """D07: what ended in October was to be registered by 4 November."""
    anna_tells(town, effective_date="2026-10-30")
    assert "efter ons 4 nov: biståndshandläggaren kontaktar debiteringen" in town.anna.newest()


@ONLY_SQLITE
def test_a_change_that_holds_before_anybody_is_sure_to_read_is_rung_about_too(town: Town) -> None:
    """Sent on Friday after two o'clock, for Saturday: the mailbox is read on Monday."""
    town.until("2026-11-20 14:05")
    anna_tells(town, change_type="added", effective_date="2026-11-21")
    assert "Ring också: ändringen gäller innan funktionsbrevlådan säkert har lästs." in town.anna.newest()
    town.until("2026-11-20 14:30")
    anna_tells(town, "NK-2041", change_type="added", effective_date="2026-11-23")
    assert "Ring också" not in town.anna.newest()


@ONLY_SQLITE
def test_an_added_service_has_nothing_to_do_with_debiteringen(town: Town) -> None:
    anna_tells(town, change_type="added")
    assert "debiteringen" not in town.olle.newest()


@ONLY_SQLITE
def test_nobody_reads(town: Town) -> None:
    anna_tells(town)
    town.until("2026-11-16 14:00")
    assert "Funktionsbrevlådans lästid har gått och meddelandet är inte läst." in town.olle.newest()
    town.until("2026-11-24 09:00")
    assert town.birgitta.sees("Återkoppling saknas när rutinens tid är ute. Du är nästa i tur.")
    town.birgitta.answers("Bekräfta ändringen", change_result="already")
    assert town.thread().is_closed and town.anna.sees("Planeringen är redan ändrad"), "late, and still confirmed"


@ONLY_SQLITE
def test_of_a_case_that_is_not_in_the_register_the_assessor_chooses_the_provider(town: Town) -> None:
    anna_tells(town, "NK-9999", provider_unit="HT-SODER")
    assert "NK-9999" in town.olle.newest()
    assert town.karim.has_heard_nothing()


@ONLY_SQLITE
def test_the_other_provider_does_not_learn_of_it(town: Town) -> None:
    anna_tells(town)
    town.karim.types(town.thread().ref)
    assert "Det finns inget meddelande" in town.karim.newest()


@ONLY_SQLITE
def test_withdrawn(town: Town) -> None:
    anna_tells(town)
    town.anna.presses("Återkalla")
    assert town.olle.sees("Du behöver inte göra något.")
