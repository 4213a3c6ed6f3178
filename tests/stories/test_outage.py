"""Stafett was stopped over a weekend: what became due is said once, and the rest waits for its time."""

from test_delivery import sara_sends
from test_drafts import BEGIN
from town import Town

from bot.channel.errors import Faulty, Passing, Throttled


def test_a_stop_over_a_weekend(town: Town) -> None:
    """Friday to Monday: a need since Wednesday asks on Monday; an urgent message is still untaken; a draft is gone."""
    town.until("2026-11-18 09:00")
    town.sara.begins("urgent_limited", "NK-2041", **BEGIN["urgent_limited"][1] | {"day1": "2026-11-18"})
    town.sara.presses("Börja räkna dagarna")
    town.until("2026-11-20 16:30")
    town.karim.begins("question", "NK-2042", category="planning")
    town.until("2026-11-20 16:55")
    town.sara.begins(
        "urgent_lasting", "NK-2042", **BEGIN["urgent_lasting"][1] | {"extra_help_start_date": "2026-11-20"}
    )
    town.sara.presses("Skicka")
    heard = {key: len(resident.chat()) for key, resident in town.residents.items()}

    town.down_until("2026-11-23 12:00")
    assert town.thread(1).state == "day_four_due"
    assert town.thread(2).state == "discarded"
    assert town.thread(3).state == "escalated"
    new = {key: resident.chat()[heard[key] :] for key, resident in town.residents.items()}
    about_one = [message for message in new["karim"] if town.thread(1).ref in message.toast]
    assert len(about_one) == 1, "day 4, 12.00 and the morning after became one message"
    assert len([message for message in new["eva"] if town.thread(3).ref in message.toast]) == 1
    assert len(new["johan"]) <= 2
    originals = {row.text: row.original_due_at for row in town.rows_of("outbox") if row.thread_id == 1}
    assert f"{originals['day4']:%Y-%m-%d %H:%M}" == "2026-11-21 06:00", "the row knows when it should have been said"

    assert town.karim.sees("Skulle ha kommit sön 22 nov kl. 07.00."), "and says when it should have come"

    sends = town.teams.sends
    town.settle()
    town.settle()
    assert town.teams.sends == sends, "once"


def test_a_press_after_the_stop_is_answered_though_the_clock_has_not_caught_up(town: Town) -> None:
    town.sara.begins("urgent_limited", "NK-2041", **BEGIN["urgent_limited"][1])
    town.sara.presses("Börja räkna dagarna")
    old, message = town.sara.keeps()
    town.down_until("2026-11-23 12:00")
    town.sara.presses_old(old, "Behovet har upphört", message)
    assert town.thread().state == "need_ended"
    assert town.anna.has_heard_nothing()


def test_a_short_stop_takes_the_word_ring_from_nobody(town: Town) -> None:
    """Several minutes of an untaken message fall due in one look: each of those they are for hears the last."""
    sara_sends(town)
    town.until("2026-11-16 09:05")
    heard = {key: len(town.residents[key].chat()) for key in ("sara", "anna", "eva")}
    town.down_until("2026-11-16 09:31")
    new = {key: len(town.residents[key].chat()) - before for key, before in heard.items()}
    assert new == {"sara": 1, "anna": 1, "eva": 1}
    assert town.sara.sees("Ring")


def test_nobody_waits_in_silence_because_teams_asks_for_a_long_pause(town: Town) -> None:
    town.teams.refuse[town.anna.conversation] = [Throttled("429", 600.0)]
    sara_sends(town)
    town.settle()
    assert town.sara.sees("Ring"), "at once, and not after five such pauses"
    town.until("2026-11-16 09:11")
    assert town.anna.sees("NK-2041")


def test_a_fault_without_a_reason_is_tried_again_also_after_other_faults(town: Town) -> None:
    town.teams.refuse[town.anna.conversation] = [Passing("502"), Passing("502"), Passing("502"), Faulty("500")]
    sara_sends(town)
    town.until("2026-11-16 09:05")
    assert town.anna.sees("NK-2041")
    assert {row.status for row in town.rows_of("outbox") if row.person_id == town.anna.id} <= {"sent", "superseded"}
