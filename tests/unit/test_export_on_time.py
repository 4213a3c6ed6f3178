"""`stafett export on-time` and «frister»: what those who answer for a unit see of how many limits were kept."""

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from sqlalchemy import insert
from town import Town

from bot.cli import main
from bot.excel import write_book, write_sheet
from cases import on_time
from cases import tables as t
from dialogs.on_time_sheets import on_time_sheet
from dialogs.sheets import Sheet
from reminders.localtime import Month

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

FEEDBACK = "Återkoppling om åtgärd (Norrköping 1.1)"
KEPT = (
    # unit, month, rule: by «Senast», before late, late, late and open
    ("MYND", 9, "feedback", 30, 10, 10, 0),
    ("MYND", 10, "feedback", 2, 0, 2, 0),
    ("MYND", 11, "feedback", 40, 5, 5, 6),
    ("MYND", 11, "message_read", 20, 0, 2, 0),
    ("HT-NORR", 11, "urgent_limited", 9, 0, 0, 0),
)


@pytest.fixture
def counted(town: Town) -> Town:
    """The figures of an autumn."""

    def fill(tx: Any) -> None:
        for unit, month, rule, *parts in KEPT:
            row = {"unit_id": unit, "month": date(2026, month, 1), "profile": "norrkoping", "rule": rule}
            tx.execute(insert(t.on_time_figure).values(row | dict(zip(on_time.PARTS, parts, strict=True))))

    town.store.transaction(fill)
    return town


def take_out(by: str, database: str, out: Path, unit: str = "MYND", last: str = "2026-12") -> int:
    return main(
        ["export", "on-time", "--unit", unit, "--from", "2026-09", "--to", last, "--by", f"{by}@exempel.invalid",
         "--out", str(out), "--database", database]
    )  # fmt: skip


def values(page: Worksheet) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in page.iter_rows()]


def test_who_answers_for_the_unit_has_a_row_for_each_month_and_limit(
    counted: Town, database: str, tmp_path: Path
) -> None:
    assert take_out("eva", database, tmp_path / "f.xlsx") == 0
    headings, *rows = values(load_workbook(tmp_path / "f.xlsx")["I tid"])
    assert [row[:8] for row in rows] == [
        ["2026-09", FEEDBACK, 50, 40, 80, 10, 10, 0],
        ["2026-10", FEEDBACK, "färre än 5", *["visas inte"] * 5],
        ["2026-11", FEEDBACK, 56, 45, 80, 5, 5, 6],
        ["2026-11", "Meddelande läst (Norrköping 1.1)", 22, *["visas inte"] * 5],
    ]
    assert "procent" in str(headings[4])
    (noted,) = [row for row in counted.rows_of("audit") if row.action == "export"]
    assert (noted.person_id, noted.reason, noted.unit_id) == (counted.eva.id, "on_time", "MYND")


def test_the_diagram_has_a_gap_where_nothing_is_shown(counted: Town, database: str, tmp_path: Path) -> None:
    take_out("eva", database, tmp_path / "f.xlsx")
    page = load_workbook(tmp_path / "f.xlsx")["Andel i tid"]
    assert values(page) == [["Månad", FEEDBACK], ["2026-09", 80], ["2026-10", None], ["2026-11", 80]]
    (chart,) = page._charts
    assert chart.display_blanks == "gap" and (chart.y_axis.scaling.min, chart.y_axis.scaling.max) == (0, 100)
    (series,) = chart.series
    assert series.val.numRef.f == "'Andel i tid'!$B$2:$B$4" and series.tx.strRef.f == "'Andel i tid'!B1"


@pytest.mark.parametrize(("by", "unit"), [("anna", "MYND"), ("maria", "MYND"), ("nils", "HT-NORR"), ("nobody", "MYND")])
def test_nobody_else_has_it_and_the_attempt_is_noted(
    counted: Town, database: str, tmp_path: Path, by: str, unit: str
) -> None:
    assert take_out(by, database, tmp_path / "f.xlsx", unit) == 1
    assert not (tmp_path / "f.xlsx").exists()
    assert [row.reason for row in counted.rows_of("audit") if row.action == "denied"] == ["export_on_time"]


@pytest.mark.parametrize(("name", "last"), [("f.pdf", "2026-12"), ("f.xlsx", "2026-08")])
def test_what_cannot_be_is_said(database: str, tmp_path: Path, name: str, last: str) -> None:
    assert take_out("eva", database, tmp_path / name, last=last) == 2


def test_as_csv(counted: Town, database: str, tmp_path: Path) -> None:
    assert take_out("maria", database, tmp_path / "f.csv", "HT-NORR") == 0
    assert '"2026-11";"Svar om behovet kvarstår dag 4 (Norrköping 5.6)";"9";"9";"100";"0";"0";"0";""' in (
        tmp_path / "f.csv"
    ).read_text("utf-8-sig")


def test_a_limit_that_the_profile_no_longer_has_keeps_its_name(counted: Town, database: str) -> None:
    figure = on_time.Figure(unit_id="MYND", month=date(2026, 11, 1), profile="gone", rule="own_rule", by_soft=7)
    assert on_time_sheet(counted.record.profiles, [figure], None).rows[0][1] == "own_rule"


def test_the_list_in_the_chat(counted: Town, database: str) -> None:
    counted.eva.types("frister")
    shown = counted.eva.newest()
    assert "Myndigheten äldreomsorg" in shown and FEEDBACK in shown
    assert "nov 2026: 80 % i tid (45 av 56)" in shown and "okt 2026: Färre än fem frister." in shown
    assert "22 frister. Andelen visas inte" in shown and "Svar om behovet" not in shown
    counted.maria.types("i tid")
    assert "nov 2026: 100 % i tid (9 av 9)" in counted.maria.newest()
    counted.anna.types("frister")
    assert "Listan är för dig som svarar för en enhet." in counted.anna.newest()


def test_the_list_reads_no_more_than_the_figures(counted: Town, database: str) -> None:
    figures = counted.store.transaction(lambda tx: on_time.of_unit(tx, "MYND", Month(2026, 11), Month(2026, 11)))
    assert [(one.rule, one.total) for one in figures] == [("feedback", 56), ("message_read", 22)]


# --- every sheet -------------------------------------------------------------------------------------------------

LONG = "Varför uppföljningen inte kunde göras på den dag som var bestämd"
SHEET = Sheet(
    title="Blad", headings=("Dag", LONG, "Antal"),
    rows=((date(2026, 11, 16), "kort", 7), (datetime.fromisoformat("2026-11-16T09:00"), "ord " * 40, None)),
)  # fmt: skip


def test_a_sheet_is_ready_to_be_read_and_to_be_printed(database: str, tmp_path: Path) -> None:
    write_sheet(tmp_path / "b.xlsx", SHEET)
    page = load_workbook(tmp_path / "b.xlsx")["Blad"]
    assert page.freeze_panes == "A2" and page.auto_filter.ref == "A1:C3"
    assert [page.column_dimensions[name].width for name in "ABC"] == [18, 60, 12]
    assert page.print_title_rows == "$1:$1" and page.page_setup.orientation == "landscape"
    assert (page.page_setup.paperSize, page.page_setup.fitToWidth, page.page_setup.fitToHeight) == (9, 1, 0)
    assert page.sheet_properties.pageSetUpPr.fitToPage and page.oddFooter.right.text == "&P (&N)"
    assert page["A2"].number_format == "yyyy-mm-dd" and page["A3"].number_format == "yyyy-mm-dd hh:mm"
    assert page["C2"].value == 7 and page["C2"].data_type == "n" and page["B3"].alignment.wrap_text
    assert page["A1"].font.bold and page.row_dimensions[1].height == 30
    assert page["A2"].alignment.horizontal == "left" and page["C1"].alignment.horizontal == "right"
    assert page.print_options.gridLines and page.row_dimensions[3].height >= 45


def test_a_book_of_several_sheets_and_one_without_rows(database: str, tmp_path: Path) -> None:
    empty = Sheet(title="Tomt", headings=("Dag",), rows=(), curves="Inget")
    write_book(tmp_path / "b.xlsx", [SHEET, empty])
    book = load_workbook(tmp_path / "b.xlsx")
    assert book.sheetnames == ["Blad", "Tomt"] and book["Tomt"].auto_filter.ref is None
    assert not book["Tomt"]._charts


def test_a_diagram_is_printed_on_one_page(database: str, tmp_path: Path) -> None:
    write_sheet(tmp_path / "b.xlsx", replace(SHEET, headings=("Månad", "Ena", "Andra"), curves="I tid"))
    page = load_workbook(tmp_path / "b.xlsx")["Blad"]
    assert page.page_setup.fitToHeight == 1 and not page.print_options.gridLines


def test_many_columns_are_as_wide_as_the_longest_word_of_their_heading(database: str, tmp_path: Path) -> None:
    headings = tuple(f"Påminnelser: {number} gånger" for number in range(9))
    write_sheet(tmp_path / "b.xlsx", Sheet(title="Blad", headings=headings, rows=((1,) * 9,)))
    page = load_workbook(tmp_path / "b.xlsx")["Blad"]
    assert {page.column_dimensions[name].width for name in "ABCDEFGHI"} == {len("Påminnelser:") + 3}
    assert page.row_dimensions[1].height == 30
