"""Who is on duty now, and how long a message that can wait is held for somebody who is not."""

from datetime import datetime, timedelta

from cases.directory import Directory, Pass
from cases.route import AUTHORITY
from dialogs.delivery_section import Delivery
from reminders.calendar import WorkCalendar
from reminders.localtime import at, to_local
from reminders.profile import Profile

_BY_SHIFT = frozenset({"care_worker", "fixed_care_contact", "team_lead", "return_home_team"})
_DAY = timedelta(days=1)


def on_duty(person_id: int, directory: Directory, profile: Profile, now: datetime) -> bool:
    """Whether a toast may be asked for: in office hours, on an on-call pass, or for those whose work is by shift."""
    if profile.calendar.is_office_hours(now):
        return True
    held = directory.memberships(person_id)
    if any(person_id in directory.on_call(one.unit_id, now) for one in held):
        return True
    kinds, roles = {one.unit_kind for one in held}, {one.role for one in held}
    return AUTHORITY not in kinds and bool(roles & _BY_SHIFT)


def held_until(person_id: int, directory: Directory, profile: Profile, now: datetime) -> datetime | None:
    """When a message that can wait may be told this person, or None when it may be now. Care time, UTC."""
    section: Delivery = profile.section("delivery")
    if not section.quiet or on_duty(person_id, directory, profile, now):
        return None
    end = quiet_until(section, profile.calendar, now)
    if end is None:
        return None
    passes = [one.starts_at for one in _passes(person_id, directory) if now < one.starts_at < end]
    return min([end, *passes])


def quiet_until(section: Delivery, calendar: WorkCalendar, now: datetime) -> datetime | None:
    """The end of the quiet hours: in the morning of a working day."""
    day = to_local(now).date()
    if calendar.is_workday(day) and section.quiet_to <= to_local(now).time() < section.quiet_from:
        return None
    if to_local(now).time() >= section.quiet_to:
        day += _DAY
    return at(calendar.first_workday_on_or_after(day), section.quiet_to)


def _passes(person_id: int, directory: Directory) -> list[Pass]:
    units = {one.unit_id for one in directory.memberships(person_id)}
    return [one for unit in units for one in directory.passes.get(unit, ()) if one.person_id == person_id]
