"""Nödåtkomst: reading a colleague's thread in an emergency, with a reason, for an hour; the manager hears next day.

It is Monday 16 November 2026 at 09.00. Karim and Sara work in Hemtjänst Norr, Anna, Johan and Eva at the authority,
and Olle and Birgitta in Hemtjänst Söder, which has no part in anything here.
"""

from typing import Any

import pytest
from cards import words_of
from sqlalchemy import update
from test_lists import sends_urgent
from test_lists_sent import passes, time_passes
from town import Resident, Town

from cases import tables as t
from cases.directory import roster_changed
from cases.thread import thread_ref

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

LIST = "Kontrollera: åtkomst. Öppna Stafett."
NO_SUCH = "Det finns inget meddelande"


def breaks(who: Resident, ref: str, reason: str = "danger") -> None:
    who.types(f"nöd {ref}")
    who.presses("Öppna för läsning", glass_reason=reason)


def account(town: Town, action: str) -> list[tuple[Any, ...]]:
    return [(row.person_id, row.thread_id, row.reason) for row in town.rows_of("audit") if row.action == action]


def test_with_a_reason_it_can_be_read_for_an_hour_and_the_manager_hears_the_day_after(town: Town) -> None:
    time_passes(town, "2026-11-16 09:00")
    ref = sends_urgent(town.karim)
    town.johan.types(ref)
    assert "NK-2041" not in town.johan.newest(), "it is Anna's"
    town.johan.types(f"nöd {ref}")
    assert "NK-2041" not in town.johan.newest()
    town.johan.presses("Öppna för läsning")
    assert "Svara på frågan" in town.johan.newest() and town.rows_of("break_glass") == []
    town.johan.presses("Öppna för läsning", glass_reason="danger")
    words = town.johan.newest()
    assert "NK-2041" in words and "Du läser till kl. 10.00." in words and town.johan.moves() == ["Stäng"]
    assert account(town, "open") == [(town.johan.id, 1, "danger")]
    time_passes(town, "2026-11-17 06:59")
    assert LIST not in town.eva.toasts()
    time_passes(town, "2026-11-17 07:00")
    assert town.eva.toasts()[-1] == LIST
    told = f"Johan Nyman läste {ref} mån 16 nov kl. 09.00. Någon kan komma till skada om det väntar."
    assert told in town.eva.newest() and "NK-2041" not in town.eva.newest()
    town.eva.types("dagen")
    assert told in town.eva.newest(), "it stands on Dagen too"
    assert LIST not in town.anna.toasts() + town.johan.toasts() + town.birgitta.toasts() + town.maria.toasts()


def test_it_is_for_reading_and_nothing_else_and_ends_by_itself(town: Town) -> None:
    ref = sends_urgent(town.karim)
    breaks(town.johan, ref)
    before = town.thread().version
    for signal in ("take", "answer", "read", "withdraw", "forward"):
        town.johan.forges(verb="do", thread=1, signal=signal)
    for verb in ("show", "view", "journal", "more", "rule"):
        assert "NK-2041" not in words_of(town.johan.forges(verb=verb, thread=1).card)
    assert town.thread().version == before
    assert "NK-2041" in words_of(town.johan.forges(verb="glass_read", of=ref).card)
    town.until("2026-11-16 10:00")
    assert NO_SUCH in words_of(town.johan.forges(verb="glass_read", of=ref).card)


@pytest.mark.parametrize("who", ["birgitta", "sara", "nils"])
def test_to_everybody_else_it_is_as_if_it_were_not_there(town: Town, who: str) -> None:
    """Another provider, a role of the very unit that the profile does not name, and the jour without a pass."""
    ref, nothing = sends_urgent(town.karim), thread_ref(777)
    stranger = town.residents[who]
    answers = []
    for one in (ref, nothing):
        stranger.types(f"nöd {one}")
        asked = stranger.newest().replace(one, "ST")
        stranger.presses("Öppna för läsning", glass_reason="danger")
        answers.append((asked, stranger.newest()))
    assert answers[0] == answers[1] and NO_SUCH in answers[0][1]
    assert account(town, "denied") == [(stranger.id, 1, "no_relation"), (stranger.id, None, "unknown")]
    assert town.rows_of("break_glass") == []


def test_the_jour_only_during_the_pass(town: Town) -> None:
    """Anna has asked the other unit; the night's jour of Hemtjänst Söder may read it, and no longer than the pass."""
    town.anna.begins("question", "NK-2077", category="assignment")
    town.anna.presses("Skicka")
    ref = town.thread().ref
    role = update(t.role).where(t.role.c.person_id == town.nils.id).values(unit_id="HT-SODER")
    town.store.transaction(lambda tx: (tx.execute(role), roster_changed(tx)))
    passes(town, town.nils, "2026-11-16 17:00", "2026-11-16 17:30", unit="HT-SODER")
    breaks(town.nils, ref)
    assert NO_SUCH in town.nils.newest()
    town.until("2026-11-16 17:10")
    breaks(town.nils, ref)
    assert "NK-2077" in town.nils.newest()
    town.until("2026-11-16 17:30")
    assert NO_SUCH in words_of(town.nils.forges(verb="glass_read", of=ref).card), "the pass ends before the hour"


@pytest.mark.parametrize("role", ["auditor", "profile_admin"])
def test_who_sees_to_the_register_or_the_account_sees_no_case(town: Town, role: str) -> None:
    """In the very unit that has it: neither the card, nor in a list, nor in an emergency."""
    ref = sends_urgent(town.karim)
    other = update(t.role).where(t.role.c.person_id == town.johan.id).values(role=role)
    town.store.transaction(lambda tx: (tx.execute(other), roster_changed(tx)))
    for words in (ref, "mina", "enheten", "mina ärenden", "dagen", "sök NK-2041", "behörigheter"):
        town.johan.types(words)
        assert "NK-2041" not in town.johan.newest().replace("sök NK-2041", "") and ref not in town.johan.newest()
    breaks(town.johan, ref)
    assert NO_SUCH in town.johan.newest()


def test_a_draft_is_its_senders_alone(town: Town) -> None:
    town.anna.begins("question", "NK-2077", category="assignment")
    breaks(town.johan, town.thread().ref)
    assert NO_SUCH in town.johan.newest()


def test_of_a_manager_another_one_hears(town: Town) -> None:
    """Johan is the authority's manager now, to whom such things are told, and opens one himself: Eva hears of it."""
    town.anna.begins("question", "NK-2077", category="assignment")
    town.anna.presses("Skicka")
    time_passes(town, "2026-11-16 09:00")
    role = update(t.role).where(t.role.c.person_id == town.johan.id).values(role="unit_manager")
    town.store.transaction(lambda tx: (tx.execute(role), roster_changed(tx)))
    breaks(town.johan, town.thread().ref, "unreachable")
    time_passes(town, "2026-11-17 07:00")
    assert LIST in town.eva.toasts() and LIST not in town.johan.toasts() + town.birgitta.toasts()
    assert "Den som har meddelandet kan inte nås, och det kan inte vänta." in town.eva.newest()


def test_who_steps_in_for_a_colleague_is_on_the_same_list(town: Town) -> None:
    time_passes(town, "2026-11-16 09:00")
    ref = sends_urgent(town.karim)
    town.johan.types(ref)
    town.johan.answers("Gå in för kollega", cover_reason="ill")
    time_passes(town, "2026-11-17 07:00")
    assert f"Johan Nyman gick in för Anna Berg i {ref} mån 16 nov kl. 09.00. Kollegan är sjuk" in town.eva.newest()


def test_before_a_weekend_it_is_told_on_monday_to_whoever_leads_then(town: Town) -> None:
    time_passes(town, "2026-11-20 18:00")
    ref = sends_urgent(town.karim)
    breaks(town.johan, ref)
    lead = update(t.role).where(t.role.c.person_id == town.eva.id).values(role="needs_assessor")
    new = update(t.role).where(t.role.c.person_id == town.anna.id).values(role="lead_needs_assessor")
    town.store.transaction(lambda tx: (tx.execute(lead), tx.execute(new), roster_changed(tx)))
    time_passes(town, "2026-11-22 12:00")
    assert LIST not in town.eva.toasts() + town.anna.toasts()
    time_passes(town, "2026-11-23 07:00", "2026-11-23 07:01")
    assert LIST in town.anna.toasts() and LIST not in town.eva.toasts()


def test_the_word_alone_says_how(town: Town) -> None:
    town.johan.types("nöd")
    assert "nöd ST-7F3KQ9" in town.johan.newest() and town.johan.moves() == ["Till start"]
