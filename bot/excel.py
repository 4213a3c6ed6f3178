"""Writing sheets to an Excel file that no programme takes for anything but words, numbers and days.

Each is ready to be read on a screen and to be printed: its headings stay in sight and on every page, and its columns
fit across a sheet of paper.
"""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from textwrap import wrap
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell as ExcelCell
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.chart import LineChart, Reference
from openpyxl.chart.legend import Legend
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from openpyxl.worksheet.properties import PageSetupProperties

from dialogs.sheets import Cell, Sheet

# What a spreadsheet may take for a formula, wherever the text came from.
_FORMULA = ("=", "+", "-", "@", "|", "%", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_NARROW, _WIDE = 12, 60  # characters
_FEW = 8  # columns that have room for their headings
_ARROW = 3  # characters beside a heading, for the arrow that the rows are chosen with
_LINE = 15  # points
_A4 = 9
_DAY, _MOMENT = "yyyy-mm-dd", "yyyy-mm-dd hh:mm"
_TOP, _WRAPPED = Alignment(vertical="top"), Alignment(wrap_text=True, vertical="top")
_LEFT = Alignment(horizontal="left", vertical="top")
# Numbers end a little before the next column, or they touch a text that begins there.
_NUMBER = Alignment(horizontal="right", vertical="top", indent=1)
_OVER_NUMBERS = Alignment(horizontal="right", wrap_text=True, vertical="top", indent=1)


def write_sheet(file: Path, sheet: Sheet) -> None:
    """Write the sheet, and those beside it, to a new file. Raises: FileExistsError, OSError."""
    write_book(file, (sheet, *sheet.beside))


def write_book(file: Path, sheets: Sequence[Sheet]) -> None:
    """Write the sheets to a new file. Raises: FileExistsError, OSError."""
    book = Workbook(write_only=True)
    book.properties.creator = "Stafett"
    for sheet in sheets:
        _add(book, sheet)
    with file.open("xb") as out:
        book.save(out)


def harmless(text: str) -> str:
    """The text with nothing a spreadsheet would run: what looks like a formula gets an apostrophe before it."""
    text = ILLEGAL_CHARACTERS_RE.sub("", text)
    return f"'{text}" if text.lstrip(" \xa0\u200b\ufeff").startswith(_FORMULA) else text


# --- pieces ------------------------------------------------------------------------------------------------------


def _add(book: Workbook, sheet: Sheet) -> None:
    page = book.create_sheet(sheet.title)
    page.freeze_panes = "A2"
    widths = [_width(sheet, at) for at in range(len(sheet.headings))]
    for number, width in enumerate(widths, start=1):
        page.column_dimensions[get_column_letter(number)].width = width
    page.row_dimensions[1].height = _lines(sheet.headings, widths) * _LINE
    _prepare_print(page, sheet)
    page.append([_heading(page, sheet, at) for at in range(len(sheet.headings))])
    for number, row in enumerate(sheet.rows, start=2):
        if any(len(_shown(value)) > _WIDE - 2 for value in row):  # else text that takes two lines covers the next row
            page.row_dimensions[number].height = _lines([_shown(value) for value in row], widths) * _LINE
        page.append([_cell(page, value) for value in row])
    if sheet.curves and sheet.rows:
        page.add_chart(_curves(page, sheet), f"A{len(sheet.rows) + 4}")


def _width(sheet: Sheet, at: int) -> int:
    """As wide as the longest text, within reason; a long heading takes more lines instead, most of all among many."""
    heading = sheet.headings[at]
    longest = max((len(_shown(row[at])) for row in sheet.rows), default=0)
    word = max(map(len, heading.split()), default=0)
    named = min(_WIDE // 2, len(heading)) if len(sheet.headings) <= _FEW else min(_WIDE, word)
    return max(_NARROW, min(_WIDE, longest + 2), named + _ARROW)


def _lines(texts: Sequence[str], widths: Sequence[int]) -> int:
    """So many lines the row takes, words whole."""
    return max((len(wrap(text, width - 2)) or 1 for text, width in zip(texts, widths, strict=True)), default=1)


def _shown(value: Cell) -> str:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    return "" if value is None else str(value)


def _prepare_print(page: Any, sheet: Sheet) -> None:
    """Across one page of A4, with the headings and a page number on each, and lines; a diagram is not torn in two."""
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", _A4
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 1 if sheet.curves else 0
    page.print_options.gridLines = not sheet.curves
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.print_title_rows = "1:1"
    page.oddFooter.left.text, page.oddFooter.right.text = f"Stafett · {sheet.title}", "&P (&N)"
    if sheet.rows:
        page.auto_filter.ref = f"A1:{get_column_letter(len(sheet.headings))}{len(sheet.rows) + 1}"


def _heading(page: WriteOnlyWorksheet, sheet: Sheet, at: int) -> ExcelCell:
    made = _cell(page, sheet.headings[at])
    counts = any(isinstance(row[at], int) for row in sheet.rows)
    made.font, made.alignment = Font(bold=True), _OVER_NUMBERS if counts else _WRAPPED
    return made


def _cell(page: WriteOnlyWorksheet, value: Cell) -> ExcelCell:
    made: ExcelCell = WriteOnlyCell(page, None)
    made.alignment = _TOP
    if isinstance(value, str):
        made.value, made.data_type = harmless(value), "s"  # never guessed
        if len(value) > _WIDE - 2:
            made.alignment = _WRAPPED
    elif isinstance(value, date):
        made.value, made.number_format = value, _MOMENT if isinstance(value, datetime) else _DAY
        made.alignment = _LEFT  # else it touches the text to its right
    elif value is not None:
        made.value, made.number_format, made.alignment = value, "0", _NUMBER
    return made


def _curves(page: WriteOnlyWorksheet, sheet: Sheet) -> LineChart:
    """Each column as a curve with marked points: where nothing may be shown there is a gap, and no line across it."""
    made, last = LineChart(), len(sheet.rows) + 1
    made.title, made.height, made.width = sheet.curves, 9, 24  # centimetres
    made.y_axis.title, made.x_axis.title = "%", sheet.headings[0]
    made.y_axis.scaling.min, made.y_axis.scaling.max, made.y_axis.majorUnit = 0, 100, 20
    made.x_axis.delete = made.y_axis.delete = False
    made.display_blanks, made.legend = "gap", Legend()
    made.legend.position = "b"
    values = Reference(page, min_col=2, max_col=len(sheet.headings), min_row=1, max_row=last)
    made.add_data(values, titles_from_data=True)
    made.set_categories(Reference(page, min_col=1, min_row=2, max_row=last))
    for series in made.series:
        series.marker.symbol, series.smooth = "circle", False
    return made
