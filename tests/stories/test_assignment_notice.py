"""Norrköping 1.2: an urgent assignment lies in the case system, and the late one is phoned as well.

The stories begin on Friday 20 November 2026; the services are to begin on Monday 23 November.
"""

from datetime import date
from pathlib import Path

import pytest
from municipality import Municipality
from people import on_call
from town import Town, instant

from reminders.predicates import phone_too
from reminders.profile import load_profile
from reminders.rules import due

ONLY_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
MONDAY = {"receiving_unit": "HT-SODER", "urgent_services": "yes", "execute_on": "2026-11-23"}


def anna_writes(town: Town, at: str = "2026-11-20 14:30", **changes: str) -> None:
    """She has sent the assignment in the case system, and writes here at once."""
    town.until(at)
    town.anna.begins("assignment_notice", "NK-2077", **MONDAY | changes)


def anna_sends_late(town: Town, at: str = "2026-11-20 14:30", **changes: str) -> None:
    anna_writes(town, at, **changes)
    town.anna.presses("Skicka och ring")


def anna_has_phoned(town: Town, clock: str, role: str = "unit_administrator", who: str = "Olle Dahl") -> None:
    town.anna.answers(
        "Ringt och fått svar", phoned_at_time=clock, answered_by_role=role, phone_answered_by=who
    )  # fmt: skip


def nils_is_on_call(town: Town, start: str, end: str) -> None:
    town.store.transaction(lambda tx: on_call(tx, town.nils.id, "HT-SODER", instant(start), instant(end)))


def test_sent_after_two_for_the_next_workday_it_is_phoned_and_the_call_is_noted(town: Town) -> None:
    anna_writes(town)
    assert "som skickas efter kl. 14.00 ska också ringas" in town.anna.newest()
    town.anna.presses("Skicka och ring")
    assert "Ring också Hemtjänst Söder, 08-465 004 02." in town.anna.newest()
    assert "Brådskande: nytt meddelande" in town.olle.newest()
    assert "Ett uppdrag finns i verksamhetssystemet. Läs det där och kvittera här." in town.olle.newest()

    town.until("2026-11-20 14:36")
    anna_has_phoned(town, "14:35")
    assert town.thread().is_closed
    assert "Ringt: fre 20 nov kl. 14.35" in town.anna.newest() and "Svarade: Olle Dahl" in town.anna.newest()
    assert "Svarade som: Administratör" in town.anna.newest()
    assert town.olle.sees("Uppdraget är meddelat per telefon.")


@ONLY_SQLITE
@pytest.mark.parametrize(
    ("sent", "execute_on", "rings"),
    [
        ("2026-11-20 14:00", "2026-11-23", True),  # exactly two o'clock is after
        ("2026-11-21 10:00", "2026-11-23", True),  # on a Saturday nobody reads
        ("2026-12-23 15:00", "2026-12-28", True),  # over Christmas, the next workday
        ("2026-11-20 13:55", "2026-11-23", False),
    ],
)
def test_when_a_call_is_owed(town: Town, sent: str, execute_on: str, rings: bool) -> None:
    anna_writes(town, sent, execute_on=execute_on)
    assert ("Skicka och ring" in town.anna.buttons()) == rings
    assert ("Skicka" in town.anna.buttons()) != rings


@ONLY_SQLITE
@pytest.mark.parametrize("changes", [{"execute_on": "2026-11-24"}, {"urgent_services": "no"}])
def test_of_what_is_not_urgent_only_the_assignment_is_sent(town: Town, changes: dict[str, str]) -> None:
    anna_writes(town, **changes)
    assert "vid nya beslut skickas bara uppdraget" in town.anna.newest()
    assert not {"Skicka", "Skicka och ring"} & set(town.anna.buttons())
    town.anna.presses("Kasta utkastet")
    assert town.olle.has_heard_nothing()


@ONLY_SQLITE
def test_unless_the_municipality_wants_a_notice_of_every_assignment(database: str, tmp_path: Path) -> None:
    kept = Municipality.of(database, tmp_path / "egen", "2026-11-16 09:00", '[assignments]\nnotice = "always"').town
    anna_writes(kept, urgent_services="no")
    kept.anna.presses("Skicka")
    assert "Ett uppdrag finns i verksamhetssystemet." in kept.olle.newest()
    kept.until("2026-11-23 14:00")
    assert "Funktionsbrevlådans lästid har gått" in kept.olle.newest()
    kept.olle.presses("Uppdraget är mottaget")
    assert kept.thread().state == "received"
    kept.close()


@ONLY_SQLITE
def test_receipted_before_half_past_two_nobody_needs_to_ring(town: Town) -> None:
    anna_writes(town, "2026-11-20 13:55")
    town.anna.presses("Skicka")
    town.olle.presses("Uppdraget är mottaget")
    assert town.thread().is_closed and town.anna.sees("Hemtjänsten har tagit emot uppdraget.")
    sends = town.teams.sends
    town.until("2026-11-24 09:00")
    assert town.teams.sends == sends


@ONLY_SQLITE
def test_unread_at_half_past_two_the_assessor_is_asked_to_ring(town: Town) -> None:
    anna_writes(town, "2026-11-20 13:55")
    town.anna.presses("Skicka")
    town.until("2026-11-20 14:29")
    assert "Ring också" not in town.anna.newest()
    town.until("2026-11-20 14:30")
    assert "Uppdraget är inte kvitterat. Ring, så att det når fram." in town.anna.newest()
    assert "Ring också Hemtjänst Söder, 08-465 004 02." in town.anna.newest()
    town.olle.presses("Uppdraget är mottaget")
    assert town.thread().is_closed, "the routine did not demand this call, so a receipt is enough"


@ONLY_SQLITE
def test_a_receipt_here_does_not_replace_the_call(town: Town) -> None:
    anna_sends_late(town)
    town.olle.presses("Uppdraget är mottaget")
    assert "Rutinen säger att du ringer ändå." in town.anna.newest()
    assert town.thread().state == "to_phone"
    assert "Uppdraget är mottaget" not in town.olle.buttons()
    anna_has_phoned(town, "14:30")
    assert town.thread().is_closed


@ONLY_SQLITE
def test_nobody_rings(town: Town) -> None:
    """She is reminded, then her lead, then whoever is on call for the unit; and again the next workday."""
    nils_is_on_call(town, "2026-11-20 17:00", "2026-11-23 07:00")
    anna_sends_late(town, "2026-11-20 16:40")
    town.until("2026-11-20 16:55")
    assert "Du ska också ringa om uppdraget." in town.anna.newest()
    assert town.eva.has_heard_nothing()
    town.until("2026-11-20 17:25")
    assert "Ett uppdrag som också ska ringas är inte ringt än." in town.eva.newest()
    assert town.nils.has_heard_nothing()
    town.until("2026-11-20 17:40")
    assert "Ett uppdrag finns i verksamhetssystemet och ingen har ringt om det. Läs det." in town.nils.newest()
    town.until("2026-11-23 09:00")
    assert "är inte ringt än" in town.anna.newest(), "until it is done"
    anna_has_phoned(town, "09:00")
    assert town.thread().is_closed, "late is better than never"


@ONLY_SQLITE
@pytest.mark.parametrize(
    ("at", "number"),
    [
        ("2026-11-20 16:59", "Ring också Hemtjänst Söder, 08-465 004 02."),
        ("2026-11-20 17:00", "Ring också jouren, 070-174 06 05."),
        ("2027-06-01 16:30", "Ring också jouren, 070-174 06 05."),  # June to August the office closes at four
        ("2026-12-24 10:00", "Ring också jouren, 070-174 06 05."),  # Christmas Eve
    ],
)
def test_whom_to_ring(town: Town, at: str, number: str) -> None:
    """D05: chef, gruppledare or administratör by day, else the on-call supervisor."""
    town.clock.time = instant(at)
    town.anna.begins("assignment_notice", "NK-2077", **MONDAY | {"execute_on": at[:10]})
    town.anna.presses("Skicka och ring")
    assert number in town.anna.newest()


@ONLY_SQLITE
def test_nobody_answered_and_she_is_reminded_again(town: Town) -> None:
    anna_sends_late(town)
    town.until("2026-11-20 14:40")
    town.anna.answers("Ringt utan svar", tried_at_time="14:39")
    assert town.thread().state == "to_phone" and "Ringt utan svar: fre 20 nov kl. 14.39" in town.anna.newest()
    town.until("2026-11-20 14:54")
    assert "Du ska också ringa" not in town.anna.newest(), "a quarter of an hour from the attempt"
    town.until("2026-11-20 14:55")
    assert "Du ska också ringa om uppdraget." in town.anna.newest()


@ONLY_SQLITE
def test_sent_to_the_wrong_unit_it_comes_back_and_the_right_one_is_rung(town: Town) -> None:
    anna_sends_late(town, receiving_unit="HT-NORR")
    town.birgitta.types(town.thread().ref)
    assert "Det finns inget meddelande" in town.birgitta.newest()
    town.karim.answers("Fel mottagare", misdirected_reason="not_my_case")
    assert "Ring också" not in town.anna.newest(), "not the unit that it does not concern"
    town.anna.presses("Skicka till rätt mottagare")
    town.anna.presses("Skicka till rätt mottagare", right_receiver="function_mailbox:HT-SODER:")
    assert "Ring också Hemtjänst Söder, 08-465 004 02." in town.anna.newest()
    assert "NK-2077" in town.olle.newest()
    anna_has_phoned(town, "14:30")
    assert town.thread().is_closed


@ONLY_SQLITE
def test_withdrawn_before_the_call(town: Town) -> None:
    anna_sends_late(town)
    town.anna.presses("Återkalla")
    assert town.olle.sees("Du behöver inte göra något.")
    sends = town.teams.sends
    town.until("2026-11-24 09:00")
    assert town.teams.sends == sends


def test_the_two_places_that_say_half_past_two_agree() -> None:
    """The rule of the routine and the reminder of ours are two rules in the profile."""
    profile = load_profile("norrkoping")
    duty = phone_too(instant("2026-11-20 13:55"), date(2026, 11, 23), profile)
    assert due("assignment_unread", instant("2026-11-20 13:55"), profile).soft == duty.ask_if_unread_at
