"""Norrköping 5.6: a sudden need that is expected to pass within three days. Day 1 is Monday 16 November 2026."""

from people import on_call
from town import Town, instant

FORM = {"day1": "2026-11-16", "noticed_by_role": "care_worker"}


def sara_starts(town: Town, case_ref: str = "NK-2041", day1: str = "2026-11-16") -> None:
    town.sara.begins("urgent_limited", case_ref, **FORM | {"day1": day1})
    town.sara.presses("Börja räkna dagarna")


def test_nothing_reaches_the_assessor_on_the_first_three_days(town: Town) -> None:
    before = list(town.anna.chat())
    sara_starts(town)
    town.until("2026-11-18 23:59")
    assert town.anna.chat() == before, "her chat is untouched"
    assert town.eva.has_heard_nothing() and town.johan.has_heard_nothing()
    assert not any(row.person_id == town.anna.id for row in town.rows_of("outbox"))
    assert not any(party.unit_id == "MYND" for party in town.thread().parties), "nor does she have a seat"


def test_still_there_on_day_four(town: Town) -> None:
    sara_starts(town)
    town.until("2026-11-18 14:59")
    asked = len(town.sara.chat())
    town.until("2026-11-18 15:00")
    assert len(town.sara.chat()) == asked + 1 and "Dag 3" in town.sara.newest()

    town.until("2026-11-19 06:59")
    assert "Behovet kvarstår" not in town.sara.buttons()
    town.until("2026-11-19 07:00")
    assert "Dag 4: svara om behovet kvarstår." in town.sara.newest()
    assert town.sara.moves()[:2] == ["Behovet kvarstår", "Behovet har upphört"], "one tap, nothing to fill in"
    assert "Beviljas stödet dateras beslutet från dag 4." in town.sara.newest(), "the consequence stands beside it"
    assert town.anna.has_heard_nothing()

    town.sara.presses("Behovet kvarstår")
    assert "Brådskande: nytt meddelande" in town.anna.newest()
    assert "dateras beslutet från dag 4, tor 19 nov" in town.anna.newest()

    town.anna.presses("Ta ärendet")
    town.anna.answers("Lämna återkoppling", action_code="adjust_decision")
    assert town.thread().is_closed
    assert town.sara.sees("Beslutet justeras")


def test_gone_on_day_two_closes_and_nothing_is_ever_sent(town: Town) -> None:
    sara_starts(town)
    town.until("2026-11-17 10:00")
    town.sara.presses("Behovet har upphört")
    assert town.thread().state == "need_ended"
    assert town.sara.sees("Behovet upphörde – avslutat, inget skickat")
    sends = town.teams.sends
    town.until("2026-11-27 10:00")
    assert town.teams.sends == sends
    assert town.anna.has_heard_nothing() and town.maria.has_heard_nothing()


def test_gone_on_day_four(town: Town) -> None:
    sara_starts(town)
    town.until("2026-11-19 07:30")
    town.sara.presses("Behovet har upphört")
    assert town.thread().state == "need_ended"
    assert town.anna.has_heard_nothing()


def test_unanswered_on_day_four_goes_to_the_unit_and_its_manager(town: Town) -> None:
    sara_starts(town)
    town.until("2026-11-19 11:59")
    assert town.karim.has_heard_nothing() and town.maria.has_heard_nothing()
    town.until("2026-11-19 12:00")
    for resident in (town.karim, town.maria):
        assert "Dag 4 och inget svar om behovet kvarstår. Svara nu." in resident.newest()
    assert town.nils.has_heard_nothing(), "in office hours the manager is there"
    assert town.anna.has_heard_nothing() and town.eva.has_heard_nothing(), "it stays inside hemtjänst"

    town.karim.presses("Behovet kvarstår")
    assert town.anna.sees("NK-2041")
    assert town.sara.sees("Skickat till handläggaren")


def test_the_manager_may_answer_but_not_take_it_from_the_assessor(town: Town) -> None:
    sara_starts(town)
    town.until("2026-11-19 12:00")
    town.maria.presses("Behovet kvarstår")
    assert town.thread().state == "notified"
    assert not {"Ta ärendet", "Lämna återkoppling"} & set(town.maria.buttons())


def test_day_four_on_a_saturday(town: Town) -> None:
    """Day 1 on Wednesday: warned on Friday 13.00, asked on Saturday, and the one on call is told as well."""
    town.store.transaction(
        lambda tx: on_call(tx, town.nils.id, "HT-NORR", instant("2026-11-20 17:00"), instant("2026-11-23 07:00"))
    )
    town.until("2026-11-18 09:00")
    sara_starts(town, day1="2026-11-18")
    town.until("2026-11-20 13:00")
    assert "Dag 4 är ingen arbetsdag. Meddela ändå på dag 4" in town.sara.newest()

    town.until("2026-11-21 12:00")
    for resident in (town.karim, town.maria, town.nils):
        assert "Dag 4 och inget svar om behovet kvarstår. Svara nu." in resident.newest(), resident.key
    assert town.nils.chat()[-1].alerted and town.karim.chat()[-1].alerted, "they are on duty"
    assert not town.maria.chat()[-1].alerted, "the manager is off duty: no toast"

    town.nils.presses("Behovet kvarstår")
    assert town.thread().state == "notified"
    assert town.anna.sees("NK-2041") and not town.anna.chat()[-1].alerted, "she is off duty: silently, once"
    assert town.sara.sees("Läses nästa arbetsdag. Behövs ny hjälp nu – ring jouren")
    sends = town.teams.sends
    town.until("2026-11-23 06:59")
    assert town.teams.sends == sends, "nobody off duty is nagged"
    town.until("2026-11-23 07:10")
    assert town.anna.sees("Meddelandet väntar på att någon tar det."), "the nag starts at opening"


def test_the_on_call_supervisors_access_ends_with_the_pass(town: Town) -> None:
    town.store.transaction(
        lambda tx: on_call(tx, town.nils.id, "HT-NORR", instant("2026-11-20 17:00"), instant("2026-11-23 07:00"))
    )
    town.until("2026-11-18 09:00")
    sara_starts(town, day1="2026-11-18")
    town.until("2026-11-21 12:00")
    reference = town.thread().ref
    town.until("2026-11-23 18:59")
    town.nils.types(reference)
    assert "NK-2041" in town.nils.newest(), "twelve hours to write the notes"
    town.until("2026-11-23 19:00")
    town.nils.types(reference)
    assert "Det finns inget meddelande med den beteckningen" in town.nils.newest()


def test_never_answered_it_is_said_the_next_morning_without_blame(town: Town) -> None:
    sara_starts(town)
    town.until("2026-11-20 07:00")
    assert "Dag 4 har passerat utan svar. Svara ändå om behovet kvarstår." in town.karim.newest()
    town.sara.presses("Behovet kvarstår")
    assert town.anna.sees("dateras beslutet från dag 4, tor 19 nov"), "late is still sent, dated from day 4"


def test_day_one_some_days_back_asks_at_once(town: Town) -> None:
    sara_starts(town, day1="2026-11-12")
    assert town.thread().state == "day_four_due"
    assert "Behovet kvarstår" in town.sara.buttons()
    assert town.anna.has_heard_nothing(), "even then it is the sender who says that it remains"
    questions = [message for message in town.sara.chat() if "Påminnelse" in message.toast]
    assert len(questions) == 1, "everything that has passed is said once"


def test_day_one_cannot_lie_ahead(town: Town) -> None:
    town.sara.begins("urgent_limited", "NK-2041", **FORM | {"day1": "2026-11-17"})
    assert town.sara.sees("tis 17 nov ligger framåt i tiden. Välj i dag eller tidigare.")
    assert town.rows_of("thread") == []


def test_called_off_during_the_days_worries_nobody(town: Town) -> None:
    sara_starts(town)
    town.sara.presses("Återkalla")
    assert town.thread().state == "withdrawn"
    assert not town.sara.sees("Inte levererat"), "there was nobody to deliver to"


def test_nobody_takes_it_on_day_four(town: Town) -> None:
    sara_starts(town)
    town.until("2026-11-19 08:00")
    town.sara.presses("Behovet kvarstår")
    town.until("2026-11-19 09:00")
    assert town.eva.sees("Ingen har tagit meddelandet. Du är nästa i tur.")
    town.eva.answers("Lämna återkoppling", action_code="new_assignment")
    assert town.thread().is_closed
