"""Norrköping 3.4: hemtjänsten tells that a service has ended. It was last performed on Thursday 12 November 2026."""

import pytest
from town import Town

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def karim_tells(town: Town, case_ref: str = "NK-2041", last: str = "2026-11-12") -> None:
    town.karim.begins("service_ended", case_ref, last_performed_date=last)
    town.karim.presses("Skicka")


def test_an_end_is_confirmed_dated_back_and_registered_in_time(town: Town) -> None:
    karim_tells(town)
    assert "Ny uppgift" in town.anna.newest() and "Brådskande" not in town.anna.newest()
    assert "tor 12 nov 2026" in town.anna.newest(), "the day it was last performed"
    assert "Avslutet bakåtdateras till" in town.anna.newest()
    assert "Debiteringen: kontaktas om det registreras efter fre 4 dec 2026" in town.anna.newest()

    town.anna.presses("Ta ärendet")
    town.anna.presses("Brukaren bekräftar avslutet")
    assert town.karim.sees("Bekräftat – ska registreras")
    town.until("2026-11-18 10:00")
    town.anna.answers("Avslutet är registrerat", registered_on="2026-11-18")
    assert town.thread().state == "registered" and town.thread().is_closed
    assert "Du har fått svar." in town.karim.newest() and "Registrerat – avslutat" in town.karim.newest()
    sends = town.teams.sends
    town.until("2026-12-11 10:00")
    assert town.teams.sends == sends, "the 4th is nobody's worry any more"


def test_the_day_is_demanded_and_cannot_lie_ahead(town: Town) -> None:
    town.karim.begins("service_ended", "NK-2041", last_performed_date="")
    assert town.karim.sees("Svara på frågan «Vilken dag utfördes insatsen senast?».")
    town.karim.presses("Fortsätt", case_ref="NK-2041", last_performed_date="2026-11-17")
    assert town.karim.sees("tis 17 nov ligger framåt i tiden.")
    assert town.rows_of("thread") == []


def test_nobody_reads_it_and_both_leads_hear_the_next_day(town: Town) -> None:
    """`D08`: omgående has no clock; after two office hours a reminder, at close the next workday those who lead."""
    karim_tells(town)
    town.until("2026-11-16 10:59")
    heard = len(town.anna.chat())
    town.until("2026-11-16 11:00")
    assert len(town.anna.chat()) == heard + 1
    assert "Meddelandet väntar på din kvittens." in town.anna.newest()
    town.until("2026-11-17 16:59")
    assert not town.eva.sees("Meddelandet är inte kvitterat.") and not town.maria.sees("Meddelandet är inte kvitterat.")
    town.until("2026-11-17 17:00")
    assert town.eva.sees("Meddelandet är inte kvitterat. Se till att det når fram.")
    assert town.maria.sees("Meddelandet är inte kvitterat. Se till att det når fram.")

    town.until("2026-11-18 08:00")
    town.eva.presses("Ta ärendet")
    assert town.karim.sees("Taget av Eva Sund"), "whoever is next in line may take it"


def test_the_fourth_approaches_and_passes(town: Town) -> None:
    karim_tells(town)
    town.anna.presses("Brukaren bekräftar avslutet")
    town.until("2026-12-04 09:00")
    assert "Det ska vara registrerat i verksamhetssystemet senast nu." in town.anna.newest()
    assert not town.anna.sees("Försenat.")
    town.until("2026-12-05 07:00")
    town.until("2026-12-07 07:30")
    assert town.anna.sees("Den 4:e har passerat. Registrera, och kontakta debiteringen.")
    assert town.anna.sees("Försenat.")


@pytest.mark.parametrize(("registered", "late"), [("2026-12-04", False), ("2026-12-05", True)])
def test_the_fourth_itself_is_in_time(town: Town, registered: str, late: bool) -> None:
    karim_tells(town)
    town.anna.presses("Brukaren bekräftar avslutet")
    town.until("2026-12-07 10:00")
    town.anna.answers("Avslutet är registrerat", registered_on=registered)
    assert town.thread().state == ("billing_assessor" if late else "registered")


def test_what_is_registered_late_is_the_assessors_to_tell_debiteringen(town: Town) -> None:
    """«Justeringar av insatser för januari ska registreras senast 4 februari. Om det sker senare …»"""
    karim_tells(town)
    town.anna.presses("Brukaren bekräftar avslutet")
    town.until("2026-12-07 10:00")
    town.anna.answers("Avslutet är registrerat", registered_on="2026-12-07")
    assert "Debiteringen ska kontaktas av biståndshandläggaren" in town.anna.newest()
    assert town.karim.sees("Debiteringen ska kontaktas av biståndshandläggaren")
    assert "Debiteringen är kontaktad" not in town.karim.buttons(), "nor can it be called off any more"
    assert "Återkalla" not in town.karim.may()

    town.until("2026-12-08 09:00")
    assert town.anna.sees("Debiteringen ska kontaktas. Markera sedan att det är gjort.")
    town.until("2026-12-09 09:00")
    assert town.eva.sees("Debiteringen är inte kontaktad än."), "and who leads is told"
    town.anna.answers("Debiteringen är kontaktad", billed_on="2026-12-09", billed_how="phone")
    assert town.thread().state == "registered"
    assert "Du har fått svar." in town.karim.newest() and town.karim.sees("Telefon")


def test_told_when_the_fourth_has_already_passed(town: Town) -> None:
    karim_tells(town, last="2026-10-20")
    assert town.anna.sees("Den 4:e har passerat. Registrera, och kontakta debiteringen.")
    town.anna.presses("Brukaren bekräftar avslutet")
    town.anna.answers("Avslutet är registrerat", registered_on="2026-11-16")
    assert town.thread().state == "billing_assessor"


def test_the_client_wants_to_keep_the_service(town: Town) -> None:
    karim_tells(town)
    town.anna.presses("Brukaren vill ha kvar insatsen")
    assert town.thread().state == "kept"
    assert "Insatsen fortsätter – avslutat" in town.karim.newest()


def test_it_lands_with_the_wrong_assessor(town: Town) -> None:
    karim_tells(town)
    assert town.johan.has_heard_nothing()
    town.anna.answers("Fel mottagare", misdirected_reason="moved")
    assert town.thread().state == "misdirected" and town.thread().owner.person_id == town.karim.id
    town.karim.presses("Skicka till rätt mottagare")
    choice = next(item for item in town.karim.chat()[-1].card["body"] if item.get("id") == "right_receiver")
    johan = next(one["value"] for one in choice["choices"] if "Johan" in one["title"])
    town.karim.presses("Skicka till rätt mottagare", right_receiver=johan)
    town.johan.presses("Brukaren bekräftar avslutet")
    town.johan.answers("Avslutet är registrerat", registered_on="2026-11-16")
    assert town.thread().state == "registered"


def test_called_off_and_nobody_need_do_anything(town: Town) -> None:
    karim_tells(town)
    town.karim.presses("Återkalla")
    assert "Avsändaren har återkallat meddelandet." in town.anna.newest()
    sends = town.teams.sends
    town.until("2026-12-08 10:00")
    assert town.teams.sends == sends


def test_registered_by_mistake_it_is_taken_up_again(town: Town) -> None:
    karim_tells(town)
    town.anna.presses("Brukaren bekräftar avslutet")
    town.anna.answers("Avslutet är registrerat", registered_on="2026-11-16")
    town.anna.answers("Öppna igen", reopen_reason="mistake")
    assert town.thread().state == "sent" and not town.thread().is_closed
    town.until("2026-12-04 09:00")
    assert town.anna.sees("Det ska vara registrerat i verksamhetssystemet senast nu."), "counted from where it counted"
