"""Norrköping 3.2.1: a changed need that can wait. Told on Monday 16 November 2026, answered by Monday 23 November."""

from pathlib import Path

import pytest
from municipality import Municipality
from town import Town

ONLY_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
LESS_HELP = {"change_kind": "level", "direction": "decreased", "consulted": "client", "described": "both"}
KEEPS_CONTENT = '[privacy]\nmode = "visa"\ndecision_ref = "VON 1"\ndpia_ref = "VON 2"\nretention_decision_ref = "VON 3"'
HALVES = {"life_domain": "Städning", "according_to_assignment": "nivå 3", "need_now": "nivå 1"}


def karim_writes(town: Town, **changes: str) -> None:
    town.karim.begins("changed_need", "NK-2041", **LESS_HELP | changes)


def karim_tells(town: Town) -> None:
    karim_writes(town)
    town.karim.presses("Skicka")


def test_the_good_way(town: Town) -> None:
    karim_tells(town)
    assert "Ny uppgift" in town.anna.newest() and "Brådskande" not in town.anna.newest()
    assert "Behovet: Har minskat" in town.anna.newest(), "both directions are told, not only more help"
    assert "Samråd: Ja, med brukaren" in town.anna.newest()
    assert "från nivå 3 till nivå 1, och då ändras ramtiden" in town.anna.newest()
    town.anna.answers("Lämna återkoppling", action_code="adjust_decision", planned_date="2026-11-20")
    assert town.thread().is_closed
    assert town.karim.sees("Beslutet justeras")


@ONLY_SQLITE
def test_both_halves_are_demanded(database: str, tmp_path: Path) -> None:
    """What the assignment says, and how it is now: one without the other says nothing of the change."""
    town = Municipality.of(database, tmp_path / "egen", "2026-11-16 09:00", KEEPS_CONTENT).town
    karim_writes(town, life_domain="Städning", according_to_assignment="nivå 3")
    assert "Svara på frågan «Nu: hur ser behovet ut?»." in town.karim.newest()
    assert town.rows_of("thread") == []
    town.karim.presses("Fortsätt", **LESS_HELP | HALVES)
    town.karim.presses("Skicka")
    assert "nivå 1, och" in town.anna.newest() and "Städning" not in town.anna.newest(), "content waits behind «Visa»"
    town.close()


@ONLY_SQLITE
def test_where_content_stays_in_the_case_system_the_form_asks_whether_both_are_written(town: Town) -> None:
    karim_writes(town, described="")
    assert "Har du beskrivit både behovet enligt uppdraget och behovet nu i journalen?" in town.karim.newest()
    assert town.rows_of("thread") == []


@ONLY_SQLITE
def test_nobody_reads(town: Town) -> None:
    karim_tells(town)
    town.until("2026-11-16 17:00")
    assert "Meddelandet är inte läst. Läs det i dag." in town.anna.newest()
    town.until("2026-11-18 09:00")
    assert "Meddelandet är fortfarande inte läst." in town.eva.newest()
    town.until("2026-11-24 09:00")
    assert "Återkoppling saknas när rutinens tid är ute. Du är nästa i tur." in town.eva.newest()
    assert town.karim.sees("Skickat – även till nästa i tur")


@ONLY_SQLITE
def test_answered_late_it_is_still_answered(town: Town) -> None:
    karim_tells(town)
    town.anna.presses("Ta ärendet")
    town.until("2026-11-24 10:00")
    town.anna.types(town.thread().ref)
    assert "Försenat." in town.anna.newest()
    town.anna.answers("Lämna återkoppling", action_code="home_visit")
    assert town.thread().is_closed and town.karim.sees("Hembesök bokas")
    sends = town.teams.sends
    town.until("2026-12-01 09:00")
    assert town.teams.sends == sends, "then nobody is reminded any more"


@ONLY_SQLITE
def test_it_is_nobody_elses_to_know_of(town: Town) -> None:
    karim_tells(town)
    for outsider in (town.birgitta, town.sara):
        outsider.types(town.thread().ref)
        assert "Det finns inget meddelande" in outsider.newest(), outsider.key
    town.johan.types(town.thread().ref)
    assert "Har minskat" not in town.johan.newest() and "Lämna återkoppling" not in town.johan.buttons()


@ONLY_SQLITE
def test_landed_with_the_wrong_assessor_it_goes_back_and_then_to_the_right_one(town: Town) -> None:
    karim_tells(town)
    town.anna.answers("Fel mottagare", misdirected_reason="moved")
    assert town.thread().state == "misdirected"
    assert "Skicka till rätt mottagare" in town.karim.buttons()
    town.karim.answers("Skicka till rätt mottagare", right_receiver=f"needs_assessor:MYND:{town.johan.id}")
    assert "Behovet: Har minskat" in town.johan.newest()
    town.johan.answers("Lämna återkoppling", action_code="home_visit")
    assert town.thread().is_closed and town.karim.sees("Hembesök bokas")


@ONLY_SQLITE
def test_withdrawn(town: Town) -> None:
    karim_tells(town)
    town.karim.presses("Återkalla")
    assert town.thread().state == "withdrawn"
    assert town.anna.sees("Du behöver inte göra något.")


# --- where the routine points another way ----------------------------------------------------------------------------


@ONLY_SQLITE
@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("vigil", "Vak bedöms av legitimerad personal. Kontakta ansvarig vårdgivare."),
        ("time_only", "Tiden för insatser som ingår i ramtiden justeras inte om behovet är oförändrat."),
    ],
)
def test_some_things_are_not_the_assessors(town: Town, kind: str, said: str) -> None:
    town.karim.begins("changed_need", "NK-2041", change_kind=kind)
    assert said in town.karim.newest(), "at once: nothing more needs to be filled in"
    assert "Fortsätt ändå" not in town.karim.buttons()
    assert town.rows_of("thread") == [] and town.rows_of("content") == [], "nothing of it is kept"
    assert town.anna.has_heard_nothing()


@ONLY_SQLITE
@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("activity", "Aktiviteter inom beviljat livsområde och ramtid behöver inte godkännas av biståndshandläggare."),
        ("new_domain", "Nya beslut skrivs när det handlar om behov inom nya livsområden"),
    ],
)
def test_others_are_said_first_and_may_still_be_sent(town: Town, kind: str, said: str) -> None:
    karim_writes(town, change_kind=kind)
    assert said in town.karim.newest()
    assert town.rows_of("thread") == []
    town.karim.presses("Fortsätt ändå")
    town.karim.presses("Skicka")
    assert "NK-2041" in town.anna.newest()


@ONLY_SQLITE
def test_the_frame_time_tables_are_a_press_or_a_word_away(town: Town) -> None:
    karim_tells(town)
    town.anna.presses("RAM-tid")
    assert "Kvällshjälp 2 · Städning · Tvätt" in town.anna.newest()
    assert "Natthjälp · Digital tillsyn · Egenvård · Ledsagning · Avlösning" in town.anna.newest()
    town.anna.presses("Tillbaka")
    assert "Lämna återkoppling" in town.anna.buttons(), "the card is as it was"
    town.sara.types("Ramtid")
    assert "RAM-tid ska inte användas" in town.sara.newest()
    town.sara.types("hjälp")
    assert "ramtid: hjälptext: RAM-tid" in town.sara.newest()
    town.sara.types("vak")
    assert "Kontakta ansvarig vårdgivare." in town.sara.newest()
