"""What a row of the account tells by itself: who, in which role and unit, of which case, by which way."""

from dataclasses import replace
from pathlib import Path

import pytest
from account_town import lived
from sqlalchemy import Connection, delete, insert
from test_drafts import BEGIN
from town import Town

from bot.cli import main
from cases import account
from cases import tables as t
from cases.account_check import check
from cases.directory import read, roster_changed
from cases.load import one

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def test_each_row_stands_by_itself(town: Town) -> None:
    lived(town)
    told = [(row.action, row.signal, row.outcome, row.reason) for row in town.rows(t.audit) if row.thread_id == 1]
    assert told == [
        ("create", "open", "done", "HT-NORR sender 2"),
        ("signal", "send", "done", "MYND responsible_assessor 6"),
        ("signal", "take", "done", ""),
        ("denied", "", "refused", "no_relation"),
        ("search", "", "listed", ""),
        ("answer", "answer", "done", ""),
    ]
    of_anna = [row for row in town.rows(t.audit) if row.person_id == town.anna.id]
    assert [(row.action, row.role, row.unit_id, row.channel) for row in of_anna] == [
        ("signal", "needs_assessor", "MYND", "teams"),
        ("answer", "needs_assessor", "MYND", "teams"),
    ]
    assert {(row.case_ref, row.flow) for row in town.rows(t.audit) if row.thread_id} == {
        ("NK-2041", "question"), ("NK-2042", "question")
    }  # fmt: skip


def test_whom_the_clock_lets_see_a_thread_stands_in_it(town: Town) -> None:
    town.sara.begins("urgent_lasting", "NK-2041", **BEGIN["urgent_lasting"][1])
    town.sara.presses("Skicka")
    town.until("2026-11-16 12:00")
    went = [row for row in town.rows(t.audit) if row.action == "escalate"]
    assert went and all(row.person_id is None and row.reason for row in went)
    seats = {f"{row.unit_id} {row.role}" for row in town.rows(t.party)}
    assert {" ".join(row.reason.split(", ")[0].split()[:2]) for row in went} <= seats


def test_a_stranger_who_presses_something_of_a_thread_is_noted(town: Town) -> None:
    lived(town)
    assert town.last is not None
    for thread, number in ((1, "x1"), (77, "x2")):
        stranger = replace(
            town.last, kind="press", activity_id=number, channel_user_id="", aad_object_id="nobody",
            data={"verb": "show", "thread": thread},
        )  # fmt: skip
        town.do(town.turns.handle(stranger))
    noted = [row for row in town.rows(t.audit) if row.reason == "unknown_person"]
    assert [(row.thread_id, row.chain, row.case_ref) for row in noted] == [
        (1, "denied", "NK-2041"), (77, "denied", "")
    ], "whether it is there or not, and in nobody's way"  # fmt: skip


def test_whoever_works_in_two_units_acts_for_the_one_that_has_the_thread(town: Town) -> None:
    lived(town)

    def moved(tx: Connection) -> list[tuple[str, str]]:
        tx.execute(delete(t.role).where(t.role.c.person_id == town.karim.id))
        for unit, role in (("HT-SODER", "team_lead"), ("HT-NORR", "team_lead"), ("HT-NORR", "planner")):
            tx.execute(insert(t.role).values(person_id=town.karim.id, unit_id=unit, role=role))
        roster_changed(tx)
        directory, thread = read(tx, ""), one(tx, 1)
        return [account.acting(directory, town.karim.id, about) for about in (thread, None)]

    assert town.store.transaction(moved) == [("team_lead,planner", "HT-NORR"), ("team_lead", "HT-SODER")]
    assert town.store.transaction(check).faults == []


def test_a_copy_of_everything_and_a_look_from_the_command_line_are_noted(
    town: Town, database: str, tmp_path: Path
) -> None:
    lived(town)
    assert main(["backup", str(tmp_path / "kopia.zip"), "--database", database]) == 0
    assert main(["log", "1", "--database", database]) == 0
    noted = [(row.action, row.reason, row.thread_id, row.channel) for row in town.rows(t.audit)][-2:]
    assert noted == [("export", "backup", None, "command"), ("view", "log", 1, "command")]
    assert town.store.transaction(check).faults == []
