"""A case that turns out to be about somebody with a protected identity: said so by a card's own buttons."""

from datetime import timedelta

from cards import words_of
from town import Town

from cases.thread import thread_ref

BUTTON, SURE = "Skyddade personuppgifter", "Avsluta för alla"
NEUTRAL = "Det här fortsätter inte i Stafett. Följ rutinen: ring och skriv i verksamhetssystemet."


def seals(town: Town, who: str, number: int) -> None:
    """Somebody who may see the thread opens it and says so."""
    person = town.residents[who]
    person.types(thread_ref(number))
    person.presses("Mer …")
    person.presses(BUTTON)
    person.presses(SURE)


def cards_of(town: Town, number: int) -> list[str]:
    """The words of every card of the thread, in every chat."""
    found = {(row.person_id, row.activity_id) for row in town.rows_of("card") if row.thread_id == number}
    chats = [(one.id, message) for one in town.residents.values() for message in one.chat()]
    return [words_of(message.card) for who, message in chats if (who, message.id) in found]


def shows_only_that_it_has_ended(town: Town, number: int) -> None:
    """Every card of the thread says the same, and none of them says more."""
    town.clock.time += timedelta(seconds=3)  # what has just been pressed is edited a moment later
    town.settle()
    shown = cards_of(town, number)
    assert shown and set(shown) == {f"Avslutat Beteckning: {thread_ref(number)} {NEUTRAL} Till start"}
