"""Nothing ends between two hands: people leave, change jobs or stay silent, and somebody still has it."""

from people import leaves
from sqlalchemy import delete, insert, update
from test_drafts import BEGIN
from town import Town

from cases import tables as t
from cases.directory import roster_changed


def sent(town: Town, flow: str = "urgent_lasting", case_ref: str = "NK-2041") -> None:
    who, answers = BEGIN[flow]
    town.residents[who].begins(flow, case_ref, **answers)
    town.residents[who].presses("Skicka")


def works_only_at(town: Town, who: str, unit: str, role: str) -> None:
    """The next roster says that somebody has another job."""

    def change(tx) -> None:  # type: ignore[no-untyped-def]
        person = town.residents[who].id
        tx.execute(delete(t.role).where(t.role.c.person_id == person))
        tx.execute(insert(t.role).values(person_id=person, unit_id=unit, role=role))
        roster_changed(tx)

    town.store.transaction(change)


def test_an_answer_to_a_sender_who_has_left_goes_to_the_unit(town: Town) -> None:
    sent(town)
    town.store.transaction(lambda tx: leaves(tx, town.sara.id))
    town.anna.presses("Lämna återkoppling")
    town.anna.presses("Lämna återkoppling", action_code="home_visit")
    assert town.karim.sees("Hembesök bokas")


def test_nobody_is_their_own_next_in_line(town: Town) -> None:
    def lead_is_responsible(tx) -> None:  # type: ignore[no-untyped-def]
        case = t.care_case.c.case_ref == "NK-2041"
        tx.execute(update(t.care_case).where(case).values(responsible_id=town.eva.id))
        tx.execute(insert(t.role).values(person_id=town.johan.id, unit_id="MYND", role="unit_manager"))
        roster_changed(tx)

    town.store.transaction(lead_is_responsible)
    sent(town)
    town.until("2026-11-16 10:30")
    assert town.johan.sees("Du är nästa i tur")
    assert not town.eva.sees("Du är nästa i tur")


def test_what_nobody_does_is_reminded_of_every_workday(town: Town) -> None:
    sent(town)
    town.until("2026-11-20 12:00")
    before = len(town.anna.toasts())
    town.until("2026-11-24 12:00")  # a weekend and two workdays later
    assert town.anna.sees("Meddelandet är fortfarande öppet")
    assert town.eva.sees("Meddelandet är fortfarande öppet")
    assert len(town.anna.toasts()) - before == 2


def test_whoever_takes_over_gets_a_limit_of_their_own(town: Town) -> None:
    sent(town)
    town.until("2026-11-16 10:30")
    town.anna.presses("Ta ärendet")
    town.until("2026-11-18 10:00")
    town.eva.presses("Ta över ärendet")
    assert town.eva.sees("Ligger nu hos: dig")
    town.until("2026-11-19 09:30")
    assert town.eva.sees("återkoppling om åtgärd saknas")


def test_one_who_has_only_been_told_does_not_read_for_the_receiver(town: Town) -> None:
    sent(town, case_ref="XX-404")
    town.eva.presses("Läst")
    assert town.thread().deadlines["read"].status == "armed"
    town.johan.presses("Läst")
    assert town.thread().deadlines["read"].status == "disarmed"


def test_a_case_that_has_changed_hands_reaches_the_new_assessor(town: Town) -> None:
    sent(town)

    def moved(tx) -> None:  # type: ignore[no-untyped-def]
        case = t.care_case.c.case_ref == "NK-2041"
        tx.execute(update(t.care_case).where(case).values(responsible_id=town.johan.id))
        leaves(tx, town.anna.id)

    town.store.transaction(moved)
    town.until("2026-11-16 09:15")
    assert town.johan.sees("Meddelandet väntar på att någon tar det")
    town.johan.presses("Ta ärendet")
    assert town.sara.sees("Taget av Johan Nyman")


def test_who_has_another_job_no_longer_sees_the_thread(town: Town) -> None:
    sent(town)
    works_only_at(town, "anna", "HT-SODER", "care_worker")
    works_only_at(town, "sara", "HT-SODER", "care_worker")
    for who in (town.anna, town.sara):
        who.types(town.thread().ref)
        assert "NK-2041" not in who.newest()


def test_the_on_call_supervisor_starts_nothing_outside_the_pass(town: Town) -> None:
    town.nils.types("start")
    assert "Brådskande – antas bestå" not in town.nils.buttons()


def test_an_old_card_does_not_acknowledge_a_new_time(town: Town) -> None:
    town.lena.begins("handover_simplified", "NK-2041", handover_date="2026-11-25")
    town.lena.presses("Meddela överlämningen")
    old, message = dict(town.anna.chat()[-1].card), town.anna.chat()[-1]
    town.lena.presses("Ändra tiden")
    town.lena.presses("Ändra tiden", handover_date="2026-11-24")
    town.anna.presses_old(old, "Kvittera", message)
    assert town.thread().state == "notified"
    town.anna.presses("Kvittera")
    assert town.thread().state == "received"


def test_the_toast_calls_a_limit_what_it_is(town: Town) -> None:
    sent(town)
    assert "senast" not in town.anna.toasts()[-1], "thirty minutes is Stafett's own default, not a limit"
    sent(town, "question")
    assert "Läses senast mån 16 nov kl. 17.00" in town.anna.toasts()[-1]


def test_a_passed_reading_time_does_not_hide_the_five_working_days(town: Town) -> None:
    sent(town, "question")
    town.until("2026-11-18 12:00")
    town.karim.types("mina")
    assert "senast mån 23 nov kl. 17.00" in town.karim.newest()
    town.until("2026-11-24 12:00")
    town.karim.types("mina")
    assert "Försenat. Svar senast mån 23 nov" in town.karim.newest()


def test_editing_does_not_say_again_what_has_been_said(town: Town) -> None:
    town.sara.begins(
        "urgent_lasting", "NK-2041", **{**BEGIN["urgent_lasting"][1], "extra_help_start_date": "2026-11-12"}
    )
    late = [row for row in town.rows(t.outbox) if row.text == "urgent_lasting_late"]
    town.sara.presses("Ändra")
    town.sara.presses("Ändra", noticed_by_role="night")
    assert [row for row in town.rows(t.outbox) if row.text == "urgent_lasting_late"] == late


def test_a_draft_is_still_there_when_the_chat_is_opened_anew(town: Town) -> None:
    """The answer to a press is seen only until then: the message itself is edited as well."""
    town.sara.begins("urgent_lasting", "NK-2041", **BEGIN["urgent_lasting"][1])
    town.until("2026-11-16 09:01")
    assert town.sara.chat()[-1].times_changed > 0
