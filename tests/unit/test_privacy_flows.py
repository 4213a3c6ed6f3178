"""Every flow, days later too: nothing sensitive outside content and the dialog, nothing telling in a notice."""

import logging
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from cards import words_of
from flow_walk import CASES, PATHS, SECRET, SENDERS, STAGED, led_to, likely, opened
from privacy_town import first_block, in_content, keeping_content, messages, opens_dialog, outside_content
from town import Town, instant

from dialogs.catalogue import load_flows
from dialogs.forms import raw_of
from reminders.localtime import to_local

# What the walk puts into sensitive fields: the chosen need as it is stored and as it is shown, and the free text.
SECRETS = ("toilet", "Hjälp vid toalettbesök", "2026-10-31", "31 okt", SECRET)
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

ROUTINES = set(load_flows())  # what people send; the heartbeat is nobody's, and says itself that it is a «Prov»

# What is walked is the same on either database.
on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def visa(tmp_path: Path) -> Iterator[Town]:
    made = Town(tmp_path, record=keeping_content())
    yield made
    made.close()


@pytest.mark.parametrize("flow", PATHS)
def test_days_later_sensitive_answers_still_stand_in_content_alone_and_notices_are_neutral(
    visa: Town, flow: str, caplog: pytest.LogCaptureFixture
) -> None:
    """On the longest way that the flow has; every state and every way out is walked in test_secrecy_paths."""
    with caplog.at_level(logging.DEBUG):
        number = led_to(visa, flow, max(PATHS[flow], key=lambda state: len(PATHS[flow][state])))
        some_days_pass(visa)
    everywhere = outside_content(visa) + caplog.text + "".join(message.toast for _, message in messages(visa))
    everywhere += "".join(repr(message.card) for _, message in messages(visa))
    for secret in SECRETS:
        assert secret not in everywhere, f"{secret} has leaked"
    kept = visa.thread(number).values
    told = repr([kept[name] for name in visa.record.flows[flow].sensitive_names() & set(kept)])
    assert any(secret in told for secret in SECRETS) == any(secret in in_content(visa) for secret in SECRETS)
    is_neutral_everywhere(visa, flow, number)


def some_days_pass(town: Town) -> None:
    """Long enough for everybody who is next in line to hear of it; or an hour more, where it is later than that."""
    later = town.clock.time + timedelta(hours=1)
    town.until(to_local(max(later, instant("2026-11-25 09:00"))).strftime("%Y-%m-%d %H:%M"))


def is_neutral_everywhere(town: Town, flow: str, number: int) -> None:
    """No toast, first block or spoken word says what the matter is, and a receiver never reads the flow's name: it can
    tell what has happened to somebody, unless it is about no case."""
    table, thread = town.record.flows[flow], town.thread(number)
    for resident, message in messages(town):
        for spoken in (first_block(message.card), message.card.get("speak", ""), message.toast):
            assert flow not in ROUTINES or (table.title not in spoken and table.name not in spoken)
            assert spoken == "" or spoken.startswith((*NEUTRAL, "ST-")), spoken
        if resident.key != SENDERS[flow] and message.toast != "Stafett" and not table.caseless:
            shown = words_of(message.card)
            assert table.title not in shown and table.name not in shown, f"{resident.key} reads {shown}"
            assert thread.sender_id != resident.id


@pytest.mark.parametrize("flow", SENDERS)
def test_content_is_shown_in_a_dialog_and_the_look_is_accounted_for(visa: Town, flow: str) -> None:
    number = led_to(visa, flow, visa.record.flows[flow].first)
    if not visa.record.flows[flow].sensitive_names() & set(visa.thread(number).values):
        assert "Visa" not in visa.residents[SENDERS[flow]].buttons()
        return
    looks = [row for row in visa.rows_of("audit") if row.action == "view"]
    answer = opens_dialog(visa, SENDERS[flow], number)
    hidden = [item for item in visa.record.flows[flow].fields() if item.sensitive]
    assert answer.card is not None
    assert any(words in words_of(answer.card) for words in (*SECRETS, *(item.short or item.label for item in hidden)))
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


@on_sqlite
@pytest.mark.parametrize("flow", sorted(ROUTINES & set(SENDERS)))
def test_in_pointer_mode_nothing_sensitive_is_asked_or_kept(town: Town, flow: str) -> None:
    table, sender, case_ref = town.record.flows[flow], town.residents[SENDERS[flow]], CASES.get(flow, "NK-2041")
    if flow in STAGED:
        STAGED[flow](town)
    sender.types("start")
    sender.chooses(table.title)
    if not table.caseless:
        sender.presses("Nej")
    asked = {item["id"].removesuffix("_date") for item in sender.chat()[-1].card["body"] if "id" in item}
    assert not asked & table.sensitive_names()
    forged = dict.fromkeys(table.sensitive_names(), SECRET) | {"need_category": "toilet"}
    answers = raw_of(table.form, likely(town, flow))
    sender.presses("Fortsätt", case_ref=case_ref, **answers | forged)
    assert len(town.rows_of("thread")) == 1, "what was not asked is left out, and the rest is sent"
    assert not any(secret in in_content(town) + outside_content(town) for secret in SECRETS)
    system = town.record.profiles[town.thread().profile].section("terms").case_system
    assert (f"Läs mer i {system}, ärende {case_ref}." in sender.newest()) != table.caseless


def test_in_pointer_mode_the_answer_asks_for_no_words_either(town: Town) -> None:
    town.karim.begins("question", "NK-2041", category="planning")
    town.karim.presses("Skicka")
    town.anna.presses("Lämna återkoppling")
    town.anna.presses("Lämna återkoppling", action_code="home_visit", action_text=SECRET)
    assert town.thread().state == "answered"
    assert SECRET not in in_content(town)
