"""Somebody types what is sensitive, is asked to read or mend it, and goes: nothing of it is kept in their chat.

The answer to a press replaces the card where the person sits, until the chat is opened anew, and to nobody else. So the
answers may stand in it, and nothing typed is lost; a message that is posted or edited is kept, and may hold none.
"""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from cards import inputs_of
from databases import new_sqlite
from privacy_town import keeping_content
from town import Town
from ways_out import IN_THE_CARD, Out, leaks

from dialogs import free_text

SAID = "hemlig-text"
TELLS = f"Ring dottern på 070-123 45 67, {SAID}."


@pytest.fixture
def visa(tmp_path: Path) -> Iterator[Town]:
    with closing(Town(new_sqlite(tmp_path), record=keeping_content())) as made:
        yield made


def begins(town: Town, case_ref: str = "NK-2041") -> None:
    town.karim.begins("question", case_ref, category="assignment", question_text=TELLS)


def warned(town: Town) -> None:
    begins(town)
    assert "det ser ut som ett telefonnummer" in town.karim.newest()


def mended(town: Town) -> None:
    """A form that comes again with what was wrong, filled in."""
    begins(town, "NK_2041?")
    assert inputs_of(town.karim.chat()[-1].card)["question_text"] == TELLS


def changed(town: Town) -> None:
    warned(town)
    town.karim.presses("Ändra")
    assert inputs_of(town.karim.chat()[-1].card)["question_text"] == TELLS


def answered(town: Town) -> None:
    """The warning before a move in a thread that is there."""
    town.karim.begins("question", "NK-2041", category="assignment", question_text="Hur går det?")
    town.karim.presses("Skicka")
    town.anna.answers("Lämna återkoppling", action_code="home_visit", action_text=TELLS)
    assert town.anna.moves() == ["Ändra", "Skicka ändå"]


def walked_away_from(town: Town) -> Iterator[Out]:
    """What the chats keep when somebody has typed and gone: the card they looked at is an answer to a press alone."""
    for resident in town.residents.values():
        for message in resident.chat():
            yield Out(way="kept in the chat", text=repr(message.stored), content=IN_THE_CARD)


WAYS = (warned, mended, changed, answered)


@pytest.mark.parametrize("typed", WAYS)
def test_what_was_typed_is_not_kept_in_the_chat_of_whoever_walks_away(visa: Town, typed: Any) -> None:
    typed(visa)
    assert leaks(walked_away_from(visa), "visa", [SAID]) == set()
    visa.until("2026-11-16 11:30")
    assert leaks(walked_away_from(visa), "visa", [SAID]) == set()


@pytest.mark.parametrize("typed", WAYS)
def test_it_is_found_if_it_were_kept(visa: Town, typed: Any) -> None:
    """A leak planted: the card that the press is answered with is also an edit of the message."""
    typed(visa)
    resident = visa.anna if typed is answered else visa.karim
    pressed = resident.chat()[-1]
    visa.do(visa.teams.update(resident.address(), pressed.id, pressed.card, summary="Stafett"))
    assert leaks(walked_away_from(visa), "visa", [SAID]) == {("kept in the chat", SAID)}


def test_a_warning_repeats_no_answer_but_its_own(visa: Town) -> None:
    """What else was sent with the press comes back in no button."""
    form = {"flow": "question", "unit": "HT-NORR", "protected": "no", "case_ref": "NK-2041", "category": "assignment"}
    for extra in ({"action_text": SAID}, {"nobody_asks": SAID}, {"death_day": "19121212-1212"}):
        card = visa.karim.forges(verb="draft", question_text="Ring 070-123 45 67.", **form, **extra).card
        assert SAID not in repr(card) and "1212" not in repr(card)
    assert free_text.BACK in repr(visa.karim.forges(verb="draft", question_text="Ring 070-123 45 67.", **form).card)
