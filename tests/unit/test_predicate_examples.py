"""The worked examples of the rules that answer with a yes, a route, a day or a proposal: D04, D05, D22, D27, D28."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal

import pytest

from reminders.information import not_started_limit, second_meeting_day
from reminders.localtime import STOCKHOLM, Month
from reminders.predicates import (
    MonthHours,
    PhoneDuty,
    Route,
    deviation_direction,
    meeting_is_digital,
    phone_too,
    planned_supervision,
    review_deviations,
    supervision_day,
    whom_to_phone,
)
from reminders.profile import Profile, time_profile
from reminders.rule_facts import MonthlyDeviation

NORRKOPING, OSTHAMMAR = time_profile("norrkoping"), time_profile("osthammar")
STOCKHOLM_CITY, KATRINEHOLM = time_profile("stockholm"), time_profile("katrineholm")


def clock(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=STOCKHOLM)


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("sent", "execute_on", "required"),
    [
        pytest.param("2026-11-20T14:30", "2026-11-23", True, id="fre 2026-11-20 14:30 for mån 23/11: phone"),
        pytest.param("2026-11-20T13:55", "2026-11-23", False, id="fre 20/11 13:55 for mån 23/11: no duty"),
        pytest.param("2026-04-02T14:10", "2026-04-07", True, id="tor 2026-04-02 14:10 for tis 7/4: phone"),
        pytest.param("2026-12-23T15:00", "2026-12-28", True, id="ons 2026-12-23 15:00 for mån 28/12: phone"),
        pytest.param("2026-06-18T14:01", "2026-06-22", True, id="tor 2026-06-18 14:01 for mån 22/6: phone"),
        pytest.param("2026-11-23T15:00", "2026-11-25", False, id="mån 2026-11-23 15:00 for ons 25/11: no duty"),
        pytest.param("2026-11-20T14:00", "2026-11-20", True, id="exactly 14:00 counts as after"),
        pytest.param("2026-11-20T13:59:59", "2026-11-20", False, id="13:59:59 is before"),
        pytest.param("2026-11-21T09:00", "2026-11-23", True, id="sent on a closed day: phone also before 14"),
        pytest.param("2026-11-21T09:00", "2026-11-24", False, id="a closed day does not undo the execution date"),
    ],
)
def test_an_urgent_assignment_is_phoned_too(sent: str, execute_on: str, required: bool) -> None:
    assert phone_too(clock(sent), day(execute_on), NORRKOPING).required is required


def test_where_no_phone_is_needed_one_is_asked_for_if_unread_at_half_past_two() -> None:
    duty = phone_too(clock("2026-11-20T13:55"), day("2026-11-23"), NORRKOPING)
    assert duty == PhoneDuty(required=False, ask_if_unread_at=clock("2026-11-20T14:30"))


@pytest.mark.parametrize(
    ("now", "route"),
    [
        pytest.param("2026-05-29T16:30", Route.UNIT, id="fre 2026-05-29 16:30: chef"),
        pytest.param("2026-06-01T16:30", Route.ON_CALL_SUPERVISOR, id="mån 2026-06-01 16:30: jour"),
        pytest.param("2026-08-31T16:30", Route.ON_CALL_SUPERVISOR, id="mån 2026-08-31 16:30: jour"),
        pytest.param("2026-09-01T16:30", Route.UNIT, id="tis 2026-09-01 16:30: chef"),
        pytest.param("2026-03-30T16:30", Route.UNIT, id="mån 2026-03-30 16:30, sommartid is not DST: chef"),
        pytest.param("2026-11-21T10:00", Route.ON_CALL_SUPERVISOR, id="lör 2026-11-21 10:00: jour"),
        pytest.param("2026-12-24T10:00", Route.ON_CALL_SUPERVISOR, id="tor 2026-12-24 10:00 (julafton): jour"),
        pytest.param("2026-11-24T17:00:00", Route.ON_CALL_SUPERVISOR, id="tis 2026-11-24 17:00:00: jour"),
        pytest.param("2026-11-24T16:59:59", Route.UNIT, id="tis 2026-11-24 16:59:59: chef"),
        pytest.param("2026-11-24T06:59:59", Route.ON_CALL_SUPERVISOR, id="night until opening: jour"),
        pytest.param("2026-11-24T07:00:00", Route.UNIT, id="07:00 is open"),
    ],
)
def test_whom_to_phone(now: str, route: Route) -> None:
    assert whom_to_phone(clock(now), NORRKOPING) is route


@pytest.mark.parametrize(
    ("performed", "direction"),
    [
        pytest.param("33.0", 0, id="33.0 of 30 h is exactly 10 %: not over"),
        pytest.param("33.1", 1, id="33.1 of 30 h: over"),
        pytest.param("26.9", -1, id="26.9 of 30 h: over, downwards"),
        pytest.param("27.0", 0, id="27.0 of 30 h is exactly 10 %: not over"),
    ],
)
def test_a_deviation_is_more_than_ten_percent(performed: str, direction: int) -> None:
    hours = MonthHours(month=Month(2026, 10), ordered=Decimal(30), performed=Decimal(performed))
    assert deviation_direction(hours, STOCKHOLM_CITY) == direction


def autumn(*percent: int) -> list[MonthHours]:
    """August 2026 and on, 1000 minutes ordered in each, performed so many percent more (less when negative)."""
    return [
        MonthHours(month=Month(2026, 8).plus(number), ordered=1000, performed=1000 + 10 * one)
        for number, one in enumerate(percent)
    ]


def two_of_three() -> Profile:
    rule = STOCKHOLM_CITY.rule("D22")
    assert isinstance(rule.kind, MonthlyDeviation)
    changed = replace(rule, kind=replace(rule.kind, needed=2, window=3))
    return replace(STOCKHOLM_CITY, rules={**STOCKHOLM_CITY.rules, rule.name: changed})


@pytest.mark.parametrize(
    ("months", "profile", "suggest"),
    [
        pytest.param(autumn(12, 11, 13), STOCKHOLM_CITY, True, id="Aug +12, Sep +11, Oct +13: suggestion"),
        pytest.param(autumn(12, 9, 12), STOCKHOLM_CITY, False, id="Aug +12, Sep +9, Oct +12: no under the default"),
        pytest.param(autumn(12, 9, 12), two_of_three(), True, id="Aug +12, Sep +9, Oct +12: yes under 2 of 3"),
        pytest.param(autumn(12, -11, 13), STOCKHOLM_CITY, False, id="different signs: no"),
        pytest.param(autumn(-12, -11, -13), STOCKHOLM_CITY, True, id="three months under: suggestion"),
        pytest.param(autumn(12, 11), STOCKHOLM_CITY, False, id="two months are not yet three"),
        pytest.param(autumn(12, 11, 13, 0), STOCKHOLM_CITY, False, id="the latest month is as ordered: no"),
    ],
)
def test_several_months_in_a_row_give_a_suggestion(months: list[MonthHours], profile: Profile, suggest: bool) -> None:
    assert review_deviations(months, profile).suggest is suggest


def test_a_month_with_nothing_ordered_is_skipped_and_named() -> None:
    months = [*autumn(12, 11), MonthHours(month=Month(2026, 10), ordered=0, performed=60)]
    review = review_deviations(months, STOCKHOLM_CITY)
    assert (review.suggest, review.nothing_ordered) == (False, (Month(2026, 10),))


@pytest.mark.parametrize(
    ("meeting", "digital"),
    [
        pytest.param("2026-05-28", False, id="tor 2026-05-28 on site"),
        pytest.param("2026-06-01", True, id="mån 2026-06-01 digital"),
        pytest.param("2026-07-31", True, id="fre 2026-07-31 digital"),
        pytest.param("2026-08-03", False, id="mån 2026-08-03 on site"),
        pytest.param("2026-05-29", False, id="first of the pair 29 May/1 June: on site, decided per day"),
    ],
)
def test_meetings_in_june_and_july_are_digital(meeting: str, digital: bool) -> None:
    assert meeting_is_digital(day(meeting), OSTHAMMAR) is digital


@pytest.mark.parametrize(
    ("planned", "proposed"),
    [
        pytest.param("2026-05-14", "2026-05-13", id="tor 2026-05-14 (Kristi himmelsfärd): ons 13/5"),
        pytest.param("2026-12-24", "2026-12-23", id="tor 2026-12-24 (v. 52): ons 23/12"),
        pytest.param("2026-12-31", "2026-12-30", id="tor 2026-12-31 (v. 53): ons 30/12"),
        pytest.param("2026-04-02", "2026-04-02", id="tor 2026-04-02 is an ordinary arbetsdag"),
        pytest.param("2026-04-06", "2026-04-07", id="mån 2026-04-06 (annandag påsk): nearest after, tis 7/4"),
    ],
)
def test_supervision_on_a_closed_day_moves_within_its_week(planned: str, proposed: str) -> None:
    assert supervision_day(day(planned), KATRINEHOLM) == day(proposed)


def test_there_is_no_supervision_in_the_week_of_the_team_meeting() -> None:
    assert supervision_day(day("2026-11-19"), KATRINEHOLM, team_meeting_week=True) is None


def test_the_proposed_slot_is_thursday_at_two() -> None:
    assert planned_supervision(day("2026-12-28"), KATRINEHOLM) == clock("2026-12-31T14:00")


@pytest.mark.parametrize(
    ("first", "second", "warn"),
    [
        pytest.param("2026-11-23", "2026-11-24", False, id="mån 2026-11-23, tis 24/11"),
        pytest.param("2026-11-27", "2026-11-30", True, id="fre 2026-11-27, mån 30/11 (warn)"),
        pytest.param("2026-06-18", "2026-06-22", True, id="tor 2026-06-18, mån 22/6 (midsommarafton between)"),
        pytest.param("2026-12-23", "2026-12-28", True, id="ons 2026-12-23, mån 28/12 (warn)"),
    ],
)
def test_day_two_of_the_meeting_warns_when_it_is_not_the_next_date(first: str, second: str, warn: bool) -> None:
    found = second_meeting_day(day(first), OSTHAMMAR)
    assert (found.day, found.warn) == (day(second), warn)


@pytest.mark.parametrize(
    ("since", "limit"),
    [
        pytest.param("2026-08-21", "2026-11-21", id="fre 2026-08-21, lör 2026-11-21"),
        pytest.param("2026-11-30", "2027-02-28", id="mån 2026-11-30, sön 2027-02-28"),
        pytest.param("2026-12-27", "2027-03-27", id="sön 2026-12-27, lör 2027-03-27"),
    ],
)
def test_the_law_counts_three_months(since: str, limit: str) -> None:
    assert not_started_limit(day(since)) == day(limit)


def test_the_planned_slot_is_on_the_local_clock_on_both_sides_of_the_change() -> None:
    slots = [planned_supervision(day(text), KATRINEHOLM) for text in ("2026-10-22", "2026-10-29")]
    assert [one.astimezone(STOCKHOLM).time() for one in slots] == [time(14), time(14)]
