"""Nobody off duty is disturbed by what can wait until the morning; what is urgent goes at once."""

from people import on_call
from test_delivery import sara_sends
from town import Town, instant


def asks(town: Town) -> None:
    town.karim.begins("question", "NK-2041", category="planning")
    town.karim.presses("Skicka")


def test_in_the_evening_a_question_waits_for_the_morning(town: Town) -> None:
    town.until("2026-11-16 19:00")
    asks(town)
    assert town.anna.has_heard_nothing()
    (row,) = [row for row in town.rows_of("outbox") if row.text == "new"]
    assert (row.not_before, row.attempts, row.failure) == (instant("2026-11-17 07:00"), 0, "quiet")
    town.until("2026-11-17 06:30")
    assert town.anna.has_heard_nothing()
    town.until("2026-11-17 07:00")
    assert "NK-2041" in town.anna.newest() and town.anna.chat()[-1].alerted


def test_over_a_weekend_it_waits_for_monday(town: Town) -> None:
    town.until("2026-11-21 10:00")
    asks(town)
    town.until("2026-11-23 06:30")
    assert town.anna.has_heard_nothing()
    town.until("2026-11-23 07:00")
    assert town.anna.sees("NK-2041")


def test_urgent_is_never_held(town: Town) -> None:
    town.until("2026-11-16 23:00")
    sara_sends(town)
    assert "Brådskande" in town.anna.newest() and not town.anna.chat()[-1].alerted


def test_who_works_by_shift_is_on_duty_and_an_edit_is_not_held(town: Town) -> None:
    asks(town)
    town.until("2026-11-16 22:00")
    town.anna.presses("Läst")
    assert town.karim.sees("Läst av Anna Berg")
    town.anna.begins("question", "NK-2041", category="assignment")
    town.anna.presses("Skicka")
    assert "NK-2041" in town.karim.newest(), "a team lead works by shift"
    assert town.maria.has_heard_nothing(), "a manager does not"


def test_a_pass_that_begins_ends_the_waiting(town: Town) -> None:
    start, end = instant("2026-11-16 21:00"), instant("2026-11-17 07:00")
    town.store.transaction(lambda tx: on_call(tx, town.maria.id, "HT-NORR", start, end))
    town.until("2026-11-16 20:00")
    town.anna.begins("question", "NK-2041", category="assignment")
    town.anna.presses("Skicka")
    assert town.maria.has_heard_nothing()
    town.until("2026-11-16 21:00")
    assert town.maria.sees("NK-2041")


def test_when_care_time_is_moved_what_was_held_is_looked_at_anew(town: Town) -> None:
    town.until("2026-11-16 19:00")
    asks(town)
    assert town.anna.has_heard_nothing()
    town.clock.offset = instant("2026-11-17 09:00") - town.clock.machine()
    town.settle()
    assert town.anna.sees("NK-2041"), "as the demo's clock does: machine time stood still"
