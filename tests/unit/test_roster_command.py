"""`stafett roster` as it is typed, and the demo's own roster."""

import argparse
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from roster_sheets import Sheets, everything, open_store, sheets, with_cell, write_csv
from sqlalchemy import select

import bot.demo
from bot.commands.roster import add_parser, database_url, load_roster
from bot.demo.roster_passes import DAYS, passes
from bot.roster_files import read_roster
from cases import roster
from cases import tables as t
from cases.store import Store, sqlite_url
from dialogs.personal_number import has_personal_number
from reminders.profile import profile_names, time_profile

DEMO = Path(bot.demo.__file__).parent / "roster"


def stafett(*words: str) -> int:
    """The exit code of `stafett …`."""
    parser = argparse.ArgumentParser()
    add_parser(parser.add_subparsers())
    args = parser.parse_args(words)
    return int(args.func(args))


@pytest.fixture
def url(tmp_path: Path) -> str:
    return sqlite_url(tmp_path / "stafett.sqlite")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_csv(tmp_path / "in", sheets())


def spoiled() -> Sheets:
    return with_cell(with_cell(sheets(), "enheter", 3, sista_utvag_telefon=""), "jour", 2, till="nyss")


def test_check_tells_what_is_in_the_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert stafett("roster", "check", str(folder)) == 0
    assert capsys.readouterr().out == "Filen är rätt: 2 enheter, 3 personer, 3 roller, 1 jourpass, 2 ärenden.\n"


@pytest.mark.parametrize("how", [("check",), ("import", "--dry-run"), ("import",)])
def test_faults_are_told_one_a_line_and_no_database_is_made(
    tmp_path: Path, url: str, how: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    given = write_csv(tmp_path / "in", spoiled())
    words = [*how, str(given)] + (["--database", url] if how[0] == "import" else [])
    assert stafett("roster", *words) == 1
    assert capsys.readouterr().out.splitlines() == [
        "enheter rad 3, kolumn sista_utvag_telefon: cellen är tom. Fyll i den.",
        "jour rad 2, kolumn till: «nyss» är ingen tid som finns. Skriv datum och klockslag som 2026-11-16 17:00.",
        "2 fel. Inget har lästs in.",
    ]
    assert [one.name for one in tmp_path.iterdir()] == ["in"]


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert stafett("roster", "check", str(tmp_path / "borta.xlsx")) == 1
    assert "finns inte. Ange en xlsx-fil eller en mapp med CSV-filer." in capsys.readouterr().out


def test_import_then_the_same_again(folder: Path, url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert stafett("roster", "import", str(folder), "--database", url) == 0
    told = capsys.readouterr().out.splitlines()
    assert (told[0], told[-1]) == ("Enheter: 2 nya", "Klart: 11 nya, 0 ändrade, 0 borttagna.")
    assert stafett("roster", "import", str(folder), "--database", url) == 0
    assert capsys.readouterr().out == "Inget att ändra: databasen är redan lik filen.\n"


def test_a_dry_run_tells_the_same_and_makes_no_database(
    folder: Path, tmp_path: Path, url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert stafett("roster", "import", str(folder), "--dry-run", "--database", url) == 0
    told = capsys.readouterr().out.splitlines()
    assert (told[0], told[-1]) == ("Enheter: 2 nya", "Provkörning: 11 nya, 0 ändrade, 0 borttagna. Inget har ändrats.")
    assert [one.name for one in tmp_path.iterdir()] == ["in"]


def test_a_dry_run_leaves_a_database_as_it_was(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = open_store(tmp_path)
    before = store.transaction(everything)
    store.close()
    url = sqlite_url(tmp_path / "roster.sqlite")
    assert stafett("roster", "import", str(folder), "--dry-run", "--database", url) == 0
    store = Store(url)
    assert store.transaction(everything) == before
    store.close()


def test_a_dry_run_does_not_change_the_form_of_a_database(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "old.sqlite").touch()
    assert stafett("roster", "import", str(folder), "--dry-run", "--database", sqlite_url(tmp_path / "old.sqlite")) == 1
    assert "kör utan --dry-run så uppdateras den" in capsys.readouterr().out


def test_where_the_database_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("STAFETT_DATABASE_URL", raising=False)
    assert database_url(None) == "sqlite:///stafett.sqlite"
    monkeypatch.setenv("STAFETT_DATABASE_URL", "sqlite:///annan.sqlite")
    assert database_url(None) == "sqlite:///annan.sqlite"
    assert database_url("sqlite://") == "sqlite://"


# --- the demo ----------------------------------------------------------------------------------------------------


def test_the_demo_roster_is_right() -> None:
    found = load_roster(DEMO)
    assert isinstance(found, roster.Roster), found
    assert [one.id for one in found.units] == ["HT-NORR", "HT-SODER", "MYND", "HGT", "HSV"]
    assert {one.case_ref: one.responsible for one in found.cases} == {
        "NK-2041": "anna.berg@exempel.invalid",
        "NK-2042": "johan.nyman@exempel.invalid",
        "NK-2077": "anna.berg@exempel.invalid",
        "NK-2090": None,
        "NK-2103": "anna.berg@exempel.invalid",
    }
    assert all(str(one.upn).endswith("@exempel.invalid") for one in found.people)


def test_the_demo_uses_only_telephone_numbers_set_aside_for_fiction() -> None:
    found = load_roster(DEMO)
    assert isinstance(found, roster.Roster)
    digits = [one.phone for one in found.people] + [
        number for one in found.units for number in (one.phone, one.on_call_phone, one.last_resort_phone) if number
    ]
    mobile, fixed = range(701740605, 701740700), range(846500400, 846500500)
    assert all(int(one.replace(" ", "").replace("-", "")) in (*mobile, *fixed) for one in digits)


@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 11, 16, 9, tzinfo=UTC),
        datetime(2026, 12, 24, 22, tzinfo=UTC),
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        datetime(2026, 6, 1, 14, 30, tzinfo=UTC),
    ],
)
def test_somebody_is_on_call_in_the_demo_exactly_when_the_office_is_closed(tmp_path: Path, now: datetime) -> None:
    given = {**read_roster(DEMO), "jour": passes(now)}
    found = roster.check(given, profiles=profile_names(), has_personal_number=has_personal_number)
    assert isinstance(found, roster.Roster), found
    store = open_store(tmp_path)
    store.transaction(lambda tx: roster.apply(tx, found, now))
    stored = store.transaction(lambda tx: tx.execute(select(t.on_call)).all())
    store.close()
    calendar = time_profile("norrkoping").calendar
    for hours in range(DAYS * 24):
        moment = now + timedelta(hours=hours)
        on_call = {one.unit_id for one in stored if one.starts_at <= moment < one.ends_at}
        assert on_call == (set() if calendar.is_office_hours(moment) else {"HT-NORR", "HT-SODER"}), moment
