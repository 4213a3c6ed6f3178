"""Two journals, one exchange: the text for each, who has said that it is written, and the list of what is not."""

from contextlib import closing

import pytest
from alembic import command
from people import leaves
from sqlalchemy import Connection
from test_lists import asks, sends_urgent
from town import Town, instant

from cases.store import migrations

HEARD = "Påminnelse: journalföring. Öppna Stafett."
ONLY_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def answered(town: Town) -> str:
    """Karim asks, Anna answers; the reference."""
    ref = asks(town.karim)
    town.until("2026-11-16 10:15")
    town.anna.types(ref)
    town.anna.answers("Lämna återkoppling", action_code="home_visit")
    return ref


@ONLY_SQLITE
def test_each_side_gets_its_own_text(town: Town) -> None:
    ref = answered(town)
    town.karim.types(ref)
    town.karim.presses("Journaltext")
    provider = town.karim.newest()
    assert "För utförarjournalen." in provider
    assert "2026-11-16 09.00 Från: Karim Aziz, gruppledare, Hemtjänst Norr. Till: Anna Berg, bistånd" in provider
    assert "Meddelande enligt Norrköping 1.1 lämnat." in provider and "Åtgärd: Hembesök bokas." in provider
    assert "Taget av Anna Berg 2026-11-16 10.15." in provider
    assert f"Antecknat av Karim Aziz, gruppledare, 2026-11-16. Källa: Stafett {ref}, ärende NK-2041." in provider
    town.anna.types(ref)
    town.anna.presses("Journaltext")
    authority = town.anna.newest()
    assert "För myndighetsjournalen." in authority and "inkommet från Hemtjänst Norr." in authority
    assert "Antecknat av Anna Berg, biståndshandläggare" in authority


@ONLY_SQLITE
def test_a_tick_is_for_ones_own_unit_and_can_be_taken_back(town: Town) -> None:
    ref = answered(town)
    town.karim.types(ref)
    town.karim.presses("Journaltext")
    town.karim.presses("Journalfört")
    assert "Hemtjänst Norr: journalfört av Karim Aziz i dag kl. 10.15" in town.karim.newest()
    assert "Myndigheten äldreomsorg: inte journalfört än" in town.karim.newest()
    (row,) = town.rows_of("journaled")
    assert (row.thread_id, row.unit_id, row.person_id) == (1, "HT-NORR", town.karim.id)
    town.maria.types(ref)
    town.maria.presses("Journaltext")
    town.maria.forges(verb="journaled", thread=1)
    assert [row.person_id for row in town.rows_of("journaled")] == [town.karim.id], "who said so first stays"
    town.karim.presses("Ta bort bocken")
    assert town.rows_of("journaled") == []
    assert [row.outcome for row in town.rows_of("audit") if row.action == "journal"] == [
        "ticked", "ticked", "unticked",
    ]  # fmt: skip


@ONLY_SQLITE
def test_nobody_else_reads_or_ticks(town: Town) -> None:
    answered(town)
    for verb in ("journal", "journaled", "rule"):
        answer = town.birgitta.forges(verb=verb, thread=1)
        assert "NK-2041" not in str(answer.card)
    assert town.rows_of("journaled") == []
    assert [row.reason for row in town.rows_of("audit") if row.action == "denied"] == ["no_relation"] * 3


@ONLY_SQLITE
def test_a_draft_is_nothing_to_journal(town: Town) -> None:
    town.karim.begins("question", "NK-2041", category="assignment")
    assert "Journaltext" not in town.karim.buttons()
    answer = town.karim.forges(verb="journaled", thread=1)
    assert "Inget har skickats" in str(answer.card)
    assert town.rows_of("journaled") == []


def monday(town: Town, local: str = "2026-11-23 09:00") -> None:
    """Time passes until Monday, and the lists of the week are worked out."""
    town.do(town.occasions.look())
    town.until(local)
    town.do(town.occasions.look())
    town.settle()


def test_the_week_begins_with_what_is_not_journaled(town: Town) -> None:
    ref = answered(town)
    monday(town)
    for who in (town.karim, town.anna):
        assert who.toasts()[-1] == HEARD
        assert "Avslutat men inte journalfört" in who.newest() and ref in who.newest()
    assert "inte journalfört" not in town.maria.newest(), "Karim has it"
    assert "inte journalfört" not in town.johan.newest()
    town.karim.presses("Journaltext")
    town.karim.presses("Journalfört")
    town.until("2026-11-30 09:00")
    town.do(town.occasions.look())
    town.settle()
    assert town.karim.toasts().count(HEARD) == 1, "hemtjänst is up to date"
    assert town.anna.toasts().count(HEARD) == 2


@ONLY_SQLITE
def test_nobody_is_asked_to_journal_what_ended_before_there_was_a_list(town: Town) -> None:
    answered(town)

    def upgraded(tx: Connection) -> None:
        command.downgrade(migrations(tx), "0009_tick_what_is_journaled")
        command.upgrade(migrations(tx), "head")

    town.store.transaction(upgraded)
    monday(town)
    town.anna.types("journal")
    assert HEARD not in town.karim.toasts() and "är journalfört." in town.anna.newest()


@ONLY_SQLITE
def test_the_list_comes_once_however_often_it_is_worked_out(town: Town) -> None:
    answered(town)
    monday(town)
    for _ in range(3):
        assert town.do(town.occasions.look()) == 0
        town.clock.time += instant("2026-11-23 09:01") - instant("2026-11-23 09:00")
        town.settle()
    assert [row.status for row in town.rows_of("errand")] == ["sent", "sent"]


@ONLY_SQLITE
def test_when_monday_is_closed_the_list_comes_the_next_working_day(database: str) -> None:
    with closing(Town(database, "2027-03-25 09:00")) as town:  # skärtorsdag; annandag påsk is the Monday after
        ref = asks(town.karim)
        town.anna.types(ref)
        town.anna.answers("Lämna återkoppling", action_code="home_visit")
        monday(town, "2027-03-29 12:00")
        assert HEARD not in town.anna.toasts()
        town.until("2027-03-30 09:00")
        town.do(town.occasions.look())
        town.settle()
        assert town.anna.toasts().count(HEARD) == 1


@ONLY_SQLITE
def test_what_nobody_is_left_to_journal_is_told_to_whoever_leads(town: Town) -> None:
    answered(town)
    town.store.transaction(lambda tx: leaves(tx, town.karim.id))
    monday(town)
    assert "Avslutat men inte journalfört" in town.maria.newest()


@ONLY_SQLITE
def test_the_unwritten_is_listed_for_whoever_asks(town: Town) -> None:
    ref = answered(town)
    sends_urgent(town.sara)
    town.maria.types("journal")
    assert ref in town.maria.newest() and "Öppna ST" in town.maria.newest()
    town.birgitta.types("journal")
    assert "Allt som har avslutats de senaste 90 dagarna är journalfört." in town.birgitta.newest()
