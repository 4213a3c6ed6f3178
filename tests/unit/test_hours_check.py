"""A file of hours: exact, told with row and column where it is wrong, and never a personal number repeated."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hours_files import HEAD, file
from openpyxl import Workbook

from bot.roster_files import read_sheet
from cases.hours_check import check, seconds
from dialogs.personal_number import has_personal_number


@pytest.mark.parametrize(
    ("text", "found"),
    [("33,1", Decimal("33.1")), ("33.10", Decimal("33.1")), ("33:06", Decimal("33.1")), ("0", Decimal(0)), (" 7 ", 7)],
)
def test_time_is_exact(text: str, found: Any) -> None:
    assert seconds(text) == found * 3600


@pytest.mark.parametrize("text", ["", "33,123", "-1", "33,1 h", "1e3", "33:60", "trettio", "٣٣", "1 day, 9:06:00"])
def test_what_is_no_time_is_refused(text: str) -> None:
    assert seconds(text) is None


def told(text: str, folder: Path) -> list[str]:
    found = check(read_sheet(file(folder, text)), {"NK-2041", "NK-2042"}, has_personal_number)
    assert isinstance(found, list)
    return [str(fault) for fault in found]


def test_every_fault_is_told_with_its_place(tmp_path: Path) -> None:
    faults = told(f"{HEAD}NK-2041;30;x\nNK-9;1;1\n;2;3\nNK-2042;;1,234\nNK-2041;1;1\nnk-2041;1;1\n", tmp_path)
    assert faults == [
        "rad 2, kolumn utford: «x» är ingen tid. Skriv timmar som 33,1 eller 33:06, med högst två decimaler.",
        "rad 3, kolumn arende: ärendet NK-9 hör inte till enheten i Stafetts register.",
        "rad 4, kolumn arende: cellen är tom. Skriv ärendenumret.",
        "rad 5, kolumn bestalld: cellen är tom. Skriv timmar som 33,1 eller 33:06, med högst två decimaler. "
        "Skriv 0 om det inte fanns någon tid.",
        "rad 5, kolumn utford: «1,234» är ingen tid. Skriv timmar som 33,1 eller 33:06, med högst två decimaler.",
        "rad 7, kolumn arende: ärendet står redan på rad 6. Ta bort den ena.",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"{HEAD}NK-2041;19121212-1212;1\n", "rad 2, kolumn bestalld: cellen innehåller ett personnummer."),
        (f"{HEAD}19121212-1212;1;1\n", "rad 2, kolumn arende: cellen innehåller ett personnummer."),
        ("arende;bestalld;utford;191212121212\nNK-2041;1;1;x\n", "rad 1: en rubrik innehåller ett personnummer."),
        ("arende;bestalld;utford;pnr\nNK-2041;1;1;19121212-1212\n", "rad 2: cellen innehåller ett personnummer."),
    ],
)
def test_a_personal_number_is_refused_and_never_repeated(tmp_path: Path, text: str, said: str) -> None:
    (fault,) = told(text, tmp_path)
    assert fault.startswith(said) and "1212" not in fault


def test_columns_that_do_not_belong_are_refused(tmp_path: Path) -> None:
    assert told("arende;bestalld;namn\nNK-2041;1;Kalle\n", tmp_path) == [
        "rad 1, kolumn utford: rubriken saknas. De som ska finnas är arende, bestalld, utford.",
        "rad 1, kolumn namn: ska inte vara med. Ta bort allt utom arende, bestalld, utford.",
    ]
    assert told("", tmp_path) == ["rad 1: filen har inga rader. Kontrollera att det är rätt fil."]


def test_an_excel_file_with_numbers_that_excel_has_worked_out(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (("Ärende", "Beställd", "Utförd"), ("NK-2041", 30, 11.1 + 22.2)):  # 33.3 and some noise
        sheet.append(row)
    book.save(tmp_path / "timmar.xlsx")
    found = check(read_sheet(tmp_path / "timmar.xlsx"), {"NK-2041"}, has_personal_number)
    assert not isinstance(found, list)
    assert [(one.ordered, one.performed) for one in found.hours] == [(108_000, 119_880)]
