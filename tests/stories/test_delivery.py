"""What did not reach anybody becomes a message to somebody who can pick up the telephone."""

from datetime import timedelta

import pytest
from cards import words_of
from people import on_call
from test_drafts import BEGIN
from town import Town, instant

from bot.channel.errors import Blocked, ChannelError, NotInstalled, Passing, StaleAddress, Throttled
from cases import people


def sara_sends(town: Town, case_ref: str = "NK-2041") -> None:
    town.sara.begins("urgent_lasting", case_ref, **BEGIN["urgent_lasting"][1])
    town.sara.presses("Skicka")


@pytest.mark.parametrize(
    "answer",
    [Blocked("403 MessageWritesBlocked"), NotInstalled("403 BotNotInConversationRoster"), StaleAddress("404")],
    ids=["blocked", "not installed", "conversation gone"],
)
def test_a_receiver_who_cannot_be_reached(town: Town, answer: ChannelError) -> None:
    town.teams.refuse[town.anna.conversation] = [answer] * (2 if isinstance(answer, StaleAddress) else 1)
    sara_sends(town)
    assert "Inte levererat – ring Myndigheten äldreomsorg, 08-465 004 03." in town.sara.newest()
    assert "Meddelandet nådde inte mottagaren i Teams. Du är nästa i tur." in town.eva.newest()

    town.eva.presses("Ta ärendet")
    assert "Inte levererat" not in town.sara.newest(), "somebody has it now"
    assert town.sara.sees("Taget av Eva Sund")


def test_a_person_without_a_conversation_counts_as_undeliverable_at_once(town: Town) -> None:
    town.store.transaction(lambda tx: people.forget_address(tx, town.anna.id))
    sara_sends(town)
    assert town.sara.sees("Inte levererat – ring")
    assert town.eva.sees("NK-2041")
    assert town.teams.refuse == {} and town.anna.has_heard_nothing()


def test_who_writes_again_is_reachable_again(town: Town) -> None:
    town.teams.refuse[town.anna.conversation] = [Blocked("403 MessageWritesBlocked")]
    sara_sends(town)
    town.anna.types("mina")
    assert "NK-2041" in town.anna.newest(), "what was missed stands in her list"
    town.sara.begins("urgent_limited", "NK-2041", day1="2026-11-12", noticed_by_role="night")
    town.sara.presses("Börja räkna dagarna")
    town.sara.presses("Behovet kvarstår")
    assert town.thread(2).ref in town.anna.newest()


def test_after_hours_the_sender_is_told_to_ring_the_one_on_call(town: Town) -> None:
    town.store.transaction(
        lambda tx: on_call(tx, town.nils.id, "HT-NORR", instant("2026-11-16 17:00"), instant("2026-11-17 07:00"))
    )
    town.until("2026-11-16 20:00")
    town.teams.refuse[town.anna.conversation] = [NotInstalled("403 BotNotInConversationRoster")]
    sara_sends(town)
    assert "Inte levererat – ring jouren, 070-174 06 05." in town.sara.newest()


def test_off_duty_she_gets_it_once_and_silently(town: Town) -> None:
    town.until("2026-11-16 20:00")
    sara_sends(town)
    assert not town.anna.chat()[-1].alerted
    assert "Läses nästa arbetsdag. Behövs ny hjälp nu – ring jouren, 070-174 06 05." in town.sara.newest()
    sends = town.teams.sends
    town.until("2026-11-17 07:01")
    assert town.teams.sends == sends
    town.until("2026-11-17 07:02")
    assert town.anna.chat()[-1].alerted, "at work she is reminded, two minutes after opening"


def test_in_office_hours_the_toast_is_asked_for(town: Town) -> None:
    sara_sends(town)
    assert town.anna.chat()[-1].alerted


def test_throttled_it_waits_as_long_as_teams_asks_and_is_sent_once(town: Town) -> None:
    town.teams.refuse[town.anna.conversation] = [Throttled("429", retry_after=45.0)]
    sara_sends(town)
    assert town.anna.has_heard_nothing() and not town.sara.sees("Inte levererat")
    town.clock.time += timedelta(seconds=44)
    town.settle()
    assert town.anna.has_heard_nothing()
    town.clock.time += timedelta(seconds=1)
    town.settle()
    assert len([one for one in town.anna.chat() if town.thread().ref in one.toast]) == 1


def test_a_passing_fault_is_tried_again_and_after_a_while_a_human_is_told(town: Town) -> None:
    town.teams.refuse[town.anna.conversation] = [Passing("503") for _ in range(12)]
    sara_sends(town)
    for _ in range(60):
        town.clock.time += timedelta(seconds=5)
        town.settle()
    assert town.sara.sees("Inte levererat – ring"), "about a minute of faults"
    for _ in range(240):
        town.clock.time += timedelta(seconds=10)
        town.settle()
    assert town.anna.sees("NK-2041"), "and we went on trying"


def test_a_card_that_no_longer_exists_is_made_anew_by_the_next_message(town: Town) -> None:
    sara_sends(town)
    town.until("2026-11-16 09:19")
    town.teams.refuse[town.anna.conversation] = [StaleAddress("404 ActivityNotFound")]
    town.until("2026-11-16 09:20")
    assert [row for row in town.rows_of("card") if row.person_id == town.anna.id] == []
    assert not town.sara.sees("Inte levererat"), "she had got the message itself"
    town.until("2026-11-16 17:00")
    assert "Meddelandet är inte läst." in town.anna.newest()
    town.anna.presses("Ta ärendet")
    assert town.sara.sees("Taget av Anna Berg")


def test_when_one_of_a_mailbox_is_not_reached_the_others_are_enough(town: Town) -> None:
    town.store.transaction(lambda tx: people.forget_address(tx, town.olle.id))
    town.anna.begins("question", "NK-2077", category="assignment")
    town.anna.presses("Skicka")
    assert "NK-2077" in town.birgitta.newest()
    assert not town.anna.sees("Inte levererat")


def test_a_sender_who_cannot_be_reached_is_stood_in_for_by_the_unit(town: Town) -> None:
    sara_sends(town)
    town.teams.refuse[town.sara.conversation] = [Blocked("403 MessageWritesBlocked")] * 3
    town.until("2026-11-16 09:12")
    assert "Avsändaren kunde inte nås i Teams." in words_of([message.card for message in town.karim.chat()])
    assert "Återkalla" in town.karim.may(), "and may act for the sender"


def test_urgent_goes_before_what_can_wait(town: Town) -> None:
    """Anna cannot be sent to for a while; then the urgent message comes first though the question was earlier."""
    town.teams.refuse[town.anna.conversation] = [Throttled("429", retry_after=60.0)]
    town.karim.begins("question", "NK-2041", category="planning")
    town.karim.presses("Skicka")
    sara_sends(town)
    town.clock.time += timedelta(seconds=61)
    town.settle()
    toasts = [toast for toast in town.anna.toasts() if toast != "Stafett"]
    assert toasts[0].startswith("Brådskande"), toasts


def test_a_conversation_that_teams_has_lost_is_opened_anew_and_the_message_arrives(town: Town) -> None:
    town.teams.refuse[town.anna.conversation] = [StaleAddress("404 ConversationNotFound")]
    sara_sends(town)
    assert town.anna.sees("Brådskande: nytt meddelande")
    assert not town.sara.sees("Inte levererat")


def test_an_answer_whose_sender_has_blocked_the_bot_reaches_the_senders_unit(town: Town) -> None:
    sara_sends(town)
    town.anna.presses("Ta ärendet")
    town.teams.refuse[town.sara.conversation] = [Blocked("403 ConversationBlockedByUser")] * 3
    town.anna.presses("Lämna återkoppling")
    town.anna.presses("Lämna återkoppling", action_code="home_visit")
    assert town.karim.sees("Enheten får meddelandet i stället")
    assert town.karim.sees("Hembesök bokas")
