"""Krav L05: content is seen only on an explicit «Visa», which is accounted for."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from cards import words_of
from privacy_town import opens_dialog
from test_l01_modes import CONTENT, URGENT
from town import Town, shipped
from ways_out import in_mode


@pytest.fixture
def visa(database: str) -> Iterator[Town]:
    with closing(Town(database, record=in_mode(shipped(), "visa"))) as made:
        made.sara.begins("urgent_lasting", "NK-2041", **URGENT)
        made.sara.presses("Skicka")
        yield made


def looks(town: Town) -> list[tuple[int, str, int | None]]:
    rows = [row for row in town.rows_of("audit") if row.action in ("view", "denied")]
    return [(row.person_id, row.action, row.thread_id) for row in rows]


def test_l05_each_look_is_in_the_account_with_who_looked(visa: Town) -> None:
    assert "Visa" in visa.anna.buttons() and not visa.anna.sees(CONTENT) and not visa.sara.sees(CONTENT)
    assert looks(visa) == []
    assert CONTENT in words_of(opens_dialog(visa, "anna", 1).card)
    assert looks(visa) == [(visa.anna.id, "view", 1)]
    visa.settle()
    assert not visa.anna.sees(CONTENT), "it never lies in the chat"


def test_l05_the_same_press_in_the_chat_shows_nothing(visa: Town) -> None:
    assert CONTENT not in words_of(visa.anna.forges(verb="view", thread=1).card)
    assert looks(visa) == []


def test_l05_who_has_no_part_sees_nothing_and_the_attempt_is_in_the_account(visa: Town) -> None:
    assert CONTENT not in words_of(opens_dialog(visa, "birgitta", 1).card)
    assert looks(visa) == [(visa.birgitta.id, "denied", 1)]


def test_l05_what_is_changed_is_read_first_in_a_dialog_and_accounted_for(visa: Town) -> None:
    visa.sara.begins("urgent_lasting", "NK-2042", **URGENT)
    visa.sara.presses("Ändra")
    assert "egen ruta" in visa.sara.newest() and not visa.sara.sees("toilet")
    assert looks(visa) == []
    form = visa.sara._turn("open", {"verb": "ask", "thread": 2, "signal": "edit"})
    assert form.card is not None and "'value': 'toilet'" in repr(form.card)
    assert looks(visa) == [(visa.sara.id, "view", 2)]
