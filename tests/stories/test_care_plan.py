"""The care plan: Norrköping 2.2 within three weeks, Stockholm signed within fifteen days. Monday 16 November 2026."""

import pytest
from sqlalchemy import Connection, update
from town import Town

from cases import tables as t
from cases.directory import roster_changed

sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def sara_is_the_contact(town: Town, case_ref: str = "NK-2041") -> None:
    """The roster names Sara as the fixed care contact of the case."""

    def work(tx: Connection) -> None:
        case = t.care_case
        tx.execute(update(case).where(case.c.case_ref == case_ref).values(fixed_contact_id=town.sara.id))
        roster_changed(tx)

    town.store.transaction(work)


def in_stockholm(town: Town) -> None:
    def work(tx: Connection) -> None:
        tx.execute(update(t.unit).values(profile="stockholm"))
        roster_changed(tx)

    town.store.transaction(work)


def asked_for(town: Town, day: str = "2026-11-16") -> None:
    """Karim, who leads the group, sees to it that the plan is made."""
    sara_is_the_contact(town)
    town.karim.begins("care_plan", "NK-2041", execution_date=day)
    town.karim.presses("Skicka")


def test_the_good_way(town: Town) -> None:
    asked_for(town)
    assert "En genomförandeplan ska göras" in town.sara.newest() and town.maria.has_heard_nothing()
    assert "senast mån 7 dec" in town.sara.newest() and "Norrköping 2.2" in town.sara.newest()
    town.until("2026-11-30 09:00")
    assert town.sara.sees("Genomförandeplanen ska snart vara klar.")
    town.sara.answers("Planen är klar", completed_on="2026-11-30")
    assert town.thread().state == "completed"
    assert "Genomförandeplanen är klar." in town.karim.newest()
    heard = town.teams.sends
    town.until("2026-12-14 09:00")
    assert town.teams.sends == heard


@sqlite
class TestInTheUnit:
    def test_without_a_named_contact_it_lies_in_the_units_queue(self, town: Town) -> None:
        town.maria.begins("care_plan", "NK-2041", execution_date="2026-11-16")
        town.maria.presses("Skicka")
        assert town.karim.sees("En genomförandeplan ska göras") and town.anna.has_heard_nothing()

    def test_the_contact_who_starts_it_is_not_told_of_their_own_doing(self, town: Town) -> None:
        town.store.transaction(
            lambda tx: tx.execute(update(t.role).where(t.role.c.person_id == 1).values(role="fixed_care_contact"))
        )
        town.store.transaction(roster_changed)
        sara_is_the_contact(town)
        town.sara.begins("care_plan", "NK-2041", execution_date="2026-11-16")
        town.sara.presses("Skicka")
        town.sara.answers("Planen är klar", completed_on="2026-11-16")
        assert town.thread().is_closed and not town.sara.sees("Genomförandeplanen är klar.\n")

    def test_nobody_acts(self, town: Town) -> None:
        """Days 14 and 19 for whoever makes it; on day 21 the manager as well, and then every working day."""
        asked_for(town)
        town.until("2026-12-05 12:00")
        assert town.sara.sees("Genomförandeplanen ska snart vara klar.") and town.maria.has_heard_nothing()
        town.until("2026-12-07 12:00")
        for one in (town.sara, town.maria):
            assert one.sees("I dag är sista dagen för genomförandeplanen."), one.key
        town.until("2026-12-09 12:00")
        assert "Meddelandet är fortfarande öppet." in town.sara.newest()
        assert "Försenat." in town.sara.newest()

    def test_late_it_is_done_all_the_same(self, town: Town) -> None:
        asked_for(town, "2026-10-19")
        assert town.sara.sees("I dag är sista dagen") or "Försenat." in town.sara.newest()
        town.sara.answers("Planen är klar", completed_on="2026-11-16")
        assert town.thread().is_closed

    def test_a_wrong_day_is_put_right_and_counted_anew(self, town: Town) -> None:
        asked_for(town)
        town.karim.answers("Ändra datum", execution_date="2026-11-23")
        assert "senast mån 14 dec" in town.sara.newest()
        assert town.thread().deadlines["plan"].round == 2

    def test_what_stands_in_the_way_is_told_to_the_manager_and_reminders_go_on(self, town: Town) -> None:
        asked_for(town)
        town.sara.answers("Blir inte klar i tid", hinder_reason="client_away")
        assert "Genomförandeplanen blir inte klar i tid." in town.maria.newest()
        assert "Brukaren är inte hemma under tiden" in town.maria.newest()
        town.until("2026-11-30 09:00")
        assert town.sara.sees("Genomförandeplanen ska snart vara klar.")

    def test_the_wrong_person_gives_it_back_and_a_colleague_gets_it(self, town: Town) -> None:
        asked_for(town)
        town.sara.answers("Fel mottagare", misdirected_reason="moved")
        assert town.thread().state == "misdirected"
        town.karim.answers("Skicka till rätt mottagare", right_receiver="unit_manager:HT-NORR:3")
        assert "En genomförandeplan ska göras" in town.maria.newest()
        town.maria.answers("Planen är klar", completed_on="2026-11-16")
        assert town.thread().is_closed

    def test_taken_up_again_it_counts_from_where_it_counted(self, town: Town) -> None:
        """The three weeks are from when the help began, not from when somebody put a mistake right."""
        asked_for(town, "2026-11-02")
        last_day = town.thread().deadlines["plan"].hard_at
        town.until("2026-11-20 10:00")
        town.karim.presses("Återkalla")
        town.karim.answers("Öppna igen", reopen_reason="mistake")
        assert town.thread().deadlines["plan"].hard_at == last_day
        assert "senast mån 23 nov" in town.sara.newest()

    def test_somebody_outside_the_unit_can_do_nothing(self, town: Town) -> None:
        asked_for(town)
        for stranger in (town.olle, town.lena, town.johan):
            answer = stranger.forges(thread=1, signal="complete", version=town.thread().version)
            assert answer.message is not None or answer.card is not None
        assert town.thread().state == "running"

    def test_withdrawn(self, town: Town) -> None:
        asked_for(town)
        town.karim.presses("Återkalla")
        assert town.thread().state == "withdrawn" and "återkallat" in town.sara.newest()
        heard = town.teams.sends
        town.until("2026-12-14 09:00")
        assert town.teams.sends == heard


@sqlite
class TestInStockholm:
    """D21: signed within fifteen days from when the order came; then the assessor looks at it."""

    def test_the_good_way(self, town: Town) -> None:
        in_stockholm(town)
        sara_is_the_contact(town)
        town.karim.begins("care_plan_signed", "NK-2041", order_received="2026-11-02")
        town.karim.presses("Skicka")
        assert "senast tis 17 nov" in town.sara.newest()
        town.sara.presses("Planen är påbörjad och inlagd")
        assert town.thread().state == "begun" and town.anna.has_heard_nothing()
        town.sara.answers("Planen är underskriven", signed_on="2026-11-16", matched_order="yes")
        assert "Följ upp att beställningen är rätt uppfattad." in town.anna.newest()
        assert town.thread().owner is not None and town.thread().owner.person_id == town.anna.id
        town.until("2026-11-30 09:00")
        assert town.anna.sees("Följ upp att utföraren har uppfattat beställningen på rätt sätt.")
        for own in (town.karim, town.maria, town.sara):
            assert "Uppföljt" not in own.buttons(), "they wrote the plan; the assessor follows it up"
        town.anna.answers("Uppföljt", order_understood="yes")
        assert town.thread().is_closed and "Handläggaren har följt upp" in town.karim.newest()

    def test_nobody_signs(self, town: Town) -> None:
        in_stockholm(town)
        sara_is_the_contact(town)
        town.karim.begins("care_plan_signed", "NK-2041", order_received="2026-11-09")
        town.karim.presses("Skicka")
        town.until("2026-11-24 12:00")
        for one in (town.sara, town.maria):
            assert one.sees("I dag är sista dagen att skriva under genomförandeplanen."), one.key
        town.until("2026-11-25 12:00")
        assert "Meddelandet är fortfarande öppet." in town.sara.newest()
