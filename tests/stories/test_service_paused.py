"""Norrköping 3.4: a pause. Of the whole case it is nobody's message; of a single service it is the assessor's too."""

import pytest
from town import Town

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def karim_tells(town: Town, start: str = "2026-11-12") -> None:
    town.karim.begins("service_paused", "NK-2041", scope="single", from_date=start)
    town.karim.presses("Skicka")


def test_a_pause_of_the_whole_case_is_registered_and_nobody_is_contacted(town: Town) -> None:
    town.karim.begins("service_paused", "NK-2041", scope="whole", from_date="2026-11-12")
    said = "Uppehåll på hela ärendet registreras av hemtjänst utan att biståndshandläggare kontaktas."
    assert said in town.karim.newest() and "Fortsätt ändå" not in town.karim.buttons()
    assert town.rows_of("thread") == [] and town.anna.has_heard_nothing()


def test_a_forged_form_for_the_whole_case_is_stopped_as_well(town: Town) -> None:
    town.karim.forges(
        verb="draft", flow="service_paused", unit="HT-NORR", protected="no", form="x", case_ref="NK-2041",
        scope="whole", from_date="2026-11-12", passed="0",
    )  # fmt: skip
    assert town.rows_of("thread") == []


def test_a_single_service_is_confirmed_and_registered(town: Town) -> None:
    karim_tells(town)
    assert "Uppehåll/avslut från" in town.anna.newest()
    town.anna.presses("Ta ärendet")
    town.anna.presses("Brukaren bekräftar avslutet")
    town.anna.answers("Det är registrerat", registered_on="2026-11-16")
    assert town.thread().state == "registered" and "Registrerat – avslutat" in town.karim.newest()


def test_nobody_reads_it(town: Town) -> None:
    karim_tells(town)
    town.until("2026-11-16 17:00")
    assert town.anna.sees("Meddelandet är inte läst. Läs det i dag.")
    town.until("2026-11-18 09:00")
    assert town.eva.sees("Meddelandet är fortfarande inte läst.")
    assert not town.eva.sees("kvitterat"), "the routine's omgående is not said of a pause"
    town.until("2026-12-04 09:00")
    assert town.anna.sees("Det ska vara registrerat i verksamhetssystemet senast nu.")


def test_registered_late_and_nobody_said_who_contacts_debiteringen(town: Town) -> None:
    karim_tells(town)
    town.anna.presses("Brukaren bekräftar avslutet")
    town.until("2026-12-07 10:00")
    town.anna.answers("Det är registrerat", registered_on="2026-12-07")
    assert town.thread().state == "confirmed"
    assert "Vem kontaktar debiteringen?" in town.anna.newest(), "one of them must have it"


@pytest.mark.parametrize("side", ["provider", "assessor"])
def test_one_of_them_has_debiteringen_and_the_other_cannot_say_it_is_done(town: Town, side: str) -> None:
    karim_tells(town)
    town.anna.presses("Brukaren bekräftar avslutet")
    town.until("2026-12-07 10:00")
    town.anna.answers("Det är registrerat", registered_on="2026-12-07", billing_by=side)
    assert town.thread().state == f"billing_{side}"
    owner, other = (town.karim, town.anna) if side == "provider" else (town.anna, town.karim)
    assert town.thread().owner.person_id == owner.id
    assert owner.sees("Den 4:e har passerat. Registrera, och kontakta debiteringen.")
    assert "Debiteringen är kontaktad" not in other.buttons()
    town.until("2026-12-08 09:00")
    assert owner.sees("Debiteringen ska kontaktas. Markera sedan att det är gjort.")
    owner.answers("Debiteringen är kontaktad", billed_on="2026-12-08", billed_how="phone")
    assert town.thread().state == "registered"
    assert "Registrerat – avslutat" in other.newest() and "Du har fått svar." in other.newest()


def test_it_was_never_to_be_paused(town: Town) -> None:
    karim_tells(town)
    town.karim.presses("Återkalla")
    assert "Avsändaren har återkallat meddelandet." in town.anna.newest()
