"""The calendar that a person subscribes to, over HTTP: neutral words, times and places, and nobody's name."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from aiohttp import web
from icalendar import Calendar as File
from icalendar import Event
from sqlalchemy import Connection

from bot.clock import Clock
from bot.graph.calendar_plan import words
from bot.graph.plan import transaction_of
from cases import calendar_feed
from cases.calendar_feed import Calendar, Duty, Entry, Weekly
from cases.meeting_kinds import MeetingKind
from cases.record import Record
from cases.store import Store
from reminders.localtime import STOCKHOLM, end_of_day

PATH = "/kalender/"
_OFTEN = timedelta(hours=1)  # how often a calendar is asked to look again
_ON_CALL = "Jour"


def file_of(calendar: Calendar, now: datetime) -> bytes:
    """The whole calendar as a file, fetched at `now` (UTC). What is no longer in it disappears from who subscribes."""
    whole = File()
    whole.add("prodid", "-//Stafett//Stafett//SV")
    whole.add("version", "2.0")
    whole.add("method", "PUBLISH")
    whole.add("x-wr-calname", "Stafett")
    whole.add("refresh-interval", _OFTEN, parameters={"VALUE": "DURATION"})
    whole.add("x-published-ttl", "PT1H")
    stamp = now.astimezone(UTC)
    for event in (
        *(_entry(one, stamp) for one in calendar.entries),
        *(_series(one, stamp) for one in calendar.weekly),
        *(_duty(one, stamp) for one in calendar.duties),
    ):
        whole.add_component(event)
    whole.add_missing_timezones()
    return bytes(whole.to_ical())


class CalendarFeed:
    """The address that a person subscribes to. It is the secret: nothing more is asked of whoever fetches it."""

    def __init__(self, store: Store, record: Record, clock: Clock, public: str) -> None:
        self._store, self._record, self._clock, self._public = store, record, clock, public

    def address(self, secret: str) -> str:
        """Where the calendar with this secret is fetched."""
        return f"{self._public}{PATH}{secret}.ics"

    def add(self, app: web.Application) -> None:
        app.router.add_get(f"{PATH}{{secret}}.ics", self._answer)

    async def _answer(self, request: web.Request) -> web.Response:
        secret = request.match_info["secret"]
        found = await self._store.run(lambda tx: self._calendar(tx, secret))
        if found is None:
            return web.Response(status=404, text="Kalendern finns inte.\n")
        body = file_of(found, self._clock.machine())
        return web.Response(body=body, content_type="text/calendar", charset="utf-8")

    def _calendar(self, tx: Connection, secret: str) -> Calendar | None:
        return calendar_feed.fetched(tx, self._record.scene(tx), secret, self._clock.care())


# --- events ------------------------------------------------------------------------------------------------------


def _entry(one: Entry, stamp: datetime) -> Event:
    """With the same id as the file of the single meeting, so that a calendar that has both shows one."""
    meeting = one.meeting
    event = _event(f"meeting:{meeting.id}", stamp, meeting.starts_at, meeting.ends_at)
    _tell(event, one.kind, meeting.place, meeting.revision)
    return event


def _series(one: Weekly, stamp: datetime) -> Event:
    series = one.series
    first = series.first_day + timedelta(days=(series.weekday - series.first_day.isoweekday()) % 7)
    starts = datetime.combine(first, series.at, STOCKHOLM)
    event = _event(f"series:{series.id}", stamp, starts, starts + timedelta(minutes=series.minutes))
    event.add("rrule", {"freq": "weekly", "until": end_of_day(series.last_day).replace(microsecond=0)})
    _leave_out(event, one.apart)
    _tell(event, one.kind, series.place, series.revision)
    return event


def _duty(one: Duty, stamp: datetime) -> Event:
    event = _event(f"duty:{one.unit}:{one.starts_at.isoformat()}", stamp, one.starts_at, one.ends_at)
    event.add("summary", f"{_ON_CALL}, {one.unit}")
    return event


def _event(what: str, stamp: datetime, starts: datetime, ends: datetime) -> Event:
    event = Event()
    event.add("uid", f"{transaction_of(what, 0)}@stafett")
    event.add("dtstamp", stamp)
    event.add("dtstart", starts.astimezone(STOCKHOLM))
    event.add("dtend", ends.astimezone(STOCKHOLM))
    event.add("class", "PUBLIC")
    return event


def _tell(event: Event, kind: MeetingKind, place: str, revision: int) -> None:
    subject, lines = words(kind)
    event.add("summary", subject)
    event.add("location", place)
    event.add("description", "\n".join(lines))
    event.add("sequence", revision)


def _leave_out(event: Event, times: Sequence[datetime]) -> None:
    """The times at which the series gives way to an event of its own."""
    if times:
        event.add("exdate", [one.astimezone(STOCKHOLM) for one in times])
