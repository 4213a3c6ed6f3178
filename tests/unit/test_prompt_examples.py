"""The worked examples that speak of reminders: when each step of a rule's ladder falls; and rules of information."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from town import Town

from reminders.batch import answer_one, local_text

# Rule, start, the steps' local times in order, and the source's words.
LADDERS = """
D03 2026-11-16T09:00 2026-11-19T09:00 2026-11-23T09:00 2026-11-24T09:00 = day 3 and day 5 at 09:00, escalation day 6
D06 2026-11-02 2026-11-16T09:00 2026-11-21T09:00 2026-11-23T09:00 = reminder at day 14, 19, 21
D08 2026-12-26T09:00 2026-12-26T09:00 2026-12-28T17:00 = send at once, escalate at end of next arbetsdag
D11 2026-11-16 2026-11-18T15:00 2026-11-19T07:00 2026-11-19T12:00 2026-11-20T07:00 = day 4 tor 2026-11-19
D11 2026-11-18 2026-11-20T13:00 2026-11-20T15:00 2026-11-21T07:00 2026-11-21T12:00 2026-11-22T07:00 = pre-warn fre 20/11
D11 2026-12-22 2026-12-23T13:00 2026-12-24T15:00 2026-12-25T07:00 2026-12-25T12:00 2026-12-26T07:00 = pre-warn ons 23/12
D11 2026-04-01 2026-04-02T13:00 2026-04-03T15:00 2026-04-04T07:00 2026-04-04T12:00 2026-04-05T07:00 = pre-warn tor 2/4
D11 2027-03-25 2027-03-25T13:00 2027-03-27T15:00 2027-03-28T07:00 2027-03-28T12:00 2027-03-29T07:00 = pre-warn that day
D12 2026-11-20T21:30 2026-11-23T07:00 2026-11-23T10:00 2026-11-23T11:30 2026-11-23T12:00 = opening, 10:00, 11:30, 12:00
D17 2026-11-25T10:00 2026-11-18T09:00 2026-11-23T09:00 2026-11-24T14:00 = reminders ons 18/11 and mån 23/11
D17 2026-04-07T09:00 2026-03-27T09:00 2026-04-01T09:00 2026-04-02T14:00 = reminders fre 27/3 and ons 1/4
D17 2026-12-28T13:00 2026-12-17T09:00 2026-12-22T09:00 2026-12-23T14:00 = reminders tor 17/12 and tis 22/12
D31 2026-12-27 2027-02-19T09:00 2027-03-12T09:00 = day 56 and day 77, 09:00, back from the Sunday
"""


def ladders() -> Sequence[object]:
    rows = []
    for line in LADDERS.strip().splitlines():
        told, words = line.split(" = ")
        rule, since, *times = told.split()
        rows.append(pytest.param(rule, since, times, id=f"{rule} {since}: {words}"))
    return rows


@pytest.mark.parametrize(("rule", "since", "times"), ladders())
def test_the_steps_come_when_the_example_says(rule: str, since: str, times: list[str]) -> None:
    assert [local_text(prompt.at) for prompt in answer_one(rule, since, "norrkoping").prompts] == times


def test_the_follow_up_is_planned_three_weeks_before_its_rolled_date() -> None:
    prompts = answer_one("D15", "2026-09-21", "norrkoping").prompts
    assert local_text(prompts[0].at) == "2026-11-02T09:00"


def test_an_urgent_need_is_prompted_at_once_by_its_own_card(town: Town) -> None:
    """The card of the draft says by when and offers to send; the rule's own steps only remind of it."""
    town.until("2026-11-20 19:00")
    town.sara.begins(
        "urgent_lasting",
        "NK-2041",
        extra_help_start_date="2026-11-20",
        extra_help_start_time="19:00",
        noticed_by_role="care_worker",
    )
    assert "Skicka" in town.sara.buttons()
    assert "senast mån 23 nov" in town.sara.newest()
    assert [local_text(prompt.at) for prompt in answer_one("D10", "2026-11-20T19:00", "norrkoping").prompts] == [
        "2026-11-23T15:00",
        "2026-11-24T07:00",
        "2026-11-25T07:00",
    ]


@pytest.mark.parametrize(
    ("meeting", "told"),
    [
        pytest.param("2026-11-23", "2026-12-07T09:00", id="mån 2026-11-23, fre 2026-12-04, EC told mån 7/12"),
        pytest.param("2026-12-15", "2027-01-04T09:00", id="tis 2026-12-15, ons 2026-12-30, EC told mån 4/1"),
    ],
)
def test_both_are_told_on_the_first_working_day_after_that_the_old_time_stands(meeting: str, told: str) -> None:
    last = answer_one("D26", meeting, "osthammar").prompts[-1]
    assert (local_text(last.at), last.tell) == (told, ("convener", "receivers", "unit_manager"))


@pytest.mark.parametrize(
    ("rule", "since", "soft"),
    [
        pytest.param("D18", "2026-11-17", "2026-11-20T17:00", id="tis 2026-11-17, fre 20/11"),
        pytest.param("D18", "2026-11-20", "2026-11-23T17:00", id="fre 2026-11-20, calendar mån 23/11"),
        pytest.param("D18", "2026-04-02T18:00", "2026-04-02T18:00", id="tor 2026-04-02: never before the start"),
        pytest.param("D19", "2026-10", "2026-11-13T17:00", id="October 2026, sön 15/11, fre 13/11 before"),
        pytest.param("D19", "2026-04", "2026-05-15T17:00", id="April 2026, fre 2026-05-15"),
    ],
)
def test_what_is_only_information_never_has_a_hard_limit(rule: str, since: str, soft: str) -> None:
    due = answer_one(rule, since, "norrkoping")
    assert (local_text(due.soft), due.hard) == (soft, None)


def test_personal_care_is_reminded_the_next_working_day_and_never_late() -> None:
    due = answer_one("service_start.personal_care", "2026-04-02", "norrkoping")
    assert (local_text(due.soft), due.hard) == ("2026-04-07T17:00", None)
