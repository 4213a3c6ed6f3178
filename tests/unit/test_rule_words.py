"""How a deadline is said to be counted agrees with how it is counted, for every rule of every shipped profile."""

from datetime import date, datetime, timedelta

import pytest

from dialogs.rule_words import counted
from dialogs.swedish import day_text
from reminders.errors import BadSince
from reminders.localtime import to_local
from reminders.profile import Profile, load_profile, profile_names
from reminders.rule_facts import Fact
from reminders.rule_kinds import Start
from reminders.rule_spec import Rule
from reminders.rules import due

SHIPPED = [load_profile(name, only_time=True) for name in profile_names()]
COUNTED = [(one, rule) for one in SHIPPED for rule in one.rules.values() if not isinstance(rule.kind, Fact)]
# A plain week, the turn of the year, and the days around Easter and midsummer; by day, at night, on the hour.
STARTS = [
    datetime.combine(day, datetime.min.time()) + timedelta(hours=hours)
    for day in (date(2026, 11, 16), date(2026, 11, 20), date(2026, 12, 30), date(2027, 3, 25), date(2027, 6, 24))
    for hours in (2.25, 9, 14, 20.5)
]


@pytest.mark.parametrize(("profile", "rule"), COUNTED, ids=lambda one: one.name)
def test_the_words_lead_to_the_day_that_the_arithmetic_gives(profile: Profile, rule: Rule) -> None:
    told = 0
    for since in STARTS:
        try:
            worked_out = due(rule.name, since, profile)
        except BadSince:
            continue
        words = " ".join(counted(rule.kind, Start.of(since), profile.calendar))
        days = {day_text(to_local(one).date()) for one in (worked_out.soft, worked_out.hard) if one is not None}
        assert any(day in words for day in days), (since, days, words)
        told += 1
    assert told


def test_each_day_that_counts_is_named_and_each_that_does_not() -> None:
    profile = next(one for one in SHIPPED if one.name == "norrkoping")
    words = counted(
        profile.rule("feedback").kind, Start.of(datetime.fromisoformat("2026-04-02 15:00")), profile.calendar
    )
    assert words == [
        "Räknas från tor 2 apr, som är dag 0.",
        "Dag 1: tis 7 apr, dag 2: ons 8 apr, dag 3: tor 9 apr, dag 4: fre 10 apr, dag 5: mån 13 apr.",
        "Räknas inte, för de är inte arbetsdagar: fre 3 apr (långfredagen), lör 4 apr (helg), sön 5 apr (påskdagen), "
        "mån 6 apr (annandag påsk), lör 11 apr, sön 12 apr (helg).",
    ]


def test_the_night_before_opening_is_said_to_belong_to_the_evening() -> None:
    profile = next(one for one in SHIPPED if one.name == "norrkoping")
    kind = profile.rule("urgent_lasting").kind
    assert any(
        "kvällen före" in line
        for line in counted(kind, Start.of(datetime.fromisoformat("2026-11-17 02:00")), profile.calendar)
    )
    assert not any(
        "kvällen före" in line
        for line in counted(kind, Start.of(datetime.fromisoformat("2026-11-17 08:00")), profile.calendar)
    )


def test_a_mandate_given_after_midnight_ends_the_same_noon() -> None:
    profile = next(one for one in SHIPPED if one.name == "norrkoping")
    rule = profile.rule("on_call_grant")
    (line,) = counted(rule.kind, Start.of(datetime.fromisoformat("2026-11-24 02:15")), profile.calendar)
    assert "är tis 24 nov kl. 12.00" in line and "36 timmar" in rule.reading
