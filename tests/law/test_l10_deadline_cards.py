"""L10: every card with a time says weekday, date, clock time, why in plain words, and whose it is."""

import re
from collections.abc import Callable

import pytest
from test_drafts import BEGIN
from town import Resident, Town

TIME = re.compile(r"senast (?:mån|tis|ons|tors|fre|lör|sön) \d{1,2} [a-z]{3,4} kl\. \d\d\.\d\d")


def karim_asks(town: Town) -> Resident:
    town.karim.begins("question", "NK-2041", category="planning")
    town.karim.presses("Skicka")
    return town.anna


def sara_is_in_a_hurry(town: Town) -> Resident:
    town.sara.begins("urgent_lasting", "NK-2041", **BEGIN["urgent_lasting"][1])
    town.sara.presses("Skicka")
    return town.anna


def anna_gives_an_assignment(town: Town) -> Resident:
    town.until("2026-11-16 15:00")
    town.anna.begins(
        "assignment_notice", "NK-2077", receiving_unit="HT-SODER", urgent_services="yes", execute_on="2026-11-17"
    )  # fmt: skip
    town.anna.presses("Skicka och ring")
    return town.anna


@pytest.mark.parametrize("begins", [karim_asks, sara_is_in_a_hurry, anna_gives_an_assignment])
def test_l10_a_time_is_whole_has_a_reason_and_an_owner(town: Town, begins: Callable[[Town], Resident]) -> None:
    owner = begins(town)
    words = owner.newest()
    assert TIME.search(words), words
    assert "Ligger nu hos: dig" in words
    owner.presses("Varför?")
    told = owner.newest()
    assert TIME.search(told), told
    assert "Källa: Norrköping" in told or "Det är Stafetts eget förval." in told, (
        "the routine's word or our own, said which"
    )
    assert len(told.partition("Så är det räknat")[2]) > 40, "how it was counted, in words"


def test_l10_whoever_waits_sees_whom_it_lies_with(town: Town) -> None:
    karim_asks(town)
    assert "Ligger nu hos: Anna Berg" in town.karim.newest()
    town.anna.presses("Ta ärendet")
    assert "Ligger nu hos: Anna Berg" in town.karim.newest() and TIME.search(town.karim.newest())
