"""An information meeting for all providers, and its questions. It is Monday 16 November 2026 at 09.00."""

import csv
from argparse import Namespace
from pathlib import Path
from typing import Any

import pytest
from cards import words_of
from people import PEOPLE
from sqlalchemy import Connection, insert
from town import Town

from bot.cli import main
from bot.commands.export_meeting import taken_out, write_page
from bot.commands.export_not_started import write_csv
from cases import tables as t
from cases.directory import roster_changed
from dialogs.questions import FEWEST, GOOD_WAY, MORE_AREAS, OTHER
from dialogs.sheets import Sheet

on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

ASKED = {"starts_date": "2026-11-25", "starts_time": "13:00", "mode": "digital", "points": "Ersättningsmodellen"}
NAMES = {word for _, name, *_ in PEOPLE for word in name.split()}


def eva_calls(town: Town) -> None:
    town.eva.types("informationsmöte")
    town.eva.presses("Fortsätt", **ASKED)
    town.eva.presses("Kalla till mötet")


def asks(town: Town, who: str, question: str) -> None:
    town.residents[who].types(town.thread().ref)
    town.residents[who].answers("Ställ en fråga", question=question)


def replies(town: Town, number: int, answer: str, *, wording: str = "", publish: str = "yes") -> None:
    town.eva.types(town.thread().ref)
    town.eva.answers(
        "Besvara en fråga", question_number=str(number), question_answer=answer, question_wording=wording,
        question_publish=publish,
    )  # fmt: skip


def held(town: Town) -> None:
    town.until("2026-11-25 14:00")
    town.eva.types(town.thread().ref)
    town.eva.presses("Mötet är hållet")


def coordinator(tx: Connection, town: Town) -> None:
    """Sara plans the work of Norr."""
    tx.execute(insert(t.role).values(person_id=town.sara.id, unit_id="HT-NORR", role="coordinator"))
    roster_changed(tx)


def sheet(town: Town, what: str = "answers", by: str = "eva@exempel.invalid") -> Sheet | None:
    args = Namespace(meeting=town.thread().case_ref.lower(), unit="MYND", by=by, sheet=what)
    return town.store.transaction(lambda tx: taken_out(tx, town.record, args, town.clock))


def test_questions_before_and_during_are_answered_and_published_without_persons(town: Town, tmp_path: Path) -> None:
    town.store.transaction(lambda tx: coordinator(tx, town))
    eva_calls(town)
    assert town.thread().flow == "information_meeting"
    called = {one.person_id: one.optional for one in town.thread().meetings["main"].invited}
    assert called == {town.maria.id: False, town.birgitta.id: False, town.karim.id: True, town.sara.id: True}
    asks(town, "sara", "Hur registreras vak?")
    assert "En fråga har kommit in." in town.eva.newest()
    town.until("2026-11-25 13:20")
    assert town.thread().state == "begun"
    asks(town, "birgitta", "Gäller det Maria Eks grupp?")
    asks(town, "karim", "En fråga som hör till ett annat forum")
    replies(town, 1, "Bara för utförd tid.")
    replies(town, 2, "Ja, för alla.", wording="Gäller det alla grupper?")
    replies(town, 3, "Ring i stället.", publish="no")
    assert town.sara.sees("Besvara en fråga") is False
    held(town)
    town.eva.presses("Publicera frågor och svar")
    assert town.thread().state == "published"
    assert "Frågor och svar från mötet är publicerade." in town.sara.newest()
    town.sara.presses("Frågor och svar")
    shown = town.sara.newest()
    assert "1. Hur registreras vak? Bara för utförd tid." in shown and "Gäller det alla grupper?" in shown
    assert "annat forum" not in shown and "Maria Eks" not in shown

    found = sheet(town)
    assert found is not None
    write_csv(tmp_path / "svar.csv", found)
    write_page(tmp_path / "svar.html", found)
    rows = list(csv.reader((tmp_path / "svar.csv").read_text("utf-8-sig").splitlines(), delimiter=";"))
    assert rows == [
        ["Nummer", "Fråga", "Svar"],
        ["1", "Hur registreras vak?", "Bara för utförd tid."],
        ["2", "Gäller det alla grupper?", "Ja, för alla."],
    ]
    page = (tmp_path / "svar.html").read_text("utf-8")
    assert "<h2>1. Hur registreras vak?</h2>\n<p>Bara för utförd tid.</p>" in page
    assert not [name for name in NAMES if name in page or name in str(rows)]


@on_sqlite
def test_questions_and_answers_are_in_no_notification_and_no_answer_on_the_card(town: Town) -> None:
    eva_calls(town)
    asks(town, "maria", "En mycket särskild fråga")
    assert "särskild" not in town.eva.newest() and not [one for one in town.eva.toasts() if "särskild" in one]
    town.eva.presses("Frågor och svar")
    assert "1. En mycket särskild fråga Inte besvarad än." in town.eva.newest()
    town.birgitta.types(town.thread().ref)
    town.birgitta.presses("Frågor och svar")
    assert "särskild" not in town.birgitta.newest(), "before it is published it is between who asked and who answers"


@on_sqlite
def test_a_personal_number_in_a_question_is_refused(town: Town) -> None:
    eva_calls(town)
    asks(town, "maria", "Gäller det 19121212-1212?")
    assert "Texten innehåller ett personnummer" in town.maria.newest() and "1212" not in town.maria.newest()


@on_sqlite
def test_the_page_shows_what_was_written_as_it_was_written(town: Town, tmp_path: Path) -> None:
    eva_calls(town)
    asks(town, "maria", "Är <b>alla</b> & envar med?")
    replies(town, 1, "=1+1")
    found = sheet(town)
    assert found is not None
    write_page(tmp_path / "svar.html", found)
    write_csv(tmp_path / "svar.csv", found)
    assert "&lt;b&gt;alla&lt;/b&gt; &amp; envar" in (tmp_path / "svar.html").read_text("utf-8")
    assert '"=1+1"' not in (tmp_path / "svar.csv").read_text("utf-8-sig"), "no cell is a formula"


@on_sqlite
def test_the_evaluation_asks_three_questions_and_tells_nothing_of_few(town: Town) -> None:
    assert [item.label for item in (GOOD_WAY, MORE_AREAS, OTHER)] == [
        "Är Teams ett bra sätt att förmedla information på?",
        "Finns det ytterligare informationsområden som du som utförare av hemtjänst har behov av?",
        "Övriga synpunkter",
    ]
    eva_calls(town)
    held(town)
    assert "Svara gärna på tre frågor om det" in town.maria.newest()
    town.maria.answers("Utvärdera mötet", evaluation_way="yes", evaluation_areas="Avvikelser")
    assert "Utvärdera mötet" not in town.maria.buttons(), "asked once"
    again = town.maria.forges(verb="do", thread=town.thread().id, signal="evaluate", evaluation_way="no")
    assert "Du har redan svarat." in words_of(again.card)
    town.eva.types(town.thread().ref)
    town.eva.presses("Frågor och svar")
    assert f"färre än {FEWEST}, visas inte" in town.eva.newest() and "Avvikelser" not in town.eva.newest()
    assert sheet(town, "evaluation").rows == (("Antal svar", f"färre än {FEWEST}, visas inte", ""),)  # type: ignore[union-attr]


@on_sqlite
def test_five_answers_are_summed_up_without_telling_whose(town: Town) -> None:
    eva_calls(town)
    held(town)
    answers: list[dict[str, Any]] = [
        {"evaluation_way": "yes", "evaluation_areas": "Ramtid", "evaluation_other": "Bjud in samordnare"},
        {"evaluation_way": "yes", "evaluation_areas": "Avvikelser"}, {"evaluation_way": "partly"},
        {"evaluation_way": "yes"}, {"evaluation_way": "no", "evaluation_other": "Bättre tid"},
    ]  # fmt: skip

    def given(tx: Connection) -> None:
        rows = [
            {"thread_id": 1, "seq": 100 + number, "field": field, "value": value}
            for number, one in enumerate(answers)
            for field, value in one.items()
        ]
        tx.execute(insert(t.content), rows)

    town.store.transaction(given)
    assert sheet(town, "evaluation").rows == (  # type: ignore[union-attr]
        (GOOD_WAY.label, "Ja", "3"), (GOOD_WAY.label, "Delvis", "1"), (GOOD_WAY.label, "Nej", "1"),
        (MORE_AREAS.label, "Avvikelser", ""), (MORE_AREAS.label, "Ramtid", ""),
        (OTHER.label, "Bjud in samordnare", ""), (OTHER.label, "Bättre tid", ""),
    )  # fmt: skip


@on_sqlite
def test_nobody_publishes(town: Town) -> None:
    eva_calls(town)
    held(town)
    town.until("2026-12-02 09:00")
    assert "Besvara det som återstår och publicera frågor och svar." in town.eva.newest()
    town.until("2026-12-03 09:00")
    assert town.eva.sees("Meddelandet är fortfarande öppet.")


@on_sqlite
def test_only_the_unit_that_called_it_takes_the_file_out(town: Town) -> None:
    eva_calls(town)
    assert sheet(town, by="maria@exempel.invalid") is None and sheet(town, by="ingen@exempel.invalid") is None
    noted = [row for row in town.rows_of("audit") if row.reason == "export_answers"]
    assert [row.outcome for row in noted] == ["refused", "refused"]


@on_sqlite
def test_called_off_and_nobody_is_left_waiting(town: Town) -> None:
    eva_calls(town)
    town.eva.presses("Ställ in mötet")
    assert town.thread().state == "called_off" and "Mötet är inställt." in town.birgitta.newest()
    town.maria.types(town.thread().ref)
    assert "Ställ en fråga" not in town.maria.buttons()


@on_sqlite
def test_taken_out_by_the_command(town: Town, database: str, tmp_path: Path) -> None:
    eva_calls(town)
    asks(town, "maria", "Hur registreras vak?")
    replies(town, 1, "Bara för utförd tid.")

    def run(what: str, file: str) -> int:
        by = ["--by", "eva@exempel.invalid", "--meeting", town.thread().case_ref, "--unit", "MYND"]
        return main(["export", what, *by, "--out", str(tmp_path / file), "--database", database])

    assert (run("answers", "svar.html"), run("evaluation", "utvardering.csv")) == (0, 0)
    assert "Hur registreras vak?" in (tmp_path / "svar.html").read_text("utf-8")
    assert (run("answers", "svar.html"), run("answers", "svar.txt")) == (1, 2), "never over a file, never another kind"
