"""L07: no unit can learn that another has a message: neither by what is answered nor by how it is worked out."""

from cards import words_of
from told_statements import statements_of
from town import Town

from cases.thread import thread_ref

ELSEWHERE = 4711  # no such message
VERBS = ("show", "view", "do", "ask", "journal", "more", "seal", "unfold")
STRANGERS = ("birgitta", "olle", "lena", "nils")  # another provider's manager and staff, a team, the jour off duty


def test_l07_what_is_anothers_is_answered_as_what_is_not_there(town: Town) -> None:
    town.karim.begins("question", "NK-2041", category="planning")
    town.karim.presses("Skicka")
    for who in STRANGERS:
        stranger = town.residents[who]
        stranger.forges(verb="show", thread=ELSEWHERE)
        for verb in VERBS:
            found = []
            for number in (1, ELSEWHERE):
                with statements_of(town) as told:
                    answer = stranger.forges(verb=verb, thread=number, signal="take", of=str(number))
                found.append((words_of(answer.card), told))
            assert found[0] == found[1], f"{who}, {verb}: the same words, and the same told to the database"
            assert "Det finns inget meddelande med den beteckningen" in found[0][0]
        account = sorted(town.rows_of("audit"), key=lambda row: row.id)
        tried = [(row.action, row.thread_id) for row in account if row.person_id == stranger.id]
        assert tried[1:] == [("denied", 1), ("denied", None)] * len(VERBS), "every attempt stands in the account"


def test_l07_nor_by_looking_for_its_reference_or_its_case(town: Town) -> None:
    town.karim.begins("question", "NK-2041", category="planning")
    town.karim.presses("Skicka")
    for who in STRANGERS:
        stranger = town.residents[who]
        stranger.types(thread_ref(ELSEWHERE))
        for pair in ((thread_ref(1), thread_ref(ELSEWHERE)), ("NK-2041", "NK-9999")):
            found = []
            for typed in pair:
                with statements_of(town) as told:
                    stranger.types(typed)
                found.append((stranger.newest(), told))
            assert found[0] == found[1], (who, pair)
        assert not stranger.sees(thread_ref(1))
