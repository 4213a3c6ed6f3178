"""Several reminders to one person at the same time are one card, which says how many and nothing of any of them."""

from typing import Any

from cards import actions_of, words_of
from test_drafts import BEGIN
from town import Town

from bot.channel.errors import Passing

CASES = ("NK-2041", "NK-2077")


def asks(town: Town, times: int) -> None:
    """Karim asks Anna about her case so many times, and she has read them all."""
    for _ in range(times):
        town.karim.begins("question", "NK-2041", category="planning")
        town.karim.presses("Skicka")


def reminders(town: Town, who: str) -> list[Any]:
    wanted = town.residents[who].id
    rows = [row for row in town.rows_of("outbox") if row.person_id == wanted and row.original_due_at is not None]
    return [row for row in rows if row.kind == "message"]


def digests(town: Town, who: str) -> list[Any]:
    return [message for message in town.residents[who].chat() if message.toast.startswith("Påminnelse: ")]


def test_reminders_of_the_same_morning_come_in_one_card(town: Town) -> None:
    asks(town, 3)
    before = len(town.anna.chat())
    town.until("2026-11-16 17:00")
    (card,) = digests(town, "anna")
    assert len(town.anna.chat()) == before + 1
    assert card.toast == "Påminnelse: 3 uppgifter. Öppna Stafett." and card.alerted is False
    words = words_of(card.card)
    assert words.startswith("Påminnelse: 3 uppgifter")
    for number in (1, 2, 3):
        assert f"{town.thread(number).ref} · Ärende NK-2041" in words
    assert "Svar senast mån 23 nov kl. 17.00" in words or "Läses senast" in words
    for flow in town.record.flows.values():
        assert flow.title not in words
    rows = reminders(town, "anna")
    assert {row.status for row in rows} == {"sent"} and {row.external_id for row in rows} == {card.id}


def test_open_brings_the_threads_own_card_and_leaves_the_list(town: Town) -> None:
    asks(town, 2)
    town.until("2026-11-16 17:00")
    (card,) = digests(town, "anna")
    town.anna.presses("Öppna")
    assert "Kortet kommer längre ned i chatten." in words_of(card.card)
    assert "Ta ärendet" in town.anna.buttons() and town.anna.chat()[-1] is not card
    town.anna.presses("Ta ärendet")
    assert town.thread(1).state == "taken" or town.thread(2).state == "taken"
    assert [action["title"] for action in actions_of(card.card)].count("Öppna") == 1


def test_a_card_of_several_that_fails_is_tried_again_each_row_with_its_own_count(town: Town) -> None:
    asks(town, 2)
    town.teams.refuse[town.anna.conversation] = [Passing("502")]
    town.until("2026-11-16 17:00")
    rows = reminders(town, "anna")
    assert [(row.status, row.attempts) for row in rows] == [("sent", 2), ("sent", 2)]
    tries = [(row.outbox_id, row.outcome, row.code) for row in town.rows_of("attempt")]
    assert sorted(tries) == sorted((row.id, "retry", "502") for row in rows)


def test_what_is_urgent_always_has_its_own_card(town: Town) -> None:
    for _ in range(2):
        town.sara.begins("urgent_lasting", "NK-2041", **BEGIN["urgent_lasting"][1])
        town.sara.presses("Skicka")
    town.until("2026-11-16 09:10")
    assert digests(town, "anna") == []
