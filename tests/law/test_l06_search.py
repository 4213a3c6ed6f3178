"""L06: a case is looked up by its reference and by nothing else, and no list tells what anything is about."""

from town import Town

from cases.thread import thread_ref

CATEGORY = "Planering och utförande"  # what Karim's question is about


def asked(town: Town) -> None:
    town.karim.begins("question", "NK-2041", category="planning")
    town.karim.presses("Skicka")


def test_l06_a_case_is_found_by_its_reference_and_the_look_is_noted(town: Town) -> None:
    asked(town)
    for typed in ("NK-2041", "sök nk-2041"):
        town.anna.types(typed)
        assert thread_ref(1) in town.anna.newest() and CATEGORY not in town.anna.newest()
        row = town.rows_of("audit")[-1]
        assert (row.action, row.person_id, row.thread_id, row.case_ref) == ("search", town.anna.id, 1, "NK-2041")


def test_l06_nothing_that_is_written_can_be_searched_for(town: Town) -> None:
    asked(town)
    for words in ("planering", "sök planering och utförande", "Karim Aziz", "sök Karim Aziz", "sök Hemtjänst Norr"):
        town.anna.types(words)
        assert "Sökning" not in town.anna.newest() or "Det finns inget meddelande" in town.anna.newest(), words
    assert not [row for row in town.rows_of("audit") if (row.action, row.outcome) == ("search", "listed")]


def test_l06_no_list_tells_what_it_is_about(town: Town) -> None:
    asked(town)
    for who in town.residents.values():
        for word in ("start", "mina", "enheten", "mina ärenden", "dagen", "journal", "jour", "ej verkställda"):
            who.types(word)
            assert CATEGORY not in who.newest(), (who.key, word)
