"""What a profile's own calendar changes: Saturday as a vardag, short days and extra closed days."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time

import pytest

from reminders.batch import local_text, parse_since
from reminders.calendar import WorkCalendar
from reminders.localtime import STOCKHOLM
from reminders.predicates import Route, whom_to_phone
from reminders.profile import Profile, time_profile
from reminders.rules import due


def with_calendar(name: str, calendar: WorkCalendar) -> Profile:
    return replace(time_profile(name), calendar=calendar)


def answer(rule: str, since: str, profile: Profile) -> tuple[str, str]:
    found = due(rule, parse_since(since), profile)
    return local_text(found.soft), local_text(found.hard)


@pytest.mark.parametrize(
    ("rule", "since", "place", "hard"),
    [
        pytest.param("D10", "2026-11-20T19:00", "norrkoping", "2026-11-21T23:59", id="D10 fre 19:00: lör 21/11"),
        pytest.param("D12", "2026-11-20T21:30", "norrkoping", "2026-11-21T12:00", id="D12 ends lör 12:00"),
        pytest.param("D13", "2026-11-23", "norrkoping", "2026-11-20T23:59", id="D13 allows fre 20/11"),
        pytest.param("D29", "2026-09", "katrineholm", "2026-10-03T23:59", id="D29 hours Sep 2026: lör 3/10"),
        pytest.param("D29", "2027-04", "katrineholm", "2027-05-05T23:59", id="D29: lör 1/5 2027 is red all the same"),
        pytest.param("D03", "2026-11-16", "norrkoping", "2026-11-23T23:59", id="D03 counts arbetsdagar: unchanged"),
        pytest.param("D24", "2026-11-23", "osthammar", "2026-11-17T23:59", id="D24 counts arbetsdagar: unchanged"),
        pytest.param("D26", "2026-11-23", "osthammar", "2026-12-04T23:59", id="D26 counts arbetsdagar: unchanged"),
    ],
)
def test_saturday_as_vardag_moves_only_the_rules_that_say_vardag(rule: str, since: str, place: str, hard: str) -> None:
    assert answer(rule, since, with_calendar(place, WorkCalendar(saturday_is_vardag=True)))[1] == hard


def test_with_saturday_the_mailbox_is_read_that_day_but_never_on_an_eve() -> None:
    profile = with_calendar("norrkoping", WorkCalendar(saturday_is_vardag=True))
    assert answer("D02", "2026-11-20T14:05", profile) == ("2026-11-21T14:00", "-")
    # Midsommarafton 2026 is a Friday and midsommardagen the Saturday after it.
    assert answer("D02", "2026-06-18T14:05", profile) == ("2026-06-22T14:00", "-")


def test_a_short_day_closes_earlier_for_soft_times_only() -> None:
    profile = with_calendar("norrkoping", WorkCalendar(short_days={date(2026, 4, 2): time(14)}))
    assert answer("D06", "2026-03-12", profile) == ("2026-04-02T14:00", "2026-04-02T23:59")
    assert whom_to_phone(datetime(2026, 4, 2, 16, 30, tzinfo=STOCKHOLM), profile) is Route.UNIT
    assert answer("D02", "2026-04-02T13:00", profile) == ("2026-04-02T14:00", "-")


def test_an_extra_closed_day_is_neither_arbetsdag_nor_vardag() -> None:
    # Friday 15 May 2026 lies between Kristi himmelsfärdsdag and a weekend.
    calendar = WorkCalendar(saturday_is_vardag=True, extra_closed_days=frozenset({date(2026, 5, 15)}))
    profile = with_calendar("norrkoping", calendar)
    assert answer("D03", "2026-05-11", profile)[1] == "2026-05-20T23:59"
    assert answer("D12", "2026-05-13T18:00", profile)[1] == "2026-05-16T12:00"
    assert answer("D13", "2026-05-18", profile)[1] == "2026-05-13T23:59"
