"""Ordered time held against performed time each month (Stockholm, `D22`): kept, compared, and told to the assessors.

Nothing is started by it: an assessor gets a list of what deviates, and judges what is to be done.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, delete, func, insert, select

from cases import account, errands
from cases import tables as t
from cases.hours_check import CaseHours
from cases.record import Scene
from reminders.errors import RuleNotInProfile
from reminders.localtime import Month
from reminders.predicates import DeviationReview, MonthHours, deviation_direction, review_deviations
from reminders.profile import Profile

LIST = "hours"  # the name of the list that goes to the assessors
RULE = "monthly_deviation"
_HOURS = t.case_hours.c


@dataclass(frozen=True, kw_only=True)
class Brought:
    """What came of an import: `replaced` rows of the same unit and month were there before; who is told of it."""

    kept: int
    replaced: int
    told: int


@dataclass(frozen=True, kw_only=True)
class Compared:
    """A case in the month: its hours in seconds, on which side it deviates, and what the months together say."""

    case_ref: str
    latest: MonthHours
    direction: int
    review: DeviationReview


def cases_of(tx: Connection, unit_id: str) -> set[str]:
    """The cases that the roster has for a provider's unit."""
    return set(tx.scalars(select(t.care_case.c.case_ref).where(t.care_case.c.unit_id == unit_id)))


def bring_in(
    tx: Connection, scene: Scene, unit_id: str, month: Month, hours: Sequence[CaseHours], now: datetime
) -> Brought:
    """Keep a unit's hours of a month instead of any that were there, and have every assessor concerned told.

    `now` is care time. Raises: RuleNotInProfile where the unit's municipality does not compare.
    """
    scene.profile_of_unit(unit_id).rule(RULE)
    is_this = (_HOURS.unit_id == unit_id) & (_HOURS.month == month.day(1))
    replaced = tx.execute(delete(t.case_hours).where(is_this)).rowcount
    rows = [
        {"unit_id": unit_id, "month": month.day(1), "case_ref": one.case_ref, "ordered": one.ordered,
         "performed": one.performed, "imported_at": now}
        for one in hours
    ]  # fmt: skip
    if rows:
        tx.execute(insert(t.case_hours), rows)
    told = {who for one in hours for who in assessors(tx, scene, unit_id, one.case_ref)}
    for who in sorted(told):
        key = f"list:{LIST}:{unit_id}:{month}:{who}:{now:%Y%m%dT%H%M%S}"
        errands.add(tx, kind="list", key=key, person_id=who, unit_id=unit_id, what=LIST, not_before=now)
    account.note(
        tx, now, person_id=None, action="config", signal="hours_import", outcome="done", reason=f"{unit_id} {month}",
        unit_id=unit_id, channel=account.COMMAND,
    )  # fmt: skip
    return Brought(kept=len(rows), replaced=replaced, told=len(told))


def assessors(tx: Connection, scene: Scene, unit_id: str, case_ref: str) -> list[int]:
    """Who compares a case: its responsible assessor, else whoever leads the authority's unit."""
    directory = scene.directory
    case = directory.case(tx, case_ref)
    if (
        case is not None
        and case.responsible_id
        and case.responsible_unit_id
        and directory.is_active(case.responsible_id)
    ):
        return [case.responsible_id]
    authority = directory.units[directory.units[unit_id].authority_unit_id or unit_id]
    roles = scene.profile_of_unit(unit_id).section("roles").superiors.get(authority.kind, ())
    chosen = next((role for role in roles if directory.holders(authority.id, role)), None)
    return directory.holders(authority.id, chosen) if chosen else []


def newest_month(tx: Connection, unit_id: str) -> Month | None:
    """The latest month that has been imported for a unit."""
    found: date | None = tx.scalar(select(func.max(_HOURS.month)).where(_HOURS.unit_id == unit_id))
    return Month.of(found) if found else None


def compare(tx: Connection, scene: Scene, unit_id: str, month: Month, person_id: int) -> list[Compared]:
    """The person's cases in a unit's month, by reference. Empty where the municipality no longer compares."""
    profile = scene.profile_of_unit(unit_id)
    rows = tx.execute(
        select(_HOURS.case_ref, _HOURS.month, _HOURS.ordered, _HOURS.performed)
        .where(_HOURS.unit_id == unit_id, _HOURS.month <= month.day(1), _HOURS.month > month.plus(-24).day(1))
        .order_by(_HOURS.case_ref, _HOURS.month)
    )
    by_case: dict[str, list[MonthHours]] = {}
    for row in rows:
        one = MonthHours(month=Month.of(row.month), ordered=row.ordered, performed=row.performed)
        by_case.setdefault(row.case_ref, []).append(one)
    mine = {ref: months for ref, months in by_case.items() if months[-1].month == month}
    try:
        return [
            _compared(ref, months, profile)
            for ref, months in mine.items()
            if person_id in assessors(tx, scene, unit_id, ref)
        ]
    except RuleNotInProfile:
        return []


def _compared(case_ref: str, months: Sequence[MonthHours], profile: Profile) -> Compared:
    latest = months[-1]
    return Compared(
        case_ref=case_ref, latest=latest, direction=deviation_direction(latest, profile),
        review=review_deviations(months, profile),
    )  # fmt: skip
