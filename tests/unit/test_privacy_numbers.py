"""Personnummer and samordningsnummer are refused however they are written, and never repeated, stored or logged.

The numbers are Skatteverket's published test numbers.
"""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cards import inputs_of, words_of
from flow_walk import PATHS, SENDERS, led_to, staged, values_for
from hypothesis import given
from hypothesis import strategies as st
from privacy_town import in_content, keeping_content, outside_content
from town import Town

from cases.flow import By, Choice, Field, Moment, PassStart, UnitChoice
from dialogs.forms import CASE_REF
from dialogs.personal_number import has_personal_number

NUMBERS = ("191212121212", "198112189876", "201701012393", "197010632391")
SPELLINGS = (
    "{c}{y}{m}{d}{n}", "{y}{m}{d}{n}", "{c}{y}{m}{d}-{n}", "{y}{m}{d}-{n}", "{y}{m}{d}+{n}", "{c}{y}{m}{d} {n}",
    "{y} {m} {d} {n}", "{c}{y} {m} {d} {n}", "{c}{y}-{m}-{d}-{n}", "{c}{y}-{m}-{d} {n}", "{y}.{m}.{d}-{n}",
    "{y}{m}{d}–{n}", "{y}{m}{d} - {n}", "{y}{m}{d}/{n}", "{c}{y}{m}{d}\u00a0{n}", "{y}{m}{d}\u200b{n}",
    "NK{c}{y}{m}{d}{n}", "2041 {c}{y}{m}{d}-{n}", "{y}{m}{d} {n} 12", "ring om {y}{m}{d}-{n}, tack",
    "{y}{m}{d},{n}", "({y}{m}{d}) {n}", "{y}{m}{d};{n}", "{y}{m}{d}*{n}", "{y}{m}{d}_{n}", "3, {y}{m}{d},{n}, 4",
)  # fmt: skip
HARMLESS = (
    "NK-2041", "08-465 004 01", "070-174 06 05", "2026-11-23 07.30", "23.11.2026 07.30", "kl. 07.30–12.00", "ST-N5MJ3Q",
    "191312121212", "19121212-1213", "SN 2026/01234", "1234567890123456", "",
)  # fmt: skip


def spelled(number: str, spelling: str) -> str:
    return spelling.format(c=number[:2], y=number[2:4], m=number[4:6], d=number[6:8], n=number[8:])


def in_pairs(number: str, spelling: str) -> str:
    return spelling.format(*(number[at : at + 2] for at in range(0, 12, 2)))


IN_PAIRS = (
    "{1}-{2}-{3}-{4}-{5}", "{0}{1}-{2}-{3} {4}-{5}", "{0}{1}-{2}-{3} {4} {5}", "{1}{2}{3}/{4}/{5}",
    "{1}/{2}/{3}/{4}/{5}", "{0}-{1}-{2}-{3}-{4}-{5}", "nr ({1})[{2}]{3}*{4}_{5}!",
)  # fmt: skip
LIKE_NUMBERS = tuple(
    text
    for minute in range(60)
    for text in (
        f"2026-11-23 07.{minute:02}", f"2026-11-23 08:{minute:02}", f"26-11-23 07.{minute:02}",
        f"20/11 07:30–09:{minute:02}",
        f"2026-11-23 08-{minute:02}", f"070-112 06 {minute:02}", f"0141-12 12 {minute:02}", f"08-112 123 {minute:02}",
        f"11, 12, 13, 14, {minute:02}", f"11,12,13,14,{minute:02}", f"8.11, 9.11, 10.11, 1{minute:02}",
        f"12-12\n12-12-{minute:02}",
    )
)  # fmt: skip


EVERY_SPELLING = [spelled(number, spelling) for number in NUMBERS for spelling in SPELLINGS]
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


@pytest.mark.parametrize("text", EVERY_SPELLING)
def test_every_spelling_is_found(text: str) -> None:
    assert has_personal_number(text)
    assert has_personal_number(text.translate(WIDE))


@pytest.mark.parametrize("spelling", IN_PAIRS)
def test_it_is_found_with_signs_between_any_digits(spelling: str) -> None:
    assert all(has_personal_number(in_pairs(number, spelling)) for number in NUMBERS[:2])


def test_days_times_telephones_and_lists_are_let_through_whatever_their_last_digit() -> None:
    """One in ten of them has the check digit of a personal number."""
    assert [text for text in LIKE_NUMBERS if has_personal_number(text)] == []


def test_long_texts_of_digits_and_signs_are_looked_at_once() -> None:
    """What is tried from every sign anew would take minutes for these."""
    for text in ("1" * 100_000, "1-" * 50_000, "12 -" * 25_000, "1,;" * 30_000 + "x"):
        assert not has_personal_number(text)


@pytest.mark.parametrize("text", HARMLESS)
def test_other_numbers_are_let_through(text: str) -> None:
    assert not has_personal_number(text)


@given(st.sampled_from(EVERY_SPELLING), st.text(max_size=20), st.text(max_size=20))
def test_it_is_found_in_the_middle_of_words(number: str, before: str, after: str) -> None:
    """Unless more digits are written straight on to it: then nobody could read it out either."""
    if not (before[-1:].isnumeric() or after[:1].isnumeric()):
        assert has_personal_number(f"{before} {number} {after}")


# --- typed ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", EVERY_SPELLING[:: len(SPELLINGS) // 4])
def test_typed_in_the_chat_it_is_refused_without_echo(town: Town, text: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        town.sara.types(text)
    assert "Personnummer får inte skrivas här" in town.sara.newest()
    assert "Radera ditt meddelande" in town.sara.newest()
    nowhere(town, text, town.sara.newest() + caplog.text)


# --- in a form -----------------------------------------------------------------------------------------------------


@pytest.fixture
def visa(tmp_path: Path) -> Iterator[Town]:
    made = Town(tmp_path, record=keeping_content())
    yield made
    made.close()


def names_of(item: Field) -> list[str]:
    if isinstance(item, PassStart):
        return []  # never asked
    return [f"{item.name}_date", f"{item.name}_time"] if isinstance(item, Moment) else [item.name]


FORMS = {
    flow.name: [*(() if flow.caseless else (CASE_REF,)), *(name for item in flow.form for name in names_of(item))]
    for flow in keeping_content().flows.values()
    if flow.form
}


@pytest.mark.parametrize("flow", FORMS)
def test_no_question_of_any_form_takes_it(visa: Town, flow: str, caplog: pytest.LogCaptureFixture) -> None:
    staged(visa, flow)
    sender, caseless = visa.residents[SENDERS[flow]], visa.record.flows[flow].caseless
    for place, field in enumerate(FORMS[flow]):
        text = spelled(NUMBERS[place % len(NUMBERS)], SPELLINGS[place % len(SPELLINGS)])
        sender.types("start")
        sender.chooses(visa.record.flows[flow].title)
        if not caseless:
            sender.presses("Nej")
        with caplog.at_level(logging.DEBUG):
            sender.presses("Fortsätt", **{CASE_REF: "NK-2041", **typed(visa.record.flows[flow].form), field: text})
        assert visa.rows_of("thread") == []
        assert "personnummer" in sender.newest(), "it is said what was wrong"
        nowhere(visa, text, repr(sender.chat()[-1].card) + caplog.text)
        kept = inputs_of(sender.chat()[-1].card)
        assert caseless or field == CASE_REF or kept[CASE_REF] == "NK-2041", "the other answers are still there"


def test_nor_does_any_question_that_a_button_asks(visa: Town, caplog: pytest.LogCaptureFixture) -> None:
    asked = 0
    for flow, state in [(name, one) for name in ("question", "handover_ordinary") for one in PATHS[name]]:
        if state in visa.record.flows[flow].last:
            continue
        number = led_to(visa, flow, state)
        for (origin, signal), moves in visa.record.flows[flow].moves.items():
            who = visa.residents[SENDERS[flow]] if By.SENDER in moves[0].by else visa.anna
            for item in moves[0].needs if origin == state else ():
                asked += 1
                answers = typed(moves[0].needs) | dict.fromkeys(names_of(item), "19121212-1212")
                with caplog.at_level(logging.DEBUG):
                    answer = who.forges(verb="do", thread=number, signal=signal, **answers)
                nowhere(visa, "19121212-1212", repr(answer.card) + caplog.text)
    assert asked > 20


def typed(fields: tuple[Field, ...]) -> dict[str, str]:
    """Right answers, as a client sends them."""
    found: dict[str, str] = {}
    for item in fields:
        if isinstance(item, Moment):
            found |= {
                f"{item.name}_date": "2026-12-18" if item.future else "2026-11-16",
                f"{item.name}_time": "07:30",
            }
        elif isinstance(item, (Choice, UnitChoice)):
            found[item.name] = values_for((item,))[item.name]
        else:
            found[item.name] = str(values_for((item,))[item.name])
    return found


def nowhere(town: Town, text: str, shown: str) -> None:
    everywhere: Any = words_of([message.card for message in town.sara.chat()]) + shown
    everywhere += outside_content(town) + in_content(town)
    digits = "".join(sign for sign in text if sign.isdigit())
    for trace in (text, digits[-10:], digits[-12:]):
        assert trace not in everywhere
