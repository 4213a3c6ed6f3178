"""A draft is on disk before it is sent; it is reminded of, and unsent for a day it is removed with its answers."""

import pytest
from town import Town

BEGIN = {
    "urgent_lasting": (
        "sara",
        {
            "extra_help_start_date": "2026-11-16",
            "extra_help_start_time": "07:30",
            "noticed_by_role": "care_worker",
        },
    ),
    "urgent_limited": ("sara", {"day1": "2026-11-16", "noticed_by_role": "care_worker"}),
    "question": ("karim", {"category": "planning"}),
    "handover_simplified": ("lena", {"handover_date": "2026-12-18"}),
    "handover_ordinary": (
        "lena",
        {
            "handover_at_date": "2026-12-18",
            "handover_at_time": "10:00",
            "receiving_unit": "HT-SODER",
            "form_sent": "yes",
        },
    ),
}


@pytest.mark.parametrize("flow", BEGIN)
def test_a_draft_left_lying(town: Town, flow: str) -> None:
    who, answers = BEGIN[flow]
    sender = town.residents[who]
    sender.begins(flow, "NK-2041", **answers)
    assert town.rows_of("content"), "the draft is on disk"
    town.until("2026-11-16 09:30")
    assert "Du har ett utkast som inte är skickat." in sender.newest()

    town.until("2026-11-17 08:59")
    assert not town.thread().is_closed
    town.until("2026-11-17 09:00")
    assert town.thread().state == "discarded"
    assert town.rows_of("content") == [], "gone with its answers"
    assert "Utkastet är borttaget" in sender.newest()
    for other in town.residents.values():
        assert other is sender or other.has_heard_nothing(), other.key


@pytest.mark.parametrize("flow", BEGIN)
def test_thrown_away_by_hand(town: Town, flow: str) -> None:
    who, answers = BEGIN[flow]
    sender = town.residents[who]
    sender.begins(flow, "NK-2041", **answers)
    sender.presses("Kasta utkastet")
    assert town.thread().state == "discarded" and town.rows_of("content") == []
    sends = town.teams.sends
    town.until("2026-11-18 09:00")
    assert town.teams.sends == sends


def test_a_draft_that_was_changed_counts_anew_from_what_it_says(town: Town) -> None:
    town.until("2026-11-17 14:00")
    town.sara.begins("urgent_lasting", "NK-2041", **BEGIN["urgent_lasting"][1])
    assert "tis 17 nov" in town.sara.newest()
    town.sara.answers("Ändra", extra_help_start_date="2026-11-17", extra_help_start_time="13:30")
    notice = town.thread().deadlines["notice"]
    assert notice.round == 2 and f"{notice.soft_at:%Y-%m-%d}" == "2026-11-18"
    assert "tis 17 nov kl. 13.30" in town.sara.newest()


def test_a_form_sent_in_twice_opens_one_thread(town: Town) -> None:
    town.karim.types("fråga")
    town.karim.presses("Nej")
    form, _ = town.karim.keeps()
    town.karim.presses("Fortsätt", case_ref="NK-2041", category="planning")
    action = next(action for action in form["actions"] if action["title"] == "Fortsätt")
    again = town.karim.forges(**action["data"], case_ref="NK-2041", category="planning")
    assert again.card is not None and len(town.rows_of("thread")) == 1


def test_nothing_typed_is_lost_when_an_answer_is_missing(town: Town) -> None:
    town.sara.begins("urgent_limited", "NK-2041", day1="2026-11-14")
    assert town.sara.sees("Svara på frågan «Vem uppmärksammade behovet?».")
    held = town.sara.newest()
    assert "NK-2041" in held and "2026-11-14" in held
    town.sara.presses("Fortsätt", noticed_by_role="night")
    assert town.thread().values["day1"] == "2026-11-14"


def test_a_colleague_may_send_what_was_left_lying(town: Town) -> None:
    town.sara.begins("urgent_limited", "NK-2041", **BEGIN["urgent_limited"][1])
    town.karim.types(town.thread().ref)
    town.karim.presses("Börja räkna dagarna")
    assert town.thread().state == "within_three_days"
