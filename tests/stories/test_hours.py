"""Stockholm: performed time held against ordered time each month (D22). A list to the assessor, never a case."""

from pathlib import Path

import pytest
from hours_files import HEAD, file
from sqlalchemy import Connection
from test_care_plan import in_stockholm
from town import Town, instant

from bot.cli import main
from bot.commands.hours import Refused, brought
from bot.roster_files import read_sheet
from cases import tables as t
from reminders.localtime import Month

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
JULY, AUGUST, SEPTEMBER, OCTOBER = (Month(2026, number) for number in (7, 8, 9, 10))


def imported(town: Town, folder: Path, month: Month, *lines: str, unit: str = "HT-NORR") -> None:
    rows = read_sheet(file(folder, HEAD + "".join(f"{line}\n" for line in lines)))

    def work(tx: Connection) -> None:
        brought(tx, town.record, unit, month, rows, town.clock, dry_run=False)

    town.store.transaction(work)
    town.settle()


# --- the list ------------------------------------------------------------------------------------------------------


def test_several_months_on_one_side_are_a_suggestion_and_nothing_is_started(town: Town, tmp_path: Path) -> None:
    in_stockholm(town)
    imported(town, tmp_path, AUGUST, "NK-2041;30;33,6", "NK-2042;20;20")
    imported(town, tmp_path, SEPTEMBER, "NK-2041;30;33,3", "NK-2042;20;20")
    assert "överväg en individuppföljning" not in town.anna.newest(), "two months are not several"
    imported(town, tmp_path, OCTOBER, "NK-2041;30;33,9", "NK-2042;20;17,5")
    assert "Hemtjänst Norr, oktober 2026. 1 ärenden jämförda." in town.anna.newest()
    assert "Flera månader åt samma håll – överväg en individuppföljning" in town.anna.newest()
    assert "NK-2041: +13 % (beställt 30 h, utfört 33,9 h)" in town.anna.newest()
    assert "Stafett startar ingen uppföljning." in town.anna.newest()
    assert "Avviker den här månaden" in town.johan.newest() and "NK-2042: −12,5 %" in town.johan.newest()
    assert town.rows(t.thread) == [], "never a case by itself"
    for one in (town.maria, town.eva, town.karim):
        assert one.has_heard_nothing(), one.key


@pytest.mark.parametrize(
    ("performed", "deviates"),
    [
        ("33", False),
        ("33,0", False),
        ("33:00", False),
        ("33,01", True),
        ("33:01", True),
        ("27", False),
        ("26,99", True),
    ],
)
def test_exactly_ten_percent_is_not_more_than_ten_percent(
    town: Town, tmp_path: Path, performed: str, deviates: bool
) -> None:
    in_stockholm(town)
    imported(town, tmp_path, OCTOBER, f"NK-2041;30;{performed}")
    assert ("Avviker den här månaden" in town.anna.newest()) is deviates
    assert ("Inget ärende avviker." in town.anna.newest()) is not deviates


@pytest.mark.parametrize(
    "months",
    [
        [(AUGUST, "33,6"), (SEPTEMBER, "26"), (OCTOBER, "33,6")],  # not on the same side
        [(AUGUST, "33,6"), (SEPTEMBER, "30"), (OCTOBER, "33,6")],  # one of them within ten per cent
        [(JULY, "33,6"), (AUGUST, "33,6"), (OCTOBER, "33,6")],  # September has not been imported
    ],
)
def test_months_that_do_not_follow_on_one_side_are_no_suggestion(
    town: Town, tmp_path: Path, months: list[tuple[Month, str]]
) -> None:
    in_stockholm(town)
    for month, performed in months:
        imported(town, tmp_path, month, f"NK-2041;30;{performed}")
    assert "överväg" not in town.anna.newest() and "Avviker den här månaden" in town.anna.newest()


def test_a_month_imported_again_replaces_the_first_and_is_told_again(town: Town, tmp_path: Path) -> None:
    in_stockholm(town)
    imported(town, tmp_path, OCTOBER, "NK-2041;30;40")
    town.clock.time = instant("2026-11-17 09:00")
    imported(town, tmp_path, OCTOBER, "NK-2041;30;30")
    assert "Inget ärende avviker." in town.anna.newest()
    assert [(row.ordered, row.performed) for row in town.rows(t.case_hours)] == [(108_000, 108_000)]


def test_a_case_without_an_assessor_goes_to_the_lead(town: Town, tmp_path: Path) -> None:
    in_stockholm(town)
    imported(town, tmp_path, OCTOBER, "NK-2090;10;20")
    assert "NK-2090: +100 %" in town.eva.newest() and town.anna.has_heard_nothing()


# --- the command ---------------------------------------------------------------------------------------------------


def run(town: Town, path: Path, *more: str, unit: str = "HT-NORR", month: str = "2026-10") -> int:
    return main(["hours", "import", str(path), "--unit", unit, "--month", month, *more,
                 "--database", town.store.engine.url.render_as_string(hide_password=False)])  # fmt: skip


def test_the_command_brings_in_all_or_nothing(town: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    in_stockholm(town)
    wrong = file(tmp_path, f"{HEAD}NK-2041;30;33\nNK-2042;30;-1\n")
    assert run(town, wrong) == 1
    assert "rad 3, kolumn utford" in (said := capsys.readouterr().out) and "1 fel. Inget har lästs in." in said
    right = file(tmp_path, f"{HEAD}NK-2041;30;33\nNK-2042;0;5\n")
    assert run(town, right, "--dry-run") == 0 and "Provkörning: 1 ärenden." in capsys.readouterr().out
    assert town.rows(t.case_hours) == []
    assert run(town, right) == 0
    said = capsys.readouterr().out
    assert "NK-2042: ingen tid är beställd." in said
    assert "Klart: 1 ärenden för HT-NORR 2026-10. 1 handläggare får jämförelsen." in said
    assert run(town, right) == 0 and "i stället för 1 tidigare" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("unit", "month", "said"),
    [
        ("MYND", "2026-10", "Det finns ingen utförare som heter MYND."),
        ("HT-NORR", "oktober", "«oktober» är ingen månad."),
        ("HT-NORR", "2099-01", "2099-01 är inte slut."),
    ],
)
def test_what_cannot_be_compared_is_refused(
    town: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str], unit: str, month: str, said: str
) -> None:
    in_stockholm(town)
    assert run(town, file(tmp_path, f"{HEAD}NK-2041;30;33\n"), unit=unit, month=month) == 1
    assert said in capsys.readouterr().out


def test_a_municipality_whose_routine_does_not_compare_is_told_so(town: Town, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="har ingen jämförelse av timmar"):
        imported(town, tmp_path, OCTOBER, "NK-2041;30;33")
