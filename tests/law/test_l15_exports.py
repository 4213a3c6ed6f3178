"""L15: everything on one case as a file with hashes, the account taken out, and figures that tell of nobody."""

import hashlib
import json
from datetime import date
from functools import partial
from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook
from sqlalchemy import Connection, insert
from town import Town

from bot.cli import main
from bot.commands.export_case import taken_out
from cases import tables as t
from cases.directory import roster_changed

AT = "@exempel.invalid"


def answered(town: Town, times: int = 1) -> None:
    for _ in range(times):
        town.karim.begins("question", "NK-2041", category="planning")
        town.karim.presses("Skicka")
        town.anna.answers("Lämna återkoppling", action_code="home_visit")


def test_l15_a_case_is_taken_out_whole_and_cannot_be_changed_unseen(town: Town, database: str, tmp_path: Path) -> None:
    answered(town)
    out = tmp_path / "ut.zip"
    assert main(["export", "case", "NK-2041", "--by", f"eva{AT}", "--out", str(out), "--database", database]) == 0
    with ZipFile(out) as archive:
        told = json.loads(archive.read("manifest.json"))["files"]
        assert {one["name"] for one in told} == {"arende.html", "arende.json"}
        assert all(hashlib.sha256(archive.read(one["name"])).hexdigest() == one["sha256"] for one in told)
        (thread,) = json.loads(archive.read("arende.json"))["threads"]
        page = archive.read("arende.html").decode()
    assert thread["ref"] == town.thread().ref and thread["ref"] in page
    assert "Planering och utförande" in page and "Lämna återkoppling" in page and "Karim Aziz" in page
    (noted,) = [row for row in town.rows_of("audit") if row.action == "export"]
    assert (noted.person_id, noted.case_ref, noted.thread_id) == (town.eva.id, "NK-2041", 1)


def test_l15_nobody_learns_by_asking_whether_there_is_such_a_case(
    town: Town, database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answered(town)
    for case, by in (("NK-2041", "birgitta"), ("NK-9999", "eva"), ("NK-2041", "nils"), ("NK-2041", "nobody")):
        taken = partial(taken_out, record=town.record, case_ref=case, by=by + AT, clock=town.clock)
        assert town.store.transaction(taken) is None, "another provider, no such case, the jour, and a stranger"
    assert [row.reason for row in town.rows_of("audit") if row.action == "denied"] == ["export_case"] * 4
    out = tmp_path / "ut.zip"
    assert main(["export", "case", "NK-9999", "--by", f"eva{AT}", "--out", str(out), "--database", database]) == 1
    assert not out.exists() and "Det finns inget som" in capsys.readouterr().err


def test_l15_the_account_of_a_case_is_taken_out_by_who_checks_it(town: Town, database: str, tmp_path: Path) -> None:
    answered(town)
    out = tmp_path / "logg.csv"
    args = ["audit", "list", "--case", "NK-2041", "--out", str(out), "--database", database]
    assert main([*args, "--by", f"eva{AT}"]) == 1 and not out.exists(), "whoever leads is not whoever checks"

    def audits(tx: Connection) -> None:
        tx.execute(insert(t.role).values(person_id=town.lena.id, unit_id="HGT", role="auditor"))
        roster_changed(tx)

    town.store.transaction(audits)
    assert main([*args, "--by", f"lena{AT}"]) == 0
    told = out.read_text(encoding="utf-8-sig")
    assert "Karim Aziz" in told and "Anna Berg" in told and "NK-2041" in told


def test_l15_figures_smaller_than_five_are_not_shown(town: Town, database: str, tmp_path: Path) -> None:
    answered(town)
    gone = [("2026-08-01", 4, 0), ("2026-09-01", 40, 3), ("2026-10-01", 40, 38), ("2026-10-01", 50, 10)]
    rows = [
        {"month": date.fromisoformat(day), "profile": "norrkoping", "flow": flow, "threads": threads, "late": late}
        for (day, threads, late), flow in zip(gone, ("question", "question", "question", "changed_need"), strict=True)
    ]
    town.store.transaction(lambda tx: tx.execute(insert(t.thread_figure), rows))
    out = tmp_path / "s.xlsx"
    args = ["statistics", "--unit", "MYND", "--from", "2026-08", "--to", "2026-11", "--by", f"eva{AT}"]
    assert main([*args, "--out", str(out), "--database", database]) == 0
    rows_ = [[cell.value for cell in row] for row in load_workbook(out).worksheets[0].iter_rows()]
    question, changed = (town.record.flows[name].title for name in ("question", "changed_need"))
    assert rows_[1:] == [
        ["2026-08", question, "färre än 5", "visas inte"],
        ["2026-09", question, 40, "visas inte"],
        ["2026-10", changed, 50, 10],
        ["2026-10", question, 40, "visas inte"],
        ["2026-11", question, "färre än 5", "visas inte"],
    ]
