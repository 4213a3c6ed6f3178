"""The month's looks that somebody is to ask about, for the manager of those who made them: lag (2001:454), 10 §.

References and codes; nothing of what was read. That a look stands here does not mean that it was wrong.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection

from cases import access_review, account_month
from cases.account_month import Looked
from cases.record import Scene
from cases.thread import thread_ref
from dialogs import parts
from dialogs.access_section import Access
from dialogs.glass_words import GLASS_REASON
from dialogs.occasion import Occasion, days_between, units_of
from dialogs.parts import Element
from dialogs.swedish import moment_text, month_text
from dialogs.visit import Visit
from reminders.localtime import Month, to_local

CHECKS = "checks"
_MOST = 8  # of each kind
_REASONS = dict(GLASS_REASON.options)


def due(_tx: Connection, scene: Scene, since: datetime, until: datetime) -> Iterable[Occasion]:
    """At opening on the first working day of the month, to those who go through what a unit's people have done."""
    for profile in scene.record.profiles.values():
        section: Access = profile.section("access")
        calendar = profile.calendar
        first = {calendar.first_workday_on_or_after(day.replace(day=1)) for day in days_between(since, until)}
        times = [calendar.opening(day) for day in sorted(first) if section.checks]
        for when in [when for when in times if since < when <= until][-1:]:
            for unit_id in units_of(scene, profile):
                for who in access_review.reviewers(unit_id, scene.directory, profile):
                    key = f"list:{CHECKS}:{unit_id}:{who}:{to_local(when):%Y%m}"
                    yield Occasion(what=CHECKS, person_id=who, unit_id=unit_id, at=when, key=key)


def card(visit: Visit, unit_id: str | None, due_at: datetime) -> Element | None:
    """The month before, as far as it is this reader's to go through; None when there is nothing in it."""
    unit = visit.scene.directory.units.get(unit_id or "")
    if unit is None:
        return None
    month = Month.of(to_local(due_at).date()).plus(-1)
    found = account_month.of(visit.tx, visit.scene.directory, unit.id, month)
    kinds = (
        ("Lästa meddelanden som enheten inte har del i", found.outside),
        ("Nödåtkomst", found.opened),
        ("Lästa på natten utan att ha jouren", found.at_night),
        ("Lästa utan att något gjordes", found.without_action),
    )
    groups = [(title, [one for one in rows if _is_mine(visit, unit.id, one)]) for title, rows in kinds]
    much = found.much_looked if _goes_through_all(visit, unit.id) else ()
    if not any(rows for _, rows in groups) and not much:
        return None
    visit.note("view", "listed", reason=CHECKS)
    body = [parts.heading("Kontrollera åtkomst"), parts.line(unit.name, strong=True)]
    when = month_text(month.day(1)).capitalize()
    body.append(parts.line(f"{when}. Det som står här behöver inte vara fel: fråga.", subtle=True))
    for title, rows in groups:
        body += _group(visit, title, rows)
    if much:
        body.append(parts.line("Ärenden som många har läst", strong=True, space=True))
        body += [parts.labelled(case, f"{looks} gånger av {people} personer") for case, looks, people in much[:_MOST]]
    return parts.card(body, [parts.button("Till start", "start")])


def _goes_through_all(visit: Visit, unit_id: str) -> bool:
    """Whether the reader is who goes through what the unit's people do, and not only what its manager does."""
    profile = visit.scene.profile_of_unit(unit_id)
    return access_review.goes_through_all(unit_id, visit.person_id, visit.scene.directory, profile)


def _is_mine(visit: Visit, unit_id: str, one: Looked) -> bool:
    profile = visit.scene.profile_of_unit(unit_id)
    return visit.person_id in access_review.goes_through(unit_id, one.person_id, visit.scene.directory, profile)


def _group(visit: Visit, title: str, rows: list[Looked]) -> list[Element]:
    if not rows:
        return []
    made = [parts.line(f"{title}: {len(rows)}", strong=True, space=True)]
    made += [parts.labelled(_name(visit, one.person_id), _told(one)) for one in rows[:_MOST]]
    if len(rows) > _MOST:
        made.append(parts.line(f"… och {len(rows) - _MOST} till. Granskaren har hela listan.", subtle=True))
    return made


def _told(one: Looked) -> str:
    reason = _REASONS.get(one.reason, "")
    return f"{thread_ref(one.thread_id)}, {moment_text(one.at)}" + (f". {reason}" if reason else "")


def _name(visit: Visit, person_id: int) -> str:
    person = visit.scene.directory.people.get(person_id)
    return person.name if person is not None else "någon som inte längre finns i registret"
