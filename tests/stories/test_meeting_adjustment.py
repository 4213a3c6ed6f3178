"""Justering efter biståndsmöte: the decision is adjusted within ten working days, the meeting's day being day one, or
the time from before the meeting stands (Östhammar, D26). The meeting was on Monday 16 November 2026."""

from collections.abc import Iterator

import pytest
from osthammar_town import osthammar
from sqlalchemy import Connection, update
from town import Town

from cases import tables as t
from cases.case_given import hand_over
from cases.directory import roster_changed

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

STANDS = "Beslutet har inte justerats inom 10 arbetsdagar. Tiden för insatsen före biståndsmötet kvarstår."
SOON = "Två arbetsdagar kvar att justera beslutet efter biståndsmötet."
LAST_DAY = "Sista dagen att justera beslutet efter biståndsmötet."


@pytest.fixture
def town(database: str) -> Iterator[Town]:
    with osthammar(database, "2026-11-16 13:00") as made:
        yield made


def holder(town: Town) -> int | None:
    owner = town.thread().owner
    return owner.person_id if owner is not None else None


def opened(town: Town, what: str = "adjust") -> None:
    town.anna.begins("meeting_adjustment", "NK-2041", meeting_day="2026-11-16", meeting_action=what)
    town.anna.presses("Lägg till åtgärden")


def adjusted(town: Town, on: str) -> None:
    town.anna.answers("Beslutet är justerat", decided_on=on, valid_from="2026-12-01")


def test_the_decision_is_adjusted_and_the_unit_plans_by_it(town: Town) -> None:
    opened(town)
    assert "Bevaka om beslutet justeras" in town.maria.newest() and "senast fre 27 nov" in town.maria.newest()
    assert holder(town) == town.anna.id
    town.maria.presses("Läst")
    town.until("2026-11-17 10:00")
    adjusted(town, "2026-11-17")
    assert "Beslutet är justerat. Planera efter den nya tiden." in town.maria.newest()
    assert town.disa.sees("Planera efter den nya tiden."), "the planner plans by the ordered time"
    assert "uppdateras om utförandet förändras" in town.maria.newest()
    town.maria.answers("Planerat efter beslutet", care_plan_updated="updated")
    assert town.thread().state == "done"
    town.maria.presses("Journaltext")
    assert "Beslutet är justerat tis 17 nov 2026 och gäller från tis 1 dec 2026." in repr(town.maria.chat()[-1].card)
    town.until("2026-12-14 12:00")
    assert not town.maria.sees(STANDS) and not town.anna.sees(SOON)


def test_nobody_adjusts_it_and_both_are_told_that_the_old_time_stands(town: Town) -> None:
    opened(town)
    town.until("2026-11-25 08:59")
    assert not town.anna.sees(SOON)
    town.until("2026-11-25 09:00")
    assert town.anna.sees(SOON) and town.maria.sees(SOON), "the routine lets the unit manager watch it too"
    town.until("2026-11-27 09:00")
    assert town.anna.sees(LAST_DAY) and town.maria.sees(LAST_DAY)
    town.until("2026-11-30 08:59")
    assert town.thread().state == "open" and not town.maria.sees(STANDS)
    town.until("2026-11-30 09:00")
    assert town.thread().state == "lapsed"
    assert STANDS in town.maria.newest() and STANDS in town.anna.newest()
    assert town.maria.toasts()[-1].startswith("Information")
    town.maria.presses("Läst – tiden kvarstår")
    assert town.thread().state == "stands"


def test_who_does_not_read_that_the_old_time_stands_is_reminded(town: Town) -> None:
    opened(town)
    town.until("2026-12-01 09:00")
    assert town.maria.sees("Meddelandet är inte läst. Läs det i dag.")
    assert town.thread().state == "lapsed"


def test_adjusted_too_late_it_is_still_told(town: Town) -> None:
    opened(town)
    town.until("2026-11-30 10:00")
    adjusted(town, "2026-11-30")
    assert town.thread().state == "adjusted" and "adjusted_late" in town.thread().marks
    assert "Beslutet är justerat i efterhand." in town.maria.newest()
    town.until("2026-12-01 09:00")
    assert town.maria.sees("Planera efter det justerade beslutet")


def test_no_adjustment_is_needed_after_a_call(town: Town) -> None:
    opened(town, "phone")
    town.anna.presses("Ingen justering behövs")
    assert "Ingen justering behövs. Tiden före biståndsmötet kvarstår." in town.maria.newest()
    town.maria.presses("Läst – tiden kvarstår")
    assert town.thread().state == "stands"
    town.anna.answers("Öppna igen", reopen_reason="mistake")
    adjusted(town, "2026-11-16")
    assert town.thread().state == "adjusted"


def test_it_reaches_the_wrong_unit_and_the_time_runs_on(town: Town) -> None:
    opened(town)
    town.maria.answers("Fel mottagare", misdirected_reason="moved")
    assert town.thread().state == "misdirected" and "Skicka till rätt mottagare" in town.anna.moves()
    town.anna.answers("Skicka till rätt mottagare", right_receiver="function_mailbox:HT-SODER:")
    assert town.thread().state == "open" and "Bevaka" not in town.birgitta.newest()
    assert holder(town) == town.anna.id
    town.until("2026-11-30 09:00")
    assert town.birgitta.sees(STANDS) and town.olle.sees(STANDS)


def test_given_back_and_left_lying_it_lapses_all_the_same(town: Town) -> None:
    opened(town)
    town.maria.answers("Fel mottagare", misdirected_reason="moved")
    town.until("2026-11-30 09:00")
    assert town.thread().state == "lapsed" and town.anna.sees(STANDS) and town.maria.sees(STANDS)


def test_a_colleague_steps_in_and_somebody_else_cannot_see_it(town: Town) -> None:
    opened(town)
    town.johan.types(town.thread().ref)
    town.johan.answers("Gå in för kollega", cover_reason="ill")
    town.johan.answers("Beslutet är justerat", decided_on="2026-11-16", valid_from="2026-11-23")
    assert town.thread().state == "adjusted"
    town.ylva.types(town.thread().ref)
    assert "Det finns inget meddelande" in town.ylva.newest()


def test_the_case_gets_another_assessor_who_then_has_it(town: Town) -> None:
    opened(town)

    def roster_says(tx: Connection) -> None:
        known = t.care_case.c.case_ref == "NK-2041"
        tx.execute(update(t.care_case).where(known).values(responsible_id=town.johan.id))
        hand_over(tx, ["NK-2041"], town.clock.care())
        roster_changed(tx)

    town.store.transaction(roster_says)
    town.settle()
    assert "Du är nu ansvarig handläggare." in town.johan.newest()
    town.until("2026-11-27 09:00")
    assert town.johan.sees(LAST_DAY) and not town.anna.sees(LAST_DAY)


def test_struck_and_taken_up_again(town: Town) -> None:
    opened(town)
    town.anna.presses("Stryk åtgärden")
    assert town.thread().state == "withdrawn" and town.maria.sees("Avsändaren har återkallat meddelandet.")
    town.until("2026-11-20 10:00")
    town.anna.answers("Öppna igen", reopen_reason="mistake")
    town.until("2026-11-30 09:00")
    assert town.thread().state == "lapsed", "the time is counted from the meeting, as before"


def test_a_meeting_on_a_closed_day_is_refused(town: Town) -> None:
    town.anna.begins("meeting_adjustment", "NK-2041", meeting_day="2026-11-14", meeting_action="adjust")
    assert "inte är en arbetsdag" in town.anna.newest() and not town.rows_of("thread")
    town.anna.presses("Fortsätt", meeting_day="2026-11-16")
    town.anna.answers("Ändra", meeting_day="2026-11-15")
    town.anna.presses("Lägg till åtgärden")
    assert "inte är en arbetsdag" in town.anna.newest() and town.thread().state == "draft"


def test_a_meeting_moved_after_it_should_have_begun_counts_from_the_day_it_is_held(town: Town) -> None:
    town.anna.types("biståndsmöte")
    town.anna.presses(
        "Fortsätt", receiving_unit="HT-NORR", starts_date="2026-11-23", starts_time="09:00", mode="on_site"
    )
    town.anna.presses("Kalla till mötet")
    town.anna.answers("Skicka ärendelistan", cases="NK-2041")
    town.until("2026-11-23 09:30")
    assert town.thread().state == "begun"
    town.anna.answers("Flytta mötet", starts_date="2026-11-24", starts_time="09:00", mode="on_site")
    assert town.thread().state == "ready" and "Mötet är flyttat." in town.maria.newest()
    town.until("2026-11-24 09:00")
    assert town.thread().state == "begun"
    town.anna.answers("Skriv in utfall", **{"outcomes:NK-2041": "adjust"})
    (opened,) = [row for row in town.rows_of("thread") if row.flow == "meeting_adjustment"]
    assert town.thread(opened.id).deadlines["adjustment"].basis == "2026-11-24"
    assert "Flytta mötet" not in town.anna.may(), "what has an outcome has been held"
