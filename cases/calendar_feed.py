"""A calendar that each person may subscribe to: their meetings and on-call passes, for whoever Graph does not reach.

The address is the secret. It is made on the person's own word, said once and kept only as a hash; a new one ends the
one before. It ends with the person's last role as well: what is fetched is worked out anew each time, by the policy.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256

from sqlalchemy import Connection, delete, insert, or_, select, update

from cases import account, load, meetings
from cases import tables as t
from cases.meeting import INVITED, MeetingNow, SeriesNow
from cases.meeting_kinds import MeetingKind, kinds
from cases.policy import Act, Who, decide
from cases.record import Scene
from cases.thread import ThreadNow
from reminders.localtime import to_local

_SECRET = 24  # bytes
_LONGEST = 64  # characters of what is asked for
_BACK, _AHEAD = timedelta(days=30), timedelta(days=400)
_MOST = 300  # meetings of one calendar
MADE, ENDED, FETCHED = "calendar_feed_made", "calendar_feed_ended", "calendar_feed"
_FEED, _M, _G, _S = t.calendar_feed.c, t.meeting.c, t.meeting_invited.c, t.meeting_series.c


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A meeting of the calendar, with its kind."""

    meeting: MeetingNow
    kind: MeetingKind


@dataclass(frozen=True, kw_only=True)
class Weekly:
    """Meetings that recur, with their kind; `apart` are the times (UTC) at which one of them is an entry of its own."""

    series: SeriesNow
    kind: MeetingKind
    apart: Sequence[datetime]


@dataclass(frozen=True, kw_only=True)
class Duty:
    """An on-call pass: the unit's name and when it lasts (UTC)."""

    unit: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """What one person's calendar is to show."""

    entries: Sequence[Entry]
    weekly: Sequence[Weekly]
    duties: Sequence[Duty]


def made(tx: Connection, person_id: int, now: datetime) -> str:
    """A new secret for this person's address, in place of the one they had. `now` is care time (UTC)."""
    secret = secrets.token_urlsafe(_SECRET)
    tx.execute(delete(t.calendar_feed).where(_FEED.person_id == person_id))
    tx.execute(insert(t.calendar_feed).values(person_id=person_id, secret_hash=_hash(secret), made_at=now))
    return secret


def ended(tx: Connection, person_id: int) -> bool:
    """End this person's address; whether there was one."""
    return bool(tx.execute(delete(t.calendar_feed).where(_FEED.person_id == person_id)).rowcount)


def since(tx: Connection, person_id: int) -> datetime | None:
    """When this person's address was made (care time, UTC), or None where they have none."""
    found: datetime | None = tx.scalar(select(_FEED.made_at).where(_FEED.person_id == person_id))
    return found


def fetched(tx: Connection, scene: Scene, secret: str, now: datetime) -> Calendar | None:
    """The calendar behind an address; None for one that was never given, has ended, or is nobody's who works here now.

    The account is told of it once a day. What is refused is told of and ends: who has a role again makes a new one.
    """
    asked = select(t.calendar_feed).where(_FEED.secret_hash == _hash(secret))
    row = tx.execute(asked).first() if len(secret) <= _LONGEST else None
    if row is None:
        return None
    directory = scene.directory
    if not directory.is_active(row.person_id) or not directory.memberships(row.person_id):
        account.note(
            tx, now, person_id=row.person_id, action="denied", outcome="refused", directory=directory,
            reason=FETCHED, channel=account.FILES,
        )  # fmt: skip
        ended(tx, row.person_id)
        return None
    _note(tx, scene, row.person_id, row.seen_on, now)
    who = Who(person_id=row.person_id, directory=directory, now=now)
    return Calendar(entries=_entries(tx, scene, who), weekly=_weekly(tx, scene, who), duties=_duties(who))


# --- pieces ------------------------------------------------------------------------------------------------------


def _hash(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


def _note(tx: Connection, scene: Scene, person_id: int, seen_on: date | None, now: datetime) -> None:
    today = to_local(now).date()
    if seen_on == today:
        return
    tx.execute(update(t.calendar_feed).where(_FEED.person_id == person_id).values(seen_on=today))
    account.note(
        tx, now, person_id=person_id, action="export", outcome="done", directory=scene.directory, reason=FETCHED,
        channel=account.FILES,
    )  # fmt: skip


def _entries(tx: Connection, scene: Scene, who: Who) -> list[Entry]:
    """The meetings that this person calls or is invited to, as long as they have a part in the thread."""
    invited = select(_G.meeting_id).where(_G.person_id == who.person_id)
    query = (
        select(_M.id, _M.thread_id)
        .where(or_(_M.organizer_id == who.person_id, _M.id.in_(invited)), _M.status == INVITED)
        .where(_M.ends_at > who.now - _BACK, _M.starts_at < who.now + _AHEAD)
        .order_by(_M.starts_at, _M.id)
        .limit(_MOST)
    )
    asked = {row.id: row.thread_id for row in tx.execute(query)}
    threads = _seen(tx, scene, who, list(asked.values()))
    found = [(one, thread) for thread in threads for one in thread.meetings.values() if one.id in asked]
    every = [(one, kinds(scene.profile(thread)).get(one.kind)) for one, thread in found]
    entries = [Entry(meeting=one, kind=kind) for one, kind in every if kind is not None]
    return sorted(entries, key=lambda entry: (entry.meeting.starts_at, entry.meeting.id or 0))


def _weekly(tx: Connection, scene: Scene, who: Who) -> list[Weekly]:
    """The series that run and that this person has a part in; there is one for each unit or so."""
    query = select(_S.thread_id).where(_S.status == INVITED, _S.last_day >= to_local(who.now - _BACK).date())
    found = []
    for thread in _seen(tx, scene, who, list(tx.scalars(query))):
        series = thread.series
        kind = kinds(scene.profile(thread)).get(series.kind) if series is not None else None
        if series is not None and kind is not None:
            own = select(_M.original_start).where(_M.series_id == series.id, _M.original_start.is_not(None))
            found.append(Weekly(series=series, kind=kind, apart=sorted(tx.scalars(own))))
    return found


def _seen(tx: Connection, scene: Scene, who: Who, ids: Sequence[int]) -> list[ThreadNow]:
    """Those of the threads whose calendar file is this person's to fetch, with their meetings. None that is sealed."""
    found = load.outlines(tx, ids, many=True)
    mine = [one for one in found.values() if not one.is_sealed and decide(who, Act.FETCH, scene.what(one))]
    meetings.fill(tx, mine)
    return mine


def _duties(who: Who) -> list[Duty]:
    passes = [one for found in who.directory.passes.values() for one in found if one.person_id == who.person_id]
    near = [one for one in passes if one.ends_at > who.now - _BACK and one.starts_at < who.now + _AHEAD]
    units = who.directory.units
    duties = [
        Duty(unit=units[one.unit_id].name, starts_at=one.starts_at, ends_at=one.ends_at)
        for one in near
        if one.unit_id in units
    ]
    return sorted(duties, key=lambda duty: duty.starts_at)
