"""Norrköping 5.7: the jour grants somebody new help until 12:00 on the next vardag. Friday night, 20 November 2026."""

from collections.abc import Iterator

import pytest
from nights import grants, moment, pass_of, phoned
from town import Town

from dialogs.night import CONTINUED

on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
STOPS_HELP = ("hjälpen upphör", "hjälpen avslutas", "avsluta hjälpen", "sluta ge", "stoppa")


@pytest.fixture
def town(database: str) -> Iterator[Town]:
    """Friday at 21.30; Nils is on call until Monday at 07.00."""
    made = Town(database, "2026-11-20 21:30")
    pass_of(made, "2026-11-20 17:00", "2026-11-23 07:00")
    yield made
    made.close()


def test_granted_accepted_decided_and_rung(town: Town) -> None:
    grants(town)
    thread = town.thread()
    assert thread.state == "valid" and thread.case_ref.startswith("NY-")
    assert "Gäller till: mån 23 nov kl. 12.00 – 62 tim kvar" in town.nils.newest()
    assert "Hjälpen fortsätter." in town.nils.newest(), "nobody who reads it may think that the help ends at twelve"
    assert town.anna.sees(thread.case_ref) and not town.anna.chat()[-1].alerted, "silently: she is off duty"
    assert town.eva.has_heard_nothing(), "a case without an assessor is what this flow is for"

    town.until("2026-11-23 07:00")
    assert "Jourens beslut gäller till kl. 12. Ta emot ärendet." in town.anna.newest()
    assert "Gäller till: mån 23 nov kl. 12.00 – 5 tim kvar" in town.anna.newest()
    assert town.karim.sees("Jouren har beviljat ny hjälp som ni ger.")
    town.until("2026-11-23 08:30")
    town.anna.presses("Ta emot ärendet")
    assert town.thread().state == "accepted"
    heard = len(town.johan.chat()), len(town.anna.chat())
    town.until("2026-11-23 11:59")
    assert (len(town.johan.chat()), len(town.anna.chat())) == heard, "accepted: nobody is reminded before twelve"

    town.until("2026-11-23 12:00")
    assert town.thread().state == "with_assessor"
    for who in (town.anna, town.karim):
        assert "Kl. 12: ansvaret ligger nu hos biståndshandläggaren. Hjälpen fortsätter." in who.newest(), who.key

    town.until("2026-11-23 13:00")
    assert "dateras beslutet från fre 20 nov, dagen då hjälpen påbörjades" in town.anna.newest()
    town.anna.answers("Lämna besked om hjälpen", continued_help="granted")
    assert town.thread().state == "to_phone" and not town.thread().is_closed
    assert "08-465 004 01" in town.anna.newest(), "the number stands on the card"
    town.until("2026-11-23 13:30")
    assert "Ring hemtjänsten med ditt besked" in town.anna.newest()
    town.anna.answers("Jag har ringt", **phoned(town))
    assert town.thread().state == "order_due"
    assert town.karim.sees("Handläggaren har lämnat besked om fortsatt hjälp.") and town.karim.sees(
        "Ja, hjälp beviljas"
    )
    town.until("2026-11-24 09:00")
    assert "Skicka uppdraget i verksamhetssystemet." in town.anna.newest()
    town.anna.presses("Uppdraget är skickat")
    assert town.thread().state == "decided" and town.thread().is_closed
    assert town.karim.sees("mån 23 nov kl. 13.30") and town.karim.sees("administratör"), "when, and who answered"


@on_sqlite
def test_nobody_accepts_and_the_responsibility_moves_while_the_help_goes_on(town: Town) -> None:
    grants(town)
    for at in ("2026-11-23 07:00", "2026-11-23 10:00", "2026-11-23 11:30"):
        town.until(at)
        assert "Påminnelse" in town.anna.chat()[-1].toast and town.anna.chat()[-1].alerted, at
    assert town.eva.has_heard_nothing(), "until twelve it is the jour's decision"
    town.until("2026-11-23 11:59")
    assert town.thread().state == "valid"
    town.until("2026-11-23 12:00")
    thread = town.thread()
    assert thread.state == "responsibility_transferred" and not thread.is_closed
    for who in (town.anna, town.johan, town.eva, town.karim, town.maria):
        assert "Ansvaret ligger nu hos biståndshandläggaren. Ingen har tagit emot. Hjälpen fortsätter." in who.newest()

    town.until("2026-11-23 12:02")
    assert "väntar på att någon tar" in town.anna.newest()
    town.until("2026-11-23 12:20")
    assert "Du är nästa i tur." in town.eva.newest()
    town.eva.presses("Ta emot ärendet")
    assert town.thread().state == "with_assessor"
    town.until("2026-11-24 09:00")
    assert "Ring hemtjänsten så snart du vet" in town.eva.newest()
    town.until("2026-11-25 09:00")
    assert "Det saknas besked om fortsatt hjälp. Hjälpen fortsätter så länge." in town.eva.newest()


@on_sqlite
def test_no_word_anywhere_tells_anybody_to_stop_the_help(town: Town) -> None:
    grants(town)
    town.until("2026-11-30 09:00")
    flow = town.record.flows["on_call_grant"]
    said = [sentence for _, sentence in flow.words.values()] + list(flow.states.values())
    said += [move.consequence for alternatives in flow.moves.values() for move in alternatives]
    said += [words for _, words in CONTINUED.options]
    for resident in town.residents.values():
        said += [str(message.card) for message in resident.chat()]
    assert not [words for words in said if any(stop in words.lower() for stop in STOPS_HELP)]


@on_sqlite
def test_after_midnight_it_is_the_same_days_noon(town: Town) -> None:
    """Read to the letter «nästkommande vardag» would be Tuesday: a day and a half on a plain weekday."""
    town.until("2026-11-23 02:15")
    grants(town)
    assert "Gäller till: mån 23 nov kl. 12.00 – 9 tim 45 min kvar" in town.nils.newest()
    town.until("2026-11-23 12:00")
    assert town.thread().state == "responsibility_transferred"


@on_sqlite
def test_the_jour_has_no_mandate_while_the_office_is_open(town: Town) -> None:
    pass_of(town, "2026-11-24 07:00", "2026-11-24 17:00")
    town.until("2026-11-24 15:30")
    town.nils.begins("on_call_grant", "", **moment("granted_at", town.clock.time))
    assert town.nils.sees("Jourens beslut gäller bara under jourtid; den här tiden är kontoret öppet.")
    assert town.nils.sees("Ring biståndshandläggaren.")
    assert town.rows_of("thread") == [] and town.rows_of("content") == []
    town.until("2026-11-24 17:00")
    town.nils.types("jourbeslut")
    assert town.nils.sees("Du har inget jourpass nu. Jouren beslutar bara under sitt eget pass.")


@on_sqlite
def test_a_wrong_time_is_mended_before_it_is_sent_and_a_worse_one_refused(town: Town) -> None:
    town.nils.begins("on_call_grant", "", **moment("granted_at", town.clock.time))
    town.nils.presses("Ändra")
    town.nils.presses("Ändra", granted_at_time="16:30")
    assert "den här tiden är kontoret öppet" in town.nils.newest(), "Friday at 16.30"
    town.nils.presses("Ändra", granted_at_time="20:00")
    town.nils.presses("Skicka")
    assert "Beviljat: fre 20 nov kl. 20.00" in town.nils.newest()


@on_sqlite
def test_the_card_says_whom_to_ring_also_after_hours(town: Town) -> None:
    grants(town)
    town.until("2026-11-23 17:30")
    town.anna.answers("Lämna besked om hjälpen", continued_help="granted")
    assert "Ring jouren, 070-174 06 05, med ditt besked." in town.anna.newest(), "17.00 has passed (1.2)"


@on_sqlite
def test_a_draft_that_was_never_sent_is_found_by_the_unit_at_opening(town: Town) -> None:
    town.nils.begins("on_call_grant", "", **moment("granted_at", town.clock.time))
    town.until("2026-11-23 06:59")
    assert town.karim.has_heard_nothing() and town.anna.has_heard_nothing()
    town.until("2026-11-23 07:00")
    assert "Jouren har ett utkast om beviljad hjälp som inte är skickat. Skicka det nu." in town.karim.newest()
    town.until("2026-11-23 10:00")
    assert town.maria.sees("Skicka det nu.") and town.anna.has_heard_nothing()
    town.until("2026-11-23 14:00")
    town.karim.presses("Skicka")
    assert town.thread().state == "responsibility_transferred", "late: twelve o'clock has passed"
    assert town.anna.sees("Ansvaret ligger nu hos biståndshandläggaren.")
    assert town.anna.sees("dateras beslutet från fre 20 nov"), "the count is from when the help began"


@on_sqlite
def test_somebody_else_neither_sees_nor_decides(town: Town) -> None:
    grants(town, "NK-2042")
    reference = town.thread().ref
    for who in (town.sara, town.olle, town.birgitta):
        who.types(reference)
        assert "Det finns inget meddelande med den beteckningen" in who.newest(), who.key
    town.until("2026-11-23 07:00")
    assert town.johan.sees("NK-2042"), "the case has an assessor of its own"
    assert not {"Ta emot ärendet", "Lämna besked om hjälpen"} & set(town.karim.buttons())
    town.karim.forges(verb="do", thread=1, signal="decide", continued_help="refused")
    assert town.thread().state == "valid"


@on_sqlite
def test_it_came_to_the_wrong_assessor(town: Town) -> None:
    """It is passed on, and never sent back to the jour: the help goes on, and somebody must answer for it."""
    grants(town)
    town.until("2026-11-23 07:30")
    town.johan.presses("Ta emot ärendet")
    town.johan.presses("Mer …")
    assert "Fel mottagare" not in town.johan.buttons()
    anna = f"needs_assessor:MYND:{town.anna.id}"
    town.johan.answers("Skicka vidare", forward_to=anna, forward_reason="other_holder")
    town.until("2026-11-23 12:00")
    assert town.thread().state == "with_assessor" and town.thread().owner.person_id == town.anna.id
    town.until("2026-11-24 09:00")
    assert "Ring hemtjänsten så snart du vet om hjälpen ska fortsätta." in town.anna.newest()
    town.anna.answers("Lämna besked om hjälpen", continued_help="refused")
    assert town.thread().state == "to_phone"


@on_sqlite
def test_called_off_while_no_help_has_been_given(town: Town) -> None:
    grants(town)
    town.nils.presses("Mer …")
    assert "Bara om ingen hjälp har getts." in town.nils.newest()
    town.nils.presses("Återkalla")
    assert town.thread().state == "withdrawn"
    town.until("2026-11-23 07:01")
    assert town.anna.sees("Avsändaren har återkallat meddelandet."), "at opening: it can wait"
    assert not town.anna.sees("Ta emot ärendet")
    sends = town.teams.sends
    town.until("2026-11-24 12:00")
    assert town.teams.sends == sends


@on_sqlite
def test_after_twelve_it_is_not_the_jours_to_call_off(town: Town) -> None:
    grants(town)
    town.until("2026-11-23 12:00")
    town.karim.types(town.thread().ref)
    assert "Återkalla" not in town.karim.may()


@on_sqlite
def test_not_known_yet_is_rung_too_and_the_help_goes_on_until_it_is(town: Town) -> None:
    grants(town)
    town.until("2026-11-23 09:00")
    town.anna.answers("Lämna besked om hjälpen", continued_help="needs_assessment")
    town.until("2026-11-23 11:00")
    assert "Hemtjänsten är fortfarande inte uppringd." in town.eva.newest()
    town.until("2026-11-23 12:00")
    assert town.thread().state == "to_phone", "she has it: nothing passes on at twelve"
    rung = [message for message in town.anna.chat() if "Ring hemtjänsten med ditt besked" in str(message.card)]
    assert rung
    town.anna.answers("Jag har ringt", **phoned(town, "gruppledare"))
    assert town.thread().state == "assessing"
    town.until("2026-11-24 09:00")
    assert "Ring hemtjänsten så snart du vet om hjälpen ska fortsätta." in town.anna.newest()
    town.anna.answers("Lämna besked om hjälpen", continued_help="refused")
    assert town.thread().state == "to_phone", "a no is rung as well"
    town.anna.answers("Jag har ringt", **phoned(town))
    assert town.thread().state == "decided" and town.karim.sees("Nej, fortsatt hjälp beviljas inte")


@on_sqlite
def test_several_grants_of_a_night_are_one_list_at_opening(town: Town) -> None:
    for _ in range(3):
        grants(town)
    town.until("2026-11-23 07:00")
    listed = town.anna.newest()
    references = {row.case_ref for row in town.rows_of("thread")}
    assert "Påminnelse: 3 uppgifter" in listed and all(reference in listed for reference in references)
    assert listed.count("Gäller till mån 23 nov kl. 12.00") == 3
