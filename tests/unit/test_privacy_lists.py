"""What people look up shows nothing of what a message is about, whatever the flow and also where content is kept."""

from contextlib import closing

import pytest
from cards import words_of
from flow_walk import PATHS, SECRET, SENDERS, STAGED, given, opened
from privacy_town import keeping_content
from town import Town

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

LOOKS = ("start", "mina", "enheten", "mina ärenden", "dagen", "journal", "NK-2041", "jour")


def test_no_list_holds_content_or_the_name_of_a_flow(database: str) -> None:
    with closing(Town(database, record=keeping_content())) as town:
        titles = {town.record.flows[flow].title for flow in PATHS}
        for flow in PATHS.keys() - STAGED.keys():
            number = opened(town, flow, text_answers(town, flow))
            if any(steps[:1] == ["sender send"] for steps in PATHS[flow].values()):
                given(town, number, "send", town.residents[SENDERS[flow]].id)
        for who in town.residents.values():
            for look in LOOKS:
                who.types(look)
                words = words_of(who.chat()[-1].card)
                assert SECRET not in words, (who.key, look)
                assert look == "start" or not [title for title in titles if title in words], (who.key, look)
        for number in range(1, len(town.rows_of("thread")) + 1):
            for who in town.residents.values():
                assert SECRET not in str(who.forges(verb="journal", thread=number).card), (number, who.key)
                assert SECRET not in str(who.forges(verb="rule", thread=number).card), (number, who.key)


def text_answers(town: Town, flow: str) -> dict[str, str]:
    """The free texts of the form, all of them secret."""
    return {name: SECRET for name in town.record.flows[flow].sensitive_names() if name.endswith(("text", "note"))}


def test_where_content_is_kept_the_journal_text_shows_it_in_a_dialog_and_that_is_noted(database: str) -> None:
    with closing(Town(database, record=keeping_content())) as town:
        town.karim.begins("question", "NK-2041", category="assignment", question_text="Hemligt ord")
        town.karim.presses("Skicka")
        answer = town.anna.forges(verb="journal", thread=1)
        assert "Hemligt ord" not in str(answer.card), "outside a dialog nothing is shown"
        assert looks(town) == []
        shown = town.anna._turn("open", {"verb": "journal", "thread": 1})
        assert "Fråga: Hemligt ord." in str(shown.card)
        assert looks(town) == [town.anna.id]


def looks(town: Town) -> list[int]:
    """Who has looked at content, by the account."""
    return [row.person_id for row in town.rows_of("audit") if row.action == "view"]
