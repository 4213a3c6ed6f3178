"""Whom each rung of a ladder tells, and which of them change the thread."""

import pytest

from reminders.batch import answer_one


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ("draft", {"unsent": (("sender",), None), "discard": (("sender",), "discard")}),
        ("draft_with_notice", {"unsent": (("sender",), None)}),
        (
            "urgent_untaken",
            {
                **{f"nag_{minute}": (("receivers",), None) for minute in range(2, 20, 2)},
                "phone": (("sender",), None),
                "next_in_line": (("next_in_line",), "escalate"),
                "phone_again": (("sender",), None),
                **{f"nag_next_{minute}": (("next_in_line",), None) for minute in range(22, 40, 2)},
                "manager": (("unit_manager",), None),
            },
        ),
        (
            "handover_receipt",
            {
                "remind": (("unreceipted",), None),
                "escalate": (("sender", "unreceipted", "lead_needs_assessor"), None),
            },
        ),
        (
            "handover_day",
            {"today": (("receivers",), None), "unfinished": (("receivers", "sender", "next_in_line"), None)},
        ),
        ("urgent_answer", {"remind": (("owner",), None), "escalate": (("owner", "next_in_line"), None)}),
        (
            "D10",
            {
                "soon": (("owner",), None),
                "late": (("owner", "unit_manager"), None),
                "discard": (("owner", "unit_manager"), "discard"),
            },
        ),
        (
            "D11",
            {
                "day3": (("sender",), None),
                "day4": (("sender",), "day4"),
                "unanswered": (("sender_unit", "unit_manager"), None),
                "late": (("sender_unit", "unit_manager"), None),
            },
        ),
        (
            "D13",
            {
                "early": (("owner",), None),
                "due_day": (("owner",), None),
                "late": (("owner",), None),
                "discard": (("owner",), "discard"),
            },
        ),
        (
            "D14",
            {
                "early": (("owner",), None),
                "soon": (("owner",), None),
                "late": (("owner",), None),
                "discard": (("owner",), "discard"),
            },
        ),
    ],
)
def test_who_is_told_and_what_is_signalled(rule: str, told: dict[str, tuple[tuple[str, ...], str | None]]) -> None:
    prompts = answer_one(rule, "2026-11-16T09:00", "norrkoping").prompts
    assert {one.step: (one.tell, one.signal) for one in prompts} == told
