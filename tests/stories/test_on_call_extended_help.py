"""Norrköping 5.5 and 5.6: the jour sets in more help in a case that goes on, and hemtjänst tells the assessor."""

from collections.abc import Iterator

import pytest
from nights import extends, moment, pass_of
from town import Town

on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def town(database: str) -> Iterator[Town]:
    """Friday 20 November 2026 at 22.00; Nils is on call until Monday at 07.00."""
    made = Town(database, "2026-11-20 22:00")
    pass_of(made, "2026-11-20 17:00", "2026-11-23 07:00")
    yield made
    made.close()


def test_the_unit_passes_it_on_and_it_counts_from_when_the_help_began(town: Town) -> None:
    extends(town)
    assert town.thread().state == "with_unit" and town.anna.has_heard_nothing(), "the unit tells her, not the jour"
    town.until("2026-11-23 07:00")
    assert "Ni ansvarar för att meddela handläggaren." in town.karim.newest()
    assert "senast mån 23 nov kl. 17.00" in town.karim.newest(), "påföljande vardag"
    town.karim.presses("Meddela handläggaren")
    assert town.thread(1).state == "relayed"
    told = town.thread(2)
    assert (told.flow, told.state, told.parent_id) == ("urgent_lasting", "sent", 1)
    assert told.values["extra_help_start"] == town.thread(1).values["extra_help_start"]
    assert "dateras beslutet från fre 20 nov" in town.anna.newest()
    town.anna.presses("Ta ärendet")
    town.anna.answers("Lämna återkoppling", action_code="adjust_decision")
    assert town.thread(2).is_closed and town.karim.sees("Beslutet justeras")


@on_sqlite
def test_a_shorter_need_is_counted_from_the_first_night(town: Town) -> None:
    extends(town, expected="limited")
    town.until("2026-11-23 07:00")
    assert "Handläggaren är inte meddelad" in town.karim.newest() or "Enheten har inte" in town.karim.newest()
    town.karim.presses("Börja räkna dagarna")
    told = town.thread(2)
    assert (told.flow, told.values["day1"]) == ("urgent_limited", "2026-11-20"), "the local date of the first help"
    assert told.state == "day_four_due", "Friday, Saturday, Sunday: Monday is day 4"
    town.karim.presses("Behovet kvarstår")
    assert "dateras beslutet från dag 4, mån 23 nov" in town.anna.newest()


@on_sqlite
def test_the_unit_does_nothing(town: Town) -> None:
    extends(town)
    town.until("2026-11-23 09:00")
    assert "Handläggaren är inte meddelad" in town.karim.newest() and town.maria.sees("NK-2041")
    town.until("2026-11-23 13:00")
    assert "Enheten har inte meddelat handläggaren" in town.maria.newest()
    assert town.thread().state == "not_relayed"
    town.until("2026-11-24 07:00")
    assert "Tiden för att meddela handläggaren har gått ut. Meddela ändå." in town.maria.newest()
    assert town.anna.has_heard_nothing(), "it stays inside hemtjänst, as the routine has it"
    town.until("2026-11-25 09:00")
    assert "fortfarande öppet" in town.karim.newest(), "and it does not fall silent"
    town.maria.presses("Meddela handläggaren")
    assert town.anna.sees("dateras beslutet från fre 20 nov"), "late is still dated from when it began"


@on_sqlite
def test_it_goes_to_the_unit_of_the_case_and_nobody_else_passes_it_on(town: Town) -> None:
    extends(town, "NK-2077")
    town.until("2026-11-23 07:00")
    assert town.olle.sees("NK-2077"), "the case is Söder's, though Nils was on call for Norr"
    town.karim.forges(verb="do", thread=1, signal="relay")
    town.sara.forges(verb="do", thread=1, signal="relay")
    assert town.thread().state == "with_unit" and len(town.rows_of("thread")) == 1
    town.olle.presses("Meddela handläggaren")
    assert town.thread(2).sender_unit_id == "HT-SODER"


@on_sqlite
def test_gone_in_the_morning(town: Town) -> None:
    extends(town, expected="limited")
    town.until("2026-11-21 09:00")
    town.karim.presses("Behovet har upphört")
    assert town.thread().state == "need_ended" and town.anna.has_heard_nothing()
    assert len(town.rows_of("thread")) == 1


@on_sqlite
def test_called_off_by_the_jour(town: Town) -> None:
    extends(town)
    town.nils.presses("Mer …")
    town.nils.presses("Återkalla")
    assert town.thread().state == "withdrawn"
    sends = town.teams.sends
    town.until("2026-11-25 09:00")
    assert town.teams.sends <= sends + 1, "the unit hears once that it is called off, and nothing after"


@on_sqlite
def test_by_day_it_is_the_units_own_message(town: Town) -> None:
    pass_of(town, "2026-11-23 07:00", "2026-11-23 17:00")
    town.until("2026-11-23 15:30")
    town.nils.begins(
        "on_call_extended_help", "NK-2041", expected="lasting", noticed_by_role="night",
        **moment("extra_help_start", town.clock.time),
    )  # fmt: skip
    assert town.nils.sees("den här tiden är kontoret öppet")
    assert town.rows_of("thread") == []


@on_sqlite
def test_a_draft_that_was_never_sent_is_found_by_the_unit_at_opening(town: Town) -> None:
    town.nils.begins(
        "on_call_extended_help", "NK-2041", expected="lasting", noticed_by_role="night",
        **moment("extra_help_start", town.clock.time),
    )  # fmt: skip
    town.until("2026-11-23 07:00")
    assert "Jouren har ett utkast om insatt hjälp som inte är skickat." in town.karim.newest()
    town.karim.presses("Skicka")
    town.karim.presses("Meddela handläggaren")
    assert town.anna.sees("dateras beslutet från fre 20 nov")
