"""Norrköping 7.1: samverkansledningen meets, again and again. It is Monday 16 November 2026 at 09.00."""

import pytest
from town import Town, instant

from bot.channel.errors import Blocked
from reminders.localtime import to_local

on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

ASKED = {"starts_date": "2026-12-02", "starts_time": "13:00", "mode": "digital", "topics": "situation,complex_cases"}


def eva_drafts(town: Town, **answers: str) -> None:
    town.eva.types("samverkan")
    town.eva.presses("Fortsätt", **ASKED | answers)


def eva_calls(town: Town, **answers: str) -> None:
    eva_drafts(town, **answers)
    town.eva.presses("Kalla till mötet")


def test_called_held_and_the_next_one_prepared(town: Town) -> None:
    eva_calls(town, cases="nk-2041, NK-2077")
    meeting = town.thread().meetings["main"]
    called = {one.person_id: one.optional for one in meeting.invited}
    assert called[town.maria.id] is False and called[town.birgitta.id] is False, "those who lead the providers"
    assert called[town.anna.id] is True and town.sara.id not in called
    assert town.thread().case_ref.startswith("MÖTE-")
    assert "Du är kallad till ett möte." in town.birgitta.newest() and "Samverkansmöte" in town.birgitta.newest()
    assert "Gemensamma utmaningar och hur de kan hanteras tillsammans" in town.birgitta.newest(), "the routine's topics"
    assert "komplexa ärenden tas upp med ärendenummer, aldrig med namn" in town.birgitta.newest()
    assert all("NK-2041" not in toast for toast in town.birgitta.toasts())
    town.maria.presses("Jag kommer")
    town.until("2026-12-02 13:00")
    assert town.thread().state == "begun"
    town.eva.types(town.thread().ref)
    town.eva.presses("Mötet är hållet")
    assert town.thread().state == "held"
    following = town.thread(2)
    assert (following.flow, following.state, following.sender_id) == ("collaboration_meeting", "draft", town.eva.id)
    assert following.values["starts"] == instant("2026-12-30 13:00").isoformat(), "four weeks later, at the same clock"
    assert following.values["topics"] == "situation,complex_cases" and "cases" not in following.values
    assert "Nästa möte är förberett." in town.eva.newest() and "Kalla till mötet" in town.eva.buttons()
    assert not town.maria.sees("Nästa möte"), "nobody is called by a draft"


@on_sqlite
def test_who_could_not_be_reached_is_the_one_to_ring(town: Town) -> None:
    town.teams.refuse[town.birgitta.conversation] = [Blocked("403 MessageWritesBlocked")]
    eva_calls(town)
    assert "Inte levererat – ring Hemtjänst Söder" in town.eva.newest(), "the other managers have got it"


@on_sqlite
def test_the_next_time_keeps_to_workdays(town: Town) -> None:
    eva_calls(town, starts_date="2026-11-26")
    town.until("2026-11-26 13:00")
    town.eva.types(town.thread().ref)
    town.eva.presses("Mötet är hållet")
    proposed = to_local(instant("2026-12-23 13:00"))
    assert town.thread(2).values["starts"] == instant("2026-12-23 13:00").isoformat(), proposed


@on_sqlite
def test_nobody_says_whether_it_was_held(town: Town) -> None:
    eva_calls(town)
    town.until("2026-12-03 08:59")
    assert not town.eva.sees("Är mötet hållet?")
    town.until("2026-12-03 09:00")
    assert "Är mötet hållet? Markera det, eller flytta mötet." in town.eva.newest()
    town.until("2026-12-04 09:00")
    assert town.eva.sees("Meddelandet är fortfarande öppet."), "it is not left lying"


@on_sqlite
def test_it_came_to_nothing_and_is_called_anew(town: Town) -> None:
    eva_calls(town)
    town.until("2026-12-02 15:00")
    town.eva.types(town.thread().ref)
    town.eva.answers("Flytta mötet", starts_date="2026-12-09", starts_time="13:00", mode="digital")
    assert town.thread().state == "invited" and town.maria.sees("Mötet är flyttat.")
    town.until("2026-12-09 14:30")
    town.eva.types(town.thread().ref)
    town.eva.presses("Mötet blev inte av")
    assert town.thread().state == "not_held" and town.thread(2).state == "draft"


@on_sqlite
def test_what_is_taken_up_may_change_and_is_told(town: Town) -> None:
    eva_calls(town)
    town.eva.answers("Ändra vad som tas upp", topics="improvements", cases="NK-2042")
    assert "Det som ska tas upp på mötet är ändrat." in town.maria.newest() and "NK-2042" in town.maria.newest()
    assert town.thread().meetings["main"].revision == 1, "the calendar has nothing to do with it"


@on_sqlite
def test_a_case_that_the_roster_does_not_know_is_named(town: Town) -> None:
    eva_drafts(town, cases="NK-2041, NK-9999")
    assert "NK-9999" in town.eva.newest() and not town.rows_of("thread")


@on_sqlite
def test_called_off(town: Town) -> None:
    eva_calls(town)
    town.eva.presses("Ställ in mötet")
    assert town.thread().state == "called_off" and "Mötet är inställt." in town.birgitta.newest()
    assert town.thread().meetings["main"].status == "cancelled"


@on_sqlite
def test_only_the_lead_assessor_calls_it(town: Town) -> None:
    town.anna.types("samverkan")
    assert "Din roll kan inte starta det meddelandet." in town.anna.newest()
    eva_calls(town)
    town.maria.types(town.thread().ref)
    assert "Flytta mötet" not in town.maria.may() and "Ställ in mötet" not in town.maria.may()
