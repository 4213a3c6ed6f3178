"""Writing a sheet to an Excel file that no programme takes for anything but words and days."""

from datetime import datetime
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell import Cell as ExcelCell
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from dialogs.sheets import Cell, Sheet

# What a spreadsheet may take for a formula, wherever the text came from.
_FORMULA = ("=", "+", "-", "@", "|", "%", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_NARROW, _WIDE = 12, 60


def write_sheet(file: Path, sheet: Sheet) -> None:
    """Write the sheet to a new file. Raises: FileExistsError, OSError."""
    book = Workbook(write_only=True)
    book.properties.creator = "Stafett"
    page = book.create_sheet(sheet.title)
    page.freeze_panes = "A2"
    for number, heading in enumerate(sheet.headings, start=1):
        longest = max((len(str(row[number - 1] or "")) for row in sheet.rows), default=0)
        width = max(_NARROW, min(_WIDE, longest + 2), min(_WIDE // 2, len(heading) + 2))
        page.column_dimensions[get_column_letter(number)].width = width
    page.append([_heading(page, text) for text in sheet.headings])
    for row in sheet.rows:
        page.append([_cell(page, value) for value in row])
    with file.open("xb") as out:
        book.save(out)


def harmless(text: str) -> str:
    """The text with nothing a spreadsheet would run: what looks like a formula gets an apostrophe before it."""
    text = ILLEGAL_CHARACTERS_RE.sub("", text)
    return f"'{text}" if text.lstrip(" \xa0\u200b\ufeff").startswith(_FORMULA) else text


def _heading(page: WriteOnlyWorksheet, text: str) -> ExcelCell:
    made = _cell(page, text)
    made.font, made.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")
    return made


def _cell(page: WriteOnlyWorksheet, value: Cell) -> ExcelCell:
    made: ExcelCell = WriteOnlyCell(page, None)
    if isinstance(value, str):
        made.value, made.data_type = harmless(value), "s"  # never guessed
    elif value is not None:
        is_moment = isinstance(value, datetime)
        made.value = value
        made.number_format = "yyyy-mm-dd hh:mm" if is_moment else "yyyy-mm-dd"
    return made
