"""The biståndsmöten that nobody has planned for next month, told to the assessors while there is time (Östhammar, D23).

The routine wants one pair of days per home care unit and month; a pair counts for the month of its first day.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from sqlalchemy import Connection

from cases.planned_meetings import units_with
from cases.record import Scene
from cases.route import AUTHORITY
from dialogs import parts
from dialogs.lists_section import Lists
from dialogs.parts import Element
from dialogs.visit import Visit
from reminders.localtime import Month, at, to_local
from reminders.profile import Profile

FLOW = "assistance_meeting"
_WEEK = timedelta(days=7)
_MONTHS = (
    "januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober", "november",
    "december",
)  # fmt: skip


def looks(profile: Profile, since: datetime, until: datetime) -> list[tuple[datetime, bool]]:
    """When it is looked whether next month is planned, after `since` and until `until` (UTC), and whether it is the
    second time: on the profile's day and a week later, each on the first workday from then on. None where the
    municipality has no such meetings, or has not asked to be reminded."""
    section: Lists = profile.section("lists")
    if not section.meetings_day or FLOW not in profile.section("flows").on:
        return []
    found: list[tuple[datetime, bool]] = []
    month, last = Month.of(to_local(since).date()), Month.of(to_local(until).date())
    while month.index <= last.index:
        first = month.day(section.meetings_day)
        for is_second, day in ((False, first), (True, first + _WEEK)):
            when = at(profile.calendar.first_workday_on_or_after(day), section.meetings_at)
            if since < when <= until:
                found.append((when, is_second))
        month = month.plus(1)
    return found


def to_tell(tx: Connection, scene: Scene, profile: Profile, when: datetime, *, lead: bool) -> Iterable[tuple[int, str]]:
    """Who is told, and of which authority's units: its assessors, and with `lead` whoever leads them as well."""
    for authority in _authorities(scene, profile):
        if unplanned(tx, scene, authority, _next_month(when)):
            roles = ("needs_assessor", "lead_needs_assessor") if lead else ("needs_assessor",)
            who = scene.directory.holders(authority, *roles) or scene.directory.holders(authority, "unit_manager")
            yield from ((person_id, authority) for person_id in who)


def unplanned(tx: Connection, scene: Scene, authority: str, month: Month) -> list[str]:
    """The home care units of an authority, by name, that have no biståndsmöte called for this month."""
    profile = scene.profile_of_unit(authority).name
    units = {
        unit_id: name
        for unit_id, name in scene.directory.units_of_kind("home_care", profile).items()
        if scene.directory.units[unit_id].authority_unit_id == authority
    }
    midnight = time()
    planned = units_with(tx, FLOW, at(month.day(1), midnight), at(month.plus(1).day(1), midnight)) if units else set()
    return [name for unit_id, name in units.items() if unit_id not in planned]


def card_for(visit: Visit, authority: str, due_at: datetime) -> Element | None:
    """The units that have no meeting next month, for somebody who may call to one; None when every unit has."""
    month = _next_month(due_at)
    missing = unplanned(visit.tx, visit.scene, authority, month) if authority in visit.scene.directory.units else []
    if not missing:
        return None
    rule = visit.scene.profile_of_unit(authority).rule("second_meeting_day")
    flow = visit.record.flows[FLOW]
    body = [
        parts.heading("Påminnelse"),
        parts.line(f"Biståndsmötet i {_MONTHS[month.month - 1]} {month.year} är inte planerat med:"),
        *(parts.line(f"• {name}") for name in missing),
        parts.line(f"{visit.terms.put(rule.why)} ({rule.source})", subtle=True),
        parts.line("När påminnelsen kommer är Stafetts eget förval.", subtle=True),
    ]
    may_call = authority in visit.units_for(flow)
    actions = [parts.button("Kalla till biståndsmöte", "new", {"flow": FLOW}, primary=True)] if may_call else []
    return parts.card(body, [*actions, parts.button("Till start", "start")])


def _authorities(scene: Scene, profile: Profile) -> list[str]:
    units = scene.directory.units.values()
    return sorted(one.id for one in units if one.kind == AUTHORITY and one.profile == profile.name)


def _next_month(when: datetime) -> Month:
    day: date = to_local(when).date()
    return Month.of(day).plus(1)
