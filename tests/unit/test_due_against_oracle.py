"""The batch command against the oracle: two programs that share nothing but the rules must agree everywhere."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

import pytest
from calendar_oracle import FIRST_YEAR, LAST_YEAR, ONE_DAY, eves_of, fall_back, red_days_of, spring_forward
from due_oracle import RULES, TAKES_A_MONTH, Error, oracle
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reminders.batch import answer_batch

PROFILES = ("norrkoping", "osthammar", "stockholm", "katrineholm")
PAIRS = [(name, profile) for _, name, profiles, _ in RULES for profile in profiles]
IDS = [f"{name}-{profile}" for name, profile in PAIRS]
BOUNDARIES = [
    "00:00",
    "01:59",
    "02:00",
    "02:30",
    "02:59",
    "03:00",
    "06:59",
    "07:00",
    "08:59",
    "09:00",
    "11:59",
    "12:00",
    "13:59",
    "14:00",
    "14:01",
    "15:59",
    "16:00",
    "16:59",
    "17:00",
    "23:59",
]

# Both passes of a doubled hour can be asked for by mark or by offset; without either it is the first.
ZONES = ("", "fold=0", "fold=1", "Z", "+01:00", "+02:00")

# The same cases in every run, and an end to it: the number of examples is what bounds the time.
bounded = settings(derandomize=True, deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])


def disagreements(questions: Iterable[tuple[str, str, str]]) -> list[str]:
    """Both answers of every line on which they differ; of two errors the wording is not compared."""
    asked = list(questions)
    answers = list(answer_batch(";".join(question) for question in asked))
    assert len(answers) == len(asked)
    return [found for question, line in zip(asked, answers, strict=True) if (found := _difference(question, line))]


def _difference(question: tuple[str, str, str], line: str) -> str:
    rule, since, profile = question
    wanted = oracle(rule, since, profile)
    echo = ";".join(question)
    if isinstance(wanted, Error):
        is_error = line.startswith(f"{echo};error;") and len(line) > len(f"{echo};error;")
        return "" if is_error else f"{line}   the oracle refuses: {wanted.reason}"
    return "" if line == f"{echo};{wanted[0]};{wanted[1]}" else f"{line}   the oracle says {wanted[0]};{wanted[1]}"


def days_between(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += ONE_DAY


def odd_days(year: int) -> set[date]:
    """Red days, eves, the days the clock is moved, month ends and leap days, each with the day before and after."""
    odd = {*red_days_of(year), *eves_of(year), spring_forward(year), fall_back(year)}
    for month in range(1, 13):
        odd.add(date(year, month, calendar.monthrange(year, month)[1]))
    return {day + timedelta(days=step) for day in odd for step in (-1, 0, 1)}


def stamp(day: date, clock: str) -> str:
    return f"{day.isoformat()}T{clock}"


DAYS = st.dates(date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31))
ODD_DAYS = st.sampled_from(sorted(day for year in range(FIRST_YEAR, LAST_YEAR + 1) for day in odd_days(year)))
CLOCKS = st.one_of(
    st.sampled_from(BOUNDARIES),
    st.builds("{:02d}:{:02d}".format, st.integers(0, 23), st.integers(0, 59)),
)


@pytest.mark.parametrize(("rule", "profile"), PAIRS, ids=IDS)
@bounded
@given(days=st.lists(st.tuples(st.one_of(DAYS, ODD_DAYS), CLOCKS), min_size=4, max_size=12))
def test_any_minute_of_2024_to_2040(rule: str, profile: str, days: list[tuple[date, str]]) -> None:
    assert disagreements((rule, stamp(day, clock), profile) for day, clock in days) == []


@pytest.mark.parametrize(("rule", "profile"), PAIRS, ids=IDS)
def test_every_day_of_2026_and_2027(rule: str, profile: str) -> None:
    clocks = ("00:00", "06:59", "10:00", "14:00", "16:30", "23:59")
    two_years = days_between(date(2026, 1, 1), date(2027, 12, 31))
    # Two of them a day, in turns of three days: each weekday meets each clock, for a week is no multiple of it.
    questions = ((rule, stamp(day, clock), profile) for day in two_years for clock in clocks[day.toordinal() % 3 :: 3])
    assert disagreements(questions) == []


@pytest.mark.parametrize(("rule", "profile"), PAIRS, ids=IDS)
def test_every_odd_day_of_2024_to_2040(rule: str, profile: str) -> None:
    questions = (
        (rule, stamp(day, clock), profile)
        for year in range(FIRST_YEAR, LAST_YEAR + 1)
        for day in sorted(odd_days(year))
        for clock in ("02:30", "13:00")
    )
    assert disagreements(questions) == []


@pytest.mark.parametrize(("rule", "profile"), PAIRS, ids=IDS)
def test_every_tenth_minute_around_the_nights_the_clock_is_moved(rule: str, profile: str) -> None:
    nights = [night + timedelta(days=step) for night in (spring_forward(2026), fall_back(2027)) for step in (-1, 0, 1)]
    clocks = [f"{hour:02d}:{minute:02d}" for hour in range(4) for minute in range(0, 60, 10)]
    starts = [stamp(night, clock + zone) for night in nights for clock in clocks for zone in ZONES]
    assert disagreements((rule, start, profile) for start in starts) == []


@pytest.mark.parametrize(("rule", "profile"), PAIRS, ids=IDS)
def test_a_bare_date_is_its_midnight(rule: str, profile: str) -> None:
    year = list(days_between(date(2028, 1, 1), date(2028, 12, 31)))
    assert disagreements((rule, day.isoformat(), profile) for day in year) == []
    at_midnight = [oracle(rule, stamp(day, "00:00"), profile) for day in year]
    assert [oracle(rule, day.isoformat(), profile) for day in year] == at_midnight


@pytest.mark.parametrize(("rule", "profile"), PAIRS, ids=IDS)
def test_a_month_is_an_answer_only_where_the_rule_counts_in_months(rule: str, profile: str) -> None:
    months = [f"{year}-{month:02d}" for year in range(FIRST_YEAR, LAST_YEAR + 1) for month in range(1, 13)]
    assert disagreements((rule, month, profile) for month in months) == []
    assert isinstance(oracle(rule, months[0], profile), Error) == (rule not in TAKES_A_MONTH)


def test_a_rule_answers_only_in_the_profiles_that_have_it() -> None:
    names = [name for _, name, _, _ in RULES]
    # A Monday evening: also the rule for grants outside office hours has an answer.
    assert disagreements((name, "2026-11-16T18:00", profile) for name in names for profile in PROFILES) == []


def test_the_alias_gives_the_same_answer_as_the_name() -> None:
    aliases = [(alias, profile) for alias, name, profiles, _ in RULES for profile in profiles if "." not in name]
    assert disagreements((alias, "2026-11-16T18:00", profile) for alias, profile in aliases) == []


@pytest.mark.parametrize(
    ("rule", "since", "profile"),
    [
        ("no_such_rule", "2026-11-16", "norrkoping"),
        ("feedback", "2026-11-16", "no_such_place"),
        ("feedback", "", "norrkoping"),
        ("feedback", "i morgon", "norrkoping"),
        ("feedback", "2026-02-29", "norrkoping"),
        ("feedback", "2026-13-01", "norrkoping"),
        ("feedback", "2026-11-31T09:00", "norrkoping"),
        ("feedback", "2026-11-16T24:30", "norrkoping"),
        ("feedback", "2026-11-16T09:60", "norrkoping"),
        ("supervision_claim", "2026-00", "katrineholm"),
        ("phone_too", "2026-11-16T14:30", "norrkoping"),
        ("D28", "2026-11-16T14:30", "katrineholm"),
    ],
)
def test_a_line_without_an_answer_is_an_error_and_the_next_is_still_answered(
    rule: str, since: str, profile: str
) -> None:
    good = ("feedback", "2026-11-16T09:00", "norrkoping")
    assert disagreements([(rule, since, profile), good]) == []
