"""The rules that answer with a yes, a route, a day or a proposal."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from reminders.batch import local_text
from reminders.errors import RuleNotInProfile
from reminders.localtime import Month, to_utc
from reminders.predicates import (
    MonthHours,
    Route,
    deviation_direction,
    meeting_is_digital,
    phone_too,
    planned_supervision,
    review_deviations,
    supervision_day,
    whom_to_phone,
)
from reminders.profile import time_profile

NORRKOPING = time_profile("norrkoping")
STOCKHOLM = time_profile("stockholm")
OSTHAMMAR = time_profile("osthammar")
KATRINEHOLM = time_profile("katrineholm")


def local(text: str) -> datetime:
    """The instant of a local time."""
    return to_utc(datetime.fromisoformat(text))


def hours(month: int, ordered: object, performed: object) -> MonthHours:
    """One month of 2026."""
    return MonthHours(month=Month(2026, month), ordered=ordered, performed=performed)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("sent", "execute", "required", "ask_at"),
    [
        ("2026-11-20T14:30", "2026-11-23", True, "-"),
        ("2026-11-20T13:55", "2026-11-23", False, "2026-11-20T14:30"),
        ("2026-11-20T14:00", "2026-11-23", True, "-"),
        ("2026-04-02T14:10", "2026-04-07", True, "-"),
        ("2026-12-23T15:00", "2026-12-28", True, "-"),
        ("2026-06-18T14:01", "2026-06-22", True, "-"),
        ("2026-11-23T15:00", "2026-11-25", False, "-"),
        ("2026-11-21T09:00", "2026-11-23", True, "-"),
        ("2026-11-21T09:00", "2026-11-24", False, "-"),
    ],
)
def test_phone_as_well(sent: str, execute: str, required: bool, ask_at: str) -> None:
    found = phone_too(local(sent), date.fromisoformat(execute), NORRKOPING)
    assert (found.required, local_text(found.ask_if_unread_at)) == (required, ask_at)


@pytest.mark.parametrize(
    ("moment", "route"),
    [
        ("2026-05-29T16:30", Route.UNIT),
        ("2026-06-01T16:30", Route.ON_CALL_SUPERVISOR),
        ("2026-08-31T16:30", Route.ON_CALL_SUPERVISOR),
        ("2026-09-01T16:30", Route.UNIT),
        ("2026-03-30T16:30", Route.UNIT),
        ("2026-11-21T10:00", Route.ON_CALL_SUPERVISOR),
        ("2026-12-24T10:00", Route.ON_CALL_SUPERVISOR),
        ("2026-11-24T17:00", Route.ON_CALL_SUPERVISOR),
        ("2026-11-24T16:59:59", Route.UNIT),
        ("2026-11-24T06:59:59", Route.ON_CALL_SUPERVISOR),
    ],
)
def test_whom_to_phone(moment: str, route: Route) -> None:
    assert whom_to_phone(local(moment), NORRKOPING) is route


@pytest.mark.parametrize(
    ("performed", "direction"), [("33.0", 0), ("33.1", 1), ("27.0", 0), ("26.9", -1), ("30", 0), ("33.0000001", 1)]
)
def test_more_than_ten_percent_is_strict_and_exact(performed: str, direction: int) -> None:
    assert deviation_direction(hours(8, 30, Decimal(performed)), STOCKHOLM) == direction


def test_floats_and_months_without_an_order_are_refused() -> None:
    with pytest.raises(TypeError):
        deviation_direction(hours(8, 30, 33.1), STOCKHOLM)
    with pytest.raises(ZeroDivisionError):
        deviation_direction(hours(8, 0, 10), STOCKHOLM)


@pytest.mark.parametrize(
    ("percents", "suggest"),
    [((12, 11, 13), True), ((12, 9, 12), False), ((12, -12, 12), False), ((-11, -20, -12), True), ((12, 12), False)],
)
def test_three_months_in_a_row_in_one_direction(percents: tuple[int, ...], suggest: bool) -> None:
    months = [hours(8 + n, 1000, 1000 + 10 * percent) for n, percent in enumerate(percents)]
    assert review_deviations(months, STOCKHOLM).suggest is suggest


def test_a_month_without_an_order_breaks_the_row_and_is_flagged() -> None:
    months = [hours(7, 1000, 1200), hours(8, 1000, 1200), hours(9, 0, 10), hours(10, 1000, 1200)]
    found = review_deviations(months, STOCKHOLM)
    assert not found.suggest
    assert found.nothing_ordered == (Month(2026, 9),)
    assert not review_deviations([], STOCKHOLM).suggest


@pytest.mark.parametrize(
    ("day", "digital"), [("2026-05-28", False), ("2026-06-01", True), ("2026-07-31", True), ("2026-08-03", False)]
)
def test_meetings_in_the_holiday_months_are_digital(day: str, digital: bool) -> None:
    assert meeting_is_digital(date.fromisoformat(day), OSTHAMMAR) is digital


@pytest.mark.parametrize(
    ("planned", "proposed"),
    [
        ("2026-05-14", "2026-05-13"),
        ("2026-12-24", "2026-12-23"),
        ("2026-12-31", "2026-12-30"),
        ("2026-04-02", "2026-04-02"),
        ("2026-04-06", "2026-04-07"),
    ],
)
def test_supervision_moves_within_its_week(planned: str, proposed: str) -> None:
    assert supervision_day(date.fromisoformat(planned), KATRINEHOLM) == date.fromisoformat(proposed)
    assert supervision_day(date.fromisoformat(planned), KATRINEHOLM, team_meeting_week=True) is None


def test_the_proposed_slot_is_thursday_at_two() -> None:
    assert local_text(planned_supervision(date(2026, 11, 23), KATRINEHOLM)) == "2026-11-26T14:00"


def test_questions_belong_to_their_own_municipality() -> None:
    with pytest.raises(RuleNotInProfile):
        phone_too(local("2026-11-20T14:30"), date(2026, 11, 23), STOCKHOLM)
    with pytest.raises(RuleNotInProfile):
        meeting_is_digital(date(2026, 6, 1), NORRKOPING)
