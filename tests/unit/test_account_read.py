"""What an auditor and a manager read of the account: their own people's, codes and no content, and it is noted."""

import csv
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from account_town import lived
from sqlalchemy import Connection, insert, update
from town import Town

from bot.cli import main
from cases import account, account_list, account_month
from cases import tables as t
from cases.account_list import Asked
from cases.directory import read, roster_changed
from cases.load import one
from reminders.localtime import Month

MONTH = Month(2026, 11)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Johan audits in the municipality's own authority, Birgitta for a private provider. Nothing is changed later."""
    made = Town(tmp_path_factory.mktemp("town"))
    made.store.transaction(_appointed)
    lived(made)
    made.store.transaction(lambda tx: _looked(tx, made))
    yield made
    made.close()


def _appointed(tx: Connection) -> None:
    for number, unit in ((7, "MYND"), (5, "HT-SODER")):
        tx.execute(insert(t.role).values(person_id=number, unit_id=unit, role="auditor"))
    tx.execute(update(t.unit).where(t.unit.c.id == "HT-SODER").values(provider_kind="privat_lov"))
    roster_changed(tx)


def _looked(tx: Connection, town: Town) -> None:
    """Karim looks by day at his own, at night at it once more, and at another unit's, and reads in an emergency."""
    thread, directory, now = one(tx, 1), read(tx, ""), town.clock.care()
    night = now + timedelta(hours=15)

    def note(action: str, at: timedelta, thread_id: int, person_id: int = town.karim.id) -> None:
        own = thread if thread_id == thread.id else None
        account.note(
            tx, now + at, person_id=person_id, action=action, outcome="shown" if action == "view" else "done",
            thread=own, thread_id=thread_id, directory=directory, case_ref="NK-7000", flow="question",
        )  # fmt: skip

    note("view", timedelta(minutes=1), 1)
    note("signal", timedelta(minutes=2), 1)
    note("view", night - now, 1)
    account.note(tx, now, person_id=town.olle.id, action="view", outcome="shown", thread=thread, directory=directory)
    for _ in range(account_month.MUCH):
        note("view", timedelta(minutes=3), 1, town.anna.id)
    note("open", timedelta(minutes=4), 2)


def listed(town: Town, *more: str, by: str, database: str = "") -> int:
    url = str(town.store.engine.url)
    return main(["audit", "list", "--by", f"{by}@exempel.invalid", "--database", database or url, *more])


def months(town: Town, unit: str) -> account_month.Monthly:
    return town.store.transaction(lambda tx: account_month.of(tx, read(tx, ""), unit, MONTH))


def test_an_auditor_reads_who_did_what_and_that_is_noted(
    town: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "logg.csv"
    assert listed(town, "--case", "nk-2041", "--person", "karim@exempel.invalid", "--out", str(out), by="johan") == 0
    rows = list(csv.DictReader(out.read_text(encoding="utf-8-sig").splitlines(), delimiter=";"))
    assert {row["Ärende"] for row in rows} == {"NK-2041"} and {row["Vem"] for row in rows} == {"Karim Aziz (2)"}
    assert [row["Vad"] for row in rows][:2] == ["skapade", "gjorde"] and rows[1][
        "Skäl"
    ] == "MYND responsible_assessor 6"
    assert (rows[0]["Roll"], rows[0]["Enhet"], rows[0]["Väg"]) == ("team_lead", "Hemtjänst Norr", "teams")
    noted = town.rows(t.audit)[-1]
    assert (noted.person_id, noted.action, noted.reason, noted.case_ref, noted.about_id, noted.role, noted.channel) == (
        town.johan.id, "audit", "audit_list", "NK-2041", town.karim.id, "needs_assessor,auditor", "command"
    )  # fmt: skip
    assert listed(town, "--person", "okänd@exempel.invalid", by="johan") == 0
    assert capsys.readouterr().out.endswith("Logg: 0\n"), "nobody is not everybody"


@pytest.mark.parametrize("by", ["anna", "maria", "nobody"])
def test_who_is_no_auditor_reads_nothing_and_that_is_noted_too(
    town: Town, by: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert listed(town, by=by) == 1
    assert "får inte läsa det här. Försöket är noterat." in capsys.readouterr().err
    noted = town.rows(t.audit)[-1]
    assert (noted.action, noted.outcome, noted.reason) == ("denied", "refused", "audit_list")


def test_an_auditor_reads_of_the_own_providers_people_alone(town: Town) -> None:
    def units_and_readers(tx: Connection) -> list[tuple[set[str], set[str]]]:
        directory, found = read(tx, ""), []
        for who in (town.johan.id, town.birgitta.id):
            units = account_list.scope(directory, who, town.clock.care())
            found.append((units, {row.unit_id for row in account_list.rows(tx, directory, units, Asked())}))
        return found

    (theirs, municipal), (own, private) = town.store.transaction(units_and_readers)
    assert theirs == {"MYND", "HT-NORR", "HGT"} and own == {"HT-SODER"}
    assert "HT-SODER" not in municipal and private == {"HT-SODER"}


def test_only_the_days_that_were_asked_for(town: Town) -> None:
    def numbers(tx: Connection) -> list[int]:
        directory, begin = read(tx, ""), town.clock.care()
        units = account_list.scope(directory, town.johan.id, begin)
        spans = (
            Asked(first=begin + timedelta(hours=14), last=begin + timedelta(days=1)),
            Asked(last=begin),
            Asked(first=begin, last=begin),
        )
        return [len(account_list.rows(tx, directory, units, span)) for span in spans]

    late, before, none = town.store.transaction(numbers)
    assert (late, none) == (1, 0) and before < len(town.rows(t.audit))


def test_the_month_tells_a_manager_what_to_ask_about(town: Town) -> None:
    month = months(town, "HT-NORR")
    assert month.looks == 2 and [one.person_id for one in month.without_action] == [town.karim.id]
    assert [(one.at.hour, one.role) for one in month.at_night] == [(23, "team_lead")]
    assert [(one.thread_id, one.case_ref) for one in month.opened] == [(2, "NK-7000")]
    assert month.outside == () and month.much_looked == ()
    assert [one.person_id for one in months(town, "HT-SODER").outside] == [town.olle.id]
    assert months(town, "MYND").much_looked == (("NK-2041", account_month.MUCH, 1),)


@pytest.mark.parametrize(("by", "unit", "code"), [("maria", "HT-NORR", 0), ("maria", "MYND", 1), ("johan", "HGT", 0)])
def test_whoever_answers_for_the_unit_has_its_month(
    town: Town, by: str, unit: str, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    url = str(town.store.engine.url)
    command = ["audit", "month", "--unit", unit, "--month", "2026-11", "--by", f"{by}@exempel.invalid"]
    assert main([*command, "--database", url]) == code
    told = capsys.readouterr()
    assert ("Nattetid: " in told.out) is (code == 0) and ("Karim Aziz (2)" in told.out) is (unit == "HT-NORR")
