"""A municipality changes what it reminds of while deadlines run: what was said is not said again."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from municipality import Municipality
from test_question import karim_asks
from town import Town

from cases import tables as t

DAY4 = '{ step = "day4", workdays = 4, at = "09:00", tell = ["owner"], text = "feedback_day3" }'
SAID, LAST_DAY = "Två arbetsdagar kvar att lämna återkoppling.", "Sista dagen att lämna återkoppling."


@pytest.fixture
def kommun(database: str, tmp_path: Path) -> Iterator[Municipality]:
    """Karim has asked on Monday 16 November, and Anna has read it: five working days run."""
    made = Municipality.of(database, tmp_path / "rutiner", "2026-11-16 09:00")
    karim_asks(made.town)
    made.town.anna.presses("Läst")
    yield made
    made.town.close()


def prompts(*rungs: str) -> str:
    return f"[rules.feedback]\nprompts = [{', '.join(rungs)}]"


def off(step: str) -> str:
    return f'{{ step = "{step}", off = true }}'


def said(town: Town) -> list[str]:
    return list(json.loads(row.said)) if (row := feedback(town)).said else []


def feedback(town: Town) -> Any:
    return next(row for row in town.rows_of("deadline") if row.step == "feedback")


def heard(town: Town) -> list[str]:
    """What has been said to Anna by the clock, in order."""
    return [
        row.text for row in town.rows_of("outbox")
        if row.person_id == town.anna.id and row.kind == "message" and row.original_due_at is not None
    ]  # fmt: skip


def test_a_rung_that_is_taken_away_is_not_said(kommun: Municipality) -> None:
    kommun.decides(prompts(off("day3")))
    kommun.town.until("2026-11-23 08:59")
    assert heard(kommun.town) == []
    kommun.town.until("2026-11-23 09:00")
    assert heard(kommun.town) == ["feedback_day5"]


def test_a_rung_that_is_added_is_said_and_what_was_said_is_not_said_again(kommun: Municipality) -> None:
    town = kommun.town
    town.until("2026-11-19 10:00")
    assert heard(town) == ["feedback_day3"]
    kommun.decides(prompts(DAY4))
    assert heard(town) == ["feedback_day3"]
    town.until("2026-11-20 08:59")
    assert heard(town) == ["feedback_day3"]
    town.until("2026-11-20 09:00")
    assert heard(town) == ["feedback_day3", "feedback_day3"]
    town.until("2026-11-23 12:00")
    assert heard(town) == ["feedback_day3", "feedback_day3", "feedback_day5"]
    assert said(town) == ["day3", "day4", "day5"]


def test_a_rung_that_is_added_too_late_is_said_at_once_and_says_so(kommun: Municipality) -> None:
    town = kommun.town
    town.until("2026-11-20 12:00")
    kommun.decides(prompts(DAY4))
    assert heard(town) == ["feedback_day3", "feedback_day3"]
    assert "Skulle ha kommit fre 20 nov kl. 09.00." in town.anna.newest()
    kommun.restarts()
    town.settle()
    assert heard(town) == ["feedback_day3", "feedback_day3"], "once"


def test_a_rung_with_a_new_name_is_known_by_its_words(kommun: Municipality) -> None:
    town = kommun.town
    town.until("2026-11-19 10:00")
    renamed = '{ step = "third_day", workdays = 3, at = "09:00", tell = ["owner"], text = "feedback_day3" }'
    kommun.decides(prompts(off("day3"), renamed))
    assert heard(town) == ["feedback_day3"] and said(town) == ["third_day"]
    town.until("2026-11-23 12:00")
    assert heard(town) == ["feedback_day3", "feedback_day5"]


def test_a_rung_that_has_not_been_said_is_not_silenced_by_one_with_the_same_words_that_was(
    kommun: Municipality,
) -> None:
    town = kommun.town
    kommun.decides(prompts(DAY4))
    town.until("2026-11-19 10:00")
    kommun.decides(prompts(off("day3"), DAY4))
    town.until("2026-11-20 09:00")
    assert heard(town) == ["feedback_day3", "feedback_day3"]


def test_a_row_from_before_steps_were_written_down_has_given_its_first_rungs(kommun: Municipality) -> None:
    town = kommun.town
    town.until("2026-11-19 10:00")
    old = {"said": "", "said_at": None, "profile_print": ""}
    town.store.transaction(lambda tx: tx.execute(t.deadline.update().values(old)))
    kommun.restarts()
    town.settle()
    assert heard(town) == ["feedback_day3"] and said(town) == ["day3"]
    town.until("2026-11-23 12:00")
    assert heard(town) == ["feedback_day3", "feedback_day5"]


def test_a_rule_that_is_no_longer_there_keeps_its_times_and_is_not_forgotten(
    kommun: Municipality, caplog: pytest.LogCaptureFixture
) -> None:
    """The flow is switched off and its rule is taken away: who waits for an answer is still waited for."""
    town = kommun.town
    before = feedback(town)
    kommun.decides('[flows]\non = ["urgent_lasting"]\n[rules.feedback]\noff = true')
    after = feedback(town)
    assert (after.soft_at, after.due_at, after.fault) == (before.soft_at, before.due_at, "RuleNotInProfile")
    assert "1 deadlines keep their old times" in caplog.text
    assert "senast mån 23 nov kl. 17.00" in town.anna.newest(), "the card can be drawn"
    assert [row.signal for row in town.rows_of("log")][-1] == "recompute"
    town.until("2026-11-19 09:00")
    assert heard(town) == ["still_open"], "at the old time, the reminder of what is open"
    town.until("2026-11-20 09:00")
    assert heard(town) == ["still_open", "still_open"]
    assert {row.attempts for row in town.rows_of("deadline")} == {0}, "the clock did not stumble"

    kommun.decides("")
    assert feedback(town).fault is None
    town.until("2026-11-23 12:00")
    assert heard(town)[-1] == "feedback_day5"
    town.anna.answers("Lämna återkoppling", action_code="phone_client", planned_date="2026-11-25")
    assert town.thread().is_closed


def test_a_move_that_asks_for_a_rule_that_is_gone_can_still_be_made(kommun: Municipality) -> None:
    town = kommun.town
    town.sara.begins(
        "urgent_lasting", "NK-2041", extra_help_start_date="2026-11-16", extra_help_start_time="07:30",
        noticed_by_role="care_worker",
    )  # fmt: skip
    town.sara.presses("Skicka")
    kommun.decides('[flows]\non = ["question"]\n[rules.urgent_answer]\noff = true')
    town.anna.presses("Ta ärendet")
    answer = town.thread(2).deadlines["answer"]
    assert (answer.status, answer.fault) == ("armed", "UnknownRule")
    town.until("2026-11-17 09:00")
    assert town.thread(2).state == "taken" and "still_open" in heard(town)


def test_what_is_said_every_workday_gets_another_time(kommun: Municipality) -> None:
    town = kommun.town
    town.until("2026-11-24 12:00")
    climbed = len(heard(town))
    again = '{ step = "again", workdays = 1, at = "11:00", tell = ["owner", "next_in_line"], text = "still_open" }'
    kommun.decides(f"[rules.still_open]\nprompts = [{again}]")
    town.until("2026-11-25 10:59")
    assert len(heard(town)) == climbed
    town.until("2026-11-25 11:00")
    assert heard(town)[climbed:] == ["still_open"]
