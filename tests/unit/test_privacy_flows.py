"""Every flow in every state: nothing sensitive outside content and the dialog, nothing telling in a notice."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from cards import words_of
from flow_walk import EVERY_STATE, SECRET, SENDERS, led_to, opened
from privacy_town import first_block, in_content, keeping_content, messages, opens_dialog, outside_content
from town import Town

# What the walk puts into sensitive fields: the chosen need as it is stored and as it is shown, and the free text.
SECRETS = ("toilet", "Hjälp vid toalettbesök", SECRET)
NEUTRAL = (
    "Stafett",
    "Brådskande: nytt meddelande",
    "Ny uppgift",
    "Pågående uppgift",
    "Brådskande: pågår",
    "Påminnelse",
    "Information",
    "Svar",
    "Avslutat",
    "Inte levererat – ring",
    "Kontrollera och skicka",
    "Ditt meddelande",
    "Ditt brådskande meddelande",
)


@pytest.fixture
def visa(tmp_path: Path) -> Iterator[Town]:
    made = Town(tmp_path, record=keeping_content())
    yield made
    made.close()


@pytest.mark.parametrize(("flow", "state"), EVERY_STATE)
def test_sensitive_answers_stand_in_content_and_nowhere_else(
    visa: Town, flow: str, state: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        number = led_to(visa, flow, state)
        visa.until("2026-12-17 19:00" if state == "short_notice" else "2026-11-25 09:00")
    everywhere = outside_content(visa) + caplog.text + "".join(message.toast for _, message in messages(visa))
    everywhere += "".join(repr(message.card) for _, message in messages(visa))
    for secret in SECRETS:
        assert secret not in everywhere, f"{secret} has leaked"
    sensitive = visa.record.flows[flow].sensitive_names() & set(visa.thread(number).values)
    assert bool(sensitive) == any(secret in in_content(visa) for secret in SECRETS)


@pytest.mark.parametrize(("flow", "state"), EVERY_STATE)
def test_notices_are_neutral_and_a_receiver_never_reads_the_flows_name(town: Town, flow: str, state: str) -> None:
    number = led_to(town, flow, state)
    town.until("2026-12-17 19:00" if state == "short_notice" else "2026-11-25 09:00")
    table, thread = town.record.flows[flow], town.thread(number)
    for resident, message in messages(town):
        for spoken in (first_block(message.card), message.card.get("speak", ""), message.toast):
            assert table.title not in spoken and table.name not in spoken
            assert spoken == "" or spoken.startswith((*NEUTRAL, "ST-")), spoken
        if resident.key != SENDERS[flow] and message.toast != "Stafett":
            shown = words_of(message.card)
            assert table.title not in shown and table.name not in shown, f"{resident.key} reads {shown}"
            assert thread.sender_id != resident.id


@pytest.mark.parametrize("flow", SENDERS)
def test_content_is_shown_in_a_dialog_and_the_look_is_accounted_for(visa: Town, flow: str) -> None:
    number = opened(visa, flow)
    if not visa.record.flows[flow].sensitive_names() & set(visa.thread(number).values):
        assert "Visa" not in visa.residents[SENDERS[flow]].buttons()
        return
    looks = [row for row in visa.rows_of("audit") if row.action == "view"]
    answer = opens_dialog(visa, SENDERS[flow], number)
    assert answer.card is not None and any(secret in words_of(answer.card) for secret in SECRETS)
    assert SECRET not in first_block(answer.card)
    now = [row for row in visa.rows_of("audit") if row.action == "view"]
    assert len(now) == len(looks) + 1
    assert (now[-1].person_id, now[-1].thread_id) == (visa.residents[SENDERS[flow]].id, number)


def test_the_same_press_outside_a_dialog_shows_no_content(visa: Town) -> None:
    """A client without dialogs sends the press as a message; the answer would lie in the chat."""
    number = opened(visa, "urgent_lasting")
    answer = visa.sara.forges(verb="view", thread=number)
    assert answer.card is not None
    assert not any(secret in repr(answer.card) for secret in SECRETS)
    assert [row for row in visa.rows_of("audit") if row.action == "view"] == []


def test_looking_is_reading(visa: Town) -> None:
    number = led_to(visa, "urgent_lasting", "sent")
    opens_dialog(visa, "anna", number)
    visa.settle()
    visa.sara.types(visa.thread(number).ref)
    assert "Läst av Anna Berg" in visa.sara.newest()


def test_who_has_nothing_to_do_with_it_cannot_look(visa: Town) -> None:
    number = led_to(visa, "urgent_lasting", "sent")
    answer = opens_dialog(visa, "birgitta", number)
    assert not any(secret in repr(answer.card) for secret in SECRETS)
    assert [row.reason for row in visa.rows_of("audit") if row.action == "denied"] == ["no_relation"]


@pytest.mark.parametrize("flow", SENDERS)
def test_in_pointer_mode_nothing_sensitive_is_asked_or_kept(town: Town, flow: str) -> None:
    table, sender = town.record.flows[flow], town.residents[SENDERS[flow]]
    sender.types("start")
    sender.presses(table.title)
    sender.presses("Nej")
    asked = {item["id"].removesuffix("_date") for item in sender.chat()[-1].card["body"] if "id" in item}
    assert not asked & table.sensitive_names()
    forged = dict.fromkeys(table.sensitive_names(), SECRET) | {"need_category": "toilet"}
    answers = {
        "extra_help_start_date": "2026-11-16", "extra_help_start_time": "07:30", "noticed_by_role": "night",
        "day1": "2026-11-16", "category": "other", "handover_date": "2026-12-18", "handover_at_date": "2026-12-18",
        "handover_at_time": "10:00", "receiving_unit": "HT-SODER", "form_sent": "yes",
    }  # fmt: skip
    sender.presses("Fortsätt", case_ref="NK-2041", **answers | forged)
    assert len(town.rows_of("thread")) == 1, "what was not asked is left out, and the rest is sent"
    assert not any(secret in in_content(town) + outside_content(town) for secret in SECRETS)
    assert "Läs mer i verksamhetssystemet, ärende NK-2041." in sender.newest()


def test_in_pointer_mode_the_answer_asks_for_no_words_either(town: Town) -> None:
    town.karim.begins("question", "NK-2041", category="planning")
    town.karim.presses("Skicka")
    town.anna.presses("Lämna återkoppling")
    town.anna.presses("Lämna återkoppling", action_code="home_visit", action_text=SECRET)
    assert town.thread().state == "answered"
    assert SECRET not in in_content(town)
