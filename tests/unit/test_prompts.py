"""The ladders: who is told what, and when, for every rule of every municipality."""

from datetime import date, time

import pytest

from reminders.batch import answer_one, local_text
from reminders.calendar import WorkCalendar
from reminders.due import Prompt
from reminders.ladder import AUDIENCES, climb
from reminders.profile import time_profile
from reminders.rule_facts import Fact
from reminders.rule_kinds import Moments, Start


def ladder(rule: str, since: str, profile: str = "norrkoping") -> dict[str, str]:
    """Step and local time of every prompt, in order."""
    return {one.step: local_text(one.at) for one in answer_one(rule, since, profile).prompts}


def prompt(rule: str, step: str, since: str = "2026-11-16T09:00", profile: str = "norrkoping") -> Prompt:
    """One prompt of a rule."""
    (found,) = (one for one in answer_one(rule, since, profile).prompts if one.step == step)
    return found


@pytest.mark.parametrize(
    ("rule", "since", "expected"),
    [
        ("D01", "2026-11-20T10:00", {"unread": "2026-11-20T17:00", "escalate": "2026-11-24T09:00"}),
        ("D02", "2026-11-20T14:05", {"window_passed": "2026-11-23T14:00"}),
        (
            "D03",
            "2026-11-16T09:00",
            {"day3": "2026-11-19T09:00", "day5": "2026-11-23T09:00", "escalate": "2026-11-24T09:00"},
        ),
        ("D06", "2026-11-02", {"day14": "2026-11-16T09:00", "day19": "2026-11-21T09:00", "day21": "2026-11-23T09:00"}),
        ("D07", "2026-03", {"due_day": "2026-04-02T09:00", "late": "2026-04-05T07:00"}),
        (
            "D07.correction",
            "2026-12",
            {"due_day": "2026-12-30T09:00", "late": "2027-01-04T07:00", "billing": "2027-01-05T09:00"},
        ),
        ("D08", "2026-12-26T09:00", {"now": "2026-12-26T09:00", "escalate": "2026-12-28T17:00"}),
        (
            "D09",
            "2026-12-10",
            {"two_weeks": "2026-12-23T09:00", "four_weeks": "2027-01-07T09:00", "assess_need": "2027-01-08T09:00"},
        ),
        (
            "D10",
            "2026-11-20T19:00",
            {"soon": "2026-11-23T15:00", "late": "2026-11-24T07:00", "discard": "2026-11-25T07:00"},
        ),
        (
            "D10",
            "2026-11-23T02:15",
            {"soon": "2026-11-23T15:00", "late": "2026-11-25T07:00", "discard": "2026-11-26T07:00"},
        ),
        (
            "D12",
            "2026-11-20T21:30",
            {
                "opening": "2026-11-23T07:00",
                "ten": "2026-11-23T10:00",
                "half_past_eleven": "2026-11-23T11:30",
                "noon": "2026-11-23T12:00",
            },
        ),
        (
            "D13",
            "2026-11-25",
            {
                "early": "2026-11-20T09:00",
                "due_day": "2026-11-23T09:00",
                "late": "2026-11-24T07:00",
                "discard": "2026-11-26T07:00",
            },
        ),
        (  # Late is said on a workday, and the day after the handover is any day.
            "D13",
            "2026-11-24",
            {
                "early": "2026-11-19T09:00",
                "due_day": "2026-11-20T09:00",
                "late": "2026-11-23T07:00",
                "discard": "2026-11-25T07:00",
            },
        ),
        (
            "D14",
            "2026-11-23T08:00",
            {
                "early": "2026-11-19T09:00",
                "soon": "2026-11-20T12:00",
                "late": "2026-11-22T08:00",
                "discard": "2026-11-24T07:00",
            },
        ),
        ("D15", "2026-09-21", {"three_weeks": "2026-11-02T09:00", "due_day": "2026-11-23T09:00"}),
        ("D16", "2025-12-24", {"three_weeks": "2026-12-03T09:00", "due_day": "2026-12-23T09:00"}),
        (
            "D17",
            "2026-11-25T10:00",
            {"five_days": "2026-11-18T09:00", "two_days": "2026-11-23T09:00", "unanswered": "2026-11-24T14:00"},
        ),
        (
            "D17",
            "2026-04-07T09:00",
            {"five_days": "2026-03-27T09:00", "two_days": "2026-04-01T09:00", "unanswered": "2026-04-02T14:00"},
        ),
        (
            "D17",
            "2026-12-28T13:00",
            {"five_days": "2026-12-17T09:00", "two_days": "2026-12-22T09:00", "unanswered": "2026-12-23T14:00"},
        ),
        ("D18", "2026-11-17", {"remind": "2026-11-20T17:00"}),
        ("D20", "2026-11-21T09:00", {"now": "2026-11-21T09:00"}),
        ("D31", "2026-08-21", {"day56": "2026-10-16T09:00", "day77": "2026-11-06T09:00"}),
    ],
)
def test_the_ladders_of_norrkoping(rule: str, since: str, expected: dict[str, str]) -> None:
    assert ladder(rule, since) == expected


@pytest.mark.parametrize(
    ("rule", "since", "profile", "expected"),
    [
        ("D21", "2026-05-29", "stockholm", {"near": "2026-06-09T09:00", "due_day": "2026-06-12T09:00"}),
        ("D23", "2026-11-27", "osthammar", {"day_two": "2026-11-30T09:00"}),
        (
            "D24",
            "2026-11-23",
            "osthammar",
            {
                "early": "2026-11-16T09:00",
                "due_day": "2026-11-17T09:00",
                "late": "2026-11-18T09:00",
                "discard": "2026-11-24T07:00",
            },
        ),
        (
            "D25",
            "2026-11-23",
            "osthammar",
            {"own_group": "2026-11-17T09:00", "due_day": "2026-11-19T09:00", "closed": "2026-11-22T00:00"},
        ),
        (
            "D26",
            "2026-11-23",
            "osthammar",
            {"near": "2026-12-02T09:00", "due_day": "2026-12-04T09:00", "old_time_stands": "2026-12-07T09:00"},
        ),
        ("D29", "2026-12", "katrineholm", {"due_day": "2027-01-05T09:00", "last_day": "2027-01-07T09:00"}),
    ],
)
def test_the_ladders_of_the_others(rule: str, since: str, profile: str, expected: dict[str, str]) -> None:
    assert ladder(rule, since, profile) == expected


@pytest.mark.parametrize(
    ("day1", "prewarning"),
    [
        ("2026-11-16", None),
        ("2026-11-18", "2026-11-20T13:00"),
        ("2026-12-22", "2026-12-23T13:00"),
        ("2026-04-01", "2026-04-02T13:00"),
        ("2027-03-25", "2027-03-25T13:00"),
        ("2026-10-23", None),
    ],
)
def test_a_fourth_day_on_a_closed_day_is_warned_of_before(day1: str, prewarning: str | None) -> None:
    assert ladder("urgent_limited", day1).get("prewarning") == prewarning


def test_the_fourth_day_rung_by_rung() -> None:
    assert ladder("urgent_limited", "2026-10-23T22:00") == {
        "day3": "2026-10-25T15:00",
        "day4": "2026-10-26T07:00",
        "unanswered": "2026-10-26T12:00",
        "late": "2026-10-27T07:00",
    }
    assert prompt("urgent_limited", "day4").signal == "day4"
    assert prompt("urgent_limited", "day3").text == "still_needed"
    assert prompt("urgent_limited", "day3").tell == ("sender",)
    assert prompt("urgent_limited", "unanswered").tell == ("sender_unit", "unit_manager")


def test_feedback_that_never_comes_is_a_signal() -> None:
    assert prompt("feedback", "escalate").signal == "escalate"
    assert prompt("feedback", "day3").signal is None
    assert prompt("feedback", "day3").tell == ("owner",)


@pytest.mark.parametrize("profile", ["norrkoping", "osthammar", "stockholm", "katrineholm"])
def test_own_defaults_are_the_same_everywhere(profile: str) -> None:
    assert ladder("draft", "2026-11-21T23:50", profile) == {
        "unsent": "2026-11-22T00:20",
        "discard": "2026-11-22T23:50",
    }
    assert local_text(answer_one("draft", "2026-11-21T23:50", profile).hard) == "2026-11-22T23:50"
    assert ladder("draft_with_notice", "2026-11-21T23:50", profile) == {"unsent": "2026-11-22T00:20"}
    assert ladder("urgent_untaken", "2026-11-24T10:00", profile) == {
        **{f"nag_{minute}": f"2026-11-24T10:{minute:02}" for minute in range(2, 20, 2)},
        "phone": "2026-11-24T10:11",
        "next_in_line": "2026-11-24T10:20",
        "phone_again": "2026-11-24T10:21",
        **{f"nag_next_{minute}": f"2026-11-24T10:{minute}" for minute in range(22, 40, 2)},
        "manager": "2026-11-24T10:40",
    }
    friday = ladder("urgent_untaken", "2026-11-20T16:50", profile)
    assert (friday["nag_8"], friday["nag_10"], friday["next_in_line"], friday["manager"]) == (
        "2026-11-20T16:58", "2026-11-23T07:00", "2026-11-23T07:10", "2026-11-23T07:30",
    )  # fmt: skip
    assert ladder("handover_receipt", "2026-11-20T10:00", profile) == {
        "remind": "2026-11-20T12:00",
        "escalate": "2026-11-23T09:00",
    }
    assert ladder("handover_day", "2026-11-20", profile) == {
        "today": "2026-11-20T09:00",
        "unfinished": "2026-11-23T09:00",
    }
    assert ladder("urgent_answer", "2026-11-20T10:00", profile) == {
        "remind": "2026-11-23T09:00",
        "escalate": "2026-11-24T09:00",
    }


def test_nobody_is_late_by_an_own_default_without_a_hard_limit() -> None:
    for rule in ("draft_with_notice", "urgent_untaken", "handover_receipt", "handover_day", "urgent_answer"):
        assert answer_one(rule, "2026-11-20T10:00", "norrkoping").hard is None


# A day that nobody is reminded of: when money is paid, and when Stafett opens something by itself.
_NOBODY_IS_TOLD = {"payment_day", "supervision_opening", "next_collaboration"}
EVERY_RULE = [
    (profile, rule.name)
    for profile in ("norrkoping", "osthammar", "stockholm", "katrineholm")
    for rule in time_profile(profile).rules.values()
    if not isinstance(rule.kind, Fact)
]


@pytest.mark.parametrize(("profile", "rule"), EVERY_RULE)
def test_prompts_come_in_order_each_to_somebody(profile: str, rule: str) -> None:
    found = answer_one(rule, "2026-11-24T19:00", profile)
    assert found.prompts or rule in _NOBODY_IS_TOLD
    assert [one.at for one in found.prompts] == sorted(one.at for one in found.prompts)
    assert len({one.step for one in found.prompts}) == len(found.prompts)
    for one in found.prompts:
        assert set(one.tell) <= set(AUDIENCES)
        assert one.tell or one.signal
        assert one.text


def test_a_short_day_moves_prompts_at_closing() -> None:
    norrkoping = time_profile("norrkoping")
    thursday = date(2026, 4, 2)
    start = Start.of(date(2026, 4, 1))
    rungs = norrkoping.rule("D08").ladder
    for calendar, closes in ((WorkCalendar(), "17:00"), (WorkCalendar(short_days={thursday: time(14)}), "14:00")):
        _, escalate = climb(rungs, start, Moments(), calendar)
        assert local_text(escalate.at) == f"2026-04-02T{closes}"
