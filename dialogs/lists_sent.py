"""The lists that come by themselves: at the start and the end of a pass, weekly, monthly, and a unit's day.

Each kind says when it is due and for whom, and draws the card at the moment it is sent. An occasion has a key, so that
it comes once however often and wherever it is worked out. Adding a kind is one entry in `LISTS`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from cases import journal, not_started
from cases.journal import Behind
from cases.record import Scene
from cases.route import QUEUE
from dialogs import lists_access, lists_day, lists_meetings, lists_not_started, lists_open, lists_pass, lists_rota
from dialogs.lists_hours import hours_card
from dialogs.lists_section import Lists
from dialogs.parts import Element
from dialogs.visit import Visit
from reminders.localtime import at, to_local
from reminders.profile import Profile

_DAY = timedelta(days=1)
UNREACHED = "pass_unreached"
OF_PASSES = frozenset({"pass_start", "pass_end"})
TONIGHT, PROBE = lists_rota.TONIGHT, lists_rota.PROBE
_LONGEST_LOOK = timedelta(days=14)  # after a longer stop the weeks before are not told of one by one


@dataclass(frozen=True, kw_only=True)
class Occasion:
    """One list to one person at one time (care time, UTC). `key` is the same whoever works it out."""

    what: str
    person_id: int
    unit_id: str | None
    at: datetime
    key: str


@dataclass(frozen=True, kw_only=True)
class SentList:
    """`due` finds the occasions after `since` and until `until` (UTC); `draw` gives the card that `due_at` asked for,
    or None when nobody wants it any longer; `title` is the neutral notification. One that is `at_once` does not wait
    for the morning, and one that `wakes` asks for a toast also of who is off duty."""

    title: str
    due: Callable[[Connection, Scene, datetime, datetime], Iterable[Occasion]]
    draw: Callable[[Visit, str | None, datetime], Element | None]
    at_once: bool = False
    wakes: bool = False


def occasions(tx: Connection, scene: Scene, since: datetime, until: datetime) -> list[Occasion]:
    """Every list that has become due after `since` and until `until`, the first first."""
    since = max(since, until - _LONGEST_LOOK)
    found = [one for kind in LISTS.values() for one in kind.due(tx, scene, since, until)]
    return sorted(found, key=lambda one: (one.at, one.key))


# --- passes ------------------------------------------------------------------------------------------------------


def _begun(_tx: Connection, scene: Scene, since: datetime, until: datetime) -> Iterable[Occasion]:
    for unit_id, passes in scene.directory.passes.items():
        if _section(scene.profile_of_unit(unit_id)).passes:
            for one in passes:
                if since < one.starts_at <= until:
                    yield _of_pass("pass_start", one.person_id, unit_id, one.starts_at, one.starts_at)


def _ending(_tx: Connection, scene: Scene, since: datetime, until: datetime) -> Iterable[Occasion]:
    for unit_id, passes in scene.directory.passes.items():
        section = _section(scene.profile_of_unit(unit_id))
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
    if missed.what in (lists_rota.GAP, PROBE):
        told, what = lists_rota.after(scene, unit_id, who), missed.what
    elif missed.what not in (*OF_PASSES, TONIGHT):
        return []
    found = []
    for one in [one for one in told if one != who]:
        known = missed.what == TONIGHT and code == "no_conversation"  # which the probe itself has seen
        key = lists_rota.probe_key(unit_id, one, missed.at) if known else f"{missed.key}:u:{one}"
        found.append(Occasion(what=what, person_id=one, unit_id=unit_id, at=now, key=key))
    return found


# --- the journal -------------------------------------------------------------------------------------------------


def _weekly(tx: Connection, scene: Scene, since: datetime, until: datetime) -> Iterable[Occasion]:
    """On the first working day of the week, to everybody whose unit is behind with what they had part in."""
    for profile in scene.record.profiles.values():
        section = _section(profile)
        times = [
            at(day, section.journal_at) for day in _days(since, until) if section.journal and _is_first(profile, day)
        ]
        due = [when for when in times if since < when <= until]
        units = _units(scene, profile)
        if not due or not units:
            continue
        behind = journal.behind(tx, units, journal.looks_from(tx, due[-1]))
        for who in dict.fromkeys(one for seat in behind for one in _responsible(scene, seat)):
            key = f"list:journal:{who}:{to_local(due[-1]):%Y%m%d}"
            yield Occasion(what="journal", person_id=who, unit_id=None, at=due[-1], key=key)


def _is_first(profile: Profile, day: date) -> bool:
    """Whether it is the first working day of its week: Monday, or the day after when Monday is closed."""
    monday = day - _DAY * day.weekday()
    return profile.calendar.first_workday_on_or_after(monday) == day


def _responsible(scene: Scene, seat: Behind) -> list[int]:
    """Who journals for a seat: whoever sat there or took it, else those who read it, else those who lead the unit."""
    directory, unit = scene.directory, scene.directory.units.get(seat.unit_id)
    if unit is None:
        return []
    if seat.person_id is not None and seat.unit_id in {one.unit_id for one in directory.memberships(seat.person_id)}:
        return [seat.person_id] if directory.is_active(seat.person_id) else leaders(scene, seat.unit_id)
    if seat.person_id is not None:
        return leaders(scene, seat.unit_id)
    roles = scene.profile_of_unit(unit.id).section("roles")
    readers = roles.queue.get(unit.kind, ()) if seat.role == QUEUE else (seat.role,)
    return directory.holders(unit.id, *readers) or leaders(scene, unit.id)


def leaders(scene: Scene, unit_id: str) -> list[int]:
    kind = scene.directory.units[unit_id].kind
    roles = scene.profile_of_unit(unit_id).section("roles").superiors.get(kind, ())
    chosen = next((role for role in roles if scene.directory.holders(unit_id, role)), None)
    return scene.directory.holders(unit_id, chosen) if chosen else []


def _draw_journal(visit: Visit, unit_id: str | None, due_at: datetime) -> Element | None:
    lead = "Ni har avslutat det här. Skriv det som är viktigt i er journal, och bocka av (Norrköping 3.1)."
    return lists_open.list_card(visit, "journal", lead=lead) if lists_open.has_any(visit, "journal") else None


# --- the day -----------------------------------------------------------------------------------------------------


def _mornings(_tx: Connection, scene: Scene, since: datetime, until: datetime) -> Iterable[Occasion]:
    for profile in scene.record.profiles.values():
        days = [day for day in _days(since, until) if profile.calendar.is_workday(day)]
        times = [profile.calendar.opening(day) for day in days if _section(profile).day_at_opening]
        for when in [when for when in times if since < when <= until][-1:]:
            for unit_id in _units(scene, profile):
                for who in scene.directory.holders(unit_id, *lists_open.LEADERS):
                    key = f"list:day:{unit_id}:{who}:{to_local(when):%Y%m%d}"
                    yield Occasion(what="day", person_id=who, unit_id=unit_id, at=when, key=key)


def _draw_day(visit: Visit, unit_id: str | None, due_at: datetime) -> Element | None:
    is_today = to_local(due_at).date() == to_local(visit.now).date()
    return lists_day.day_card(visit, unit_id) if is_today and unit_id in lists_open.leads(visit) else None


# --- not started -------------------------------------------------------------------------------------------------


def _monthly(_tx: Connection, scene: Scene, since: datetime, until: datetime) -> Iterable[Occasion]:
    """At opening on the first working day of the month, to everybody who answers for decisions."""
    for profile in scene.record.profiles.values():
        calendar, days = profile.calendar, _days(since, until)
        first = [day for day in days if calendar.first_workday_on_or_after(day.replace(day=1)) == day]
        due = [calendar.opening(day) for day in first if _section(profile).not_started]
        for when in [when for when in due if since < when <= until][-1:]:
            units = set(_units(scene, profile))
            for who in scene.directory.held:
                if any(share.unit_id in units for share in not_started.shares(scene.directory, who)):
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


def _never(_tx: Connection, _scene: Scene, _since: datetime, _until: datetime) -> Iterable[Occasion]:
    return ()


LISTS: Mapping[str, SentList] = {
    "pass_start": SentList(title="Ditt jourpass har börjat", due=_begun, draw=_draw_start),
    "pass_end": SentList(title="Ditt jourpass slutar snart", due=_ending, draw=_draw_end),
    # Asked for when a list of a pass could not be sent.
    UNREACHED: SentList(title="Listan till jouren kom inte fram", due=_never, draw=_draw_unreached),
    "journal": SentList(title="Påminnelse: journalföring", due=_weekly, draw=_draw_journal),
    "not_started": SentList(title="Påminnelse: månadens genomgång", due=_monthly, draw=_draw_not_started),
    "unplanned": SentList(title="Påminnelse: biståndsmöten", due=_unplanned, draw=_draw_unplanned),
    lists_rota.GAP: SentList(title="Ingen har jouren", due=_gaps, draw=_draw_gaps, at_once=True, wakes=True),
    lists_rota.GAP_TOO: SentList(title="Ingen har jouren", due=_never, draw=_draw_nothing),
    TONIGHT: SentList(title="Du har jour i kväll", due=_tonight, draw=_draw_tonight, at_once=True),
    PROBE: SentList(title="Kontrollera kvällens jour", due=_probed, draw=_draw_probe, at_once=True, wakes=True),
    # Asked for by the import of a unit's hours, and not by the clock.
    "hours": SentList(title="Utförd tid mot beställd tid", due=_never, draw=hours_card),
    "day": SentList(title="Dagens läge i enheten", due=_mornings, draw=_draw_day),
    # Asked for by what is read from the directory's groups.
    lists_access.ACCESS: SentList(title="Behörigheter har ändrats", due=_never, draw=lists_access.card),
}


# --- pieces ------------------------------------------------------------------------------------------------------


def _section(profile: Profile) -> Lists:
    section: Lists = profile.section("lists")
    return section


def _units(scene: Scene, profile: Profile) -> list[str]:
    """The units whose messages follow this profile."""
    return [unit for unit in scene.directory.units if scene.profile_of_unit(unit).name == profile.name]


def _days(since: datetime, until: datetime) -> list[date]:
    """The local dates that the time between touches."""
    first, last = to_local(since).date(), to_local(until).date()
    return [first + _DAY * number for number in range((last - first).days + 1)]
