"""A notice of a death where content is kept in Stafett: one day, behind «Visa», and nothing else."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from cards import words_of
from privacy_town import keeping_content, opens_dialog
from town import Town


@pytest.fixture
def visa(tmp_path: Path) -> Iterator[Town]:
    made = Town(tmp_path, record=keeping_content())
    yield made
    made.close()


def test_the_day_stands_behind_visa_and_no_deadline_knows_it(visa: Town) -> None:
    visa.sara.begins("death_notice", "NK-2041", date_of_death="2026-10-31")
    visa.sara.presses("Skicka")
    assert not [row for row in visa.rows_of("deadline") if "2026-10-31" in row.basis]
    assert not visa.anna.sees("2026-10-31") and not visa.anna.sees("31 okt")
    dialog = opens_dialog(visa, "anna", 1)
    assert dialog.card is not None and "lör 31 okt 2026" in words_of(dialog.card)
    assert visa.thread().state == "received", "who has looked has received"


def test_the_form_asks_for_a_day_and_nothing_else(visa: Town) -> None:
    flow = visa.record.flows["death_notice"]
    assert [field.name for field in flow.form] == ["date_of_death"]
    assert [field.name for field in flow.fields() if field.sensitive] == ["date_of_death"]
    assert not [field.name for field in flow.fields() if type(field).__name__ == "TextField"], "no free text anywhere"
