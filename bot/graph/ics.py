"""A meeting as a calendar file, for whoever has none that Stafett can reach: the same neutral words, no people."""

from datetime import UTC, datetime

from aiohttp import web
from icalendar import Calendar, Event
from sqlalchemy import Connection

from bot.clock import Clock
from bot.graph.calendar_plan import words
from bot.graph.plan import transaction_of
from cases import account, calendar_link, load, meetings
from cases.meeting import CANCELLED, MeetingNow
from cases.meeting_kinds import MeetingKind, kinds
from cases.policy import Act, Who, decide
from cases.record import Record
from cases.store import Store
from reminders.localtime import STOCKHOLM

PATH = "/mote/"
_HEADERS = {"Content-Disposition": 'attachment; filename="mote.ics"'}


def file_of(meeting: MeetingNow, kind: MeetingKind, now: datetime) -> bytes:
    """The file of one meeting, fetched at `now` (UTC). A later file of the same meeting takes the place of this one."""
    subject, lines = words(kind)
    event = Event()
    event.add("uid", f"{transaction_of(f'meeting:{meeting.id}', 0)}@stafett")
    event.add("dtstamp", now.astimezone(UTC))
    event.add("dtstart", meeting.starts_at.astimezone(STOCKHOLM))
    event.add("dtend", meeting.ends_at.astimezone(STOCKHOLM))
    event.add("summary", subject)
    event.add("location", meeting.place)
    event.add("description", "\n".join(lines))
    event.add("sequence", meeting.revision)
    event.add("status", "CANCELLED" if meeting.status == CANCELLED else "CONFIRMED")
    event.add("class", "PUBLIC")
    whole = Calendar()
    whole.add("prodid", "-//Stafett//Stafett//SV")
    whole.add("version", "2.0")
    whole.add("method", "CANCEL" if meeting.status == CANCELLED else "PUBLISH")
    whole.add_component(event)
    whole.add_missing_timezones()
    return bytes(whole.to_ical())


class CalendarFiles:
    """The files over HTTP. Nothing is asked of whoever fetches one: the address itself is the secret, and one person's;
    it ends with that person's part in the meeting."""

    def __init__(self, store: Store, record: Record, clock: Clock, public: str) -> None:
        self._store, self._record, self._clock, self._public = store, record, clock, public
        self._key = store.transaction(calendar_link.key)

    def address(self, meeting_id: int, person_id: int) -> str:
        """Where this person fetches the file of a meeting."""
        return f"{self._public}{PATH}{calendar_link.token(self._key, meeting_id, person_id)}.ics"

    def add(self, app: web.Application) -> None:
        app.router.add_get(f"{PATH}{{token}}.ics", self._answer)

    async def _answer(self, request: web.Request) -> web.Response:
        told = calendar_link.told(self._key, request.match_info["token"])
        body = await self._store.run(lambda tx: self._file(tx, *told)) if told is not None else None
        if body is None:
            return web.Response(status=404, text="Mötet finns inte.\n")
        return web.Response(body=body, content_type="text/calendar", charset="utf-8", headers=_HEADERS)

    def _file(self, tx: Connection, number: int, person_id: int) -> bytes | None:
        booked = meetings.one(tx, number)
        if booked is None:
            return None
        thread, scene, now = load.one(tx, booked.thread_id), self._record.scene(tx), self._clock.care()
        who = Who(person_id=person_id, directory=scene.directory, now=now)
        if not decide(who, Act.FETCH, scene.what(thread)):
            account.note(
                tx, now, person_id=person_id, action="denied", outcome="refused", thread=thread,
                directory=scene.directory, reason="calendar_file", channel=account.FILES,
            )  # fmt: skip
            return None
        kind = kinds(scene.profile(thread)).get(booked.meeting.kind)
        return None if kind is None else file_of(booked.meeting, kind, self._clock.machine())
