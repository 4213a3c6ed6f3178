"""Before and at a follow-up where the municipality keeps content: reasons in words, and the whole händelse."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from cards import words_of
from privacy_town import keeping_content, opens_dialog
from town import Town

from dialogs.flows.pre_followup_report import QUESTIONS

WELL = {"need_matches": "yes", "support_given": "yes", "all_in_effect": "yes", "attend": "no", "more": "no"}
MEETING = {"followup_at_date": "2026-11-25", "followup_at_time": "10:00", "planned_form": "home_visit"}
HELD = {
    "done_date": "2026-11-13", "meeting_form": "phone", "provider_present": "yes", "gets_help": "yes",
    "plans_when": "yes", "plans_how": "yes", "feels_good": "yes", "outcome": "remains",
    "granted": "home_care,accompaniment",
}  # fmt: skip


@pytest.fixture
def visa(tmp_path: Path) -> Iterator[Town]:
    made = Town(tmp_path, record=keeping_content())
    yield made
    made.close()


def test_each_telling_answer_demands_its_own_reason_in_words(visa: Town) -> None:
    visa.anna.begins("pre_followup_report", "NK-2041", **MEETING)
    visa.anna.presses("Skicka mallen")
    for name, _, _, code, why in QUESTIONS:
        visa.karim.answers("Svara på mallen", **WELL | {name: code}, plan_complete="yes")
        assert visa.thread().state == "sent" and visa.karim.sees(f"Svara på frågan «{why}»."), name
        visa.karim.presses("Tillbaka")
    assert not visa.karim.sees("Står varför och vad i mallen i verksamhetssystemet?")
    told = {"attend": "yes", "attend_why": "Flytten ska planeras ihop", "plan_complete": "yes"}
    visa.karim.answers("Svara på mallen", **WELL | told)
    assert visa.thread().state == "answered" and not visa.anna.sees("Flytten ska planeras ihop")
    shown = opens_dialog(visa, "anna", 1).card
    assert shown is not None and "Flytten ska planeras ihop" in words_of(shown)


def test_what_is_granted_stands_in_the_text_only_for_who_asks_to_see_it(visa: Town) -> None:
    visa.anna.begins("follow_up", "NK-2041", occasion="changed_need", basis_date="2026-11-09")
    visa.anna.presses("Lägg i planen")
    visa.anna.answers("Uppföljningen är gjord", **HELD)
    assert visa.anna.sees("biståndet för [BISTÅND] är skäligt.") and not visa.anna.sees("LEDSAGNING")
    shown = opens_dialog(visa, "anna", 1).card
    assert shown is not None and "biståndet för HEMTJÄNST och LEDSAGNING är skäligt." in words_of(shown)
