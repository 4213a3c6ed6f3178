"""Norrköping 6: follow-ups are planned, held and registered. It is Monday 16 November 2026 at 09.00."""

from datetime import date

import pytest
from people import leaves
from sqlalchemy import Connection, update
from town import Town

from cases import tables as t
from cases.case_given import hand_over
from cases.directory import roster_changed
from cases.follow_ups import planned
from dialogs.follow_ups import ALSO, QUALITY, event_text

on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

TIME = {"followup_at_date": "2026-11-25", "followup_at_time": "10:00", "planned_form": "home_visit"}
PLAN = TIME | {"consent": "oral", "consent_date": "2026-11-16"}
HELD = {
    "done_date": "2026-11-25", "meeting_form": "phone", "provider_present": "told", "gets_help": "yes",
    "plans_when": "partly", "plans_how": "no", "feels_good": "yes", "outcome": "remains",
}  # fmt: skip
ALL_WELL = {
    "need_matches": "yes", "support_given": "yes", "all_in_effect": "yes", "attend": "no", "more": "no",
    "plan_complete": "yes",
}  # fmt: skip
IS_DONE = "Uppföljningen är gjord"
EXAMPLE = {"done_date": "2026-11-25", "outcome": "remains", "meeting_form": "phone"}


def anna_notes(town: Town, occasion: str = "new_case", basis: str = "2026-09-28") -> None:
    town.anna.begins("follow_up", "NK-2041", occasion=occasion, basis_date=basis)
    town.anna.presses("Lägg i planen")


def anna_plans(town: Town, **changes: str) -> None:
    anna_notes(town)
    town.anna.answers("Planera uppföljningen", **PLAN | changes)


def anna_has_held(town: Town, **changes: str) -> None:
    anna_plans(town)
    town.until("2026-11-25 11:00")
    town.anna.answers(IS_DONE, **HELD | changes)


def test_planned_reported_held_registered_and_the_next_one_in_the_plan(town: Town) -> None:
    anna_notes(town)
    assert "senast mån 30 nov kl. 17.00" in town.anna.newest(), "two months after the help began"
    assert "Ingen mottagare" not in town.anna.newest(), "it is her own"
    town.anna.answers("Planera uppföljningen", **PLAN)
    assert town.thread().state == "planned"
    report = town.thread(2)
    assert (report.flow, report.state, report.parent_id) == ("pre_followup_report", "sent", 1)
    assert "ons 25 nov kl. 10.00" in town.karim.newest(), "hemtjänst gets the form in the same moment"
    assert town.anna.sees("Hör ihop med") and town.anna.sees(report.ref)
    town.karim.answers("Svara på mallen", **ALL_WELL)

    town.until("2026-11-25 11:00")
    town.anna.presses(IS_DONE)
    for question in (*(one.label for one in QUALITY), *ALSO):
        assert town.anna.sees(question), "in the routine's own words"
    town.anna.presses(IS_DONE, **HELD)
    assert town.thread().state == "held" and town.thread(2).is_closed
    assert town.anna.sees("den 26-11-25 genom ett telefonsamtal. Bedömningen är att behovet kvarstår")

    town.anna.presses("Händelsen är registrerad")
    assert town.thread().is_closed
    following = town.thread(3)
    assert (following.flow, following.state, following.sender_id) == ("follow_up", "to_plan", town.anna.id)
    assert following.values == {"occasion": "yearly", "basis_date": "2026-11-25"}
    town.until("2027-11-04 09:00")
    assert "En uppföljning ska planeras." in town.anna.newest(), "three weeks before a year has gone"


@on_sqlite
def test_the_routines_texts_letter_by_letter(town: Town) -> None:
    remains = event_text(EXAMPLE | {"granted": "home_care,accompaniment"})
    assert remains == (
        "En uppföljning har genomförts den 26-11-25 genom ett telefonsamtal. Bedömningen är att behovet kvarstår och "
        "att biståndet för HEMTJÄNST och LEDSAGNING är skäligt."
    )
    decided = event_text(EXAMPLE | {"outcome": "new_decision", "meeting_form": "home_visit"})
    assert decided == (
        "En uppföljning har genomförts den 26-11-25 genom ett hembesök. "
        "Behovet har utretts och ett nytt beslut har fattats."
    )
    assert [question.label for question in QUALITY] == [
        "Får du den hjälp/det stöd du är beviljad?",
        "Får du vara med och planera när din hjälp/ditt stöd ska genomföras?",
        "Får du vara med och planera hur din hjälp/ditt stöd ska genomföras?",
        "Får du hjälp/stöd på ett sätt som känns bra för dig?",
    ]
    assert ALSO == (
        "Stämmer det beskrivna behovet i uppdraget med det aktuella stöd brukaren upplever sig behöva "
        "och ha rätt till?",
        "Är genomförandeplanen aktuell och hur ser måluppfyllelsen ut i de olika livsområdena?",
    )


@on_sqlite
def test_services_that_end_have_our_own_text_and_no_next_follow_up(town: Town) -> None:
    anna_has_held(town, outcome="ended", meeting_form="digital")
    assert town.anna.sees("Stafetts egen text, rutinen har ingen")
    assert town.anna.sees("genom ett digitalt möte. Behovet har utretts och insatser avslutas.")
    town.anna.presses("Händelsen är registrerad")
    assert [row.flow for row in town.rows_of("thread")] == ["follow_up", "pre_followup_report"]


@on_sqlite
def test_consent_is_for_this_occasion_and_dated(town: Town) -> None:
    anna_notes(town)
    town.anna.answers("Planera uppföljningen", **TIME, consent="written")
    assert town.thread().state == "to_plan" and town.anna.sees("När gavs samtycket?")
    town.anna.presses("Planera uppföljningen", **TIME, consent="not_needed")
    assert town.thread().state == "planned"
    town.anna.presses("Ändra tid eller form")
    town.anna.presses("Ändra tid eller form", **TIME, consent="")
    assert town.anna.sees("Svara på frågan «Samtycke för det här tillfället»."), "asked again for each time"


@on_sqlite
def test_moved_and_hemtjanst_is_asked_for_the_new_time(town: Town) -> None:
    anna_plans(town)
    town.anna.answers("Ändra tid eller form", **PLAN | {"followup_at_date": "2026-12-02"})
    assert town.thread(2).state == "sent" and "ons 2 dec kl. 10.00" in town.karim.newest()
    assert len(town.rows_of("thread")) == 2, "the same report, not another"
    town.until("2026-11-26 12:00")
    assert not town.anna.sees("Är uppföljningen gjord?")
    town.until("2026-12-03 09:00")
    assert "Är uppföljningen gjord?" in town.anna.newest()


@on_sqlite
def test_moved_when_the_report_has_come_in_and_hemtjanst_is_asked_anew(town: Town) -> None:
    """Before every planned follow-up there is a report: the one for the old time is not one for the new (D17)."""
    anna_plans(town)
    town.karim.answers("Svara på mallen", **ALL_WELL)
    town.anna.answers("Bestäm formen", meeting_form="phone")
    town.anna.types(town.thread().ref)
    town.anna.answers("Ändra tid eller form", **PLAN | {"followup_at_date": "2026-12-02"})
    assert town.thread(3).flow == "follow_up_meeting", "prepared when the form was settled"
    again = town.thread(4)
    assert (again.flow, again.state, again.parent_id) == ("pre_followup_report", "sent", 1)
    assert "ons 2 dec kl. 10.00" in town.karim.newest() and "Svara på mallen" in town.karim.buttons()
    town.anna.types(town.thread().ref)
    town.anna.answers("Ändra tid eller form", **PLAN | {"followup_at_date": "2026-12-03"})
    assert len(town.rows_of("thread")) == 4 and "tor 3 dec kl. 10.00" in town.karim.newest()


@on_sqlite
def test_the_assessor_has_left_and_the_lead_goes_on(town: Town) -> None:
    anna_notes(town)
    town.store.transaction(lambda tx: leaves(tx, town.anna.id))
    town.eva.types(town.thread().ref)
    town.eva.answers("Planera uppföljningen", **PLAN)
    assert town.thread().state == "planned" and town.thread(2).state == "sent"
    town.until("2026-11-25 11:00")
    town.eva.answers(IS_DONE, **HELD)
    assert town.thread().state == "held" and town.thread(2).is_closed


@on_sqlite
def test_the_case_gets_another_assessor_who_gets_the_plan_as_well(town: Town) -> None:
    anna_plans(town)
    read = len(town.johan.chat())

    def roster_says(tx: Connection) -> None:
        known = t.care_case.c.case_ref == "NK-2041"
        tx.execute(update(t.care_case).where(known).values(responsible_id=town.johan.id))
        hand_over(tx, ["NK-2041"], town.clock.care())
        hand_over(tx, ["NK-2041"], town.clock.care())
        roster_changed(tx)

    town.store.transaction(roster_says)
    town.settle()
    assert [message.toast for message in town.johan.chat()[read:]] == [
        f"Ny uppgift {town.thread().ref}. Öppna Stafett."
    ]
    assert "Du är nu ansvarig handläggare." in town.johan.newest()
    town.anna.types(town.thread().ref)
    assert IS_DONE not in town.anna.may(), "it is no longer hers"
    assert [(row.by, row.thread_id) for row in town.rows_of("log") if row.signal == "case_given"] == [
        ("case", 1), ("case", 2),
    ]  # fmt: skip
    town.johan.types("mina ärenden")
    assert town.thread().ref in town.johan.newest() and town.thread(2).ref in town.johan.newest()
    heard = len(town.anna.chat())
    town.karim.answers("Svara på mallen", **ALL_WELL)
    assert "Mallen är besvarad." in town.johan.newest()
    town.until("2026-11-26 12:00")
    assert {row.person_id for row in town.rows_of("outbox") if row.text == "follow_up_held"} == {town.johan.id}
    assert len(town.anna.chat()) == heard


@on_sqlite
def test_nobody_is_on_the_board_who_is_not_to_be_visited(town: Town) -> None:
    anna_plans(town)
    november = date(2026, 11, 1), date(2026, 11, 30)
    assert len(town.store.transaction(lambda tx: planned(tx, "MYND", *november))) == 1
    town.sara.begins("death_notice", "NK-2041")
    town.sara.presses("Skicka")
    assert town.store.transaction(lambda tx: planned(tx, "MYND", *november)) == []


@on_sqlite
def test_called_off_and_hemtjanst_need_not_answer(town: Town) -> None:
    anna_plans(town)
    town.anna.presses("Ställ in tiden")
    assert town.thread().state == "to_plan" and town.thread(2).state == "withdrawn"
    assert "senast mån 30 nov kl. 17.00" in town.anna.newest(), "the routine's limit runs on"
    town.anna.answers("Planera uppföljningen", **PLAN)
    assert town.thread(3).state == "sent", "a new time asks anew"
    town.anna.presses("Stryk ur planen")
    assert town.thread().state == "withdrawn"


@on_sqlite
def test_nobody_plans_it(town: Town) -> None:
    anna_notes(town, "yearly", "2025-12-07")
    assert "senast mån 7 dec kl. 17.00" in town.anna.newest()
    assert "En uppföljning ska planeras." in town.anna.newest(), "three weeks before"
    town.until("2026-12-07 09:00")
    assert "I dag är sista dagen för uppföljningen." in town.anna.newest()
    assert town.eva.has_heard_nothing()
    town.until("2026-12-08 09:00")
    assert "Försenat." in town.anna.newest() and town.eva.sees("Meddelandet är fortfarande öppet.")
    town.eva.answers(IS_DONE, **HELD | {"done_date": "2026-12-08"})
    assert town.thread().state == "held", "the lead assessor may act for her"


@on_sqlite
def test_a_time_after_the_limit_is_booked_and_the_limit_runs_on(town: Town) -> None:
    anna_notes(town, basis="2026-09-21")
    town.anna.answers("Planera uppföljningen", **PLAN)
    assert "planned_late" in town.thread().marks, "23 November is the last day"
    assert town.thread().deadlines["due"].status == "armed"
    assert town.anna.sees("Tiden ligger efter rutinens gräns")
    town.anna.answers("Ändra tid eller form", **PLAN | {"followup_at_date": "2026-11-20"})
    assert "planned_late" not in town.thread().marks and town.thread().deadlines["due"].status == "disarmed"


@on_sqlite
def test_held_and_never_registered(town: Town) -> None:
    anna_has_held(town)
    town.until("2026-11-25 17:00")
    assert "Registrera händelsen i verksamhetssystemet" in town.anna.newest(), "the same day"
    town.until("2026-11-26 09:00")
    assert town.eva.has_heard_nothing()
    town.until("2026-11-27 09:00")
    assert town.eva.sees("Meddelandet är fortfarande öppet.")


@on_sqlite
def test_a_complaint_has_no_limit_in_the_routine(town: Town) -> None:
    anna_notes(town, "complaint", "2026-11-16")
    assert "Stafetts eget förval, inte ur rutinen" in town.anna.newest()
    town.until("2026-11-23 09:00")
    assert "En uppföljning väntar på att planeras." in town.anna.newest()


@on_sqlite
def test_a_follow_up_long_overdue_can_still_be_put_in_the_plan(town: Town) -> None:
    anna_notes(town, "yearly", "2025-06-02")
    assert "Försenat." in town.anna.newest()


@on_sqlite
def test_hemtjanst_has_no_part_in_it(town: Town) -> None:
    anna_plans(town)
    for resident in (town.karim, town.maria, town.johan):
        resident.types(town.thread().ref)
        assert IS_DONE not in resident.buttons(), resident.key
    town.karim.types("uppföljning")
    assert "Din roll kan inte starta det meddelandet." in town.karim.newest()
