"""Profiles: what stands in the municipalities' files, and how a wrong value is told."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest

from reminders import profile_schema
from reminders.errors import ProfileError, UnknownProfile
from reminders.information import last_review, not_started_limit, second_meeting_day
from reminders.profile import load_profile, profile_names, time_profile
from reminders.profile_schema import Complain, Table, register_section
from reminders.rule_spec import CATALOGUE

STANDARD = """
title = "Alla"
[calendar]
saturday_is_vardag = false
extra_closed_days = []
[office]
open = "07:00"
close = "17:00"
close_summer = "16:00"
summer_months = [6, 7, 8]
[rules.feedback]
id = "D03"
kind = "workdays_after"
n = 5
source = "Rutinen 1"
why = "Inom {n} arbetsdagar."
prompts = [
  {step = "day3", workdays = 3, tell = ["owner"], text = "three"},
  {step = "day5", workdays = 5, tell = ["owner"], text = "five"},
]
"""


@dataclass(frozen=True, kw_only=True)
class Folder:
    """A folder of profile files under test."""

    path: Path

    def faults(self, text: str) -> str:
        """The message when `kommun.toml` reads like this on top of the standard."""
        self.write("kommun", f'extends = "_standard"\n{text}')
        with pytest.raises(ProfileError) as told:
            load_profile("kommun", self.path, only_time=True)
        return str(told.value)

    def write(self, name: str, text: str) -> None:
        """Put a file into the folder."""
        (self.path / f"{name}.toml").write_text(text, encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    folder = Folder(path=tmp_path)
    folder.write("_standard", STANDARD)
    return folder


def test_the_shipped_profiles() -> None:
    assert profile_names() == ("katrineholm", "norrkoping", "osthammar", "stockholm")


EVERYWHERE = {
    "not_started_report", "draft", "draft_with_notice", "urgent_untaken", "handover_receipt", "handover_day",
    "still_open", "urgent_answer", "follow_up_begins", "follow_up_form", "follow_up_unplanned", "follow_up_held",
    "follow_up_event", "notice_receipt", "given_back", "handover_form", "return_home_period", "invitation_answer",
    "on_call_swap_answer", "on_call_swap_lapses", "meeting_begins", "meeting_draft", "meeting_over", "meeting_held",
    "answers_published", "access_request_answer", "access_ends", "heartbeat",
}  # fmt: skip
OWN = {
    "osthammar": {"D23", "D24", "D25", "D26", "D27"},
    "stockholm": {"D21", "D22"},
    "katrineholm": {"D28", "D29"},
    "norrkoping": {one for one in CATALOGUE if one[:3] <= "D20"},
}

# Stafett's own choices beside one routine's rules.
_OF_WEEKS = ("opening", "cases", "held", "document", "change_tell", "change_read", "plan_update")
SUPERVISION = {f"supervision_{name}" for name in (*_OF_WEEKS, "series_end", "series_replaced")}
BESIDE = {
    "stockholm": {"care_plan_check"},
    "katrineholm": SUPERVISION,
    "osthammar": {"meeting_outcomes", "meeting_documented", "adjusted_plan"},
    "norrkoping": {
        "on_call_unsent", "assignment_unread", "assignment_phone", "continued_help", "phone_continued_help",
        "assignment_to_send", "next_collaboration", "registration_cutoff.date_elsewhere", "billing_contact",
        "immediate.receipt",
    },
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(OWN))
def test_each_routine_has_its_own_rules_and_no_others(name: str) -> None:
    assert set(time_profile(name).rules) == EVERYWHERE | {CATALOGUE[one] for one in OWN[name]} | BESIDE.get(name, set())


@pytest.mark.parametrize("name", sorted(OWN))
def test_own_defaults_say_that_they_are(name: str) -> None:
    for rule in time_profile(name).rules.values():
        assert rule.own_default == ("eget förval, inte ur rutinen" in rule.why)
        assert (rule.id is None) == rule.own_default


@pytest.mark.parametrize("name", sorted(OWN))
def test_why_and_source_are_filled_in(name: str) -> None:
    for rule in time_profile(name).rules.values():
        assert rule.source
        assert "{" not in rule.why


def test_a_municipality_changes_one_number_and_keeps_the_rest(folder: Folder) -> None:
    folder.write(
        "kommun", 'extends = "_standard"\ntitle = "Kommun"\n[rules.feedback]\nn = 7\n[office]\nclose = "16:30"\n'
    )
    profile = load_profile("kommun", folder.path, only_time=True)
    assert profile.rule("D03").why == "Inom 7 arbetsdagar."
    assert profile.calendar.office.close == time(16, 30)
    assert profile.calendar.office.close_summer == time(16)
    assert [one.step for one in profile.rule("feedback").ladder] == ["day3", "day5"]


def test_prompts_are_replaced_step_by_step(folder: Folder) -> None:
    folder.write(
        "kommun",
        'extends = "_standard"\n[rules.feedback]\nprompts = [\n'
        '{step = "day3", workdays = 2, tell = ["sender"], text = "two"},\n'
        '{step = "day5", off = true},\n'
        '{step = "day6", workdays = 6, tell = ["owner"], text = "six"},\n]\n',
    )
    ladder = load_profile("kommun", folder.path, only_time=True).rule("feedback").ladder
    assert [(one.step, one.amount, one.tell) for one in ladder] == [("day3", 2, ("sender",)), ("day6", 6, ("owner",))]


def test_a_rule_can_be_switched_off(folder: Folder) -> None:
    folder.write("kommun", 'extends = "_standard"\n[rules.feedback]\noff = true\n')
    assert not load_profile("kommun", folder.path, only_time=True).rules


def test_closed_and_short_days_are_read(folder: Folder) -> None:
    folder.write(
        "kommun",
        'extends = "_standard"\n[calendar]\nextra_closed_days = [2026-05-15]\n'
        '[calendar.short_days]\n"2026-04-02" = "14:00"\n',
    )
    calendar = load_profile("kommun", folder.path, only_time=True).calendar
    assert calendar.extra_closed_days == {date(2026, 5, 15)}
    assert calendar.short_days == {date(2026, 4, 2): time(14)}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[office]\nclose = 17\n", 'kommun.toml: office.close: ska vara ett klockslag som "07:00" (nu: 17)'),
        ('[office]\nclose = "06:00"\n', "kommun.toml: office.close: ska vara senare än open (07:00)"),
        (
            "[office]\nsummer_months = [13]\n",
            "kommun.toml: office.summer_months: ska vara en lista med månader 1 till 12",
        ),
        ('[office]\nclosse = "17:00"\n', "kommun.toml: office.closse: okänd nyckel, tillåtna är"),
        ('[office]\nclosse = "17:00"\n', "menas close?"),
        (
            '[calendar]\nsaturday_is_vardag = "nej"\n',
            "kommun.toml: calendar.saturday_is_vardag: ska vara true eller false",
        ),
        (
            "[calendar]\nextra_closed_days = ['2026-05-15']\n",
            "kommun.toml: calendar.extra_closed_days: ska vara en lista",
        ),
        ("[calendar.short_days]\n'2 april' = '14:00'\n", "nyckeln ska vara ett datum som 2026-04-02"),
        ("[calendar.short_days]\n'2026-04-02' = '18:00'\n", "efter öppning och senast vid vanlig stängning"),
        ("[rules.feedback]\nn = -1\n", "kommun.toml: rules.feedback.n: ska vara ett heltal 0 till 100000 (nu: -1)"),
        ("[rules.feedback]\nn = true\n", "kommun.toml: rules.feedback.n: ska vara ett heltal"),
        (
            "[rules.feedback]\nkind = 'often'\n",
            "kommun.toml: rules.feedback.kind: ska vara något av calendar_days_after",
        ),
        (
            "[rules.feedback]\nsoft_at = 'noon'\n",
            'rules.feedback.soft_at: ska vara ett klockslag som "14:00" eller något av',
        ),
        ("[rules.feedback]\nwhy = 'Inom {m} dagar'\n", "rules.feedback.why: ska vara en text där bara {n}"),
        ("[rules.feedback]\nstart = 'later'\n", "rules.feedback.start: ska vara något av decision"),
        ("[rules.new]\nkind = 'workdays_after'\n", "kommun.toml: rules.new.n: saknas; ska vara ett heltal"),
        ("[[reviews]]\nsource = 'x'\n", "kommun.toml: reviews.1.first: saknas; ska vara ett datum"),
        ("rules = 3\n", "kommun.toml: rules: ska vara en tabell"),
    ],
)
def test_a_wrong_value_names_file_key_and_what_is_allowed(folder: Folder, text: str, told: str) -> None:
    assert told in folder.faults(text)


@pytest.mark.parametrize(
    ("prompt", "told"),
    [
        (
            "{step = 'x', tell = ['boss'], text = 't'}",
            "prompts.x.tell: ska vara en lista med värden ur authority_queue, convener, fixed_care_contact",
        ),
        ("{step = 'x', tell = [], text = 't'}", "prompts.x.tell: ska ha minst ett av"),
        ("{step = 'x', tell = ['owner'], text = 't', on = 'noon'}", "prompts.x.on: ska vara något av hard, late, open"),
        ("{step = 'x', tell = ['owner'], text = 't', days = 1, minutes = 1}", "kan inte stå tillsammans med days"),
        (
            "{step = 'x', tell = ['owner'], text = 't', minutes = 1, at = '09:00'}",
            "prompts.x.at: kan inte stå tillsammans",
        ),
        ("{step = 'x', tell = ['owner'], text = 't', at = '9'}", "prompts.x.at: ska vara ett klockslag"),
        ("{step = 'x', tell = ['owner'], text = 't', hours = 1}", "prompts.x.hours: okänd nyckel"),
        ("{step = 'x', tell = ['owner']}", "kommun.toml: rules.feedback.prompts.x.text: saknas"),
        ("{tell = ['owner'], text = 't'}", "prompts.3.step: saknas"),
        ("3", "kommun.toml: rules.feedback.prompts: ska vara en lista med tabeller"),
    ],
)
def test_a_wrong_prompt_is_named_by_its_step(folder: Folder, prompt: str, told: str) -> None:
    assert told in folder.faults(f"[rules.feedback]\nprompts = [{prompt}]\n")


def test_a_step_stands_once(folder: Folder) -> None:
    twice = "{step = 'x', tell = ['owner'], text = 't'}, {step = 'x', tell = ['sender'], text = 't'}"
    assert "prompts.x: ett steg får bara finnas en gång" in folder.faults(f"[rules.feedback]\nprompts = [{twice}]\n")


def test_every_fault_is_told_at_once_and_with_its_own_file(folder: Folder) -> None:
    folder.write("_standard", STANDARD.replace('open = "07:00"', 'open = "sju"'))
    told = folder.faults("[rules.feedback]\nn = 'fem'\n[calendar]\nsaturday = true\n").splitlines()
    assert len(told) == 3
    assert any(one.startswith("_standard.toml: office.open:") for one in told)
    assert any(one.startswith("kommun.toml: rules.feedback.n:") for one in told)
    assert any(one.startswith("kommun.toml: calendar.saturday:") for one in told)


def test_files_that_cannot_be_read_or_found(folder: Folder) -> None:
    assert "kommun.toml: filen går inte att läsa som TOML" in folder.faults("n = = 1")
    folder.write("kommun", 'extends = "saknas"')
    with pytest.raises(ProfileError, match=r"kommun\.toml: extends: filen saknas\.toml finns inte"):
        load_profile("kommun", folder.path)
    folder.write("kommun", 'extends = "kommun"')
    with pytest.raises(ProfileError, match="bygger redan på den här filen"):
        load_profile("kommun", folder.path)
    with pytest.raises(UnknownProfile, match="de som finns är kommun"):
        load_profile("lund", folder.path)
    with pytest.raises(UnknownProfile):
        load_profile("_standard", folder.path)


@dataclass(frozen=True, kw_only=True)
class Probe:
    """A section of another room."""

    words: tuple[str, ...]


def read_probe(values: Mapping[str, Any], complain: Complain) -> Probe:
    table = Table(values=values, complain=complain)
    probe = Probe(words=table.names("words", ("ja", "nej"), default=()))
    table.done()
    return probe


@pytest.fixture
def probe_section(monkeypatch: pytest.MonkeyPatch) -> None:
    """The probe is the only registered section, for this test."""
    monkeypatch.setattr(profile_schema, "_sections", {})
    register_section("probe", read_probe)


@pytest.mark.usefixtures("probe_section")
def test_another_room_reads_its_own_section(folder: Folder) -> None:
    folder.write("kommun", 'extends = "_standard"\n[probe]\nwords = ["ja"]\n')
    assert load_profile("kommun", folder.path).section("probe") == Probe(words=("ja",))
    folder.write("kommun", 'extends = "_standard"\n')
    assert load_profile("kommun", folder.path).section("probe") == Probe(words=())


@pytest.mark.usefixtures("probe_section")
def test_faults_in_another_rooms_section_are_told_with_the_rest(folder: Folder) -> None:
    folder.write("kommun", 'extends = "_standard"\n[probe]\nwords = ["kanske"]\nword = 1\n[prob]\n')
    with pytest.raises(ProfileError) as told:
        load_profile("kommun", folder.path)
    message = str(told.value)
    assert "kommun.toml: probe.words: ska vara en lista med värden ur ja, nej" in message
    assert "kommun.toml: probe.word: okänd nyckel, tillåtna är words; menas words?" in message
    assert "kommun.toml: prob: okänd nyckel" in message


def test_facts_around_the_rules() -> None:
    osthammar = time_profile("osthammar")
    assert second_meeting_day(date(2026, 11, 23), osthammar).warn is False
    assert second_meeting_day(date(2026, 11, 27), osthammar).day == date(2026, 11, 30)
    assert second_meeting_day(date(2026, 11, 27), osthammar).warn is True
    assert not_started_limit(date(2026, 11, 30)) == date(2027, 2, 28)


def test_review_dates_come_round() -> None:
    (yearly,), (once,) = time_profile("norrkoping").reviews, time_profile("katrineholm").reviews
    assert last_review(yearly, date(2025, 6, 30)) is None
    assert last_review(yearly, date(2026, 6, 30)) == date(2025, 7, 1)
    assert last_review(yearly, date(2026, 7, 1)) == date(2026, 7, 1)
    assert last_review(once, date(2026, 4, 30)) is None
    assert last_review(once, date(2028, 1, 1)) == date(2026, 5, 1)
