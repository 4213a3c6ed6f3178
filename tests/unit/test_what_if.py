"""`stafett whatif`: two profiles on the same year. The replay is held against what the engine itself did."""

import json
from collections import Counter
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path

import pytest
from flow_walk import led_to
from openpyxl import load_workbook
from sqlalchemy import select
from test_lists import asks
from town import Town, instant, shipped

from bot.cli import main
from cases import tables as t
from cases import what_if_rows
from cases.replay import Run, replay
from cases.what_if import Comparison, Shift, compare
from dialogs.care_year import CareYear
from dialogs.what_if_words import WhatIf, page, plain, sheets
from reminders.localtime import at
from reminders.profile import Profile, load_profile

YEAR, NEXT = at(date(2026, 1, 1), time()), at(date(2027, 1, 1), time())
SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def changed(folder: Path, text: str) -> Profile:
    """Norrköping's profile with some lines laid over it."""
    (folder / "prov.toml").write_text(f'extends = "norrkoping"\ntitle = "Prov"\n{text}', encoding="utf-8")
    return load_profile("prov", folder)


def norrkoping() -> Profile:
    return shipped().profiles["norrkoping"]


def a_question(ended: str | None = None) -> Run:
    """Read at once on Monday, to be answered in five working days."""
    return Run(
        thread=1, flow="question", step="feedback", rule="feedback", basis=instant("2026-11-16 09:00").isoformat(),
        armed_at=instant("2026-11-16 09:00"), ended_at=instant(ended) if ended else None,
    )  # fmt: skip


def against(profile: Profile, *runs: Run) -> Comparison:
    return compare(runs, norrkoping(), profile, NEXT)


# --- the replay and the engine -----------------------------------------------------------------------------------


@SQLITE
def test_the_replay_gives_the_very_prompts_that_the_engine_gave(town: Town) -> None:
    asks(town.karim)
    led_to(town, "urgent_lasting", "sent")
    led_to(town, "urgent_limited", "day_four_due")
    town.until("2026-11-27 10:00")
    town.anna.types(town.thread(1).ref)
    town.anna.answers("Lämna återkoppling", action_code="home_visit")
    town.until("2026-12-04 12:00")
    runs = town.store.transaction(
        lambda tx: list(what_if_rows.runs_of(tx, town.record.flows, "norrkoping", YEAR, NEXT))
    )
    rows = town.store.transaction(lambda tx: tx.execute(select(t.deadline)).all())
    assert len(runs) == len(rows) >= 6
    again = 0
    for run in runs:
        found = replay(run, norrkoping(), town.clock.care())
        (row,) = [
            one for one in rows
            if (one.thread_id, one.step, one.armed_at, one.basis) == (run.thread, run.step, run.armed_at, run.basis)
        ]  # fmt: skip
        given = frozenset(json.loads(row.said)) if row.said else frozenset()
        assert {one.step for one in found.fired if not one.again} == given, (run, row)
        assert (found.soft, found.hard) == (row.soft_at, row.hard_at)
        again += sum(one.again for one in found.fired)
    assert again, "something was reminded of every workday"


@SQLITE
def test_a_years_threads_of_another_profile_or_year_are_left_alone(town: Town) -> None:
    asks(town.karim)

    def found(profile: str, begin: datetime, end: datetime) -> int:
        flows = town.record.flows
        return len(town.store.transaction(lambda tx: list(what_if_rows.runs_of(tx, flows, profile, begin, end))))

    assert found("norrkoping", YEAR, NEXT) and not found("osthammar", YEAR, NEXT)
    assert not found("norrkoping", at(date(2025, 1, 1), time()), YEAR)


# --- what is changed ---------------------------------------------------------------------------------------------


def test_a_shorter_time_makes_limits_earlier_and_what_was_in_time_late(tmp_path: Path) -> None:
    found = against(changed(tmp_path, "[rules.feedback]\nn = 3\n"), a_question("2026-11-20 10:00"))
    (one,) = found.rules
    assert one.limits == Counter({Shift.EARLIER: 1}) and (one.late_before, one.late_after) == (0, 1)
    assert one.reminders == Counter({Shift.SAME: 1}), "the ladder counts from the start, and stands as it was"
    assert one.examples[0].before.soft == instant("2026-11-23 17:00")
    assert one.examples[0].after.soft == instant("2026-11-19 17:00")


@pytest.mark.parametrize(
    ("prompt", "shift"),
    [
        ('{ step = "day3", workdays = 2, tell = ["owner"], text = "feedback_day3" }', {Shift.EARLIER: 1}),
        ('{ step = "day3", workdays = 4, at = "08:00", tell = ["owner"], text = "feedback_day3" }', {Shift.LATER: 1}),
        ('{ step = "day3", off = true }', {Shift.NEVER: 1}),
        ('{ step = "day1", workdays = 1, tell = ["owner"], text = "feedback_day3" }', {Shift.SAME: 1, Shift.NEW: 1}),
        ('{ step = "day3", workdays = 8, tell = ["owner"], text = "feedback_day3" }', {Shift.NEVER: 1}),
    ],
)
def test_a_rung_comes_earlier_later_never_or_is_new(tmp_path: Path, prompt: str, shift: dict[Shift, int]) -> None:
    profile = changed(tmp_path, f"[rules.feedback]\nprompts = [{prompt}]\n")
    (one,) = against(profile, a_question("2026-11-20 10:00")).rules
    assert one.reminders == Counter(shift) and one.limits == Counter({Shift.SAME: 1}) and one.is_changed


def test_a_flow_that_is_off_has_no_times_and_the_same_profile_changes_nothing(tmp_path: Path) -> None:
    (one,) = against(changed(tmp_path, '[flows]\non = ["urgent_lasting"]\n'), a_question()).rules
    assert one.limits == Counter({Shift.NEVER: 1})
    assert against(norrkoping(), a_question()).rules[0].is_changed is False


def test_the_clock_of_what_was_done_is_not_moved(tmp_path: Path) -> None:
    """What was answered before the new limit has no more reminders than before."""
    (one,) = against(changed(tmp_path, "[rules.feedback]\nn = 1\n"), a_question("2026-11-16 09:30")).rules
    assert not one.reminders and (one.late_before, one.late_after) == (0, 0)


# --- the year that is made up ------------------------------------------------------------------------------------


def test_the_year_is_the_same_for_the_same_seed_and_goes_by_the_flows_own_tables() -> None:
    record, profile = shipped(), norrkoping()

    def made(seed: int) -> list[Run]:
        year = CareYear(flows=record.flows, profile=profile, other=profile, year=2026, threads=200, seed=seed)
        return list(year.runs())

    runs = made(1)
    assert runs == made(1) != made(2)
    assert {one.flow for one in runs} <= set(profile.section("flows").on) and len({one.thread for one in runs}) == 200
    assert all(one.ended_at is None or one.ended_at >= one.armed_at for one in runs)
    assert len({one.rule for one in runs}) > 30, "most of the routine is tried"
    outcomes = [(one, replay(one, profile, NEXT)) for one in runs]
    assert not [one for one, outcome in outcomes if outcome.refused or not outcome.has_rule]
    limited = [(one, outcome) for one, outcome in outcomes if outcome.hard is not None]
    late = sum(outcome.late for _, outcome in limited)
    assert 0 < late < len(limited) / 5, "most is done in time, not all"


# --- what is said ------------------------------------------------------------------------------------------------


def told(profile: Profile, runs: list[Run], *, real: bool) -> WhatIf:
    found = compare(runs, norrkoping(), profile, NEXT)
    return WhatIf(before=norrkoping(), after=profile, year=2026, basis="Underlag.", is_real=real, found=found)


def test_a_rule_that_few_have_met_is_not_told_of_from_a_record(tmp_path: Path) -> None:
    profile = changed(tmp_path, "[rules.feedback]\nn = 3\n")
    few, some = [a_question()] * 4, [a_question()] * 5
    assert "räknat från" in page(told(profile, few, real=False))
    hidden = told(profile, few, real=True)
    assert "Färre än 5 frister: mer visas inte." in page(hidden) and "räknat från" not in page(hidden)
    assert plain(hidden)["rules"] == [{"rule": "feedback", "deadlines": None}]
    assert sheets(hidden)[2].rows == () and sheets(hidden)[1].rows[0][2] == "färre än 5"
    shown = page(told(profile, some, real=True))
    assert "5 frister, mest i question" in shown and "Tider som korten visar: 5 tidigare" in shown
    assert "Tider som korten visar: inga" in page(hidden), "nothing can be worked out from the sums"
    late = [*some[:-1], a_question("2026-11-25 10:00")]
    assert "Försenade" not in page(told(profile, [a_question("2026-11-16 12:00")] * 5, real=True))
    assert "Försenade: 5 i dag, 5 med den nya" in page(told(profile, late, real=True))
    mixed = [a_question("2026-11-16 12:00")] * 5 + late[-1:]
    assert "Försenade: visas inte i dag, visas inte med den nya" in page(told(profile, mixed, real=True))
    assert "påminnelsen" not in page(told(profile, mixed, real=True)), "nor when somebody did something"


def test_the_numbers_of_a_record_tell_no_more_than_its_rules_do(tmp_path: Path) -> None:
    """What is hidden of a rule can be worked out from no sum, in no form of the answer."""
    profile = changed(tmp_path, "[rules.feedback]\nn = 3\n")
    many = [replace(a_question(), rule="urgent_lasting", thread=10 + number) for number in range(5)]
    few = [a_question(), replace(a_question(), thread=2)]
    both = replace(told(profile, [*many, *few], real=True), basis="{threads} meddelanden, {runs} frister.")
    assert plain(both)["deadlines"] == 5 and plain(both)["basis"] == "7 meddelanden, 5 frister."
    alone = replace(told(profile, few, real=True), basis="{threads} meddelanden, {runs} frister.")
    assert (plain(alone)["threads"], plain(alone)["deadlines"]) == (None, 0)
    assert "färre än 5 meddelanden, 0 frister." in page(alone)
    assert sheets(alone)[0].rows[5] == ("Underlag", "färre än 5 meddelanden, 0 frister.", None)


def test_the_command_writes_text_json_and_a_workbook(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    changed(tmp_path, "[rules.feedback]\nn = 3\n")
    asked = ["whatif", "--profile", str(tmp_path / "prov.toml"), "--year", "2026", "--cases", "30"]
    assert main([*asked, "--out", str(tmp_path / "svar.xlsx")]) == 0
    text = capsys.readouterr().out
    assert "Vad händer om norrkoping ersätts av prov? Ett år, 2026." in text and "30 påhittade meddelanden" in text
    assert "inom 5 arbetsdagar" in text and "inom 3 arbetsdagar" in text and "Lika i båda:" in text
    book = load_workbook(tmp_path / "svar.xlsx")
    assert book.sheetnames == ["Sammanfattning", "Regler", "Exempel"] and book["Regler"]["A2"].value == "feedback"
    assert main([*asked, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["threads"] == 30 and answer["limits"]["earlier"] == answer["rules"][0]["deadlines"] > 0
    assert main([*asked, "--out", str(tmp_path / "svar.xlsx")]) == 2, "nothing is written over"
    assert main(["whatif", "--profile", str(tmp_path / "ingen.toml")]) == 1
    assert main([*asked, "--against", "lund"]) == 1
    assert main(["whatif", "--profile", str(tmp_path / "prov.toml"), "--year", "1999"]) == 2


@SQLITE
def test_a_record_is_replayed_and_the_account_knows(
    town: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asks(town.karim)
    changed(tmp_path, '[rules.message_read]\nbefore = "08:00"\n')
    url = town.store.engine.url.render_as_string(hide_password=False)
    asked = ["whatif", "--profile", str(tmp_path / "prov.toml"), "--database", url, "--cases", "40", "--year"]
    assert main([*asked, "2026"]) == 0
    text = capsys.readouterr().out
    assert (
        "Underlag: färre än 5 meddelanden ur databasen" in text
        and "Färre än 5 frister" in text
        and "NK-2041" not in text
    )
    assert main([*asked, "2024"]) == 0
    assert "Databasen har inget från det året." in capsys.readouterr().out
    notes = town.store.transaction(lambda tx: tx.scalars(select(t.audit.c.reason).where(t.audit.c.action == "export")))
    assert list(notes) == ["whatif norrkoping"] * 2
