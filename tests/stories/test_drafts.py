"""A draft is on disk before it is sent; it is reminded of, and one that is never sent is removed with its answers.

One that the routine sets no time for goes after a day; one that it does is kept until that time is well past.
"""

import pytest
from town import Resident, Town

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


UNSENT = "Du har ett utkast som inte är skickat."
REMOVED = "Utkastet skickades aldrig och är borttaget. Kvarstår behovet: börja om."


@pytest.mark.parametrize("flow", ["urgent_limited", "question"])
def test_what_the_routine_sets_no_time_for_is_removed_after_a_day(town: Town, flow: str) -> None:
    who, answers = BEGIN[flow]
    sender = town.residents[who]
    sender.begins(flow, "NK-2041", **answers)
    assert town.rows_of("content"), "the draft is on disk"
    town.until("2026-11-16 09:30")
    assert UNSENT in sender.newest()

    town.until("2026-11-17 08:59")
    assert not town.thread().is_closed
    town.until("2026-11-17 09:00")
    removed_and_told(town, sender)


def test_an_urgent_need_from_friday_evening_waits_for_monday_and_is_not_forgotten(town: Town) -> None:
    """Norrköping 5.5, D10: the limit is Monday's, so the weekend must not take the draft."""
    town.until("2026-11-20 19:00")
    starts_urgent(town, "2026-11-20", "18:30")
    town.until("2026-11-20 19:30")
    assert UNSENT in town.sara.newest()
    town.until("2026-11-23 14:59")
    assert town.thread().state == "draft" and town.rows_of("content") and UNSENT in town.sara.newest()
    assert town.maria.has_heard_nothing()
    town.until("2026-11-23 15:00")
    assert "Utkastet ska skickas i dag." in town.sara.newest() and "Skicka" in town.sara.buttons()

    town.until("2026-11-24 06:59")
    assert town.maria.has_heard_nothing()
    town.until("2026-11-24 07:00")
    for told in (town.sara, town.maria):
        assert "Tiden för att meddela har gått ut. Skicka ändå." in told.newest(), told.key
    town.until("2026-11-25 06:59")
    assert town.thread().state == "draft"
    town.until("2026-11-25 07:00")
    removed_and_told(town, town.sara, town.maria)


def test_a_late_urgent_draft_can_still_be_sent_and_is_then_never_removed(town: Town) -> None:
    town.until("2026-11-20 19:00")
    starts_urgent(town, "2026-11-20", "18:30")
    town.until("2026-11-24 16:50")
    town.maria.presses("Skicka")
    assert town.thread().state == "sent" and "Brådskande" in town.anna.newest()
    town.until("2026-11-25 07:30")
    assert not town.thread().is_closed and town.rows_of("content")
    assert not town.sara.sees(REMOVED)


def test_a_limit_that_falls_before_a_weekend_is_called_late_on_monday(town: Town) -> None:
    town.until("2026-11-19 15:00")
    starts_urgent(town, "2026-11-19", "14:00")
    town.until("2026-11-23 06:59")
    assert town.maria.has_heard_nothing()
    town.until("2026-11-23 07:00")
    assert "Tiden för att meddela har gått ut." in town.maria.newest()
    town.until("2026-11-24 07:00")
    removed_and_told(town, town.sara, town.maria)


@pytest.mark.parametrize(("start", "begun"), [("2026-11-09", "2026-11-20 19:00"), ("2026-11-19", "2026-11-24 06:50")])
def test_an_urgent_need_told_of_late_is_not_removed_while_it_is_being_read(town: Town, start: str, begun: str) -> None:
    """The time was out before the draft was begun: it has two workdays to be sent, and can be."""
    town.until(begun)
    starts_urgent(town, start, "14:00")
    assert town.thread().state == "draft" and "Skicka" in town.sara.buttons()
    town.until("2026-11-24 06:59")
    assert town.thread().state == "draft" and town.rows_of("content")
    if begun > "2026-11-24":
        town.until("2026-11-26 06:59")
        assert town.thread().state == "draft"
        town.until("2026-11-26 07:00")
    else:
        town.until("2026-11-24 07:00")
    removed_and_told(town, town.sara, town.maria)


@pytest.mark.parametrize(
    ("flow", "answers", "soon", "today", "late"),
    [
        (
            "handover_simplified",
            {"handover_date": "2026-11-25"},
            "2026-11-20 09:00",
            "2026-11-23 09:00",
            "2026-11-24 07:00",
        ),
        (
            "handover_ordinary",
            {**BEGIN["handover_ordinary"][1], "handover_at_date": "2026-11-25"},
            "2026-11-23 09:00",
            "2026-11-24 08:00",
            "2026-11-24 10:01",
        ),
    ],
)
def test_a_planned_handover_is_reminded_of_in_time_and_gone_the_day_after(
    town: Town, flow: str, answers: dict[str, str], soon: str, today: str, late: str
) -> None:
    town.lena.begins(flow, "NK-2041", **answers)
    town.until("2026-11-16 09:30")
    assert UNSENT in town.lena.newest()
    town.until("2026-11-18 09:00")
    assert town.thread().state == "planned", "planning ahead is no fault"
    town.until(soon)
    assert "Överlämningen är snart. Meddela den i tid." in town.lena.newest()
    town.until(today)
    assert "Överlämningen ska meddelas i dag." in town.lena.newest()
    town.until(late)
    assert "Varslet är nu kortare än rutinen säger. Meddela ändå, med skäl." in town.lena.newest()
    assert "Meddela med kort varsel" in town.lena.buttons()

    town.until("2026-11-26 06:59")
    assert town.thread().state == "planned" and town.rows_of("content")
    town.until("2026-11-26 07:00")
    removed_and_told(town, town.lena)


def test_a_handover_that_was_given_notice_of_is_not_removed_the_day_after(town: Town) -> None:
    town.lena.begins("handover_simplified", "NK-2041", handover_date="2026-11-25")
    town.lena.presses("Meddela överlämningen")
    town.lena.answers("Ändra tiden", handover_date="2026-11-27")
    town.until("2026-11-28 07:00")
    assert town.thread().state == "notified" and town.rows_of("content")


def starts_urgent(town: Town, day: str, clock: str) -> None:
    """Sara's draft of a lasting urgent need."""
    answers = BEGIN["urgent_lasting"][1] | {"extra_help_start_date": day, "extra_help_start_time": clock}
    town.sara.begins("urgent_lasting", "NK-2041", **answers)


def removed_and_told(town: Town, *told: Resident) -> None:
    """Gone with its answers; these people know, and nobody else has heard of it."""
    assert town.thread().state == "discarded"
    assert town.rows_of("content") == [], "gone with its answers"
    for other in town.residents.values():
        if other in told:
            assert REMOVED in other.newest() and other.moves() == [], other.key
        else:
            assert other.has_heard_nothing(), other.key


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


def test_a_handover_planned_late_is_not_reminded_of_on_the_spot(town: Town) -> None:
    """The card that has just been drawn says the same as the early reminder would."""
    town.lena.begins("handover_simplified", "NK-2041", handover_date="2026-11-18")
    assert "Påminnelse" not in town.lena.newest()
    assert "Meddela överlämningen" in town.lena.buttons()
