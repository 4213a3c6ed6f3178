"""Who has which role, gone through twice a year; and the looks of a month, for whoever answers for those who made them.

It is Monday 16 November 2026 at 09.00. Maria leads Hemtjänst Norr, Birgitta Hemtjänst Söder.
"""

import pytest
from cards import words_of
from sqlalchemy import insert, update
from test_lists_sent import time_passes
from town import Town, instant

from cases import tables as t
from cases.directory import roster_changed

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

REVIEW = "Gå igenom behörigheter. Öppna Stafett."
CHECKS = "Kontrollera: månadens åtkomst. Öppna Stafett."


def reviewed(town: Town) -> list[tuple[int, str]]:
    return [(row.person_id, row.reason) for row in town.rows_of("audit") if row.signal == "reviewed"]


def test_twice_a_year_the_manager_goes_through_it_and_ticks(town: Town) -> None:
    time_passes(town, "2026-12-31 12:00", "2027-01-04 06:59")
    assert REVIEW not in town.maria.toasts()
    time_passes(town, "2027-01-04 07:00")
    words = "\n".join(message_words(town, "maria"))
    assert REVIEW in town.maria.toasts() and "Sara Lind" in words and "omvårdnadspersonal, från registret" in words
    assert REVIEW not in town.karim.toasts() + town.sara.toasts()
    town.maria.presses("Granskad")
    assert town.maria.sees("Du har gått igenom listan för jan 2027.")
    done = [unit for who, unit in reviewed(town) if who == town.maria.id]
    assert len(done) == 1 and town.maria.toasts().count(REVIEW) == 2, "her own unit, and the manager of the other"
    time_passes(town, "2027-01-20 07:00")
    assert town.maria.toasts().count(REVIEW) == 3, "of what she has ticked she is not reminded"
    assert town.birgitta.toasts().count(REVIEW) == 4 and town.olle.toasts().count(REVIEW) == 0


def test_nobody_goes_through_their_own(town: Town) -> None:
    """Maria's is Birgitta's to go through, and the other way round: both are of the municipality."""
    town.maria.types("behörigheter")
    assert "Välj enhet." in town.maria.newest()
    town.maria.presses("Hemtjänst Norr")
    assert "Sara Lind" in town.maria.newest() and "Maria Ek" not in town.maria.newest()
    assert "Din egen behörighet går någon annan igenom." in town.maria.newest()
    town.birgitta.types("behörigheter")
    town.birgitta.presses("Hemtjänst Norr")
    assert "Maria Ek" in town.birgitta.newest() and "Sara Lind" not in town.birgitta.newest()


def test_another_provider_sees_nothing_of_it(town: Town) -> None:
    private = update(t.unit).where(t.unit.c.id == "HT-NORR").values(provider_kind="privat_lov")
    town.store.transaction(lambda tx: (tx.execute(private), roster_changed(tx)))
    town.birgitta.types("behörigheter")
    assert "Hemtjänst Norr" not in town.birgitta.newest() and "Maria Ek" not in town.birgitta.newest()
    town.eva.types("behörigheter")
    assert "Hemtjänst Norr" in town.eva.buttons(), "its only manager is the authority's to go through"
    for who in (town.birgitta, town.sara, town.olle):
        who.forges(verb="reviewed", unit="HT-NORR")
    assert reviewed(town) == []


def test_it_says_where_each_role_comes_from_and_when_it_was_last_used(town: Town) -> None:
    asked = insert(t.role).values(
        person_id=town.sara.id, unit_id="HT-NORR", role="planner", source="request", since=instant("2026-11-02 10:00"),
        until=instant("2026-12-31 23:59"), thread_id=5,
    )  # fmt: skip
    admin = insert(t.role).values(person_id=town.karim.id, unit_id="MYND", role="profile_admin")
    group = update(t.role).where(t.role.c.person_id == town.nils.id).values(source="group")
    for one in (asked, admin, group):
        town.store.transaction(lambda tx, one=one: (tx.execute(one), roster_changed(tx)))
    silent = update(t.conversation).where(t.conversation.c.person_id == town.nils.id)
    town.store.transaction(lambda tx: tx.execute(silent.values(seen_at=instant("2026-06-01 10:00"))))
    town.maria.types("behörigheter")
    town.maria.presses("Hemtjänst Norr")
    words = town.maria.newest()
    assert "planerare, sedan mån 2 nov 2026, till och med tor 31 dec 2026, från ansökan ST-" in words
    assert "jourhavande arbetsledare, från grupp i Entra ID, har inte använt Stafett sedan mån 1 juni 2026" in words
    assert "gruppledare, från registret, senast i Stafett mån 16 nov 2026, sköter också registret" in words


def test_each_month_the_looks_that_want_a_question_come_to_the_manager(town: Town) -> None:
    time_passes(town, "2026-11-16 09:00")
    town.karim.begins("question", "NK-2041", category="assignment")
    town.karim.presses("Skicka")
    ref = town.thread().ref
    town.johan.types(f"nöd {ref}")
    town.johan.presses("Öppna för läsning", glass_reason="system_down")
    time_passes(town, "2026-12-01 06:59")
    assert CHECKS not in town.eva.toasts()
    time_passes(town, "2026-12-01 07:00")
    words = "\n".join(message_words(town, "eva"))
    assert CHECKS in town.eva.toasts() and "Nödåtkomst: 1" in words and f"Johan Nyman: {ref}" in words
    assert "Verksamhetssystemet ligger nere" in words and "NK-2041" not in words.partition("Kontrollera åtkomst")[2]
    assert CHECKS not in town.maria.toasts(), "of a month in which there is nothing no list comes"


def message_words(town: Town, who: str) -> list[str]:
    return [words_of(message.card) for message in town.residents[who].chat()]
