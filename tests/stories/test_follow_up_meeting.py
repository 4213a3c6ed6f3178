"""Norrköping 6.4–6.6: the meeting of a follow-up. It is Monday 16 November 2026 at 09.00."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection, update
from test_death_notice import tells
from test_follow_up import ALL_WELL, HELD, IS_DONE, PLAN, anna_plans
from town import Town, instant

from cases import tables as t
from cases.case_given import hand_over
from cases.directory import roster_changed
from cases.meeting import MeetingNow
from reminders.localtime import to_local

on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

ATTENDS = ALL_WELL | {"attend": "yes", "reasons_written": "in_case_system"}
MEETING = 3  # the follow-up and its report come first


def form_is_settled(town: Town, form: str = "home_visit", **answers: str) -> None:
    """Hemtjänst has answered, and Anna has chosen a form: the meeting lies as a draft in her chat."""
    anna_plans(town)
    town.karim.answers("Svara på mallen", **ATTENDS | answers)
    town.anna.answers("Bestäm formen", meeting_form=form)


def called(town: Town, **answers: str) -> None:
    form_is_settled(town)
    if answers:
        town.anna.types(town.thread(MEETING).ref)
        town.anna.answers("Ändra", **{"starts_date": "2026-11-25", "starts_time": "10:00"} | answers)
    town.anna.presses("Kalla till mötet")


def meeting(town: Town, slot: str = "main") -> MeetingNow:
    return town.thread(MEETING).meetings[slot]


def clock(one: MeetingNow) -> str:
    return f"{to_local(one.starts_at):%m-%d %H:%M}"


def test_hemtjanst_is_called_and_comes(town: Town) -> None:
    form_is_settled(town)
    draft = town.thread(MEETING)
    assert (draft.flow, draft.state, draft.parent_id) == ("follow_up_meeting", "draft", 1)
    assert draft.values["takes_part"] == "yes", "hemtjänst has answered that it needs to be there"
    assert "Ett möte är förberett." in town.anna.newest() and "Kalla till mötet" in town.anna.buttons()
    assert not town.karim.sees("Du är kallad"), "nobody is called by a draft"
    town.anna.presses("Kalla till mötet")
    assert clock(meeting(town)) == "11-25 10:00" and meeting(town).mode == "home_visit"
    assert meeting(town).ends_at - meeting(town).starts_at == timedelta(hours=1)
    assert {one.person_id for one in meeting(town).invited} == {town.karim.id, town.maria.id}
    assert "Du är kallad till ett möte. Svara om du kommer." in town.karim.newest()
    town.karim.presses("Jag kommer")
    assert meeting(town).of(town.karim.id).answer == "accepted"  # type: ignore[union-attr]
    town.anna.types(town.thread(MEETING).ref)
    assert "Karim Aziz" in town.anna.newest() and "Kommer (1)" in town.anna.newest()
    town.until("2026-11-25 11:00")
    town.anna.types(town.thread().ref)
    town.anna.answers(IS_DONE, **HELD)
    assert town.thread(MEETING).state == "held" and town.thread(MEETING).is_closed


@on_sqlite
def test_nobody_answers_and_two_workdays_later_they_are_asked_again(town: Town) -> None:
    called(town)
    town.karim.presses("Kanske")
    town.until("2026-11-18 08:59")
    assert not town.maria.sees("Du har inte svarat på kallelsen till mötet.")
    town.until("2026-11-18 09:00")
    assert town.maria.sees("Du har inte svarat på kallelsen till mötet.")
    assert not town.karim.sees("Du har inte svarat"), "who has answered is left in peace"
    town.until("2026-11-20 09:00")
    assert town.anna.sees("Några av de kallade har inte svarat. Ring dem om det behövs.")
    heard = len(town.maria.chat())
    town.until("2026-11-24 17:00")
    assert not town.eva.sees("Du har inte svarat") and len(town.maria.chat()) == heard, "nobody is asked for ever"


@on_sqlite
def test_when_all_have_answered_nobody_hears_that_answers_are_missing(town: Town) -> None:
    called(town)
    town.karim.presses("Jag kommer")
    town.maria.presses("Kan inte komma")
    assert town.anna.sees("En av de kallade kan inte komma till mötet.")
    town.until("2026-11-20 10:00")
    assert not town.anna.sees("Några av de kallade har inte svarat.")


@on_sqlite
def test_a_short_word_beforehand_follows_the_meeting(town: Town) -> None:
    called(town, mode="home_visit", takes_part="yes", beforehand="yes")
    assert clock(meeting(town, "before")) == "11-25 09:45" and meeting(town, "before").kind == "follow_up_check"
    town.anna.types(town.thread().ref)
    town.anna.answers("Ändra tid eller form", **PLAN | {"followup_at_date": "2026-12-02"})
    assert (clock(meeting(town, "before")), clock(meeting(town))) == ("12-02 09:45", "12-02 10:00")
    assert "Mötet är flyttat." in town.karim.newest() or town.karim.sees("Mötet är flyttat.")
    town.anna.types(town.thread(MEETING).ref)
    town.anna.presses("Ställ in mötet")
    assert {one.status for one in town.thread(MEETING).meetings.values()} == {"cancelled"}


@on_sqlite
def test_without_hemtjanst_it_stands_in_her_own_calendar_alone(town: Town) -> None:
    form_is_settled(town, "phone", attend="no", reasons_written="")
    assert "Boka mötet" in town.anna.buttons() and "Kalla till mötet" not in town.anna.buttons()
    town.anna.presses("Boka mötet")
    assert town.thread(MEETING).state == "booked" and meeting(town).invited == []
    assert not town.karim.sees("Du är kallad")
    assert "Nej, mötet bokas bara i din egen kalender" in town.anna.newest(), "though only «Ja» is offered"
    assert town.anna.sees("tala om för brukaren att hemtjänstens information vägs in på annat sätt")
    town.until("2026-11-26 09:00")
    assert town.thread(MEETING).state == "held", "the day after it counts as held"


@on_sqlite
def test_moved_in_the_meeting_moves_the_follow_up_and_the_report(town: Town) -> None:
    called(town)
    town.anna.types(town.thread(MEETING).ref)
    town.anna.answers("Flytta mötet", starts_date="2026-12-03", starts_time="13:00", mode="home_visit")
    assert town.thread().values["followup_at"] == instant("2026-12-03 13:00").isoformat()
    assert town.thread().deadlines["held"].basis == instant("2026-12-03 13:00").isoformat()
    again = next(thread for thread in map(town.thread, (2, 4)) if not thread.is_closed)
    assert again.flow == "pre_followup_report"
    assert again.values["followup_at"] == instant("2026-12-03 13:00").isoformat()
    assert {one.answer for one in meeting(town).invited} == {"none"}, "who answered another time is asked anew"


@on_sqlite
def test_a_closed_day_and_a_day_between_are_said_before_anybody_is_called(town: Town) -> None:
    form_is_settled(town)
    for day, clock_time, said in (
        ("2026-11-28", "10:00", "Lör 28 nov är ingen arbetsdag."),
        ("2026-12-24", "10:00", "Tor 24 dec är julafton."),
        ("2027-01-05", "10:00", "Tis 5 jan är en klämdag. Många kan vara lediga."),
        ("2026-11-25", "16:30", "Utanför kontorstid: kontoret stänger kl. 17.00."),
    ):
        town.anna.types(town.thread(MEETING).ref)
        town.anna.answers(
            "Ändra", starts_date=day, starts_time=clock_time, mode="home_visit", takes_part="yes", beforehand="no"
        )
        assert said in town.anna.newest(), said
        assert "Kalla till mötet" in town.anna.buttons(), "it is said, and not decided"
    assert not town.karim.sees("Du är kallad")


@on_sqlite
def test_a_double_booking_is_said_with_a_name_and_no_matter(town: Town) -> None:
    called(town)
    town.johan.begins("follow_up", "NK-2042", occasion="new_case", basis_date="2026-09-28")
    town.johan.presses("Lägg i planen")
    town.johan.answers("Planera uppföljningen", **PLAN | {"followup_at_time": "10:30"})
    town.johan.types(town.thread(4).ref)
    town.johan.answers("Förbered mötet", meeting_form="home_visit", takes_part="yes", beforehand="no")
    assert "Karim Aziz har ett annat möte ons 25 nov kl. 10.00–11.00." in town.johan.newest()
    assert "NK-2041" not in town.johan.newest()
    assert "Johan Nyman har ett annat möte" not in town.johan.newest()


@on_sqlite
def test_a_meeting_that_is_moved_to_a_bad_day_is_stopped_first(town: Town) -> None:
    called(town)
    town.anna.types(town.thread(MEETING).ref)
    town.anna.answers("Flytta mötet", starts_date="2026-12-31", starts_time="10:00", mode="home_visit")
    assert "Tor 31 dec är nyårsafton." in town.anna.newest() and clock(meeting(town)) == "11-25 10:00"
    town.anna.presses("Flytta mötet ändå")
    assert clock(meeting(town)) == "12-31 10:00"


@on_sqlite
def test_proposals_without_calendars_know_what_stafett_knows(town: Town) -> None:
    called(town)
    town.johan.begins("follow_up", "NK-2042", occasion="new_case", basis_date="2026-09-28")
    town.johan.presses("Lägg i planen")
    town.johan.answers("Planera uppföljningen", **PLAN)
    town.johan.types(town.thread(4).ref)
    town.johan.answers("Förbered mötet", meeting_form="home_visit", takes_part="yes", beforehand="yes")
    town.johan.presses("Föreslå tider")
    assert (
        "Kalendrarna är inte anslutna. Bara möten och frånvaro som Stafett känner till är med." in town.johan.newest()
    )
    times = [label for label in town.johan.buttons() if " kl. " in label]
    assert times == [
        "ons 25 nov kl. 08.30–09.45", "ons 25 nov kl. 11.00–12.15", "tor 26 nov kl. 08.30–09.45",
        "tor 26 nov kl. 09.45–11.00", "fre 27 nov kl. 09.45–11.00",
    ], "with the word beforehand it takes an hour and a quarter, and not while Karim is with Anna"  # fmt: skip
    town.johan.presses(times[1])
    draft = town.thread(6)
    assert draft.values["starts"] == instant("2026-11-25 11:15").isoformat(), "the word beforehand is at 11"
    assert draft.state == "draft" and draft.values["beforehand"] == "yes", "only the time is another"


@on_sqlite
def test_called_off_with_the_follow_up(town: Town) -> None:
    called(town)
    town.anna.types(town.thread().ref)
    town.anna.presses("Ställ in tiden")
    assert town.thread(MEETING).state == "called_off" and town.karim.sees("Mötet är inställt.")
    assert meeting(town).status == "cancelled"


@on_sqlite
def test_a_draft_that_is_never_sent_is_reminded_of_and_goes_when_its_time_has_come(town: Town) -> None:
    form_is_settled(town)
    town.until("2026-11-23 09:00")
    assert town.anna.sees("Du har ett utkast som inte är skickat.")
    town.until("2026-11-25 10:00")
    assert town.thread(MEETING).state == "discarded" and not town.karim.sees("Du är kallad")


@on_sqlite
def test_others_have_no_part_in_it(town: Town) -> None:
    called(town)
    for resident in (town.olle, town.johan):
        resident.types(town.thread(MEETING).ref)
        assert "Jag kommer" not in resident.buttons() and "Flytta mötet" not in resident.buttons(), resident.key
    town.karim.types(town.thread(MEETING).ref)
    assert "Flytta mötet" not in town.karim.may() and "Ställ in mötet" not in town.karim.may()


@on_sqlite
def test_hemtjanst_is_called_after_all(town: Town) -> None:
    form_is_settled(town, "home_visit", attend="no", reasons_written="")
    town.anna.presses("Boka mötet")
    town.anna.answers("Kalla också hemtjänsten", takes_part="yes", beforehand="yes")
    assert town.thread(MEETING).state == "invited" and "Du är kallad" in town.karim.newest()
    assert {one.person_id for one in meeting(town).invited} == {town.karim.id, town.maria.id}
    assert clock(meeting(town, "before")) == "11-25 09:45"


@on_sqlite
def test_when_the_case_ends_nobody_is_to_come_and_nothing_is_said_of_why(town: Town) -> None:
    called(town, mode="home_visit", takes_part="yes", beforehand="yes")
    heard = len(town.maria.chat())
    town.sara.begins("death_notice", "NK-2041")
    town.sara.presses("Skicka")
    assert town.thread(MEETING).is_closed
    assert {one.status for one in town.thread(MEETING).meetings.values()} == {"cancelled"}
    assert len(town.maria.chat()) == heard, "the calendar says that it is cancelled, and no more"
    asked = [row.key for row in town.rows_of("errand") if row.kind == "calendar" and row.what == "meeting:1"]
    assert len(asked) == 2, "to be made, and to be cancelled"


def is_johans_from_now_on(town: Town) -> None:
    def roster_says(tx: Connection) -> None:
        known = t.care_case.c.case_ref == "NK-2041"
        tx.execute(update(t.care_case).where(known).values(responsible_id=town.johan.id))
        hand_over(tx, ["NK-2041"], town.clock.care())
        roster_changed(tx)

    town.store.transaction(roster_says)
    town.settle()


@on_sqlite
def test_whoever_gets_the_case_gets_its_meeting(town: Town) -> None:
    called(town)
    is_johans_from_now_on(town)
    assert town.thread(MEETING).sender_id == town.johan.id
    one = meeting(town)
    assert {guest.person_id for guest in one.invited} == {town.karim.id, town.maria.id, town.johan.id}
    assert (one.revision, one.unanswered()) == (2, {town.karim.id, town.maria.id}), "the calendar is to call Johan too"
    town.johan.types(town.thread(MEETING).ref)
    town.johan.answers("Flytta mötet", starts_date="2026-12-03", starts_time="13:00", mode="home_visit")
    assert clock(meeting(town)) == "12-03 13:00" and town.thread().sender_id == town.johan.id
    assert town.karim.sees("Mötet är flyttat.")


@on_sqlite
def test_whoever_gets_the_case_gets_the_meeting_that_is_only_prepared(town: Town) -> None:
    form_is_settled(town)
    is_johans_from_now_on(town)
    town.johan.types(town.thread(MEETING).ref)
    town.johan.presses("Kalla till mötet")
    assert meeting(town).organizer_id == town.johan.id and town.karim.sees("Du är kallad till ett möte.")


@on_sqlite
@pytest.mark.parametrize(("local", "status"), [("2026-11-24 15:00", "invited"), ("2026-12-01 10:00", "cancelled")])
def test_what_was_stopped_with_its_case_is_called_anew_only_when_it_is_to_come(
    town: Town, local: str, status: str
) -> None:
    called(town)
    town.until("2026-11-24 10:00")
    tells(town.sara)
    assert meeting(town).status == "cancelled", "nobody is to go to the home"
    town.until(local)
    town.sara.presses("Återkalla")
    assert meeting(town).status == status
