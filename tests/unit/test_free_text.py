"""Names, telephones, addresses and codes in free text: warned about, never refused, and nothing written is lost."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from cards import inputs_of, words_of
from databases import new_sqlite
from free_texts import HARMLESS, TELLING
from privacy_town import in_content, keeping_content
from town import Town

from dialogs.free_text import Known, kinds_in

STAFF = Known(
    names=frozenset({"karim aziz", "karim", "anna berg", "anna"}), phones=frozenset({"0846500401", "0701740605"})
)
NOBODY = Known(names=frozenset(), phones=frozenset())
DOCS = Path(__file__).parents[2] / "docs"
TELLS = "Ring dottern på 070-123 45 67."


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_written_every_day_is_let_through(text: str) -> None:
    assert kinds_in(text, lambda: STAFF) == []


@pytest.mark.parametrize(("text", "kind"), TELLING.items())
def test_what_should_not_be_there_is_seen(text: str, kind: str) -> None:
    assert kinds_in(text, lambda: STAFF) == [kind]


def test_texts_that_it_was_not_made_for_are_let_through_too() -> None:
    """The handbook and the rules: hundreds of sentences of the trade. A false alarm in a hundred would be felt every
    day; here it is less than one in five hundred."""
    found = [*DOCS.glob("handbok/*.md"), DOCS / "regler.md"]
    whole = "\n".join(re.sub(r"`[^`]*`", "x", file.read_text(encoding="utf-8")) for file in found)
    sentences = [one for one in re.split(r"(?<=[.!?:])\s+|\n+|\|", whole) if len(one.strip()) > 25]
    alarms = [one for one in sentences if kinds_in(one, lambda: NOBODY)]
    assert len(sentences) > 500 and len(alarms) * 500 < len(sentences), alarms


@pytest.fixture
def visa(tmp_path: Path) -> Iterator[Town]:
    made = Town(new_sqlite(tmp_path), record=keeping_content())
    yield made
    made.close()


def test_a_new_message_is_stopped_once_and_goes_on_as_it_was(visa: Town) -> None:
    visa.karim.begins("question", "NK-2041", category="assignment", question_text=TELLS)
    assert "«Fråga»: det ser ut som ett telefonnummer." in visa.karim.newest()
    assert visa.karim.moves() == ["Ändra", "Fortsätt ändå"] and visa.rows_of("thread") == []
    visa.karim.presses("Ändra")
    kept = inputs_of(visa.karim.chat()[-1].card)
    assert (kept["case_ref"], kept["category"], kept["question_text"]) == ("NK-2041", "assignment", TELLS)
    visa.karim.presses("Fortsätt", question_text="Ring före besöket.")
    assert "Skicka" in visa.karim.moves() and visa.thread().values["question_text"] == "Ring före besöket."


def test_whoever_knows_better_sends_it_all_the_same(visa: Town) -> None:
    visa.karim.begins("question", "NK-2041", category="assignment", question_text=TELLS)
    visa.karim.presses("Fortsätt ändå")
    visa.karim.presses("Skicka")
    assert visa.thread().values["question_text"] == TELLS
    visa.anna.answers("Lämna återkoppling", action_code="home_visit", action_text="Portkod 4512")
    assert "det ser ut som en kod" in words_of(visa.anna.chat()[-1].card) and visa.thread().state == "sent"
    visa.anna.presses("Ändra")
    assert inputs_of(visa.anna.chat()[-1].card)["action_text"] == "Portkod 4512"
    visa.anna.presses("Lämna återkoppling")
    visa.anna.presses("Skicka ändå")
    assert visa.thread().state == "answered" and "Portkod 4512" in in_content(visa)


def test_those_one_works_with_may_be_named(visa: Town) -> None:
    """Whoever works on either side; not somebody of that name elsewhere in the roster."""
    visa.karim.begins("question", "NK-2041", category="assignment", question_text="Sara Lind och Anna Berg vet mer.")
    assert "Skicka" in visa.karim.moves()
    visa.karim.begins("question", "NK-2041", category="assignment", question_text="Birgitta Holm vet mer.")
    assert "det ser ut som ett namn" in visa.karim.newest()


def test_in_pointer_mode_nothing_is_asked_in_free_text_and_nothing_is_warned_about(tmp_path: Path) -> None:
    town = Town(new_sqlite(tmp_path))
    town.karim.begins("question", "NK-2041", category="planning", question_text=TELLS)
    assert "Skicka" in town.karim.moves()
    town.close()
