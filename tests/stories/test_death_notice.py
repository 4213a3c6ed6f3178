"""Norrköping 3.4: one side tells the other of a death. It is Monday 16 November 2026 at 09.00.

What others may see is as neutral as any urgent message, in pointer mode to the last word of the card.
"""

from pathlib import Path

import pytest
from cards import words_of
from people import on_call
from test_question import karim_asks
from test_urgent_limited import sara_starts
from town import Resident, Town, instant

ONLY_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
TELLING = ("avlid", "död", "dods", "death", "bort", "orsak")


def tells(who: Resident, case_ref: str = "NK-2041", **day: str) -> None:
    who.begins("death_notice", case_ref, **day)
    who.presses("Skicka")


def sara_and_anna(town: Town) -> int:
    tells(town.sara)
    town.anna.presses("Kvittera")
    return len(town.anna.chat())


def test_hemtjansten_tells_and_the_assessor_registers(town: Town) -> None:
    town.sara.begins("death_notice", "NK-2041")
    assert "Till: Anna Berg, biståndshandläggare" in town.sara.newest(), "whoever gets it is named before it is sent"
    town.sara.presses("Skicka")
    assert town.anna.toasts()[-1].startswith("Brådskande: nytt meddelande ST-")
    assert "Läs mer i verksamhetssystemet, ärende NK-2041." in town.anna.newest()
    town.anna.presses("Kvittera")
    assert town.sara.sees("Mottaget – ska registreras") and town.sara.sees("Läst av Anna Berg")
    town.until("2026-11-17 09:00")
    town.anna.answers("Det är registrerat", in_time="yes")
    assert town.thread().is_closed and "Registrerat – avslutat" in town.sara.newest()
    sends = town.teams.sends
    town.until("2026-12-08 09:00")
    assert town.teams.sends == sends, "told once"


@ONLY_SQLITE
def test_the_assessor_tells_and_registers_what_hemtjansten_has_received(town: Town) -> None:
    """Known at the hospital on Monday: nobody is to go to the home."""
    town.anna.begins("death_notice", "NK-2041")
    assert "Till: Hemtjänst Norr, funktionsbrevlådan" in town.anna.newest()
    town.anna.presses("Skicka")
    assert town.karim.toasts()[-1].startswith("Brådskande: nytt meddelande ST-")
    town.until("2026-11-16 09:11")
    assert town.anna.sees("Ingen har tagit meddelandet. Ring, så att det når fram.")
    town.karim.presses("Kvittera")
    assert town.thread().owner.person_id == town.anna.id, "the registration is hers"
    assert "Det är registrerat" not in town.karim.buttons()
    told = len(town.karim.chat())
    town.until("2026-12-04 09:00")
    assert town.anna.sees("Det ska vara registrerat i verksamhetssystemet senast nu.")
    assert len(town.karim.chat()) == told
    town.anna.answers("Det är registrerat", in_time="yes")
    assert town.thread().state == "registered" and "Registrerat – avslutat" in town.karim.newest()


@ONLY_SQLITE
def test_at_night_whoever_leads_the_staff_is_told_as_well(town: Town) -> None:
    town.store.transaction(
        lambda tx: on_call(tx, town.nils.id, "HT-NORR", instant("2026-11-20 17:00"), instant("2026-11-23 07:00"))
    )
    town.until("2026-11-20 18:30")
    tells(town.anna)
    assert "Brådskande: nytt meddelande" in town.nils.newest()
    town.nils.presses("Läst")
    assert town.thread().state == "sent", "the unit itself must receive it too"
    assert town.karim.sees("NK-2041"), "and has it when the office opens"
    town.until("2026-11-23 07:05")
    town.karim.presses("Kvittera")
    assert town.thread().state == "received"


@ONLY_SQLITE
def test_nobody_receives_it_and_both_leads_hear_without_content(town: Town) -> None:
    tells(town.sara)
    town.until("2026-11-17 17:00")
    assert town.eva.sees("Meddelandet är inte kvitterat. Se till att det når fram.")
    assert town.maria.sees("Meddelandet är inte kvitterat. Se till att det når fram.")
    town.eva.presses("Kvittera")
    assert town.thread().owner.person_id is None and town.thread().owner.taken_by == town.eva.id
    for resident in town.residents.values():
        for message in resident.chat():
            shown = f"{message.toast} {words_of(message.card)}".lower()
            if resident is not town.sara:
                assert not any(word in shown for word in TELLING), shown


@ONLY_SQLITE
@pytest.mark.parametrize("sender", ["sara", "anna"])
def test_no_card_of_the_thread_tells_what_it_is(town: Town, sender: str) -> None:
    """Not the sender's either, once it is sent: title, states, buttons, the list of what is open."""
    tells(town.residents[sender])
    town.residents[sender].types("mina")
    town.anna.types("mina")
    for resident in town.residents.values():
        for message in resident.chat():
            shown = f"{message.toast} {words_of(message.card)}"
            if "NK-2041" in shown:
                assert "Dödsfall" not in shown and not any(word in shown.lower() for word in TELLING), shown


def test_what_else_is_open_in_the_case_is_stopped_and_nobody_is_told_why(town: Town) -> None:
    sara_starts(town)
    karim_asks(town)
    town.karim.begins("urgent_lasting", "NK-2042", **LASTING)
    town.karim.presses("Skicka")
    heard = len(town.anna.chat()), len(town.karim.chat())
    tells(town.sara)
    assert (len(town.anna.chat()), len(town.karim.chat())) == (heard[0] + 1, heard[1]), "only the notice itself is told"
    assert town.thread(1).is_closed and town.thread(2).is_closed
    assert not town.thread(3).is_closed, "another case goes on"
    assert [row.by for row in town.rows_of("log") if row.signal == "case_stop"] == ["case", "case"]
    town.karim.types(town.thread(2).ref)
    assert "Avslutat – inget mer att göra här" in town.karim.newest() and "Återkalla" not in town.karim.buttons()

    town.anna.presses("Kvittera")
    town.anna.answers("Det är registrerat", in_time="yes")
    town.johan.answers("Lämna återkoppling", action_code="home_visit")
    sends = town.teams.sends
    town.until("2026-12-01 09:00")
    assert town.teams.sends == sends, "neither day 4 nor the five working days are spoken of again"


LASTING = {"extra_help_start_date": "2026-11-16", "extra_help_start_time": "07:30", "noticed_by_role": "night"}


@ONLY_SQLITE
def test_the_wrong_case_is_called_off_and_all_goes_on_where_it_stood(town: Town) -> None:
    sara_starts(town)
    karim_asks(town)
    tells(town.sara)
    town.until("2026-11-19 12:30")
    assert not town.sara.sees("Dag 4: svara om behovet kvarstår.")
    town.sara.presses("Återkalla")
    assert town.anna.sees("Det som stoppats i ärendet gäller igen. Ring avsändaren.")
    assert [town.thread(number).is_closed for number in (1, 2, 3)] == [False, False, True]
    assert town.thread(1).state == "day_four_due", "what was due meanwhile is said at once"
    assert town.sara.sees("Dag 4: svara om behovet kvarstår.")
    told = {row.person_id for row in town.rows_of("outbox") if row.text == "case_resumed"}
    assert told == {town.sara.id, town.anna.id}, "whoever has each of them"
    assert town.anna.sees("Två arbetsdagar kvar att lämna återkoppling.")
    town.anna.answers("Lämna återkoppling", action_code="home_visit")
    assert town.thread(2).state == "answered"


@ONLY_SQLITE
def test_a_draft_that_is_taken_up_again_stays_the_senders_until_it_is_sent(town: Town) -> None:
    town.karim.begins("question", "NK-2041", category="planning")
    tells(town.sara)
    town.sara.presses("Återkalla")
    assert town.thread(1).owner.person_id == town.karim.id and town.thread(1).receivers() == []
    town.karim.presses("Skicka")
    assert town.thread(1).owner.person_id == town.anna.id
    assert "Lämna återkoppling" not in town.karim.may(), "nobody answers their own question"


@ONLY_SQLITE
def test_another_units_case_is_not_stopped_before_it_has_been_received(town: Town) -> None:
    """Sara has taken down a number at Hemtjänst Söder: what they wait for must not fall silent by a slip of hers."""
    town.olle.begins("urgent_lasting", "NK-2077", **LASTING)
    town.olle.presses("Skicka")
    town.sara.begins("death_notice", "NK-2077")
    assert "Påminnelserna i det stoppas när mottagaren har kvitterat." in town.sara.newest()
    town.sara.presses("Skicka")
    assert not town.thread(1).is_closed
    town.anna.presses("Kvittera")
    assert town.thread(1).is_closed


@ONLY_SQLITE
def test_the_wrong_receiver_lets_go_on_what_was_stopped(town: Town) -> None:
    karim_asks(town)
    tells(town.sara)
    assert town.thread(1).is_closed
    town.anna.answers("Fel mottagare", misdirected_reason="wrong_number")
    assert not town.thread(1).is_closed, "nobody has confirmed that it is this case"
    town.anna.answers("Lämna återkoppling", action_code="home_visit")
    assert town.thread(1).state == "answered"


@ONLY_SQLITE
def test_a_number_typed_in_small_letters_is_the_rosters(town: Town) -> None:
    karim_asks(town)
    tells(town.sara, "nk-2041")
    assert town.thread(2).case_ref == "NK-2041" and town.thread(2).case_known
    assert town.thread(1).is_closed and town.thread(2).owner.person_id == town.anna.id


@ONLY_SQLITE
def test_both_sides_tell_and_one_calls_off(town: Town) -> None:
    karim_asks(town)
    tells(town.sara)
    tells(town.anna)
    assert not town.thread(2).is_closed and not town.thread(3).is_closed, "a notice does not stop the other side's"
    town.sara.presses("Återkalla")
    assert town.thread(1).is_closed, "the other notice still holds"
    town.anna.presses("Återkalla")
    assert not town.thread(1).is_closed


@ONLY_SQLITE
def test_debiteringen_outlives_the_case(town: Town) -> None:
    town.karim.begins("service_ended", "NK-2041", last_performed_date="2026-10-20")
    town.karim.presses("Skicka")
    town.anna.presses("Brukaren bekräftar avslutet")
    town.anna.answers("Avslutet är registrerat", registered_on="2026-11-16")
    tells(town.sara)
    assert not town.thread(1).is_closed, "what is owed to debiteringen is still to be told"
    town.anna.answers("Debiteringen är kontaktad", billed_on="2026-11-16", billed_how="mail")
    assert town.thread(1).state == "registered"


@ONLY_SQLITE
def test_registered_after_the_fourth(town: Town) -> None:
    sara_and_anna(town)
    town.until("2026-12-07 10:00")
    town.anna.answers("Det är registrerat", in_time="no")
    assert town.thread().state == "billing_assessor"
    town.anna.answers("Debiteringen är kontaktad", billed_on="2026-12-07", billed_how="phone")
    assert town.thread().state == "registered" and "Registrerat – avslutat" in town.sara.newest()


@pytest.mark.parametrize(
    ("known_on", "reminded"), [("2026-12-03", "2026-12-04 09:00"), ("2026-12-07", "2027-01-04 09:00")]
)
def test_where_the_day_stands_elsewhere_the_earliest_fourth_is_counted(
    tmp_path: Path, known_on: str, reminded: str
) -> None:
    """Known on the 3rd it may have happened in November; a reminder too early does no harm, one too late does."""
    town = Town(tmp_path, f"{known_on} 09:00")
    try:
        sara_and_anna(town)
        town.until(reminded)
        assert "Det ska vara registrerat i verksamhetssystemet senast nu." in town.anna.newest()
        assert not town.anna.sees("Försenat."), "nobody is called late by a guess"
    finally:
        town.close()
