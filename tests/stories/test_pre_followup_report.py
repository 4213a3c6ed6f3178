"""Norrköping 5.1–5.4: hemtjänst reports before a planned follow-up. It is Monday 16 November 2026 at 09.00."""

import pytest
from town import Town

from dialogs.flows.pre_followup_report import QUESTIONS

on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

MEETING = {"followup_at_date": "2026-11-25", "followup_at_time": "10:00", "planned_form": "after_report"}
ALL_WELL = {
    "need_matches": "yes", "support_given": "yes", "all_in_effect": "yes", "attend": "no", "more": "no",
    "plan_complete": "yes",
}  # fmt: skip
ASKS = "Svara på mallen"


def anna_asks(town: Town, **changes: str) -> None:
    town.anna.begins("pre_followup_report", "NK-2041", **MEETING | changes)
    town.anna.presses("Skicka mallen")


def test_asked_for_answered_and_the_form_is_settled(town: Town) -> None:
    anna_asks(town)
    assert "Ny uppgift" in town.karim.newest() and "ons 25 nov kl. 10.00" in town.karim.newest()
    town.karim.presses("Jag svarar")
    assert town.thread().state == "started" and town.anna.sees("Hemtjänsten svarar på mallen")
    assert "senast tis 24 nov kl. 14.00" in town.karim.newest(), "a workday before, by the routine"

    town.karim.presses(ASKS)
    for _, question, *_ in QUESTIONS:
        assert question in town.karim.newest(), "in the routine's own words"
    town.karim.presses(ASKS, **ALL_WELL)
    assert "Mallen är besvarad. Väg in svaren och bestäm uppföljningens form." in town.anna.newest()
    assert "telefon eller digitalt kan räcka" in town.anna.newest()
    assert town.anna.sees("Ligger nu hos: dig"), "the assessor has it again"

    town.anna.answers("Bestäm formen", meeting_form="phone")
    assert town.thread().is_closed
    assert town.karim.sees("Handläggaren har tagit del av svaret och bestämt uppföljningens form.")


@on_sqlite
def test_the_routines_questions_word_for_word(town: Town) -> None:
    assert [question for _, question, *_ in QUESTIONS] == [
        "Överensstämmer det faktiska behovet med aktuellt uppdrag? Om nej-varför?",
        "Har stödet kunnat utföras enligt uppdrag? Om nej-varför?",
        "Är hela uppdraget verkställt? Om nej-varför?",
        "Finns behov att utförare fysiskt deltar vid uppföljningen och i så fall varför?",
        "Finns det annan information som är viktig att biståndshandläggaren får veta inför uppföljning, i så fall vad?",
    ]


@on_sqlite
@pytest.mark.parametrize(("question", "answer"), [(name, code) for name, _, _, code, _ in QUESTIONS])
def test_a_telling_answer_demands_its_reason(town: Town, question: str, answer: str) -> None:
    """Where content stays in the case system, the answer is that it stands there."""
    anna_asks(town)
    town.karim.answers(ASKS, **ALL_WELL | {question: answer})
    assert town.thread().state == "sent" and town.karim.sees("Står varför och vad i mallen i verksamhetssystemet?")
    town.karim.presses(ASKS, **ALL_WELL | {question: answer}, reasons_written="in_case_system")
    assert town.thread().state == "answered"


@on_sqlite
def test_what_hemtjanst_says_proposes_a_form(town: Town) -> None:
    anna_asks(town)
    told = {"attend": "yes", "all_in_effect": "no", "plan_complete": "no", "reasons_written": "in_case_system"}
    town.karim.answers(ASKS, **ALL_WELL | told)
    assert "hembesök med utföraren på plats" in town.anna.newest()
    assert "Ej verkställt: bedöm insatserna enligt 3.5" in town.anna.newest()
    assert "är inte klarmarkerad än" in town.anna.newest()


@on_sqlite
def test_necessary_contact_instead_of_the_form(town: Town) -> None:
    anna_asks(town)
    contact = {"contact_at_date": "2026-11-16", "contact_at_time": "08:30", "contact_with": "responsible"}
    town.karim.answers("Nödvändig kontakt är tagen", **contact)
    assert town.thread().state == "replaced_by_contact"
    assert "Hemtjänsten har tagit nödvändig kontakt. Bestäm uppföljningens form." in town.anna.newest()
    town.until("2026-11-24 14:00")
    assert not town.karim.sees("Mallen inför uppföljningen är inte besvarad."), "either of the two is enough"


@on_sqlite
def test_nobody_answers_and_the_assessor_hears_before_it_begins(town: Town) -> None:
    anna_asks(town)
    town.karim.presses("Läst")
    town.until("2026-11-18 08:59")
    assert not town.karim.sees("En uppföljning närmar sig.")
    town.until("2026-11-18 09:00")
    assert "En uppföljning närmar sig." in town.karim.newest(), "five workdays before"
    town.until("2026-11-23 09:00")
    assert town.maria.sees("En uppföljning närmar sig."), "two workdays before, to all who read the queue"
    assert not town.anna.sees("Mallen inför uppföljningen är inte besvarad.")
    town.until("2026-11-24 14:00")
    for resident in (town.karim, town.anna):
        assert "Mallen inför uppföljningen är inte besvarad." in resident.newest(), resident.key

    town.until("2026-11-25 10:00")
    assert town.thread().state == "unanswered_at_start"
    assert "Uppföljningen börjar nu och mallen är inte besvarad." in town.anna.newest()
    town.anna.answers("Gå vidare utan svar", without_reason="asked_by_phone", meeting_form="home_visit")
    assert town.thread().is_closed and town.karim.sees("Mallen väntas inte längre in.")


@on_sqlite
def test_answered_when_the_follow_up_has_begun(town: Town) -> None:
    anna_asks(town)
    town.until("2026-11-25 11:00")
    town.karim.answers(ASKS, **ALL_WELL)
    assert town.thread().state == "answered"
    assert "Bestäm uppföljningens form." in town.anna.newest(), "late is still an answer"


@on_sqlite
def test_nobody_settles_the_form(town: Town) -> None:
    anna_asks(town)
    town.karim.answers(ASKS, **ALL_WELL)
    town.until("2026-11-24 15:00")
    assert "Bestäm uppföljningens form." in town.anna.newest()
    assert not town.karim.sees("En uppföljning närmar sig."), "hemtjänst has done its part"
    town.until("2026-11-26 09:00")
    assert town.eva.sees("Meddelandet är fortfarande öppet."), "the lead assessor hears, not hemtjänst"
    assert not town.karim.sees("Meddelandet är fortfarande öppet.")


@on_sqlite
def test_the_time_is_moved(town: Town) -> None:
    anna_asks(town)
    town.karim.presses("Jag svarar")
    town.anna.answers("Ändra tiden", **MEETING | {"followup_at_date": "2026-12-02"})
    assert "Uppföljningens tid är ändrad." in town.karim.newest() and "ons 2 dec kl. 10.00" in town.karim.newest()
    assert "Läst" in town.karim.buttons(), "the new time is acknowledged anew"
    town.until("2026-11-24 23:59")
    assert not town.anna.sees("Mallen inför uppföljningen är inte besvarad.")
    town.until("2026-12-01 14:00")
    assert town.anna.sees("Mallen inför uppföljningen är inte besvarad.")


@on_sqlite
def test_the_wrong_unit_gives_it_back(town: Town) -> None:
    anna_asks(town)
    town.karim.answers("Fel mottagare", misdirected_reason="moved")
    assert town.thread().state == "misdirected" and "Skicka till rätt mottagare" in town.anna.buttons()
    town.until("2026-11-18 12:00")
    assert not town.karim.sees("En uppföljning närmar sig.") and not town.anna.sees("En uppföljning närmar sig.")
    town.anna.answers("Skicka till rätt mottagare", right_receiver="function_mailbox:HT-SODER:")
    town.until("2026-11-23 09:00")
    assert town.olle.sees("En uppföljning närmar sig."), "the right one is counted from the same time"
    town.olle.answers(ASKS, **ALL_WELL)
    assert town.thread().state == "answered"


@on_sqlite
def test_somebody_elses_hands(town: Town) -> None:
    anna_asks(town)
    for resident in (town.olle, town.sara, town.johan):
        resident.types(town.thread().ref)
        assert ASKS not in resident.buttons(), resident.key
    assert town.maria.sees("NK-2041"), "the queue's readers may all answer"
    town.maria.answers(ASKS, **ALL_WELL)
    assert ASKS not in town.karim.buttons()


@on_sqlite
def test_called_off(town: Town) -> None:
    anna_asks(town)
    town.anna.presses("Återkalla")
    assert town.thread().state == "withdrawn"
    assert "Avsändaren har återkallat meddelandet." in town.karim.newest()
    sends = town.teams.sends
    town.until("2026-11-26 12:00")
    assert town.teams.sends == sends


@on_sqlite
def test_only_an_assessor_asks(town: Town) -> None:
    for resident in (town.karim, town.lena):
        resident.types("överrapportering")
        assert "Din roll kan inte starta det meddelandet." in resident.newest()
