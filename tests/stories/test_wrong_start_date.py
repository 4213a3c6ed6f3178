"""Norrköping 3.4: a wrong verkställighetsdatum. Hemtjänsten corrects it before the 4th; then the assessor may too."""

import pytest
from town import Town

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
WRONG = {"error": "wrong_date", "registered_start": "2026-11-02", "right_start": "2026-11-09"}
NEVER = {"error": "never_performed", "registered_start": "2026-11-02"}


def karim_finds(town: Town, **answers: str) -> None:
    town.karim.begins("wrong_start_date", "NK-2041", **answers)
    town.karim.presses("Skicka")


def anna_finds(town: Town, **answers: str) -> None:
    town.anna.begins("wrong_start_date", "NK-2041", **answers)
    town.anna.presses("Skicka")


def test_hemtjansten_finds_and_corrects_by_itself_and_nobody_is_troubled(town: Town) -> None:
    town.karim.begins("wrong_start_date", "NK-2041", **WRONG)
    assert "Ingen mottagare" not in town.karim.newest(), "they do it themselves"
    assert "Meddelas om datumet inte är rättat i tid: Anna Berg, biståndshandläggare" in town.karim.newest()
    town.karim.presses("Skicka")
    assert town.thread().state == "correcting" and town.anna.has_heard_nothing()
    assert "senast tor 3 dec" in town.karim.newest(), "before the 4th"
    town.karim.answers("Datumet är rättat", registered_on="2026-11-16")
    assert town.thread().state == "registered" and town.anna.has_heard_nothing()


def test_the_assessor_finds_it_and_hemtjansten_corrects(town: Town) -> None:
    anna_finds(town, **WRONG)
    assert "Rätt datum: mån 9 nov 2026" in town.karim.newest()
    town.maria.answers("Datumet är rättat", registered_on="2026-11-16")
    assert town.thread().state == "registered" and "Du har fått svar." in town.anna.newest()


def test_the_right_date_is_demanded_only_for_a_wrong_one(town: Town) -> None:
    town.karim.begins("wrong_start_date", "NK-2041", error="wrong_date", registered_start="2026-11-02")
    assert town.rows_of("thread") == [] and town.karim.sees("Vilket datum är rätt?")
    karim_finds(town, **NEVER)
    assert town.thread().state == "removing"


def test_the_earlier_of_the_two_months_counts(town: Town) -> None:
    karim_finds(town, error="wrong_date", registered_start="2026-12-01", right_start="2026-11-30")
    assert "senast tor 3 dec" in town.karim.newest()


def test_the_3rd_passes_and_on_the_4th_it_is_the_assessors_too(town: Town) -> None:
    karim_finds(town, **WRONG)
    town.until("2026-12-03 09:00")
    assert town.karim.sees("Datumet ska vara rättat i dag.")
    town.until("2026-12-04 06:59")
    assert town.anna.has_heard_nothing()
    town.until("2026-12-04 07:00")
    assert town.thread().state == "assessor_corrects" and town.thread().owner.person_id == town.anna.id
    assert "Datumet är inte rättat i tid." in town.anna.newest()
    assert town.karim.sees("Tiden för er att rätta själva har gått ut.")

    town.anna.answers("Datumet är rättat", registered_on="2026-12-04")
    assert town.thread().state == "registered", "the 4th itself is no case for debiteringen"
    assert "Du har fått svar." in town.karim.newest()
    assert "Du har fått svar." not in town.anna.newest(), "who did it is not told of it"


def test_after_the_4th_either_contacts_debiteringen_and_one_of_them_has_it(town: Town) -> None:
    karim_finds(town, **WRONG)
    town.until("2026-12-05 09:00")
    town.until("2026-12-07 08:00")
    assert town.anna.sees("Den 4:e har passerat. Registrera, och kontakta debiteringen.")
    town.karim.answers("Datumet är rättat", registered_on="2026-12-07", billing_by="provider")
    assert town.thread().state == "billing_provider" and town.thread().owner.person_id == town.karim.id
    town.until("2026-12-09 09:00")
    assert town.maria.sees("Debiteringen är inte kontaktad än."), "their manager, when it is left undone"
    town.karim.answers("Debiteringen är kontaktad", billed_on="2026-12-09", billed_how="case_system")
    assert town.thread().state == "registered" and "Registrerat – avslutat" in town.anna.newest()


def test_found_when_it_is_already_too_late(town: Town) -> None:
    karim_finds(town, error="wrong_date", registered_start="2026-10-05", right_start="2026-10-12")
    assert town.thread().state == "assessor_corrects"
    assert town.anna.sees("kontakta debiteringen")
    town.anna.answers("Datumet är rättat", registered_on="2026-11-16", billing_by="assessor")
    assert town.thread().state == "billing_assessor" and town.thread().owner.person_id == town.anna.id


def test_what_the_assessor_owes_debiteringen_is_not_hemtjanstens_to_tick(town: Town) -> None:
    karim_finds(town, error="wrong_date", registered_start="2026-10-05", right_start="2026-10-12")
    town.anna.answers("Datumet är rättat", registered_on="2026-11-16", billing_by="assessor")
    assert "Debiteringen är kontaktad" not in town.karim.may() and "Debiteringen är kontaktad" in town.anna.may()


def test_started_on_paper_and_never_performed(town: Town) -> None:
    """The assessor removes the start and ends the service, and hemtjänsten is told."""
    anna_finds(town, **NEVER)
    assert town.thread().state == "removing" and town.thread().owner.person_id == town.anna.id
    assert "Verkställigheten tas bort av biståndshandläggaren" in town.karim.newest()
    assert "Datumet är rättat" not in town.karim.buttons()
    town.until("2026-11-17 09:00")
    assert town.karim.sees("Meddelandet är inte läst. Läs det i dag.")
    town.karim.presses("Läst")
    town.anna.answers("Verkställigheten är borttagen", registered_on="2026-11-17")
    assert town.thread().state == "registered" and "Registrerat – avslutat" in town.karim.newest()


def test_hemtjansten_finds_that_it_was_never_performed(town: Town) -> None:
    karim_finds(town, **NEVER)
    assert "Insatsen är verkställd men har aldrig utförts" in town.anna.newest()
    assert "borttagen" not in " ".join(town.karim.buttons())
    town.until("2026-12-04 09:00")
    assert town.anna.sees("Det ska vara registrerat i verksamhetssystemet senast nu.")
    town.anna.answers("Verkställigheten är borttagen", registered_on="2026-12-04")
    assert town.thread().state == "registered"


def test_it_comes_back_to_the_sender_and_is_sent_to_whom_it_concerns(town: Town) -> None:
    karim_finds(town, **NEVER)
    town.anna.answers("Fel mottagare", misdirected_reason="not_my_case")
    town.karim.presses("Skicka till rätt mottagare")
    choice = next(item for item in town.karim.chat()[-1].card["body"] if item.get("id") == "right_receiver")
    johan = next(one["value"] for one in choice["choices"] if "Johan" in one["title"])
    town.karim.presses("Skicka till rätt mottagare", right_receiver=johan)
    assert town.thread().state == "removing" and town.thread().owner.person_id == town.johan.id


def test_called_off(town: Town) -> None:
    anna_finds(town, **WRONG)
    town.anna.presses("Återkalla")
    assert "Avsändaren har återkallat meddelandet." in town.karim.newest()
    sends = town.teams.sends
    town.until("2026-12-08 10:00")
    assert town.teams.sends == sends
