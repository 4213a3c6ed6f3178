"""Norrköping 5.7 by day: an urgent need of somebody who has no home care. Monday 16 November 2026 at 09.00."""

import pytest
from nights import moment, phoned
from town import Town

on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def karim_reports(town: Town, case_ref: str = "") -> None:
    noticed = moment("noticed_at", town.clock.time)
    town.karim.begins("urgent_new_case", case_ref, reported_by="next_of_kin", **noticed)
    town.karim.presses("Skicka")


def test_looked_into_at_once_granted_and_rung(town: Town) -> None:
    karim_reports(town)
    assert "Brådskande: nytt meddelande" in town.anna.newest() and town.anna.chat()[-1].alerted
    assert town.eva.has_heard_nothing()
    town.anna.presses("Ta emot ärendet")
    town.anna.presses("Lämna besked om hjälpen")
    town.anna.presses("Lämna besked om hjälpen", continued_help="granted")
    assert "hemtjänst ska ge hjälpen" in town.anna.newest(), "who is to give it is asked, since somebody is to be rung"
    town.anna.presses("Lämna besked om hjälpen", continued_help="granted", receiving_unit="HT-SODER")
    assert town.thread().state == "to_phone"
    assert "08-465 004 02" in town.anna.newest(), "the unit that is to give the help, not the one that wrote"
    town.anna.answers("Jag har ringt", **phoned(town, "enhetschef"))
    assert town.karim.sees("Handläggaren har lämnat besked om hjälp.") and town.karim.sees("Hemtjänst Söder")
    town.anna.presses("Uppdraget är skickat")
    assert town.thread().is_closed and town.thread().state == "decided"


@on_sqlite
def test_nobody_takes_it(town: Town) -> None:
    karim_reports(town)
    town.until("2026-11-16 09:11")
    assert "Ring" in town.karim.newest()
    town.until("2026-11-16 09:20")
    assert "Du är nästa i tur." in town.eva.newest()
    town.eva.answers("Lämna besked om hjälpen", continued_help="refused")
    assert town.thread().state == "decided", "no help has begun, so there is nobody to ring"
    assert town.karim.sees("Nej, hjälp beviljas inte")


@on_sqlite
def test_not_known_yet_is_reminded_of(town: Town) -> None:
    karim_reports(town)
    town.anna.answers("Lämna besked om hjälpen", continued_help="needs_assessment")
    assert town.thread().state == "assessing"
    town.until("2026-11-16 13:00")
    assert "Utred omgående." in town.anna.newest()
    town.until("2026-11-18 09:00")
    assert "Det saknas besked om hjälp." in town.eva.newest()
    town.anna.answers("Lämna besked om hjälpen", continued_help="granted", receiving_unit="HT-NORR")
    assert town.thread().state == "to_phone"


@on_sqlite
def test_late_in_the_evening_it_says_whom_to_ring(town: Town) -> None:
    town.until("2026-11-16 18:00")
    town.karim.types("ny")
    town.karim.presses("Nej")
    assert "Under jourtid: ring jourhavande arbetsledare" in town.karim.newest()
    town.karim.presses("Avbryt")
    karim_reports(town)
    assert town.karim.sees("Behövs ny hjälp nu – ring jouren")
    assert not town.anna.chat()[-1].alerted


@on_sqlite
def test_only_the_assessors_of_the_authority_may_decide(town: Town) -> None:
    karim_reports(town)
    town.olle.types(town.thread().ref)
    assert "Det finns inget meddelande med den beteckningen" in town.olle.newest()
    town.maria.forges(verb="do", thread=1, signal="decide", continued_help="refused")
    assert town.thread().state == "sent"


@on_sqlite
def test_called_off(town: Town) -> None:
    karim_reports(town)
    town.karim.presses("Mer …")
    town.karim.presses("Återkalla")
    assert town.thread().state == "withdrawn" and town.anna.sees("Avsändaren har återkallat meddelandet.")
