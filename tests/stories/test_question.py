"""Norrköping 1.1 and 3.1: a question that can wait. Asked on Monday 16 November 2026, due Monday 23 November."""

import pytest
from people import on_call
from town import Town, instant

from bot.channel.errors import Blocked
from cases import people

ONLY_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def karim_asks(town: Town, case_ref: str = "NK-2041") -> None:
    town.karim.begins("question", case_ref, category="planning")
    town.karim.presses("Skicka")


def anna_asks(town: Town, case_ref: str = "NK-2077") -> None:
    town.anna.begins("question", case_ref, category="assignment")
    town.anna.presses("Skicka")


def test_the_good_way(town: Town) -> None:
    karim_asks(town)
    assert "Ny uppgift" in town.anna.newest() and "Brådskande" not in town.anna.newest()
    assert "Svar: senast mån 16 nov kl. 17.00" not in town.karim.newest()
    town.anna.answers("Lämna återkoppling", action_code="phone_client", planned_date="2026-11-18")
    assert town.thread().is_closed
    assert town.karim.sees("Telefonkontakt med brukaren") and town.karim.sees("ons 18 nov 2026")


def test_it_is_owed_within_five_working_days_and_the_card_says_why(town: Town) -> None:
    karim_asks(town)
    town.anna.presses("Läst")
    assert "senast mån 23 nov kl. 17.00" in town.anna.newest()
    assert "Återkoppling om vilken åtgärd det blir ges inom 5 arbetsdagar." in town.anna.newest()
    assert "Norrköping 1.1" in town.anna.newest()


def test_neither_reading_nor_taking_nor_thanks_stops_the_five_days(town: Town) -> None:
    karim_asks(town)
    town.anna.presses("Läst")
    town.anna.presses("Ta ärendet")
    town.anna.types("Tack, mottaget")
    assert town.thread().deadlines["feedback"].status == "armed"
    assert town.thread().deadlines["read"].status == "disarmed"

    town.until("2026-11-19 09:00")
    assert "Två arbetsdagar kvar att lämna återkoppling." in town.anna.newest()
    town.until("2026-11-23 09:00")
    assert "Sista dagen att lämna återkoppling." in town.anna.newest()
    assert town.eva.has_heard_nothing()
    town.until("2026-11-24 09:00")
    assert "Återkoppling saknas när rutinens tid är ute. Du är nästa i tur." in town.eva.newest()


def test_nobody_reads(town: Town) -> None:
    karim_asks(town)
    town.until("2026-11-16 17:00")
    assert "Meddelandet är inte läst. Läs det i dag." in town.anna.newest()
    town.until("2026-11-18 09:00")
    assert "Meddelandet är fortfarande inte läst." in town.eva.newest()
    town.until("2026-11-24 09:00")
    assert town.karim.sees("Skickat – även till nästa i tur")
    assert "Försenat." in town.eva.newest(), "after the last of the five days it is late"
    town.eva.presses("Ta ärendet")
    town.eva.answers("Lämna återkoppling", action_code="no_change")
    assert town.thread().is_closed and town.karim.sees("Nuvarande beslut gäller")


def test_an_answer_in_time_reminds_nobody(town: Town) -> None:
    karim_asks(town)
    town.anna.answers("Lämna återkoppling", action_code="other")
    sends = town.teams.sends
    town.until("2026-11-30 09:00")
    assert town.teams.sends == sends


def test_withdrawn(town: Town) -> None:
    karim_asks(town)
    town.karim.presses("Återkalla")
    assert town.thread().state == "withdrawn"
    assert town.anna.sees("Du behöver inte göra något.")


def test_a_colleague_in_the_unit_may_act_for_the_sender(town: Town) -> None:
    karim_asks(town)
    town.maria.types(town.thread().ref)
    assert "Återkalla" in town.maria.may()
    town.birgitta.types(town.thread().ref)
    assert "Det finns inget meddelande" in town.birgitta.newest(), "another unit does not even learn that it exists"


def test_an_omvardnadspersonal_does_not_ask_in_the_units_name(town: Town) -> None:
    """Norrköping 1.1 names chef, gruppledare and administratör."""
    town.sara.types("fråga")
    assert "Be chef, gruppledare eller administratör att vidareförmedla det." in town.sara.newest()


@ONLY_SQLITE
def test_what_somebody_else_asks_is_passed_on_and_said_to_be(town: Town) -> None:
    """Norrköping 1.1 names chef, gruppledare and administratör: others ask through them."""
    town.karim.begins("question", "NK-2041", category="planning", passed_on_for="fixed_care_contact")
    town.karim.presses("Skicka")
    assert "Från: Karim Aziz, Hemtjänst Norr" in town.anna.newest()
    assert "Vidareförmedlas av avsändaren åt: fast omsorgskontakt" in town.anna.newest()


@ONLY_SQLITE
def test_may_we_is_answered_by_the_routine_and_may_still_be_asked(town: Town) -> None:
    town.karim.begins("question", "NK-2041", category="approval")
    assert "behöver inte godkännas av biståndshandläggare" in town.karim.newest()
    assert town.rows_of("thread") == []
    town.karim.presses("Fortsätt ändå")
    town.karim.presses("Skicka")
    assert "Om vi får göra en aktivitet" in town.anna.newest()


@ONLY_SQLITE
def test_what_cannot_wait_is_listed_before_the_first_question(town: Town) -> None:
    town.karim.types("fråga")
    town.karim.presses("Nej")
    assert "hjälp vid toalettbesök, få i sig mat och dryck, eller inte mat för dagen" in town.karim.newest()


# --- the other direction -------------------------------------------------------------------------------------------


def test_the_assessor_asks_hemtjanst_and_the_unit_s_mailbox_gets_it(town: Town) -> None:
    anna_asks(town)
    for resident in (town.olle, town.birgitta):
        assert "NK-2077" in resident.newest()
    assert town.karim.has_heard_nothing() and town.maria.has_heard_nothing(), "not the other unit"
    assert town.anna.sees("Hemtjänst Söder, funktionsbrevlådan")

    town.olle.presses("Ta ärendet")
    assert town.birgitta.sees("Taget av Olle Dahl"), "the mailbox is one seat: what one takes the others see taken"
    town.olle.answers("Lämna återkoppling", action_code="home_visit")
    assert town.anna.sees("Hembesök bokas")
    assert town.birgitta.sees("Avslutat")


def test_the_mailbox_is_read_until_two_o_clock(town: Town) -> None:
    """D02: sent on Monday at 09.00, a reader is to be expected until 14.00."""
    anna_asks(town)
    town.until("2026-11-16 14:00")
    assert "Funktionsbrevlådans lästid har gått och meddelandet är inte läst." in town.olle.newest()


def test_sent_after_two_it_waits_for_the_next_window(town: Town) -> None:
    """D02: Friday 14.05 → the window of Monday 23 November."""
    town.until("2026-11-20 14:05")
    anna_asks(town)
    sends = town.teams.sends
    town.until("2026-11-23 13:59")
    assert town.teams.sends == sends
    town.until("2026-11-23 14:00")
    assert "Funktionsbrevlådans lästid har gått" in town.olle.newest()


def test_hemtjanst_owes_the_answer_and_then_its_manager_is_told(town: Town) -> None:
    anna_asks(town)
    town.until("2026-11-24 09:00")
    assert town.birgitta.sees("Återkoppling saknas när rutinens tid är ute. Du är nästa i tur.")
    assert town.eva.has_heard_nothing(), "not the authority's own lead: hemtjänst owes"


def test_a_colleague_of_the_assessor_sees_that_she_has_it_and_no_more(town: Town) -> None:
    anna_asks(town)
    town.johan.types(town.thread().ref)
    assert "Ligger hos: Anna Berg" in town.johan.newest().replace("  ", " ")
    assert "NK-2077" not in town.johan.newest() and town.johan.moves() == ["Gå in för kollega", "Till start"]
    assert [row.reason for row in town.rows_of("audit") if row.action == "denied"] == ["no_relation"], "it is noted"
    town.eva.types(town.thread().ref)
    assert "NK-2077" in town.eva.newest(), "förste biståndshandläggare acts for the assessors of the unit"


def test_an_assessor_who_cannot_be_reached_is_stood_in_for_by_her_lead(town: Town) -> None:
    town.anna.begins("question", "NK-2041", category="assignment")
    town.teams.refuse[town.anna.conversation] = [Blocked("403 MessageWritesBlocked")]
    town.until("2026-11-16 09:30")
    assert "Avsändaren kunde inte nås i Teams. Enheten får meddelandet i stället." in town.eva.newest()
    assert town.johan.has_heard_nothing()


def test_whom_to_ring_when_hemtjanst_is_not_reached(town: Town) -> None:
    """D05: by day chef, gruppledare or administratör; from 17.00, in June to August 16.00, the one on call."""
    for who in ("olle", "birgitta"):
        town.store.transaction(
            lambda tx, who=who: people.mark(tx, town.residents[who].id, people.REMOVED)  # type: ignore[misc]
        )
    town.store.transaction(
        lambda tx: on_call(tx, town.nils.id, "HT-SODER", instant("2026-11-16 17:00"), instant("2026-11-17 07:00"))
    )
    anna_asks(town)
    assert "Inte levererat – ring Hemtjänst Söder, 08-465 004 02." in town.anna.newest()
    town.until("2026-11-16 16:59")
    town.anna.types(town.thread().ref)
    assert "ring Hemtjänst Söder, 08-465 004 02." in town.anna.newest()
    town.until("2026-11-16 17:00")
    town.anna.types(town.thread().ref)
    assert "ring jouren, 070-174 06 05." in town.anna.newest()
