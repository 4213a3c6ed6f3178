"""`stafett profile`: a fifth municipality is made from answers, looked through, and shown."""

import json
from datetime import date, datetime
from itertools import chain, repeat
from pathlib import Path

import pytest
from town import shipped

from bot.cli import main
from bot.profiles import faults
from bot.profiles.questions import Wrong, clock, day, file_name, months, some_of, whole, yes
from bot.profiles.templates import templates
from dialogs.check import armed_rules
from reminders.profile import FOLDER, load_profile
from reminders.rules import due

ANSWERS = """
title = "Ekdala"
routine = "Samverkan i hemtjänsten, gäller från 2026-01-01"
review = 2027-01-15
open = "08:00"
close = "16:30"
closed = ["2026-05-15"]
client = "den enskilde"

[flows]
question = "question"
assignments = "1"
meetings = ["follow_up_meeting"]

[rules.feedback]
n = 3
source = "avsnitt 4"
quote = "Återkoppling ges inom tre arbetsdagar."
"""


def made(folder: Path, answers: str = ANSWERS) -> int:
    (folder / "svar.toml").write_text(answers, encoding="utf-8")
    return main(["profile", "new", "--answers", str(folder / "svar.toml"), "--out", str(folder / "ekdala.toml")])


def test_a_profile_made_from_answers_passes_and_says_what_was_answered(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert made(tmp_path) == 0
    told = capsys.readouterr().out
    assert "ekdala.toml är klar: 3 flöden." in told and "message_read" in told, "what was left open is told"
    profile = faults.read(tmp_path / "ekdala.toml", shipped().flows)
    assert profile.title == "Ekdala"
    assert profile.section("flows").on == ("changed_need", "question", "follow_up_meeting")
    assert profile.section("terms").client == "den enskilde" and profile.reviews[0].first.year == 2027
    feedback, read = profile.rule("feedback"), profile.rule("message_read")
    assert (feedback.source, feedback.quote) == ("Ekdala, avsnitt 4", "Återkoppling ges inom tre arbetsdagar.")
    assert "3 arbetsdagar" in feedback.why and not feedback.own_default
    assert read.own_default and read.source == "Stafett" and read.why.endswith("Stafetts eget förval, inte ur rutinen.")
    answer = due("feedback", datetime(2026, 5, 12, 10), profile)  # noqa: DTZ001 (local)
    assert answer.soft is not None and answer.soft.day == 19, "the closed Friday after Ascension day is not counted"
    text = (tmp_path / "ekdala.toml").read_text(encoding="utf-8")
    assert "Norrköping" not in text.replace("lånade från Norrköping", ""), "nothing of the lender's own routine is left"
    assert text.count("\n#") > 8, "the file explains itself"


def test_reminders_follow_a_time_that_is_made_shorter_or_longer() -> None:
    lent = templates().rules["feedback"]

    def days(n: int) -> dict[str, int]:
        return {one["step"]: one["workdays"] for one in lent.prompts({"n": n})}

    assert days(5) == {"day3": 3, "day5": 5, "escalate": 6}
    assert days(10) == {"day3": 8, "day5": 10, "escalate": 11}, "two days left is still two days left"
    assert days(2) == {"day5": 2, "escalate": 3}, "what would come before the start is left out"


def test_every_flow_can_be_chosen_alone() -> None:
    """Whatever is chosen, what comes of it has every rule that the flow needs."""
    lent, flows = templates(), shipped().flows
    for flow in flows.values():
        needed = armed_rules(flow) - {"heartbeat"}
        assert {one.name for one in lent.rules_for([flow])} | lent.standard >= needed, flow.name


def test_all_flows_together_make_a_profile_that_passes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    groups = dict.fromkeys(one.group for one in shipped().flows.values())
    assert made(tmp_path, 'title = "Ekdala"\nroutine = "Rutin"\n[flows]\nplan = "alla"\n') == 2
    assert "care_plan och care_plan_signed startas med samma ord" in capsys.readouterr().err
    chosen = "\n".join(f'{group} = "alla"' if group != "plan" else 'plan = "1, 3"' for group in groups)
    assert made(tmp_path, f'title = "Ekdala"\nroutine = "Rutin"\n[flows]\n{chosen}\n') == 0
    profile = faults.read(tmp_path / "ekdala.toml", shipped().flows)
    assert set(profile.section("flows").on) == set(shipped().flows) - {"heartbeat", "care_plan_signed"}


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ('routine = "Rutin"', "title: Här behövs ett svar."),
        ('title = "A"\nroutine = "B"\nopen = "sju"', "open: Skriv ett klockslag"),
        ('title = "A"\nroutine = "B"\nopnar = "07:00"', "opnar: okänd nyckel"),
        ('title = "A"\nroutine = "B"\n[flows]\nurgent = "9"', "flows.urgent: 9 finns inte"),
        ('title = "A 189001019802"\nroutine = "B"', "personnummer"),
        ("title = ", "går inte att läsa"),
    ],
)
def test_a_wrong_answer_is_told_by_its_key_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], answers: str, told: str
) -> None:
    assert made(tmp_path, answers) == 2
    said = capsys.readouterr().err
    assert told in said and "189001019802" not in said and not (tmp_path / "ekdala.toml").exists()


def test_questions_are_put_again_until_the_answer_can_be_used(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    typed = chain(["", "Östra Göinge", "Rutinen 2026", "snart", "2027-03-01", "7", "07:30"], repeat(""))
    monkeypatch.setattr("builtins.input", lambda text: next(typed))
    monkeypatch.chdir(tmp_path)
    assert main(["profile", "new"]) == 0
    told = capsys.readouterr().out
    assert "Här behövs ett svar." in told and "Skriv datumet som ÅÅÅÅ-MM-DD." in told and "Skriv ett klockslag" in told
    assert "inga flöden är på" in told
    assert load_profile("ostra_goinge", tmp_path).calendar.office.open.minute == 30
    assert main(["profile", "new", "--out", "ostra_goinge.toml", "--answers", str(answers_in(tmp_path))]) == 1, "kept"


def answers_in(folder: Path) -> Path:
    (folder / "svar").write_text('title = "A"\nroutine = "B"\n', encoding="utf-8")
    return folder / "svar"


def test_check_tells_every_fault_with_file_key_and_what_is_allowed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = tmp_path / "fel.toml"
    wrong.write_text('extends = "norrkoping"\ntitle = ""\n[office]\nopen = "7"\n[rules.feedback]\nn = "fem"\nm = 1\n')
    assert main(["profile", "check", str(wrong), str(FOLDER / "osthammar.toml")]) == 1
    told = capsys.readouterr().out
    assert f"{wrong}: 4 fel" in told and "osthammar.toml: inga fel" in told
    for place in (
        "fel.toml: title:",
        "fel.toml: office.open:",
        "fel.toml: rules.feedback.n:",
        "rules.feedback.m: okänd",
    ):
        assert place in told, told
    assert main(["profile", "check", "--json", str(FOLDER / "norrkoping.toml")]) == 0
    (found,) = json.loads(capsys.readouterr().out)
    assert found["faults"] == [] and any("urgent_untaken" in one for one in found["warnings"])
    assert main(["profile", "check", str(tmp_path / "ingen.toml")]) == 1


@pytest.mark.parametrize(("today", "told"), [(date(2026, 4, 30), None), (date(2028, 1, 1), "2026-05-01")])
def test_check_asks_whether_the_routine_has_been_looked_over(today: date, told: str | None) -> None:
    found = faults.checked(FOLDER / "katrineholm.toml", shipped().flows, today).warnings
    asked = [one for one in found if "är det gjort?" in one]
    assert asked == [
        f"reviews: Katrineholm, Ersättning vid handledning skulle ses över senast {told}; är det gjort?"
    ] * (told is not None)


def test_show_tells_the_rules_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["profile", "show", "norrkoping", "--rule", "D03"]) == 0
    told = capsys.readouterr().out
    assert "feedback (D03): Återkoppling" in told and "day3: 3 arbetsdagar efter starten kl. 09.00" in told
    assert main(["profile", "show", "osthammar"]) == 0
    told = capsys.readouterr().out
    assert "Biståndsmöte (assistance_meeting)" in told and "Stafetts eget förval, inte ur rutinen" in told
    assert main(["profile", "show", "stockholm", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["name"] == "stockholm" and any(one["name"] == "care_plan_signed" for one in found["rules"])
    assert main(["profile", "show", "lund"]) == 1 and main(["profile", "show", "norrkoping", "--rule", "x"]) == 1


@pytest.mark.parametrize(
    ("read", "given"),
    [(clock, "25:00"), (day, "i morgon"), (months, "13"), (whole, "-1"), (yes, "kanske"), (some_of({"a": "A"}), "b")],
)
def test_each_kind_of_answer_refuses_what_it_cannot_be(read, given: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(Wrong):
        read(given)


def test_names_of_files_are_plain() -> None:
    assert [file_name(one) for one in ("Örebro", "Upplands-Bro", "Malung / Sälen")] == [
        "orebro", "upplands_bro", "malung_salen",
    ]  # fmt: skip
