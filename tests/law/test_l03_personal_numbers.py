"""Krav L03: personnummer and samordningsnummer are refused at every entrance, and are neither repeated nor kept.

The numbers are Skatteverket's published test numbers.
"""

import json
import logging
from pathlib import Path

import pytest
from cards import inputs_of
from town import Town

from bot import cli
from cases import tables as t

NUMBERS = ("19121212-1212", "198112189876", "701063 2391")
DIGITS = ("1212121212", "8112189876", "7010632391")


def stands_nowhere(town: Town, *besides: str) -> None:
    """Neither in a table, on a card, in the log nor in what a command has said; however it is spaced."""
    rows = [repr(tuple(row)) for table in t.metadata.sorted_tables for row in town.rows(table)]
    cards = [json.dumps(message.card) for chat in town.teams.chats.values() for message in chat]
    text = "\n".join([*rows, *cards, *besides])
    spaceless = text.replace("-", "").replace(" ", "")
    assert not [one for one in (*NUMBERS, *DIGITS) if one in text or one in spaceless]


@pytest.mark.parametrize("number", NUMBERS)
def test_l03_typed_or_answered_it_is_refused_and_nothing_else_is_lost(
    town: Town, number: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        town.karim.types(f"hej, det gäller {number}")
        assert "Personnummer får inte skrivas här" in town.karim.newest()
        town.karim.begins("question", number, category="assignment")
        assert "Skriv ärendets nummer, inte ett personnummer." in town.karim.newest()
        assert inputs_of(town.karim.chat()[-1].card)["category"] == "assignment"
        town.karim.types(f"sök {number}")
    assert town.rows_of("thread") == []
    stands_nowhere(town, caplog.text)


def test_l03_not_even_in_what_a_button_brings_along(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    answers = []
    with caplog.at_level(logging.DEBUG):
        for place in ("thread", "form", "unit", "signal", "anything"):
            for verb in ("show", "draft", "do", "search"):
                answers.append(repr(town.karim.forges(**{"verb": verb, "flow": "question", place: NUMBERS[0]}).card))
    stands_nowhere(town, caplog.text, *answers)


def test_l03_not_in_a_file_or_a_command(town: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "personer.csv").write_text(f"person;namn\nx;Test {NUMBERS[0]}\n", encoding="utf-8")
    at = ["--database", town.store.url.render_as_string(hide_password=False)]
    assert cli.main(["roster", "import", str(tmp_path), *at]) != 0
    told = capsys.readouterr().out
    assert "personnummer" in told
    stands_nowhere(town, told)
    assert cli.main(["log", NUMBERS[1], *at]) != 0
    assert cli.main(["roster", "import", f"{NUMBERS[2]}.xlsx", *at]) != 0
    stands_nowhere(town, "".join(capsys.readouterr()))
