"""What a rule refuses, and what the Saturday switch moves."""

from datetime import date, datetime

import pytest

from reminders.batch import local_text
from reminders.calendar import WorkCalendar
from reminders.clock_time import Clock
from reminders.errors import BadSince, NotAnInstant, RuleNotInProfile, UnknownRule
from reminders.localtime import Month, to_utc
from reminders.profile import time_profile
from reminders.rule_kinds import NextWeekday, NthWeekdayOfNextMonth, OnCallMandate, ReadingWindow, Start
from reminders.rule_kinds_before import HoursBefore, WorkdaysBefore
from reminders.rule_spec import CATALOGUE
from reminders.rules import due, moments

NORRKOPING = time_profile("norrkoping")
STOCKHOLM = time_profile("stockholm")
OSTHAMMAR = time_profile("osthammar")
KATRINEHOLM = time_profile("katrineholm")


def local(text: str) -> datetime:
    """The instant of a local time."""
    return to_utc(datetime.fromisoformat(text))


# Refusals


def test_an_unknown_rule_is_told_from_one_that_another_municipality_has() -> None:
    with pytest.raises(UnknownRule, match="Det finns ingen regel som heter D99"):
        due("D99", date(2026, 11, 16), NORRKOPING)
    with pytest.raises(RuleNotInProfile, match="Rutinen för Stockholm har inte regeln feedback"):
        due("D03", date(2026, 11, 16), STOCKHOLM)
    with pytest.raises(RuleNotInProfile):
        due("second_meeting_day", date(2026, 11, 16), KATRINEHOLM)


@pytest.mark.parametrize(
    "alias", [one for one in CATALOGUE if one not in ("D04", "D05", "D12", "D30") and one <= "D21"]
)
def test_an_id_is_the_same_rule_as_its_name(alias: str) -> None:
    profile = STOCKHOLM if alias == "D21" else NORRKOPING
    since = date(2026, 11, 16)
    assert due(alias, since, profile) == due(CATALOGUE[alias], since, profile)


@pytest.mark.parametrize(
    ("rule", "profile"),
    [("D04", "norrkoping"), ("D05", "norrkoping"), ("D22", "stockholm"), ("D27", "osthammar"), ("D28", "katrineholm")],
)
def test_questions_and_routes_are_no_instants(rule: str, profile: str) -> None:
    with pytest.raises(NotAnInstant, match="ger ingen tidpunkt"):
        due(rule, date(2026, 11, 16), time_profile(profile))


@pytest.mark.parametrize("moment", ["2026-11-24T07:00", "2026-11-24T16:59:59", "2026-07-01T15:59"])
def test_the_on_call_supervisor_grants_only_in_on_call_hours(moment: str) -> None:
    with pytest.raises(BadSince, match="jourtid"):
        due("D12", local(moment), NORRKOPING)


@pytest.mark.parametrize("moment", ["2026-11-24T06:59:59", "2026-11-24T17:00", "2026-07-01T16:00", "2026-12-24T10:00"])
def test_on_call_hours_begin_at_closing(moment: str) -> None:
    assert due("D12", local(moment), NORRKOPING).hard is not None


@pytest.mark.parametrize("rule", ["D24", "D25", "D26"])
@pytest.mark.parametrize("day", ["2026-11-21", "2026-12-24", "2026-06-19"])
def test_a_meeting_on_a_closed_day_is_refused(rule: str, day: str) -> None:
    with pytest.raises(BadSince, match="inte är en arbetsdag"):
        due(rule, date.fromisoformat(day), OSTHAMMAR)


def test_a_month_fits_only_rules_about_months() -> None:
    with pytest.raises(BadSince, match="inte bara en månad"):
        due("D03", Month(2026, 11), NORRKOPING)
    whole = due("D29", Month(2026, 10), KATRINEHOLM)
    assert whole == due("D29", date(2026, 10, 31), KATRINEHOLM) == due("D29", local("2026-10-01T00:00"), KATRINEHOLM)


@pytest.mark.parametrize("year", [1999, 2101])
def test_years_far_away_are_refused(year: int) -> None:
    with pytest.raises(BadSince, match="mellan 2000 och 2100"):
        due("D03", date(year, 6, 1), NORRKOPING)


@pytest.mark.parametrize("rule", ["D02", "D08", "D09.personal_care", "D18", "D19", "D20", "D31"])
def test_reminders_without_a_hard_limit(rule: str) -> None:
    found = moments(rule, date(2026, 11, 16), NORRKOPING)
    assert found.hard is None
    assert found.soft is not None


# Saturday as vardag, only where the routine says vardag


def test_saturday_moves_only_the_rules_that_say_vardag() -> None:
    calendar = WorkCalendar(saturday_is_vardag=True)
    friday = Start.of(local("2026-11-20T19:00"))
    assert local_text(NextWeekday().moments(friday, calendar).hard) == "2026-11-21T23:59"
    # The soft date would be a Saturday, when nobody reads: it goes to the workday before.
    assert local_text(NextWeekday().moments(friday, calendar).soft) == "2026-11-20T17:00"
    until_noon = OnCallMandate(until=Clock.parse("12:00").clock)  # type: ignore[union-attr, arg-type]
    assert local_text(until_noon.moments(friday, calendar).hard) == "2026-11-21T12:00"
    window = ReadingWindow(
        opens=local("2026-11-20T09:00").time(), until=datetime.fromisoformat("2026-11-20T14:00").time()
    )
    assert local_text(window.moments(friday, calendar).soft) == "2026-11-21T14:00"
    handover = WorkdaysBefore(n=2, unit="vardag", soft_at=Clock.parse("14:00"))  # type: ignore[arg-type]
    tuesday = Start.of(date(2026, 11, 24))
    assert local_text(handover.moments(tuesday, calendar).hard) == "2026-11-21T23:59"
    assert local_text(handover.moments(tuesday, calendar).soft) == "2026-11-20T14:00"
    meeting = WorkdaysBefore(n=2, soft_at=Clock.parse("14:00"))  # type: ignore[arg-type]
    assert local_text(meeting.moments(tuesday, calendar).hard) == "2026-11-20T23:59"
    claim = NthWeekdayOfNextMonth(n=3)
    assert local_text(claim.moments(Start.of(Month(2026, 9)), calendar).hard) == "2026-10-03T23:59"
    assert local_text(claim.moments(Start.of(Month(2026, 9)), calendar).soft) == "2026-10-02T17:00"
    day_before = HoursBefore(
        n=24,
        window_opens=datetime.fromisoformat("2026-11-20T09:00").time(),
        window_until=datetime.fromisoformat("2026-11-20T14:00").time(),
    )
    sunday = Start.of(local("2026-11-22T12:00"))
    assert local_text(day_before.moments(sunday, calendar).soft) == "2026-11-20T14:00"
