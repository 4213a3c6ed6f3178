"""What people look up: what waits for them, for their unit and in their cases, and a case by its reference."""

from copy import deepcopy
from datetime import timedelta

import pytest
from cards import actions_of
from people import leaves
from town import Resident, Town

from cases.thread import thread_ref
from dialogs.menu import BY_WORD

ONLY_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

URGENT = {"need_category": "toilet", "extra_help_start_date": "2026-11-16", "extra_help_start_time": "07:30",
          "noticed_by_role": "care_worker"}  # fmt: skip


def sends_urgent(who: Resident, case: str = "NK-2041") -> str:
    who.begins("urgent_lasting", case, **URGENT)
    who.presses("Skicka")
    return thread_ref(len(who.town.rows_of("thread")))


def asks(who: Resident, case: str = "NK-2041") -> str:
    who.begins("question", case, category="assignment")
    who.presses("Skicka")
    return thread_ref(len(who.town.rows_of("thread")))


def searched(town: Town) -> list[tuple[int, str, int | None, str]]:
    """Who looked for what: the rows of the account."""
    return [
        (row.person_id, row.outcome, row.thread_id, "" if row.thread_id else row.case_ref)
        for row in town.rows_of("audit")
        if row.action == "search"
    ]


# --- mine, the unit's, my cases ------------------------------------------------------------------------------------


@ONLY_SQLITE
def test_mine_is_what_waits_for_me_and_the_unit_sees_the_rest(town: Town) -> None:
    urgent, question = sends_urgent(town.sara), asks(town.karim)
    town.karim.types("mina")
    assert question in town.karim.newest() and urgent not in town.karim.newest()
    town.karim.types("enheten")
    assert town.karim.newest().index(urgent) < town.karim.newest().index(question), "what is due first stands first"
    assert "Hos Anna Berg" in town.karim.newest()
    town.anna.types("mina ärenden")
    assert urgent in town.anna.newest() and question in town.anna.newest()
    town.birgitta.types("enheten")
    assert "Din enhet har inget öppet just nu." in town.birgitta.newest()


@ONLY_SQLITE
def test_a_limited_need_is_nothing_that_the_assessor_can_list_before_day_four(town: Town) -> None:
    town.sara.begins(
        "urgent_limited", "NK-2041", day1="2026-11-16", need_category="toilet", noticed_by_role="care_worker"
    )
    town.sara.presses("Börja räkna dagarna")
    for word in ("mina", "enheten", "mina ärenden", "sök NK-2041"):
        town.anna.types(word)
        assert thread_ref(1) not in town.anna.newest(), word
    town.sara.types("mina")
    assert thread_ref(1) in town.sara.newest()


@ONLY_SQLITE
def test_what_somebody_else_has_taken_from_the_queue_is_not_mine(town: Town) -> None:
    question = asks(town.anna, "NK-2077")
    for who in (town.olle, town.birgitta):
        who.types("mina")
        assert question in who.newest()
    town.olle.types(question)
    town.olle.presses("Ta ärendet")
    town.olle.types("mina")
    assert "Taget" in town.olle.newest()
    town.birgitta.types("mina")
    assert question not in town.birgitta.newest()
    town.birgitta.types("enheten")
    assert question in town.birgitta.newest() and "Hos Olle Dahl" in town.birgitta.newest()


@ONLY_SQLITE
def test_a_list_is_turned_page_by_page(town: Town) -> None:
    refs = [asks(town.karim) for _ in range(9)]
    town.karim.types("mina")
    assert [ref for ref in refs if ref in town.karim.newest()] == refs[:8]
    town.karim.presses("Nästa sida")
    assert refs[8] in town.karim.newest() and refs[0] not in town.karim.newest()
    assert "Nästa sida" not in town.karim.buttons()
    town.karim.presses("Förra sidan")
    assert refs[0] in town.karim.newest()


@ONLY_SQLITE
def test_an_assessor_is_told_how_much_is_unread_and_not_what(town: Town) -> None:
    asks(town.karim)
    sends_urgent(town.sara)
    town.anna.types("start")
    assert "2 olästa. Ansvarig biståndshandläggare läser meddelanden varje arbetsdag." in town.anna.newest()
    town.anna.types(thread_ref(1))
    town.anna.presses("Läst")
    town.anna.types("start")
    assert "1 oläst." in town.anna.newest()
    asks(town.anna, "NK-2077")
    town.olle.types("start")
    assert "läses vardagar minst kl. 09.00–14.00. (Norrköping 1.1)" in town.olle.newest()


# --- a case by its reference ---------------------------------------------------------------------------------------


def test_a_case_is_found_by_its_reference_also_what_has_ended(town: Town) -> None:
    ended, still_open = asks(town.karim), sends_urgent(town.sara)
    town.anna.types(ended)
    town.anna.answers("Lämna återkoppling", action_code="home_visit")
    for typed in ("NK-2041", "sök nk-2041", "Sök NK-2041"):
        town.anna.types(typed)
        words = town.anna.newest()
        assert words.index(still_open) < words.index(ended) and "Avslutat mån 16 nov" in words, typed
    assert searched(town)[:2] == [(town.anna.id, "listed", 1, ""), (town.anna.id, "listed", 2, "")]
    town.anna.presses(f"Öppna {ended}")
    assert "Hembesök bokas" in town.anna.newest()


@ONLY_SQLITE
def test_a_case_of_somebody_else_is_answered_as_one_that_does_not_exist(town: Town) -> None:
    sends_urgent(town.sara)
    answers = []
    for typed in ("NK-2041", "sök NK-2041", "NK-9999", "sök någon annan"):
        town.johan.types(typed)
        answers.append(town.johan.chat()[-1].card)
    assert all(card == answers[0] for card in answers)
    assert [row[1:] for row in searched(town)] == [("nothing", None, known) for known in ("NK-2041", "NK-2041", "", "")]


@ONLY_SQLITE
def test_what_is_not_theirs_leaves_no_page_behind(town: Town) -> None:
    for _ in range(8):
        asks(town.karim)
    own = asks(town.olle)
    town.olle.types("NK-2041")
    assert own in town.olle.newest() and "Nästa sida" not in town.olle.buttons()


@ONLY_SQLITE
def test_a_search_with_a_personnummer_is_refused_and_written_nowhere(town: Town) -> None:
    town.karim.types("sök 19121212-1212")
    assert "Personnummer får inte skrivas här" in town.karim.newest()
    assert searched(town) == []


# --- the menu ------------------------------------------------------------------------------------------------------


@ONLY_SQLITE
def test_the_start_card_holds_few_buttons_and_all_the_persons_own_flows(town: Town) -> None:
    for who, role in (("sara", "care_worker"), ("karim", "team_lead"), ("anna", "needs_assessor")):
        resident = town.residents[who]
        resident.types("start")
        blocks = [block for block in resident.chat()[-1].card["body"] if actions_of(block)]
        assert all(len(actions_of(block)) <= 6 for block in blocks), "a client folds the seventh away"
        assert len(resident.chat()[-1].card["actions"]) <= 6
        on = town.record.profiles["norrkoping"].section("flows").on
        mine = [flow for name, flow in town.record.flows.items() if name in on and role in flow.senders]
        by_word = {flow.title for flow in mine if flow.group in BY_WORD}
        assert titles_behind(resident) == {flow.title for flow in mine} - by_word, who
        resident.types("hjälp")
        assert by_word and all(title in resident.newest() for title in by_word), "what is seldom needed is on Hjälp"


def titles_behind(resident: Resident) -> set[str]:
    """The flows on the start card, and those behind each of its groups."""
    card = deepcopy(resident.chat()[-1].card)
    found = {action["title"] for action in actions_of(card) if action["data"]["verb"] == "new"}
    for action in actions_of(card):
        if action["data"]["verb"] == "group":
            answer = resident.forges(**action["data"])
            found |= {one["title"] for one in actions_of(answer.card) if one["data"]["verb"] == "new"}
    return found


@ONLY_SQLITE
def test_the_day_of_a_unit_counts_and_names_no_case(town: Town) -> None:
    sends_urgent(town.sara)
    asks(town.anna, "NK-2042")
    town.maria.types("dagen")
    words = town.maria.newest()
    assert "Hemtjänst Norr" in words and "NK-20" not in words
    assert "Ska göras i dag: 2" in words and "Öppet i allt: 2" in words
    assert "Har kommit in och ingen har tagit: 1" in words
    assert "Frånvaro: ingen har gått in för en kollega" in words
    town.until("2026-11-24 09:00")
    town.maria.types("dagen")
    assert "Försenat: 1" in town.maria.newest() or "Försenat: 2" in town.maria.newest()
    town.sara.types("dagen")
    assert "Dagen är för dig som leder en enhet" in town.sara.newest()


@ONLY_SQLITE
def test_what_is_only_to_be_read_is_somebodys_once_it_is_read(town: Town) -> None:
    town.lena.begins("handover_simplified", "NK-2041", handover_date="2026-11-20")
    town.lena.presses("Meddela överlämningen")
    for count in (1, 0):
        town.eva.types("dagen")
        assert f"Har kommit in och ingen har tagit: {count}" in town.eva.newest()
        if count:
            town.anna.presses("Kvittera")


@ONLY_SQLITE
def test_who_has_left_has_no_lists(town: Town) -> None:
    sends_urgent(town.sara)
    town.store.transaction(lambda tx: leaves(tx, town.anna.id))
    town.clock.time += timedelta(minutes=1)
    town.anna.types("mina ärenden")
    assert thread_ref(1) not in town.anna.newest()
