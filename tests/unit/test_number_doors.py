"""A personal number at every door of Stafett that is not a form: it is refused, and afterwards it stands nowhere.

Forms have their own tests (`test_privacy_numbers`). The numbers are Skatteverket's published test numbers.
"""

import json
import logging
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from databases import new_sqlite
from flow_walk import led_to
from hours_files import HEAD, file
from privacy_town import keeping_content
from roster_sheets import sheets, with_cell, write_csv, write_xlsx
from test_care_plan import in_stockholm
from town import Town

from bot import cli, logs, numbers
from bot.graph.groups import _allowed
from bot.house import build_record
from bot.routines import read_profiles
from bot.settings import Settings
from cases import tables as t
from cases.roster_values import HEADINGS
from dialogs.catalogue import load_flows
from dialogs.personal_number import _folded, has_personal_number, has_temporary_number, without_personal_numbers
from reminders.errors import ProfileError
from reminders.profile import FOLDER

NUMBERS = ("19121212-1212", "198112189876", "20170101 2393", "701063-2391")
DIGITS = ("1212121212", "8112189876", "1701012393", "7010632391")


@pytest.fixture
def visa(tmp_path: Path) -> Iterator[Town]:
    made = Town(new_sqlite(tmp_path), record=keeping_content())
    yield made
    made.close()


def everywhere(town: Town) -> str:
    """Every row of every table, and every card."""
    rows = [repr(tuple(row)) for table in t.metadata.sorted_tables for row in town.rows(table)]
    cards = [json.dumps(message.card) for chat in town.teams.chats.values() for message in chat]
    return "\n".join(rows + cards)


def has_no_trace(*texts: str) -> None:
    plain = re.sub(r"[^0-9A-Za-z:,;'\"{}()\[\]]", "", "\n".join(texts))
    for number in (*NUMBERS, *DIGITS):
        assert number not in "\n".join(texts)
    for digits in DIGITS:
        assert digits not in plain


# --- Teams -------------------------------------------------------------------------------------------------------

PLACES = (
    "thread", "signal", "version", "flow", "unit", "form", "passed", "protected", "page", "list", "group", "guide",
    "threads", "back", "reason", "nobody_knows_this",
)  # fmt: skip
VERBS = (
    "start", "mine", "help", "group", "list", "search", "day", "pass", "new", "gate", "draft", "ask", "do", "show",
    "view", "unfold", "rule", "journal", "more", "protected", "seal", "nothing", "",
)  # fmt: skip


def test_no_button_can_carry_one(visa: Town, caplog: pytest.LogCaptureFixture) -> None:
    """Whatever is put into whatever a button brings along, and also where the value should be a number."""
    number = led_to(visa, "question", "sent")
    shown: list[str] = []
    with caplog.at_level(logging.DEBUG):
        for turn, verb in enumerate(VERBS):
            for place in PLACES:
                text: Any = (*NUMBERS, 1212121212, 191212121212)[(turn + len(shown)) % 6]
                data = {"verb": verb, "thread": number, "flow": "question", "unit": "HT-NORR", "protected": "no"}
                shown.append(repr(visa.karim.forges(**data | {place: text}).card))
    shown.append(repr(visa.karim.forges(**{"verb": "show", NUMBERS[0]: "x"}).card))
    has_no_trace(everywhere(visa), caplog.text, *shown)
    assert len(visa.rows_of("thread")) == 1


def test_nor_can_a_press_keep_what_comes_along_with_a_forms_answers(visa: Town) -> None:
    """A signpost and a warning hand the answers on to the next card: only those that were asked for."""
    for flow, unit in (("urgent_lasting", "HT-NORR"), ("question", "HT-NORR")):
        answer = visa.sara.forges(
            verb="draft", flow=flow, unit=unit, protected="no", case_ref="NK-2041", stray=NUMBERS[1]
        )
        has_no_trace(repr(answer.card), everywhere(visa))


def test_a_key_of_a_form_never_looks_like_one(visa: Town) -> None:
    """Else one form in thousands would be refused without anybody knowing why."""
    for _ in range(3):
        visa.karim.types("start")
        visa.karim.chooses(visa.record.flows["question"].title)
        visa.karim.presses("Nej")
        keys = re.findall(r'"form": "(\w+)"', json.dumps(visa.karim.chat()[-1].card))
        assert keys and all(key.isalpha() for key in keys)


# --- the command line --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        ["log", NUMBERS[0]],
        ["roster", "import", f"/srv/{NUMBERS[1]}.xlsx"],
        ["roster", "import", "lista.xlsx", "--database", f"sqlite:////srv/{NUMBERS[3]}.sqlite"],
        ["backup", "save", f"{NUMBERS[0]}.zip"],
        ["hours", "import", "timmar.csv", "--unit", NUMBERS[2], "--month", "2026-10"],
        ["export", "not-started", "--by", f"{NUMBERS[1]}@exempel.invalid"],
        ["finns inte", NUMBERS[0]],
    ],
    ids=lambda words: words[0],
)
def test_no_command_takes_one_or_says_it_again(
    words: list[str], capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    with caplog.at_level(logging.DEBUG):
        assert cli.main(words) == 2
    out = capsys.readouterr()
    assert out.err == numbers.REFUSED + "\n"
    has_no_trace(out.out + out.err, caplog.text)


@pytest.mark.parametrize(
    "name",
    ["stafett-20261122-1640.zip", "/srv/2026-11-22T16.40.zip", "logg.20261122164012.gz", "C:\\k\\20261122_0300.zip"],
)
def test_a_copy_named_after_the_time_is_no_person(name: str) -> None:
    assert not numbers.any_in([name])


def test_every_minute_of_a_year_of_nightly_copies_goes_through() -> None:
    """One in ten such names would be a number by its check digit alone."""
    days = [f"{month:02}{day:02}" for month in range(1, 13) for day in range(1, 29)]
    names = [f"/srv/stafett-2026{day}-{hour:02}{minute:02}.zip" for day in days for hour, minute in ((3, 0), (23, 59))]
    assert any(has_personal_number(name) for name in names), "or this proves nothing"
    assert not numbers.any_in(names)


# --- files -------------------------------------------------------------------------------------------------------


def in_roster(folder: Path, number: str) -> tuple[list[str], str]:
    given = with_cell(sheets(), "personer", 2, titel=f"nås via {number}")
    return ["roster", "check", str(write_csv(folder / "in", given))], "personnummer"


def in_workbook(folder: Path, number: str) -> tuple[list[str], str]:
    given = with_cell(sheets(), "arenden", 2, arende=number)
    rows: dict[str, list[list[Any]]] = {
        name: [list(HEADINGS[name]), *([row[one] for one in HEADINGS[name]] for _, row in found)]
        for name, found in given.items()
    }
    return ["roster", "check", str(write_xlsx(folder / "in.xlsx", rows))], "personnummer"


@pytest.mark.parametrize("made", [in_roster, in_workbook])
@pytest.mark.parametrize("number", NUMBERS)
def test_no_roster_brings_one_in(
    made: Callable[[Path, str], tuple[list[str], str]], number: str, tmp_path: Path,
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    words, told = made(tmp_path, number)
    with caplog.at_level(logging.DEBUG):
        assert cli.main(words) != 0
    out = capsys.readouterr()
    assert told in out.out + out.err
    has_no_trace(out.out + out.err, caplog.text)


def test_nor_does_a_file_of_hours(visa: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    in_stockholm(visa)
    for number in NUMBERS[:2]:
        csv = file(tmp_path, HEAD + f"{number};12,5;12,5\n")
        at = ["--month", "2026-10", "--database", visa.store.url.render_as_string()]
        assert cli.main(["hours", "import", str(csv), "--unit", "HT-NORR", *at]) != 0
        told = "".join(capsys.readouterr())
        assert "rad 2, kolumn arende: cellen innehåller ett personnummer" in told
        has_no_trace(told, everywhere(visa))


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("line", ['own = "{}"', "# gäller {}, ring"])
def test_nor_does_a_profile_at_a_start_or_while_it_runs(number: str, line: str, tmp_path: Path) -> None:
    name = "norrkoping.toml"
    text = (FOLDER / name).read_text(encoding="utf-8")
    (tmp_path / name).write_text(text + "\n" + line.format(number) + "\n", encoding="utf-8")
    with pytest.raises(ProfileError, match=r"norrkoping.toml: rad \d+: innehåller ett personnummer") as refused:
        build_record(tmp_path)
    has_no_trace(str(refused.value))
    read = read_profiles(tmp_path, load_flows())
    assert read.profiles == {} and "personnummer" in read.faults[0]
    has_no_trace(*read.faults)


def test_nor_does_the_file_of_groups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "grupper.toml"
    path.write_text(f"# {NUMBERS[0]}\n", encoding="utf-8")
    monkeypatch.setenv("STAFETT_PEOPLE", str(path))
    with pytest.raises(ValueError, match="rad 1: innehåller ett personnummer") as refused:
        Settings().groups()
    has_no_trace(str(refused.value))


# --- what the network says, and the log ----------------------------------------------------------------------------


@pytest.mark.parametrize("number", NUMBERS)
def test_a_name_in_the_directory_that_holds_one_is_as_if_it_had_none(number: str) -> None:
    assert _allowed(f"Test {number}") is None and _allowed(f"{number}@exempel.invalid") is None
    assert _allowed("Anna Berg") == "Anna Berg" and _allowed(None) is None


@pytest.mark.parametrize("number", [*NUMBERS, *DIGITS, "19 12 12 12 12 12", "121212.1212", "１２１２１２-１２１２"])
def test_the_log_hides_what_got_that_far(number: str) -> None:
    hidden = logs.hide(f"thread 12 of {number}, 1 row")
    has_no_trace(hidden)
    assert hidden.startswith("thread 12 of") and hidden.endswith("1 row")
    assert not has_personal_number(without_personal_numbers(f"a {number} b {number}", "x"))


# --- how it is found ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["19500101-R123", "500101-TF12", "850101AB12", "hej 500101-A12B.", "19850161+12AB", "SV 560101-T12Å"]
)
def test_a_number_with_letters_in_it_is_warned_about(text: str) -> None:
    assert has_temporary_number(text) and not has_personal_number(text)


@pytest.mark.parametrize(
    "text",
    ["2026-11-23", "kl 07.30", "NK-2041", "VON 2026/0001", "ST-N5MJ3Q", "501301-R123", "500101-abcd", "1212-AB12"],
)
def test_other_marks_are_not(text: str) -> None:
    assert not has_temporary_number(text)


@pytest.mark.parametrize("days", ["2026-12-10\n2026-12-17", "2026-12-10 2027-01-21", "2026-11-23, 2026-11-24"])
def test_a_list_of_days_is_no_number(days: str) -> None:
    assert not has_personal_number(days)


HUGE = 20_000
LONG = (
    "123456" + " " * HUGE, "1 " * HUGE, "1-" * HUGE, "123456" + " -" * HUGE, "1" * HUGE, "123456" + "." * HUGE + "x",
    "12121212" + "-" * HUGE + "1",
)  # fmt: skip


def test_nobody_can_make_the_search_slow() -> None:
    """However much space or how many dots there are between two digits, the patterns see one."""
    assert [len(_folded(f"1{between * HUGE}2")) for between in (" ", ".", " .", "\u200b ")] == [3, 3, 3, 3]
    for text in LONG:
        assert not has_personal_number(text) and not has_temporary_number(text)


def test_no_answer_is_longer_than_a_card_can_give_back(visa: Town) -> None:
    """A client keeps to each question's limit. What comes by another way is refused, and handed back cut."""
    form = {"flow": "question", "unit": "HT-NORR", "protected": "no", "category": "assignment"}
    for place in ("case_ref", "question_text", "category", "unit", "form", "passed", "stray"):
        given = {"case_ref": "NK-2041", "question_text": "Kort", **form, place: "ö" * 100_000}
        card = visa.karim.forges(verb="draft", **given).card
        assert len(json.dumps(card, ensure_ascii=False)) < 28_000, place
    visa.karim.types("ö" * 100_000)
    assert len(json.dumps(visa.karim.chat()[-1].card)) < 28_000
    assert "ö" * 41 not in everywhere(visa)
