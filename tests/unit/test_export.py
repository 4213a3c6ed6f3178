"""`stafett export`: the team's quality answers and the follow-up board, for those who may have them."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import update
from town import Town

from bot.cli import main
from bot.excel import harmless, write_sheet
from cases import tables as t
from cases.directory import roster_changed
from dialogs.sheets import Sheet

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

QUALITY = {"gets_help": "yes", "plans_when": "partly", "plans_how": "no", "feels_good": "no_answer"}
HELD = {"meeting_form": "phone", "provider_present": "yes", "outcome": "remains"} | QUALITY
ANSWERED = ["Ja", "Delvis", "Nej", "Kan eller vill inte svara"]


@pytest.fixture
def held(town: Town) -> Town:
    """Anna has held two follow-ups and has one in the plan; Johan has one of his own."""
    for case, day in (("NK-2041", "2026-11-10"), ("NK-2077", "2026-11-13")):
        town.anna.begins("follow_up", case, occasion="changed_need", basis_date="2026-11-02")
        town.anna.presses("Lägg i planen")
        town.anna.answers("Uppföljningen är gjord", done_date=day, **HELD)
    for resident, case in ((town.anna, "NK-2041"), (town.johan, "NK-2042")):
        resident.begins("follow_up", case, occasion="new_case", basis_date="2026-10-05")
        resident.presses("Lägg i planen")
    return town


def take_out(
    what: str, by: str, database: str, out: Path, period: tuple[str, str] = ("2026-11-01", "2026-12-31")
) -> int:
    return main(
        ["export", what, "--unit", "MYND", "--from", period[0], "--to", period[1], "--by", f"{by}@exempel.invalid",
         "--out", str(out), "--database", database]
    )  # fmt: skip


def rows(file: Path) -> list[list[Any]]:
    book = load_workbook(file)
    return [[_shown(cell.value) for cell in row] for row in book.worksheets[0].iter_rows()]


def _shown(value: Any) -> Any:
    return f"{value:%Y-%m-%d}" if isinstance(value, datetime) else value


def test_the_quality_answers_leave_without_case_and_name(held: Town, database: str, tmp_path: Path) -> None:
    assert take_out("quality", "eva", database, tmp_path / "q.xlsx") == 0
    headings, *answers = rows(tmp_path / "q.xlsx")
    assert headings[:3] == ["Datum", "Team", "Får du den hjälp/det stöd du är beviljad?"] and len(headings) == 6
    assert answers == [[f"2026-11-{day}", "Myndigheten äldreomsorg", *ANSWERED] for day in (10, 13)]
    words = repr(rows(tmp_path / "q.xlsx"))
    assert not any(secret in words for secret in ("NK-20", "ST-", "Anna", "Johan"))


def test_only_the_days_that_were_asked_for(held: Town, database: str, tmp_path: Path) -> None:
    assert take_out("quality", "eva", database, tmp_path / "q.xlsx", ("2026-11-13", "2026-11-13")) == 0
    assert len(rows(tmp_path / "q.xlsx")) == 2


def test_the_board_tells_what_is_due_and_nothing_of_anybody(held: Town, database: str, tmp_path: Path) -> None:
    assert take_out("board", "eva", database, tmp_path / "b.xlsx") == 0
    headings, *lines = rows(tmp_path / "b.xlsx")
    board = [dict(zip(headings, line, strict=True)) for line in lines]
    assert [(one["Ärende"], one["Handläggare"], one["Läge"]) for one in board] == [
        ("NK-2041", "Anna Berg", "Gjord – händelsen ska registreras"),
        ("NK-2077", "Anna Berg", "Gjord – händelsen ska registreras"),
        ("NK-2041", "Anna Berg", "Ska planeras"),
        ("NK-2042", "Johan Nyman", "Ska planeras"),
    ]
    assert board[2]["Följs upp senast"] == "2026-12-07"
    assert not any(answer in repr(lines) for answer in ("Delvis", "vill inte svara"))


def test_an_assessor_has_the_board_of_their_own_cases(held: Town, database: str, tmp_path: Path) -> None:
    assert take_out("board", "johan", database, tmp_path / "b.xlsx") == 0
    assert [line[0] for line in rows(tmp_path / "b.xlsx")[1:]] == ["NK-2042"]


@pytest.mark.parametrize(
    ("what", "by"), [("quality", "anna"), ("quality", "karim"), ("board", "maria"), ("board", "nobody")]
)
def test_who_may_not_is_refused_and_it_is_noted(
    held: Town, database: str, tmp_path: Path, what: str, by: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert take_out(what, by, database, tmp_path / "x.xlsx") == 1
    assert not (tmp_path / "x.xlsx").exists()
    assert "får inte ta ut det här" in capsys.readouterr().err
    assert [row.reason for row in held.rows_of("audit") if row.action == "denied"] == [f"export_{what}"]


def test_what_is_taken_out_is_noted(held: Town, database: str, tmp_path: Path) -> None:
    take_out("board", "eva", database, tmp_path / "b.xlsx")
    (noted,) = [row for row in held.rows_of("audit") if row.action == "export"]
    assert (noted.person_id, noted.reason, noted.thread_id) == (held.eva.id, "board", None)


def test_a_file_is_never_written_over(held: Town, database: str, tmp_path: Path) -> None:
    (tmp_path / "b.xlsx").write_text("mitt")
    assert take_out("board", "eva", database, tmp_path / "b.xlsx") == 1
    assert (tmp_path / "b.xlsx").read_text() == "mitt"


def test_what_looks_like_a_formula_is_words(held: Town, database: str, tmp_path: Path) -> None:
    def rename(tx: Any) -> None:
        tx.execute(update(t.person).where(t.person.c.id == held.anna.id).values(name='=HYPERLINK("http://x")'))
        roster_changed(tx)

    held.store.transaction(rename)
    assert take_out("board", "eva", database, tmp_path / "b.xlsx") == 0
    cells = [cell for row in load_workbook(tmp_path / "b.xlsx").worksheets[0].iter_rows() for cell in row]
    assert all(cell.data_type != "f" for cell in cells)
    assert '\'=HYPERLINK("http://x")' in [cell.value for cell in cells]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1"])
def test_each_beginning_that_a_spreadsheet_may_run(database: str, tmp_path: Path, text: str) -> None:
    assert harmless(text) == f"'{text}" and harmless(f"a{text}") == f"a{text}"


def test_days_are_days(database: str, tmp_path: Path) -> None:
    sheet = Sheet(title="Blad", headings=("Dag", "Tid"), rows=((date(2026, 11, 16), None),))
    write_sheet(tmp_path / "d.xlsx", sheet)
    cell = load_workbook(tmp_path / "d.xlsx").worksheets[0]["A2"]
    assert cell.is_date and cell.number_format == "yyyy-mm-dd"
