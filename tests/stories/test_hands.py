"""A message changes hands: passed on, given back, covered for, seen to by the lead as well, and taken up again."""

import pytest
from people import leaves
from town import Town

from cases import covers

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

JOHAN, QUEUE, LEAD = "needs_assessor:MYND:7", "function_mailbox:MYND:", "lead_needs_assessor:MYND:"
NEED = {
    "extra_help_start_date": "2026-11-16", "extra_help_start_time": "07:30", "noticed_by_role": "care_worker",
}  # fmt: skip


def sara_sends(town: Town) -> None:
    town.sara.begins("urgent_lasting", "NK-2041", **NEED)
    town.sara.presses("Skicka")


def karim_asks(town: Town) -> None:
    town.karim.begins("question", "NK-2041", category="planning")
    town.karim.presses("Skicka")


# --- passed on --------------------------------------------------------------------------------------------------------


def test_passed_on_to_a_colleague_who_takes_it(town: Town) -> None:
    sara_sends(town)
    town.anna.presses("Ta ärendet")
    town.anna.answers("Skicka vidare", forward_to=JOHAN, forward_reason="other_holder")
    assert "Meddelandet har skickats vidare till dig." in town.johan.newest()
    assert town.thread().state == "sent" and "Ligger nu hos: Johan Nyman" in town.sara.newest().replace("  ", " ")
    town.johan.presses("Ta ärendet")
    town.johan.answers("Lämna återkoppling", action_code="home_visit")
    assert town.thread().is_closed and town.sara.sees("Hembesök bokas")


def test_passed_on_and_left_lying_the_new_holder_is_reminded_and_not_the_old(town: Town) -> None:
    sara_sends(town)
    town.anna.presses("Ta ärendet")
    town.until("2026-11-16 10:00")
    town.anna.answers("Skicka vidare", forward_to=JOHAN, forward_reason="absent")
    before = len(town.anna.chat())
    town.until("2026-11-16 10:19")
    assert town.johan.sees("Meddelandet väntar på att någon tar det.") and len(town.anna.chat()) == before
    town.until("2026-11-16 10:20")
    assert town.eva.sees("Ingen har tagit meddelandet. Du är nästa i tur."), "the ladder begins anew with who has it"


def test_passed_on_to_the_queue_or_the_lead(town: Town) -> None:
    karim_asks(town)
    town.anna.answers("Skicka vidare", forward_to=QUEUE, forward_reason="workload")
    assert "skickats vidare till dig" in town.johan.newest() and not town.thread().owner.person_id
    town.johan.answers("Skicka vidare", forward_to=LEAD, forward_reason="lead")
    assert "skickats vidare till dig" in town.eva.newest()
    assert "Ta över ärendet" not in town.johan.may() and "Ta ärendet" in town.johan.moves(), "may still step forward"


def test_one_cannot_pass_on_outside_ones_own_side_nor_without_a_reason(town: Town) -> None:
    karim_asks(town)
    town.anna.answers("Skicka vidare", forward_to="team_lead:HT-NORR:2", forward_reason="other_holder")
    assert "Välj ett av alternativen." in town.anna.newest()
    town.anna.presses("Skicka vidare", forward_to=JOHAN, forward_reason="")
    assert "Svara på frågan «Varför skickar du det vidare?»." in town.anna.newest()
    assert town.thread().owner.person_id == town.anna.id
    town.karim.forges(verb="do", thread=1, signal="forward", forward_to=JOHAN, forward_reason="absent")
    assert town.thread().owner.person_id == town.anna.id, "the sender has no such move"


# --- the wrong receiver -----------------------------------------------------------------------------------------------


def test_the_wrong_receiver_gives_it_back_and_the_sender_finds_the_right_one(town: Town) -> None:
    sara_sends(town)
    town.anna.answers("Fel mottagare", misdirected_reason="moved")
    assert town.thread().state == "misdirected" and town.thread().owner.person_id == town.sara.id
    assert "Mottagaren säger att det är fel mottagare." in town.sara.newest() and "flyttats" in town.sara.newest()
    assert town.anna.sees("Åter hos avsändaren – fel mottagare")
    town.sara.answers("Skicka till rätt mottagare", right_receiver=JOHAN)
    assert "Brådskande: nytt meddelande" in town.johan.newest()
    assert "visas inte längre här" in town.anna.newest() and not town.anna.may(), "her card would say what is not so"
    town.johan.presses("Ta ärendet")
    assert town.thread().state == "taken" and town.thread().owner.person_id == town.johan.id
    town.anna.types(town.thread().ref)
    assert "NK-2041" not in town.anna.newest(), "who should never have had it has no part in it any more"


def test_given_back_and_forgotten_the_unit_hears_of_it(town: Town) -> None:
    karim_asks(town)
    town.anna.answers("Fel mottagare", misdirected_reason="not_my_case")
    town.until("2026-11-16 09:30")
    assert "skicka till rätt mottagare eller återkalla" in town.karim.newest()
    assert town.maria.has_heard_nothing()
    town.until("2026-11-17 09:00")
    assert town.maria.sees("skicka till rätt mottagare eller återkalla")
    town.maria.presses("Återkalla")
    assert town.thread().state == "withdrawn"


def test_the_five_working_days_go_on_while_it_lies_with_the_sender(town: Town) -> None:
    karim_asks(town)
    was = town.thread().deadlines["feedback"].hard_at
    town.anna.answers("Fel mottagare", misdirected_reason="not_my_case")
    town.until("2026-11-18 09:00")
    town.karim.answers("Skicka till rätt mottagare", right_receiver=JOHAN)
    assert town.thread().deadlines["feedback"].hard_at == was


# --- a colleague steps in ---------------------------------------------------------------------------------------------


def test_a_colleague_steps_in_with_a_reason_and_it_is_seen_the_day_after(town: Town) -> None:
    sara_sends(town)
    town.anna.presses("Ta ärendet")
    town.johan.types(town.thread().ref)
    assert "NK-2041" not in town.johan.newest()
    town.johan.presses("Gå in för kollega")
    town.johan.presses("Gå in för kollega")
    assert "Svara på frågan «Varför går du in för din kollega?»." in town.johan.newest()
    town.johan.presses("Gå in för kollega", cover_reason="ill")
    assert town.thread().owner.person_id == town.johan.id and town.thread().state == "taken"
    assert "Ligger nu hos: Johan Nyman" in town.sara.newest().replace("  ", " ")
    assert town.sara.sees("Kollegan är sjuk")
    town.johan.answers("Lämna återkoppling", action_code="home_visit")
    assert town.thread().is_closed and town.anna.sees("Hembesök bokas")
    assert covered(town) == [(town.johan.id, town.anna.id, "ill")]


def test_a_colleague_steps_in_for_an_assessor_who_has_asked_hemtjanst(town: Town) -> None:
    town.anna.begins("question", "NK-2077", category="assignment")
    town.anna.presses("Skicka")
    town.johan.types(town.thread().ref)
    town.johan.answers("Gå in för kollega", cover_reason="leave")
    town.olle.answers("Fel mottagare", misdirected_reason="moved")
    assert "fel mottagare" in town.anna.newest(), "the sender is still the sender"
    town.johan.answers("Skicka till rätt mottagare", right_receiver="function_mailbox:HT-NORR:")
    assert "NK-2077" in town.karim.newest() and town.thread().state == "sent"


def test_nobody_from_elsewhere_steps_in(town: Town) -> None:
    sara_sends(town)
    for stranger in (town.birgitta, town.olle, town.lena, town.nils):
        stranger.types(town.thread().ref)
        assert "Det finns inget meddelande" in stranger.newest(), stranger.key
        stranger.forges(verb="do", thread=1, signal="cover", cover_reason="ill")
    assert town.thread().owner.person_id == town.anna.id and covered(town) == []


def test_a_draft_is_nobodys_to_step_in_for(town: Town) -> None:
    town.anna.begins("question", "NK-2077", category="assignment")
    town.johan.types(town.thread().ref)
    assert "Det finns inget meddelande" in town.johan.newest()


def covered(town: Town) -> list[tuple[int, int | None, str]]:
    people, since = [resident.id for resident in town.residents.values()], town.clock.time.replace(hour=0)
    found = town.store.transaction(lambda tx: covers.in_unit(tx, "MYND", people, since))
    return [(one.covering, one.absent, one.reason) for one in found]


# --- an absent assessor (Norrköping 1.1) ------------------------------------------------------------------------------


def test_it_can_wait_and_nobody_else_is_contacted(town: Town) -> None:
    karim_asks(town)
    town.karim.answers("Handläggaren är frånvarande", can_wait="yes")
    assert town.karim.sees("Ja, det kan vänta") and town.eva.has_heard_nothing()
    row = town.rows_of("log")[-1]
    assert (row.signal, row.person_id, row.at) == ("absent", town.karim.id, town.clock.time), "who decided, and when"


def test_it_cannot_wait_and_the_lead_is_contacted_as_well(town: Town) -> None:
    sara_sends(town)
    town.sara.answers("Handläggaren är frånvarande", can_wait="no")
    assert "Svara på frågan «Vad är anledningen till den extra prioriteten?»." in town.sara.newest()
    town.sara.presses("Handläggaren är frånvarande", can_wait="no", priority_reason="limited")
    assert "Handläggaren är frånvarande och det kan inte vänta." in town.eva.newest()
    assert "Behovet kan inte vänta och är tillfälligt (5.6)" in town.eva.newest()
    assert town.thread().owner.person_id == town.anna.id, "as well, and not instead"
    assert "Ta ärendet" in town.anna.moves()
    town.eva.presses("Ta ärendet")
    assert town.thread().owner.taken_by == town.eva.id


def test_the_question_is_not_put_when_somebody_has_taken_it(town: Town) -> None:
    sara_sends(town)
    town.anna.presses("Ta ärendet")
    assert "Handläggaren är frånvarande" not in town.sara.may()
    town.birgitta.forges(verb="do", thread=1, signal="absent", can_wait="no", priority_reason="lasting")
    assert town.eva.has_heard_nothing()


# --- taken up again ---------------------------------------------------------------------------------------------------


def test_taken_up_again_by_the_sender_with_all_that_has_happened(town: Town) -> None:
    karim_asks(town)
    town.anna.answers("Lämna återkoppling", action_code="home_visit")
    town.until("2026-11-24 09:00")
    town.karim.answers("Öppna igen", reopen_reason="not_done")
    thread = town.thread()
    assert thread.state == "sent" and thread.deadlines["feedback"].status == "armed"
    assert "Meddelandet är öppnat igen." in town.anna.newest() and "Åtgärden blev inte av" in town.anna.newest()
    assert "Hembesök bokas" in town.anna.newest(), "what was answered stands"
    town.anna.presses("Mer …")
    for text in ("Karim Aziz, «Öppna igen»", "Anna Berg, «Lämna återkoppling»", "Karim Aziz, «Skicka»"):
        assert text in town.anna.newest(), text
    town.until("2026-12-02 09:00")
    assert town.eva.sees("Återkoppling saknas när rutinens tid är ute."), "and it is reminded of as before"


def test_what_was_called_off_is_taken_up_again_but_not_for_ever(town: Town) -> None:
    karim_asks(town)
    town.karim.presses("Återkalla")
    assert "Öppna igen" not in town.anna.may(), "who was told that it is over does not undo it"
    town.until("2026-11-30 08:59")
    assert "Öppna igen" in town.karim.may()
    town.until("2026-11-30 09:00")
    town.karim.types(town.thread().ref)
    assert "Öppna igen" not in town.karim.may(), "fourteen days, as the profile says"
    town.karim.forges(verb="do", thread=1, signal="reopen", reopen_reason="mistake")
    assert town.thread().is_closed


def test_what_was_never_sent_is_not_taken_up_again(town: Town) -> None:
    town.karim.begins("question", "NK-2041", category="planning")
    town.karim.presses("Kasta utkastet")
    assert "Öppna igen" not in town.karim.may()


def test_taken_up_again_when_the_receiver_has_left_it_goes_to_who_answers_now(town: Town) -> None:
    karim_asks(town)
    town.anna.answers("Lämna återkoppling", action_code="home_visit")
    town.store.transaction(lambda tx: leaves(tx, town.anna.id))
    town.karim.answers("Öppna igen", reopen_reason="still_needed")
    assert "NK-2041" in town.johan.newest() and town.thread().owner.unit_id == "MYND"


# --- cards ------------------------------------------------------------------------------------------------------------


def test_opened_from_a_list_the_older_card_gives_way(town: Town) -> None:
    sara_sends(town)
    older, ref = town.anna.chat()[-1], town.thread().ref
    town.anna.types("mina")
    town.anna.presses(f"Öppna {ref}")
    assert "ett nyare kort finns" in repr(older.card) and "Ta ärendet" in town.anna.moves()
    sends = town.teams.sends
    town.anna.presses("Ta ärendet")
    assert town.teams.sends == sends and "Läge: Taget" in town.anna.newest().replace("  ", " ")
