"""The lists that come by themselves: at the start and the end of a pass, weekly, monthly, and a unit's day.

Each kind says when it is due and for whom, and draws the card at the moment it is sent. An occasion has a key, so that
it comes once however often and wherever it is worked out. Adding a kind is one entry in `LISTS`.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import Connection

from cases import not_started
from cases.policy import LEADERS, Who
from cases.record import Scene
from dialogs import (
    lists_access,
    lists_checks,
    lists_day,
    lists_journal,
    lists_meetings,
    lists_not_started,
    lists_open,
    lists_pass,
    lists_review,
    lists_rota,
    lists_watch,
)
from dialogs import sealing as ended
from dialogs.lists_hours import hours_card
from dialogs.occasion import Occasion, SentList, days_between, leaders, never, section_of, units_of
from dialogs.parts import Element
from dialogs.visit import Visit
from reminders.localtime import to_local

UNREACHED = "pass_unreached"
OF_PASSES = frozenset({"pass_start", "pass_end"})
TONIGHT, PROBE = lists_rota.TONIGHT, lists_rota.PROBE
_LONGEST_LOOK = timedelta(days=14)  # after a longer stop the weeks before are not told of one by one


def occasions(tx: Connection, scene: Scene, since: datetime, until: datetime) -> list[Occasion]:
    """Every list that has become due after `since` and until `until`, the first first."""
    since = max(since, until - _LONGEST_LOOK)
    found = [one for kind in LISTS.values() for one in kind.due(tx, scene, since, until)]
    return sorted(found, key=lambda one: (one.at, one.key))


# --- passes ------------------------------------------------------------------------------------------------------


def _begun(_tx: Connection, scene: Scene, since: datetime, until: datetime) -> Iterable[Occasion]:
    for unit_id, passes in scene.directory.passes.items():
        if section_of(scene.profile_of_unit(unit_id)).passes:
            for one in passes:
                if since < one.starts_at <= until:
                    yield _of_pass("pass_start", one.person_id, unit_id, one.starts_at, one.starts_at)


def _ending(_tx: Connection, scene: Scene, since: datetime, until: datetime) -> Iterable[Occasion]:
    for unit_id, passes in scene.directory.passes.items():
        section = section_of(scene.profile_of_unit(unit_id))
        for one in passes if section.passes else ():
            when = max(one.starts_at, one.ends_at - timedelta(minutes=section.pass_end_minutes))
            if since < when <= until:
                yield _of_pass("pass_end", one.person_id, unit_id, when, one.ends_at)


def _of_pass(what: str, person_id: int, unit_id: str, when: datetime, names: datetime) -> Occasion:
    key = f"list:{what}:{unit_id}:{person_id}:{names:%Y%m%dT%H%M}"
    return Occasion(what=what, person_id=person_id, unit_id=unit_id, at=when, key=key)


def _draw_start(visit: Visit, unit_id: str | None, due_at: datetime) -> Element | None:
    return lists_pass.start_card(visit, unit_id or "")


def _draw_end(visit: Visit, unit_id: str | None, due_at: datetime) -> Element | None:
    return lists_pass.end_card(visit, unit_id or "")


def _draw_unreached(visit: Visit, unit_id: str | None, due_at: datetime) -> Element | None:
    return lists_pass.unreached_card(visit, unit_id or "")


def told_instead(scene: Scene, missed: Occasion, code: str, now: datetime) -> list[Occasion]:
    """Who must hear that a list did not reach somebody, and by which list: of a pass, whoever leads the unit; of what
    the leader is to see to, the next in line. The other lists tell of nothing that has no reminders of its own."""
    unit_id, who = missed.unit_id, missed.person_id
    if unit_id is None or unit_id not in scene.directory.units:
        return []
    told, what = leaders(scene, unit_id), {TONIGHT: PROBE}.get(missed.what, UNREACHED)
    if missed.what in (lists_rota.GAP, PROBE, lists_watch.WATCH):
        told, what = lists_rota.after(scene, unit_id, who), missed.what
    elif missed.what not in (*OF_PASSES, TONIGHT):
        return []
    found = []
    for one in [one for one in told if one != who]:
        known = missed.what == TONIGHT and code == "no_conversation"  # which the probe itself has seen
        key = lists_rota.probe_key(unit_id, one, missed.at) if known else f"{missed.key}:u:{one}"
        found.append(Occasion(what=what, person_id=one, unit_id=unit_id, at=now, key=key))
    return found


# --- the day -----------------------------------------------------------------------------------------------------


def _mornings(_tx: Connection, scene: Scene, since: datetime, until: datetime) -> Iterable[Occasion]:
    for profile in scene.record.profiles.values():
        days = [day for day in days_between(since, until) if profile.calendar.is_workday(day)]
        times = [profile.calendar.opening(day) for day in days if section_of(profile).day_at_opening]
        for when in [when for when in times if since < when <= until][-1:]:
            for unit_id in units_of(scene, profile):
                for who in scene.directory.holders(unit_id, *LEADERS):
                    key = f"list:day:{unit_id}:{who}:{to_local(when):%Y%m%d}"
                    yield Occasion(what="day", person_id=who, unit_id=unit_id, at=when, key=key)


def _draw_day(visit: Visit, unit_id: str | None, due_at: datetime) -> Element | None:
    is_today = to_local(due_at).date() == to_local(visit.now).date()
    return lists_day.day_card(visit, unit_id) if is_today and unit_id in lists_open.leads(visit) else None


# --- not started -------------------------------------------------------------------------------------------------


def _monthly(_tx: Connection, scene: Scene, since: datetime, until: datetime) -> Iterable[Occasion]:
    """At opening on the first working day of the month, to everybody who answers for decisions."""
    for profile in scene.record.profiles.values():
        calendar, days = profile.calendar, days_between(since, until)
        first = [day for day in days if calendar.first_workday_on_or_after(day.replace(day=1)) == day]
        due = [calendar.opening(day) for day in first if section_of(profile).not_started]
        for when in [when for when in due if since < when <= until][-1:]:
            units = set(units_of(scene, profile))
            for who in scene.directory.held:
                shares = not_started.shares(Who(person_id=who, directory=scene.directory, now=when))
                if any(share.unit_id in units for share in shares):
                    key = f"list:not_started:{who}:{to_local(when):%Y%m}"
                    yield Occasion(what="not_started", person_id=who, unit_id=None, at=when, key=key)


def _draw_not_started(visit: Visit, unit_id: str | None, due_at: datetime) -> Element | None:
    return lists_not_started.card_for(visit)


# --- meetings that are not planned -------------------------------------------------------------------------------


def _unplanned(tx: Connection, scene: Scene, since: datetime, until: datetime) -> Iterable[Occasion]:
    """Twice a month, to the assessors, as long as a home care unit has no biståndsmöte next month."""
    for profile in scene.record.profiles.values():
        for when, lead in lists_meetings.looks(profile, since, until)[-1:]:
            for who, authority in lists_meetings.to_tell(tx, scene, profile, when, lead=lead):
                key = f"list:unplanned:{authority}:{who}:{to_local(when):%Y%m%d}"
                yield Occasion(what="unplanned", person_id=who, unit_id=authority, at=when, key=key)


def _draw_unplanned(visit: Visit, unit_id: str | None, due_at: datetime) -> Element | None:
    return lists_meetings.card_for(visit, unit_id or "", due_at)


# --- the on-call rota --------------------------------------------------------------------------------------------


def _gaps(tx: Connection, scene: Scene, since: datetime, until: datetime) -> Iterable[Occasion]:
    return [one for what, due in lists_rota.gaps_due(tx, scene, since, until) for one in _occasions(what, [due])]


def _tonight(_tx: Connection, scene: Scene, since: datetime, until: datetime) -> Iterable[Occasion]:
    return _occasions(TONIGHT, lists_rota.tonight_due(scene, since, until))


def _probed(tx: Connection, scene: Scene, since: datetime, until: datetime) -> Iterable[Occasion]:
    return _occasions(PROBE, lists_rota.probe_due(tx, scene, since, until))


def _occasions(what: str, due: Iterable[lists_rota.Due]) -> list[Occasion]:
    return [Occasion(what=what, person_id=who, unit_id=unit, at=when, key=key) for who, unit, when, key in due]


def _draw_gaps(visit: Visit, unit_id: str | None, due_at: datetime) -> Element | None:
    return lists_rota.gap_card(visit, unit_id or "")


def _draw_nothing(visit: Visit, unit_id: str | None, due_at: datetime) -> Element | None:
    """It stands on another card that is sent at the same time."""
    return None


def _draw_tonight(visit: Visit, unit_id: str | None, due_at: datetime) -> Element | None:
    return lists_rota.tonight_card(visit, unit_id or "", due_at)


def _draw_probe(visit: Visit, unit_id: str | None, due_at: datetime) -> Element | None:
    return lists_rota.probe_card(visit, unit_id or "")


LISTS: Mapping[str, SentList] = {
    "pass_start": SentList(title="Ditt jourpass har börjat", due=_begun, draw=_draw_start),
    "pass_end": SentList(title="Ditt jourpass slutar snart", due=_ending, draw=_draw_end),
    # Asked for when a list of a pass could not be sent.
    UNREACHED: SentList(title="Listan till jouren kom inte fram", due=never, draw=_draw_unreached),
    "journal": SentList(title="Påminnelse: journalföring", due=lists_journal.weekly, draw=lists_journal.draw),
    "not_started": SentList(title="Påminnelse: månadens genomgång", due=_monthly, draw=_draw_not_started),
    "unplanned": SentList(title="Påminnelse: biståndsmöten", due=_unplanned, draw=_draw_unplanned),
    lists_rota.GAP: SentList(title="Ingen har jouren", due=_gaps, draw=_draw_gaps, at_once=True, wakes=True),
    lists_rota.GAP_TOO: SentList(title="Ingen har jouren", due=never, draw=_draw_nothing),
    TONIGHT: SentList(title="Du har jour i kväll", due=_tonight, draw=_draw_tonight, at_once=True),
    PROBE: SentList(title="Kontrollera kvällens jour", due=_probed, draw=_draw_probe, at_once=True, wakes=True),
    # Asked for by the import of a unit's hours, and not by the clock.
    "hours": SentList(title="Utförd tid mot beställd tid", due=never, draw=hours_card),
    "day": SentList(title="Dagens läge i enheten", due=_mornings, draw=_draw_day),
    # Asked for by what is read from the directory's groups.
    lists_access.ACCESS: SentList(title="Behörigheter har ändrats", due=never, draw=lists_access.card),
    lists_review.REVIEW: SentList(title="Gå igenom behörigheter", due=lists_review.due, draw=lists_review.card),
    lists_checks.CHECKS: SentList(title="Kontrollera: månadens åtkomst", due=lists_checks.due, draw=lists_checks.card),
    # Asked for when somebody opens what is a colleague's.
    lists_watch.WATCH: SentList(title="Kontrollera: åtkomst", due=never, draw=lists_watch.card),
    # Asked for by whoever has found out that a person has a protected identity.
    ended.ENDED: SentList(title="Ett ärende är avslutat", due=never, draw=ended.draw),
}
