"""What a move does to a weekly series, worked out in memory: the pattern, and the weeks that differ from it.

A week that differs is a meeting of the series' thread until it gets a thread of its own; its slot is the day that the
pattern has for it.
"""

from datetime import timedelta

from cases.actions import CallOffSeries, InviteSeries, Meet
from cases.convene import kind_of
from cases.invite import guests_of, meet, mode_of, organizer_of, place_of
from cases.meeting import CANCELLED, INVITED, MeetingNow, SeriesNow
from cases.meeting_kinds import MeetingKind
from cases.series_answers import occurrences_of, opened_day, pattern_of
from cases.telling import Change, Teller
from reminders.series import Occurrence


def convene(teller: Teller, change: Change, action: Meet) -> None:
    """Change the thread's meetings or its series as the action says; what has changed is noted in the change."""
    series = teller.thread.series
    if isinstance(action, InviteSeries):
        _invite(teller, change, action)
    elif not isinstance(action, CallOffSeries):
        meet(teller, change, action)
    elif series is not None and series.status == INVITED:
        series.status = CANCELLED
        _anew(series)
        change.series = series


# --- pieces ------------------------------------------------------------------------------------------------------


def _invite(teller: Teller, change: Change, action: InviteSeries) -> None:
    """Without a kind that the profile has there is nothing to invite to."""
    thread, routing = teller.thread, teller.routing()
    kind = kind_of(routing)
    if kind is None:
        return
    pattern = pattern_of(thread.values, kind.minutes)
    if thread.series is None:
        mode = mode_of(kind, str(thread.values.get(action.mode) or ""), teller.now, routing)
        thread.series = SeriesNow(
            id=None, kind=kind.name, organizer_id=organizer_of(routing), weekday=pattern.weekday, at=pattern.at,
            minutes=pattern.minutes, first_day=pattern.first, last_day=pattern.last, mode=mode,
            place=place_of(kind, mode, routing),
        )  # fmt: skip
        change.series = thread.series
    elif thread.series.last_day != pattern.last:
        thread.series.last_day = pattern.last
        _anew(thread.series)
        change.series = thread.series
    weeks = occurrences_of(thread.values, kind.minutes, teller.profile.calendar)
    for one in weeks:
        if one.day > opened_day(thread.values):
            _bring(teller, change, kind, thread.series, one)
    still_in_it = {one.day.isoformat() for one in weeks}
    for row in thread.meetings.values():
        if row.slot not in still_in_it:
            _leave_out(change, row)


def _bring(teller: Teller, change: Change, kind: MeetingKind, series: SeriesNow, one: Occurrence) -> None:
    """One week of the series as it is to be. One that is known already may have been moved in somebody's calendar, and
    stands where it was put."""
    slot = one.day.isoformat()
    known = teller.thread.meetings.get(slot)
    if known is not None:
        if one.starts is None:
            _leave_out(change, known)
    elif one.differs:
        starts = one.starts or one.original
        ends = one.ends or starts + timedelta(minutes=kind.minutes)
        known = teller.thread.meetings[slot] = MeetingNow(
            id=None, slot=slot, kind=kind.name, organizer_id=series.organizer_id, starts_at=starts, ends_at=ends,
            mode=series.mode, place=series.place, series_id=series.id, original_start=one.original,
            status=INVITED if one.starts else CANCELLED,
            invited=guests_of(kind, series.organizer_id, teller.routing()),
        )  # fmt: skip
        change.meets(known)


def _leave_out(change: Change, row: MeetingNow) -> None:
    if row.is_on:
        row.status = CANCELLED
        _anew(row)
        change.meets(row)


def _anew(row: MeetingNow | SeriesNow) -> None:
    """The calendar is to be brought to it."""
    row.revision += 1
    row.failure = None
