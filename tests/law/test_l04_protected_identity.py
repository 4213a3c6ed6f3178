"""Krav L04: protected identity is asked about first, and what is found out later takes the case out of sight."""

import pytest
from sealed import seals, shows_only_that_it_has_ended
from town import Town

URGENT = {
    "extra_help_start_date": "2026-11-16", "extra_help_start_time": "07:30", "noticed_by_role": "care_worker",
}  # fmt: skip


@pytest.mark.parametrize("answer", ["Ja", "Vet inte"])
def test_l04_the_first_question_stops_and_leaves_a_count(town: Town, answer: str) -> None:
    town.karim.types("start")
    town.karim.chooses(town.record.flows["question"].title)
    assert "Har personen skyddade personuppgifter?" in town.karim.newest()
    before = town.rows_of("audit")
    town.karim.presses(answer)
    assert "Inget om ärendet har sparats." in town.karim.newest()
    assert town.rows_of("thread") == [] and town.rows_of("content") == [] and town.rows_of("audit") == before
    assert [(row.name, row.n) for row in town.rows_of("counter")] == [("protected_identity_stopped", 1)]


def test_l04_found_out_later_the_whole_case_is_sealed(town: Town) -> None:
    town.sara.begins("urgent_lasting", "NK-2041", **URGENT)
    town.sara.presses("Skicka")
    town.karim.begins("question", "NK-2041", category="planning")
    town.karim.presses("Skicka")
    seals(town, "anna", 2)
    for number in (1, 2):
        thread = town.thread(number)
        assert thread.state == "sealed" and thread.is_closed and thread.values == {}
        shows_only_that_it_has_ended(town, number)
    assert "NK-2041" not in repr(town.rows_of("care_case"))
    assert town.sara.toasts()[-1] == f"Avslutat {town.thread(1).ref}. Öppna Stafett.", "who sent it hears of it"


def test_l04_nothing_new_begins_on_the_case_and_nobody_is_told_why(town: Town) -> None:
    town.karim.begins("question", "NK-2041", category="planning")
    town.karim.presses("Skicka")
    seals(town, "karim", 1)
    for spelled in ("NK-2041", "nk 2041", "NK2041"):
        town.anna.begins("assignment_notice", spelled)
        assert "Inget om ärendet har sparats." in town.anna.newest() and len(town.rows_of("thread")) == 1
        assert "skyddad" not in town.anna.newest()
