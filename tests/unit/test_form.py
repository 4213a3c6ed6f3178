"""Reading a form: every answer becomes a value or an error beside its question, and nothing typed is lost."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from town import instant

from cases.flow import Choice, Day, Field, Moment, Number, SeatChoice, TextField, UnitChoice
from dialogs.form import REFUSED_NUMBER, read_form
from dialogs.forms import CASE_REF, MAX_REF, raw_of, read_case_ref

NOW = instant("2026-11-16 09:00")
DAY = Day(name="day", label="Vilken dag?")
PAST = Day(name="day", label="Vilken dag?", future=False)
COMING = Day(name="day", label="Vilken dag?", past=False)
BEGAN = Moment(name="at", label="När?", future=False)
WILL = Moment(name="at", label="När?", past=False)
CHOICE = Choice(name="what", label="Vad?", options=(("a", "Första"), ("b", "Andra")))
AHEAD = "Tiden ligger framåt i tiden. Välj när det faktiskt började."
TEXT = TextField(name="note", label="Mer?", max=10)
UNIT = UnitChoice(name="unit", label="Vilken enhet?", kind="home_care")


SEVERAL = Choice(name="which", label="Vilka?", multiple=True, options=(("a", "A"), ("b", "B"), ("c", "C")))
HOURS = Number(name="hours", label="Hur många?", least=Decimal(0), most=Decimal(1000), decimals=2, suffix="tim")
SEAT = SeatChoice(name="seat", label="Vem?", among="own")
OPTIONS = {"unit": {"HT": "Hemtjänst"}, "seat": {"needs_assessor:MYND:6": "Anna Berg"}}
WHY = TextField(name="why", label="Varför?", demanded_if=("what", frozenset({"b"})))


def error_of(item: Field, **typed: str) -> str:
    reading = read_form([item], typed, NOW, OPTIONS)
    assert not reading.ok and reading.values == {}
    return reading.errors[item.name]


@pytest.mark.parametrize(
    ("item", "typed", "value"),
    [
        (DAY, {"day": "2026-11-16"}, "2026-11-16"),
        (DAY, {"day": "2026-11-16T00:00:00Z"}, "2026-11-16"),
        (PAST, {"day": "2026-11-16"}, "2026-11-16"),
        (COMING, {"day": "2026-11-16"}, "2026-11-16"),
        (BEGAN, {"at_date": "2026-11-16", "at_time": "07:30"}, "2026-11-16T06:30:00+00:00"),
        (BEGAN, {"at_date": "2026-11-16", "at_time": "09:04"}, "2026-11-16T08:04:00+00:00"),
        (BEGAN, {"at_date": "2026-10-25", "at_time": "02:30"}, "2026-10-25T00:30:00+00:00"),
        (BEGAN, {"at_date": "2026-03-29", "at_time": "02:30"}, "2026-03-29T01:30:00+00:00"),
        (WILL, {"at_date": "2026-11-18", "at_time": "10:00"}, "2026-11-18T09:00:00+00:00"),
        (CHOICE, {"what": "b"}, "b"),
        (TEXT, {"note": "tio tecken"}, "tio tecken"),
        (TEXT, {"note": " kort "}, "kort"),
        (UNIT, {"unit": "HT"}, "HT"),
        (SEVERAL, {"which": "c, a"}, "a,c"),
        (HOURS, {"hours": "12,5"}, "12.5"),
        (HOURS, {"hours": " 1 000 tim"}, "1000"),
        (HOURS, {"hours": "0"}, "0"),
        (SEAT, {"seat": "needs_assessor:MYND:6"}, "needs_assessor:MYND:6"),
    ],
)
def test_right_answers(item: Field, typed: dict[str, str], value: str) -> None:
    reading = read_form([item], typed, NOW, OPTIONS)
    assert reading.ok and reading.values == {item.name: value}


@pytest.mark.parametrize(
    ("item", "typed", "said"),
    [
        (SEVERAL, {"which": "a,d"}, "Välj ett av alternativen."),
        (HOURS, {"hours": "många"}, "Skriv ett tal, till exempel 12,5."),
        (HOURS, {"hours": "1,234"}, "Skriv ett tal, till exempel 12,5."),
        (HOURS, {"hours": "1000,01"}, "Talet ska vara minst 0 och högst 1000."),
        (HOURS, {"hours": "-1"}, "Talet ska vara minst 0 och högst 1000."),
        (SEAT, {"seat": "needs_assessor:MYND:7"}, "Välj ett av alternativen."),
        (DAY, {"day": "16/11"}, "Skriv datumet som ÅÅÅÅ-MM-DD, till exempel 2026-11-23."),
        (DAY, {"day": "2026-02-30"}, "Skriv datumet som ÅÅÅÅ-MM-DD, till exempel 2026-11-23."),
        (DAY, {"day": "2036-11-16"}, "Datumet ligger mer än ett år bort. Kontrollera årtalet."),
        (DAY, {"day": ""}, "Svara på frågan «Vilken dag?»."),
        (PAST, {"day": "2026-11-17"}, "tis 17 nov ligger framåt i tiden. Välj i dag eller tidigare."),
        (PAST, {"day": "2031-11-17"}, "mån 17 nov 2031 ligger framåt i tiden. Välj i dag eller tidigare."),
        (COMING, {"day": "2026-11-15"}, "sön 15 nov har redan varit. Välj i dag eller senare."),
        (BEGAN, {"at_date": "2026-11-16", "at_time": "09:06"}, AHEAD),
        (BEGAN, {"at_date": "2026-11-16"}, "Välj ett klockslag, till exempel 19:30."),
        (BEGAN, {"at_time": "07:30"}, "Välj ett datum, till exempel 2026-11-23."),
        (BEGAN, {}, "Svara på frågan «När?»."),
        (WILL, {"at_date": "2026-11-16", "at_time": "08:00"}, "Tiden har redan varit. Välj en tid framåt."),
        (CHOICE, {"what": "c"}, "Välj ett av alternativen."),
        (CHOICE, {"what": "Första"}, "Välj ett av alternativen."),
        (TEXT, {"note": "elva tecken"}, "Texten är 11 tecken. Korta den till högst 10."),
        (TEXT, {"note": "121212-1212"}, REFUSED_NUMBER),
        (UNIT, {"unit": "HT-ANNAN"}, "Välj ett av alternativen."),
    ],
)  # fmt: skip
def test_wrong_answers_say_what_would_be_right(item: Field, typed: dict[str, str], said: str) -> None:
    assert error_of(item, **typed) == said


def test_what_was_typed_is_kept_beside_the_error_but_never_a_personnummer() -> None:
    reading = read_form([CHOICE, TEXT, DAY], {"what": "b", "note": "191212121212", "day": "igår"}, NOW)
    assert set(reading.errors) == {"note", "day"}
    assert reading.raw == {"what": "b", "day": "igår"}


def test_an_optional_question_may_be_left() -> None:
    optional = TextField(name="note", label="Mer?", required=False)
    reading = read_form([optional], {}, NOW)
    assert reading.ok and reading.values == {}


@given(st.integers(0, 366 * 24 * 60 - 1))
def test_a_moment_is_read_back_as_it_was_shown(minutes: int) -> None:
    moment = (NOW - timedelta(minutes=minutes)).isoformat()
    again = read_form([BEGAN], raw_of([BEGAN], {"at": moment}), NOW).values["at"]
    doubled = instant("2026-10-25 02:00") + timedelta(hours=1)
    if (
        not doubled <= datetime.fromisoformat(moment) < doubled + timedelta(hours=1)
    ):  # the second 02.00–03.00 that night
        assert again == moment


# --- the case reference --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["NK-2041", "2026/0114", " SN 2026.41 ", "a" * MAX_REF, "ÄÖ-1"])
def test_a_case_reference(typed: str) -> None:
    reading = read_form([], {}, NOW)
    assert read_case_ref({CASE_REF: typed}, reading) == typed.strip() and reading.ok


@pytest.mark.parametrize("typed", ["", "   ", "a" * (MAX_REF + 1), "NK<2041>", "[NK](x)", "NK_2041"])
def test_no_case_reference(typed: str) -> None:
    reading = read_form([], {}, NOW)
    read_case_ref({CASE_REF: typed}, reading)
    assert not reading.ok and reading.raw[CASE_REF] == typed.strip()


def test_a_personnummer_is_no_case_reference() -> None:
    reading = read_form([], {}, NOW)
    assert read_case_ref({CASE_REF: "19121212 1212"}, reading) == ""
    assert reading.errors[CASE_REF] == "Skriv ärendets nummer, inte ett personnummer."
    assert CASE_REF not in reading.raw


def test_an_answer_is_demanded_by_another_answer() -> None:
    assert read_form([CHOICE, WHY], {"what": "a"}, NOW).ok
    assert read_form([CHOICE, WHY], {"what": "b"}, NOW).errors == {"why": "Svara på frågan «Varför?»."}
    assert read_form([WHY, CHOICE], {"what": "b", "why": "Därför"}, NOW).values == {"what": "b", "why": "Därför"}
    assert read_form([WHY], {}, NOW).ok, "what is not asked demands nothing"


def test_a_number_is_shown_again_as_it_is_written() -> None:
    assert raw_of([HOURS], {"hours": "12.5"}) == {"hours": "12,5"}
