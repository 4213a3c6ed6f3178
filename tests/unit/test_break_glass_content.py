"""What an emergency lets be read: content only in a dialog, in a mode that keeps it, with a row in the account."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from cards import actions_of, words_of
from disposed import later
from privacy_town import keeping_content
from sealed import seals
from town import Town
from ways_out import in_mode

NEED = "Trappan har blivit för brant"


@pytest.fixture
def visa(tmp_path: Path) -> Iterator[Town]:
    with closing(Town(tmp_path, record=keeping_content())) as town:
        yield town


def opened(town: Town) -> str:
    """Karim asks Anna; Johan opens it in an emergency."""
    town.karim.begins("question", "NK-2041", category="assignment", question_text=NEED)
    town.karim.presses("Skicka")
    ref = town.thread().ref
    town.johan.types(f"nöd {ref}")
    town.johan.presses("Öppna för läsning", glass_reason="danger")
    return ref


def test_the_content_comes_in_a_dialog_and_is_noted(visa: Town) -> None:
    ref = opened(visa)
    assert NEED not in visa.johan.newest(), "the card lies in the chat"
    button = next(one for one in actions_of(visa.johan.chat()[-1].card) if one["title"] == "Visa")
    dialog = visa.johan._turn("open", dict(button["data"]))
    assert dialog.card is not None and NEED in words_of(dialog.card)
    views = [(row.person_id, row.thread_id, row.reason) for row in visa.rows_of("audit") if row.action == "view"]
    assert views == [(visa.johan.id, 1, "break_glass")]
    pressed = visa.johan.forges(verb="glass_read", of=ref).card
    assert NEED not in words_of(pressed), "outside a dialog it is not shown"


def test_when_the_hour_is_over_nothing_is_shown(visa: Town) -> None:
    ref = opened(visa)
    visa.until("2026-11-16 10:00")
    dialog = visa.johan._turn("open", {"verb": "glass_read", "of": ref})
    assert dialog.card is not None and "NK-2041" not in words_of(dialog.card) and NEED not in words_of(dialog.card)


def test_a_stranger_who_forges_the_button_sees_nothing(visa: Town) -> None:
    ref = opened(visa)
    for who in (visa.olle, visa.birgitta, visa.lena):
        dialog = who._turn("open", {"verb": "glass_read", "of": ref})
        assert dialog.card is not None and NEED not in words_of(dialog.card) and "NK-2041" not in words_of(dialog.card)


@pytest.mark.parametrize("mode", ["pekare", "visa", "chatt"])
def test_when_the_hour_is_out_nothing_is_left_in_the_chat(tmp_path: Path, mode: str) -> None:
    with closing(Town(tmp_path, record=in_mode(keeping_content(), mode))) as town:
        ref = opened(town)
        assert "NK-2041" in town.johan.newest() and NEED not in town.johan.newest()
        later(town, "2026-11-16 09:59")
        assert "NK-2041" in lies_with(town)
        later(town, "2026-11-16 10:01")
        assert "NK-2041" not in lies_with(town) and f"{ref}: visas inte längre här." in lies_with(town)


def test_it_goes_at_once_when_its_reader_closes_it_or_the_thread_moves_on_or_is_sealed(visa: Town) -> None:
    opened(visa)
    visa.johan.presses("Stäng")
    visa.settle()
    assert "NK-2041" not in lies_with(visa) and "visas inte längre här" in lies_with(visa)
    for what in (lambda: visa.anna.presses("Ta ärendet"), lambda: seals(visa, "karim", 1)):
        visa.johan.types(f"nöd {visa.thread().ref}")
        visa.johan.presses("Öppna för läsning", glass_reason="danger")
        assert "NK-2041" in lies_with(visa)
        what()
        visa.settle()
        assert "NK-2041" not in lies_with(visa), "all that lies in the chat has been emptied"


def lies_with(town: Town) -> str:
    return " ".join(words_of(message.card) for message in town.johan.chat())
