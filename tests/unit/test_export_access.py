"""`stafett export access`: who has which role in a unit, for its manager, the register and the auditor."""

from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import insert
from town import Town

from bot.cli import main
from cases import tables as t
from cases.directory import roster_changed

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def take_out(by: str, unit: str, database: str, out: Path) -> int:
    return main(
        ["export", "access", "--unit", unit, "--by", f"{by}@exempel.invalid", "--out", str(out), "--database", database]
    )


def test_the_list_has_staff_and_roles_and_no_case(town: Town, database: str, tmp_path: Path) -> None:
    for who, role in (("nils", "auditor"), ("lena", "profile_admin")):
        row = insert(t.role).values(person_id=town.residents[who].id, unit_id="MYND", role=role)
        town.store.transaction(lambda tx, row=row: (tx.execute(row), roster_changed(tx)))
    for who in ("maria", "nils", "lena"):
        assert take_out(who, "HT-NORR", database, tmp_path / f"{who}.xlsx") == 0
    rows = [[cell.value for cell in row] for row in load_workbook(tmp_path / "nils.xlsx").worksheets[0].iter_rows()]
    assert rows[0] == ["Namn", "Roll", "Enhet", "Kommer från", "Sedan", "Till och med", "Senast i Stafett"]
    assert ["Sara Lind", "omvårdnadspersonal", "Hemtjänst Norr", "registret"] in [row[:4] for row in rows]
    assert {row[2] for row in rows[1:]} == {"Hemtjänst Norr"}


@pytest.mark.parametrize("who", ["birgitta", "karim", "nobody"])
def test_nobody_else_gets_it_and_the_try_is_noted(town: Town, database: str, tmp_path: Path, who: str) -> None:
    assert take_out(who, "HT-NORR", database, tmp_path / "b.xlsx") == 1
    assert not (tmp_path / "b.xlsx").exists()
    assert [row.reason for row in town.rows_of("audit") if row.action == "denied"] == ["export_access"]
