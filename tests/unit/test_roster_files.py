"""Reading the roster out of real Excel and CSV files."""

import re
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from roster_sheets import right, sheets, write_csv, write_xlsx

from bot.roster_files import RosterUnreadable, read_roster
from cases.roster_values import HEADINGS


@pytest.mark.parametrize("delimiter", [";", ","])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_csv_files_are_read_as_they_are(tmp_path: Path, delimiter: str, encoding: str) -> None:
    assert read_roster(write_csv(tmp_path / "in", sheets(), delimiter=delimiter, encoding=encoding)) == sheets()


def test_a_workbook_says_the_same_as_csv_files(tmp_path: Path) -> None:
    rows: dict[str, list[list[Any]]] = {
        name: [list(HEADINGS[name]), *([row[one] for one in HEADINGS[name]] for _, row in given)]
        for name, given in sheets().items()
    }
    rows["jour"][1][2:] = [datetime.fromisoformat("2026-11-16T17:00"), datetime.fromisoformat("2026-11-17T07:00")]
    rows["arenden"][1][3:5] = [date(2026, 10, 1), datetime.fromisoformat("2026-10-05")]
    rows["läs mig"] = [["Så här fyller du i"]]
    book = write_xlsx(tmp_path / "roster.xlsx", rows)
    assert right({name: found for name, found in read_roster(book).items() if name in HEADINGS}) == right(sheets())


def test_headings_are_recognised_as_people_write_them(tmp_path: Path) -> None:
    book = write_xlsx(
        tmp_path / "r.xlsx",
        {"Ärenden": [["Ärende", " Enhet ", "Ansvarig", "Senaste uppföljning"], ["NK-1", None, None, date(2026, 1, 2)]]},
    )
    assert read_roster(book) == {
        "arenden": [(2, {"arende": "NK-1", "enhet": "", "ansvarig": "", "senaste_uppfoljning": "2026-01-02T00:00"})]
    }


def test_numbers_and_empty_rows_in_a_workbook(tmp_path: Path) -> None:
    book = write_xlsx(tmp_path / "r.xlsx", {"jour": [["person", None, "fran"], [None], [2041.0, None, 7], ["x", "y"]]})
    assert read_roster(book) == {
        "jour": [(3, {"person": "2041", "fran": "7"}), (4, {"person": "x", "fran": "", "kolumn_2": "y"})]
    }


def test_lines_are_counted_as_the_editor_counts_them(tmp_path: Path) -> None:
    (tmp_path / "jour.csv").write_text('person;enhet\n\n"a\nb";HT\nc;HT;mer\n', encoding="utf-8")
    assert read_roster(tmp_path) == {
        "jour": [(3, {"person": "a\nb", "enhet": "HT"}), (5, {"person": "c", "enhet": "HT", "kolumn_3": "mer"})]
    }


def test_letters_written_as_two_signs_become_one(tmp_path: Path) -> None:
    (tmp_path / "roller.csv").write_text("person;roll\na;administrato\u0308r\n", encoding="utf-8")
    assert read_roster(tmp_path)["roller"] == [(2, {"person": "a", "roll": "administratör"})]


def _latin(folder: Path) -> Path:
    return write_csv(folder / "in", sheets(), encoding="latin-1")


def _no_files(folder: Path) -> Path:
    return folder


def _missing(folder: Path) -> Path:
    return folder / "roster.xlsx"


def _other_kind(folder: Path) -> Path:
    (folder / "roster.ods").write_bytes(b"")
    return folder / "roster.ods"


def _no_workbook(folder: Path) -> Path:
    (folder / "roster.xlsx").write_bytes(b"PK\x03\x04 but no more")
    return folder / "roster.xlsx"


def _swells(folder: Path) -> Path:
    with ZipFile(folder / "roster.xlsx", "w", ZIP_DEFLATED, compresslevel=1) as book:
        book.writestr("xl/worksheets/sheet1.xml", bytes(101_000_000))
    return folder / "roster.xlsx"


def _named_after_somebody(folder: Path) -> Path:
    (folder / "vikarie 191212121212.csv").write_bytes("å".encode("latin-1"))
    return folder


def _twice(folder: Path) -> Path:
    (folder / "jour.csv").write_text("person;enhet;Person\n", encoding="utf-8")
    return folder


def _open_quote(folder: Path) -> Path:
    (folder / "jour.csv").write_text('person;enhet\na;b\n"c;d\n', encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (_latin, "enheter.csv är inte sparad som UTF-8. Välj «CSV UTF-8» när du sparar filen."),
        (_no_files, "har inga CSV-filer. Lägg en fil per blad där, som enheter.csv."),
        (_missing, "finns inte. Ange en xlsx-fil eller en mapp med CSV-filer."),
        (_other_kind, "roster.ods är ingen xlsx-fil."),
        (_no_workbook, "roster.xlsx går inte att läsa som Excel-fil. Öppna den och spara om som xlsx."),
        (_swells, "roster.xlsx är för stor. Dela upp den, eller spara varje blad som CSV."),
        (_named_after_somebody, "Ett blad har ett personnummer i sitt namn. Byt namn på bladet eller filen."),
        (_twice, "jour.csv: kolumnerna 1, 3 har samma rubrik. Ta bort den ena."),
        (_open_quote, "jour.csv rad 3 går inte att läsa. Kontrollera citattecknen på raden."),
    ],
)
def test_what_cannot_be_read_is_told_with_its_cure(tmp_path: Path, make: Any, told: str) -> None:
    path = make(tmp_path)
    with pytest.raises(RosterUnreadable, match=re.escape(told)):
        read_roster(path)
