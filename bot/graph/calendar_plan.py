"""From a row of the record to what the calendar is to show: neutral words, local times, and who is invited."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.errand.door import Later, Never
from bot.graph.plan import Guest, Plan, Weekly, transaction_of
from cases import calendar, load, meetings
from cases.errands import Errand
from cases.invite import guests_of
from cases.meeting import CANCELLED, MeetingNow, SeriesNow
from cases.meeting_kinds import MeetingKind, kinds
from cases.record import Record, Scene
from cases.thread import ThreadNow
from reminders.localtime import to_local

_FOOT = "Svar, ändringar och underlag finns i Stafett i Teams. Skriv aldrig om enskilda personer i inbjudan."
_SERIES_FIRST = 2.0  # seconds until an occurrence looks again for its series


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What the calendar is to be brought to, and what is known of how it stands."""

    what: str
    revision: int
    plan: Plan
    cancelled: bool
    event_id: str | None
    tried: bool  # whether the event may stand there although its id is not known
    series_event_id: str | None = None  # of an occurrence
    original: datetime | None = None
    differs: bool = True  # of an occurrence: whether it is anything but what the series says
    people: dict[str, int] = field(default_factory=dict)  # of the answers, by address in small letters


def wanted(tx: Connection, record: Record, errand: Errand, now: datetime) -> Wanted | None:
    """What an errand is for, as things stand now; None when the calendar shows it already.

    Raises: Later for an occurrence whose series does not stand yet, Never where there is no calendar to put it in.
    """
    kind, _, number = errand.what.partition(":")
    if kind == "series":
        found = meetings.series(tx, int(number))
        return None if found is None else _of_series(tx, record, errand, *found, now)
    booked = meetings.one(tx, int(number))
    return None if booked is None else _of_meeting(tx, record, errand, booked.thread_id, booked.meeting)


def _of_meeting(
    tx: Connection, record: Record, errand: Errand, thread_id: int, meeting: MeetingNow
) -> Wanted | None:  # fmt: skip
    if _stands(meeting) and not errand.lost:
        return None
    scene, thread = record.scene(tx), load.one(tx, thread_id)
    series = _series_of(tx, meeting)
    if meeting.status == CANCELLED and meeting.event_id is None and series is None and not _tried(tx, errand, meeting):
        return None  # it was called off before anybody was invited
    if series is not None and series.event_id is None:
        if series.status == CANCELLED:
            return None
        raise Later(calendar.AWAITS_SERIES, _SERIES_FIRST)
    known = calendar.people(tx, [meeting.organizer_id, *(one.person_id for one in meeting.invited)])
    subject, lines = words(_kind(scene, thread, meeting.kind))
    plan = Plan(
        mailbox=_mailbox(known, meeting.organizer_id),
        subject=subject,
        lines=lines,
        starts=to_local(meeting.starts_at).replace(tzinfo=None),
        ends=to_local(meeting.ends_at).replace(tzinfo=None),
        place=meeting.place,
        online=meeting.mode == "digital",
        guests=tuple(
            Guest(address=known[one.person_id].upn, name=known[one.person_id].name, optional=one.optional)
            for one in meeting.invited
            if one.person_id in known
        ),
        transaction=transaction_of(errand.what, meeting.synced),
    )
    return Wanted(
        what=errand.what, revision=meeting.revision, plan=plan, cancelled=meeting.status == CANCELLED,
        event_id=meeting.event_id, tried=_tried(tx, errand, meeting),
        series_event_id=series.event_id if series else None, original=meeting.original_start,
        differs=meeting.revision > 1 or series is None or _differs(meeting, series),
        people={known[one].upn.lower(): one for one in known},
    )  # fmt: skip


def _of_series(
    tx: Connection, record: Record, errand: Errand, thread_id: int, series: SeriesNow, now: datetime
) -> Wanted | None:
    if _stands(series) and not errand.lost:
        return None
    tried = series.event_id is None and calendar.was_tried(tx, errand)
    if series.status == CANCELLED and series.event_id is None and not tried:
        return None
    scene, thread = record.scene(tx), load.one(tx, thread_id)
    kind = _kind(scene, thread, series.kind)
    guests = guests_of(kind, series.organizer_id, scene.planner(thread, now).routing())
    known = calendar.people(tx, [series.organizer_id, *(one.person_id for one in guests)])
    first = series.first_day + timedelta(days=(series.weekday - series.first_day.isoweekday()) % 7)
    starts = datetime.combine(first, series.at)
    subject, lines = words(kind)
    plan = Plan(
        mailbox=_mailbox(known, series.organizer_id),
        subject=subject,
        lines=lines,
        starts=starts,
        ends=starts + timedelta(minutes=series.minutes),
        place=series.place,
        online=series.mode == "digital",
        guests=tuple(
            Guest(address=known[one.person_id].upn, name=known[one.person_id].name, optional=one.optional)
            for one in guests
            if one.person_id in known
        ),
        transaction=transaction_of(errand.what, series.synced),
        weekly=Weekly(first=first, last=max(series.last_day, first)),
    )
    return Wanted(
        what=errand.what, revision=series.revision, plan=plan, cancelled=series.status == CANCELLED,
        event_id=series.event_id, tried=tried,
    )  # fmt: skip


def _stands(row: MeetingNow | SeriesNow) -> bool:
    """Whether the calendar shows it already."""
    return row.synced == row.revision and (row.event_id is not None or row.status == CANCELLED)


def _tried(tx: Connection, errand: Errand, meeting: MeetingNow) -> bool:
    return meeting.event_id is None and calendar.was_tried(tx, errand)


def _series_of(tx: Connection, meeting: MeetingNow) -> SeriesNow | None:
    found = meetings.series(tx, meeting.series_id) if meeting.series_id is not None else None
    return found[1] if found else None


def _differs(meeting: MeetingNow, series: SeriesNow) -> bool:
    """Whether an occurrence is anything but what its series says."""
    long = meeting.ends_at - meeting.starts_at
    return (meeting.starts_at, meeting.mode, meeting.place, long) != (
        meeting.original_start, series.mode, series.place, timedelta(minutes=series.minutes),
    )  # fmt: skip


def _kind(scene: Scene, thread: ThreadNow, name: str) -> MeetingKind:
    found = kinds(scene.profile(thread)).get(name)
    if found is None:
        raise Never("no_such_kind")
    return found


def _mailbox(known: dict[int, calendar.Known], organizer_id: int) -> str:
    if organizer_id not in known:
        raise Never("no_mailbox")
    return known[organizer_id].upn


def words(kind: MeetingKind) -> tuple[str, tuple[str, ...]]:
    """The subject and the lines of an invitation: what the routine says of the kind, and nothing of any case."""
    agenda = ("Dagordning:", *(f"– {line}" for line in kind.agenda), "") if kind.agenda else ()
    return kind.title, (*agenda, _FOOT)
