"""A small right roster as sheets, and ways to change it and to write it as real files."""

import copy
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from itertools import zip_longest
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from sqlalchemy import Connection, select

from cases import roster
from cases import tables as t
from cases.roster_values import HEADINGS
from cases.store import Store, sqlite_url
from dialogs.personal_number import has_personal_number

NOW = datetime(2026, 11, 16, 8, 0, tzinfo=UTC)
PROFILES = ("norrkoping", "stockholm")

PLAIN: Mapping[str, list[tuple[str, ...]]] = {
    "enheter": [
        ("HT", "Hemtjänsten", "hemtjänst", "norrkoping", "egen regi", "MY", "08-46500401", "", "jour", "08-46500402"),
        ("MY", "Myndigheten", "myndighet", "norrkoping", "", "", "08-465 004 03", "", "förste", "08-465 004 04"),
    ],
    "personer": [
        ("eva@exempel.invalid", "", "Eva@Exempel.invalid", "Eva Ask", "gruppledare", "070-174 06 20"),
        ("ida@exempel.invalid", "00000000-0000-4000-8000-00000000000A", "", "Ida Rönn", "handläggare", ""),
        ("per@exempel.invalid", "", "", "Per Alm", "arbetsledare", "070-174 06 21"),
    ],
    "roller": [
        ("eva@exempel.invalid", "HT", "gruppledare"),
        ("ida@exempel.invalid", "MY", "biståndshandläggare"),
        ("Per@exempel.invalid", "HT", "on_call_supervisor"),
    ],
    "jour": [("per@exempel.invalid", "HT", "2026-11-16 17:00", "2026-11-17T07:00")],
    "arenden": [
        ("NK-1", "HT", "ida@exempel.invalid", "2026-10-01", "2026-10-05", ""),
        ("NK-2", "", "", "", "", ""),
    ],
}  # fmt: skip

Sheets = dict[str, list[tuple[int, dict[str, str]]]]


def _row(sheet: str, cells: Sequence[str]) -> dict[str, str]:
    """The last columns may be left out."""
    return dict(zip_longest(HEADINGS[sheet], cells, fillvalue=""))


def sheets() -> Sheets:
    """A fresh copy, as the reader gives it."""
    return {name: [(line, _row(name, row)) for line, row in enumerate(rows, start=2)] for name, rows in PLAIN.items()}


def with_cell(base: Sheets, sheet: str, line: int, **cells: str) -> Sheets:
    """The sheets with some cells of one row changed."""
    changed = copy.deepcopy(base)
    next(row for number, row in changed[sheet] if number == line).update(cells)
    return changed


def with_row(base: Sheets, sheet: str, *cells: str) -> Sheets:
    """The sheets with one row more."""
    changed = copy.deepcopy(base)
    last = max((number for number, _ in changed[sheet]), default=1)
    changed[sheet].append((last + 1, _row(sheet, cells)))
    return changed


def without(base: Sheets, sheet: str, *lines: int) -> Sheets:
    """The sheets with some rows less."""
    return {**base, sheet: [row for row in base[sheet] if row[0] not in lines]}


def checked(given: Sheets) -> roster.Roster | list[roster.Fault]:
    return roster.check(given, profiles=PROFILES, has_personal_number=has_personal_number)


def right(given: Sheets) -> roster.Roster:
    """The roster of sheets that are right."""
    found = checked(given)
    assert isinstance(found, roster.Roster), found
    return found


def faults(given: Sheets) -> list[str]:
    """What is wrong, as it is told."""
    found = checked(given)
    assert isinstance(found, list)
    return [str(one) for one in found]


def open_store(folder: Path) -> Store:
    store = Store(sqlite_url(folder / "roster.sqlite"))
    store.migrate()
    return store


def everything(tx: Connection) -> dict[str, list[Any]]:
    """The whole record, for comparing before with after."""
    return {table.name: [tuple(row) for row in tx.execute(select(table))] for table in t.metadata.sorted_tables}


def write_csv(folder: Path, given: Sheets, *, delimiter: str = ";", encoding: str = "utf-8") -> Path:
    folder.mkdir(exist_ok=True)
    for name, rows in given.items():
        lines = [HEADINGS[name], *([row[heading] for heading in HEADINGS[name]] for _, row in rows)]
        text = "".join(delimiter.join(line) + "\r\n" for line in lines)
        (folder / f"{name}.csv").write_bytes(text.encode(encoding))
    return folder


def write_xlsx(path: Path, given: Mapping[str, list[list[Any]]]) -> Path:
    """A real workbook: sheet → rows of cells, the headings first."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in given.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    book.close()
    return path
