"""Reading the roster's sheets out of one Excel file, or a folder with one CSV file per sheet.

Sheets and columns are recognised without regard to case, å/ä/ö and spaces: «Ärenden» is `arenden`, «Sista utväg roll»
is `sista_utvag_roll`. The first row holds the headings; empty rows are skipped; times become ISO text.
"""

import csv
import io
import unicodedata
import warnings
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from openpyxl import load_workbook

from cases.roster import Row
from dialogs.personal_number import has_personal_number

_EXCEL = (".xlsx", ".xlsm")
_DELIMITERS = ";,"
_MOST_UNPACKED = 100_000_000  # bytes; the largest municipality's roster is a twentieth of that


class RosterUnreadable(Exception):
    """The files could not be read as sheets at all. The message is Swedish and says what to do."""


def read_roster(path: Path) -> dict[str, list[Row]]:
    """The sheets that there are, by normalised name; raises `RosterUnreadable`."""
    if path.is_dir():
        return _read_folder(path)
    if not path.is_file():
        raise RosterUnreadable(f"{path} finns inte. Ange en xlsx-fil eller en mapp med CSV-filer.")
    if path.suffix.lower() not in _EXCEL:
        raise RosterUnreadable(f"{path.name} är ingen xlsx-fil. Ange en xlsx-fil eller en mapp med CSV-filer.")
    return _read_workbook(path)


def read_sheet(path: Path) -> list[Row]:
    """The rows of one CSV file, or of the first sheet of an Excel file; raises `RosterUnreadable`."""
    if not path.is_file():
        raise RosterUnreadable(f"{path} finns inte. Ange en xlsx-fil eller en CSV-fil.")
    if path.suffix.lower() == ".csv":
        return _read_csv(path)
    if path.suffix.lower() not in _EXCEL:
        raise RosterUnreadable(f"{path.name} är ingen xlsx-fil och ingen CSV-fil. Spara om den som en av dem.")
    return next(iter(_read_workbook(path).values()), [])


# --- CSV ---------------------------------------------------------------------------------------------------------


def _read_folder(folder: Path) -> dict[str, list[Row]]:
    files = sorted(one for one in folder.iterdir() if one.suffix.lower() == ".csv")
    if not files:
        raise RosterUnreadable(f"Mappen {folder} har inga CSV-filer. Lägg en fil per blad där, som enheter.csv.")
    _refuse_numbers(one.stem for one in files)
    return {_name(one.stem): _read_csv(one) for one in files}


def _read_csv(path: Path) -> list[Row]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise RosterUnreadable(f"{path.name} är inte sparad som UTF-8. Välj «CSV UTF-8» när du sparar filen.") from None
    heading = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=heading.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    numbered: list[tuple[int, list[str]]] = []
    line = 1
    try:
        for cells in reader:
            numbered.append((line, cells))
            line = reader.line_num + 1  # a quoted cell may hold line breaks
    except csv.Error:
        raise RosterUnreadable(
            f"{path.name} rad {line} går inte att läsa. Kontrollera citattecknen på raden."
        ) from None
    return _rows(path.name, numbered)


# --- Excel -------------------------------------------------------------------------------------------------------


def _read_workbook(path: Path) -> dict[str, list[Row]]:
    """Cells are read as they were last shown; formulas that Excel has never worked out are empty."""
    try:
        with path.open("rb") as file, warnings.catch_warnings():
            if sum(part.file_size for part in ZipFile(file).infolist()) > _MOST_UNPACKED:
                raise RosterUnreadable(f"{path.name} är för stor. Dela upp den, eller spara varje blad som CSV.")
            warnings.simplefilter("ignore")  # openpyxl tells of drop-down lists and styles that it leaves out
            book = load_workbook(file, read_only=True, data_only=True)
            try:
                _refuse_numbers(sheet.title for sheet in book.worksheets)
                return {_name(sheet.title): _read_sheet(sheet) for sheet in book.worksheets}
            finally:
                book.close()
    except RosterUnreadable:
        raise
    except Exception:  # a spoilt file makes the library, and those that it stands on, raise anything at all
        raise RosterUnreadable(
            f"{path.name} går inte att läsa som Excel-fil. Öppna den och spara om som xlsx."
        ) from None


def _read_sheet(sheet: Any) -> list[Row]:
    sheet.reset_dimensions()  # some programs write a size that leaves rows out
    numbered = enumerate(sheet.iter_rows(values_only=True), start=1)
    return _rows(sheet.title, [(line, [_cell_text(cell) for cell in cells]) for line, cells in numbered])


def _cell_text(value: Any) -> str:
    """A cell as text: whole numbers without decimals, dates and times in ISO form to the minute."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        # Excel counts in fractions of a day, so a clock time can come out a moment short of its minute.
        return (value + timedelta(seconds=30)).strftime("%Y-%m-%dT%H:%M")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, float):
        # What Excel works out it shows with fifteen digits; the sixteenth is noise.
        return str(int(value)) if value.is_integer() else f"{value:.15g}"
    return str(value)


# --- both --------------------------------------------------------------------------------------------------------


def _refuse_numbers(names: Iterable[str]) -> None:
    """Sheets are named when something is wrong with them: not one that has a personal number in its name."""
    if any(has_personal_number(name) for name in names):
        raise RosterUnreadable("Ett blad har ett personnummer i sitt namn. Byt namn på bladet eller filen.")


def _rows(source: str, numbered: Sequence[tuple[int, Sequence[str]]]) -> list[Row]:
    """The rows under the headings. A text outside the headings is kept as «kolumn_N», so that it is not overlooked."""
    headings = [_name(one) for one in numbered[0][1]] if numbered else []
    named = [one for one in headings if one]
    if len(set(named)) < len(named):
        places = [str(place) for place, one in enumerate(headings, start=1) if one and headings.count(one) > 1]
        raise RosterUnreadable(f"{source}: kolumnerna {', '.join(places)} har samma rubrik. Ta bort den ena.")
    return [(line, _cells(headings, cells)) for line, cells in numbered[1:] if any(one.strip() for one in cells)]


def _cells(headings: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    found = dict.fromkeys((one for one in headings if one), "")
    for place, text in enumerate(cells):
        heading = headings[place] if place < len(headings) else ""
        if heading or text.strip():
            found[heading or f"kolumn_{place + 1}"] = unicodedata.normalize("NFC", text)
    return found


def _name(text: str) -> str:
    """A sheet or column name as we call it."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "_".join("".join(sign for sign in plain if not unicodedata.combining(sign)).split())
