"""The pages of the played Graph, for people: everybody's calendar, the calls that ring, and Graph's own health.

They stand for Outlook and the telephone in the demo. Only this machine reaches them.
"""

from collections.abc import Awaitable, Callable
from datetime import date, datetime, time, timedelta
from urllib.parse import urlsplit

from aiohttp import web

from bot.demo.graph.entries import Slot
from bot.demo.graph.ics import calendar_file
from bot.demo.graph.page_frame import clock_text, day_text, escape, page
from bot.demo.graph.people import Person
from bot.demo.graph.week_page import week_of, week_page
from bot.demo.graph.wire import Refusal
from bot.demo.graph.world import World
from reminders.localtime import at as at_clock
from reminders.localtime import to_utc

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_RINGS = {"establishing": "ringer", "established": "pågår", "terminated": "slut"}
_HOUR = timedelta(hours=1)


class Pages:
    """The pages of one world. `changed` is called when somebody has done something on one of them."""

    def __init__(self, world: World, changed: Callable[[], None]) -> None:
        self._world, self._changed = world, changed

    def add_to(self, app: web.Application) -> None:
        for path, show in (
            ("/kalender", self.everybody), ("/kalender/{upn}", self.week), ("/kalender/{upn}/{event}.ics", self.file),
            ("/samtal", self.telephone),
        ):  # fmt: skip
            app.router.add_get(path, _shown(show))
        for path, do in (
            ("/kalender/{upn}/svar", self.answer), ("/kalender/{upn}/flytta", self.move),
            ("/kalender/{upn}/stall-in", self.call_off), ("/kalender/{upn}/borta", self.away),
            ("/kalender/{upn}/tillbaka", self.back), ("/samtal/{call}/{verb}", self.handle_call), ("/graph", self.turn),
        ):  # fmt: skip
            app.router.add_post(path, _shown(_own_pages_only(self._told(do))))

    async def everybody(self, _request: web.Request) -> web.StreamResponse:
        now = self._world.clock()
        people = sorted((one for one in self._world.people.values() if one.has_mailbox), key=lambda one: one.name)
        rows = "".join(
            f'<tr><td><a href="/kalender/{escape(one.upn)}">{escape(one.name)}</a></td>'
            f"<td>{'autosvar på' if one.reply.active(now) else ''}</td></tr>"
            for one in people
        )
        down = any(fault.concerns("", now) for fault in self._world.faults.active)
        verb, word = ("pa", "Sätt på Graph igen") if down else ("av", "Låt Graph vara borta en timme")
        state = '<b class="bad">Graph svarar inte.</b>' if down else '<b class="good">Graph svarar.</b>'
        body = (
            f"<h2>Kalendrar</h2><table><tbody>{rows}</tbody></table>"
            f'<h2>Telefon</h2><p><a href="/samtal">Samtal som ringer</a></p>'
            f'<h2>Graph</h2><form method="post" action="/graph">{state}'
            f'<button name="lage" value="{verb}">{word}</button></form>'
        )
        return page("Kalendrar i demon", f"Spelat Microsoft Graph · {day_text(now)} {clock_text(now)}", body)

    async def week(self, request: web.Request) -> web.StreamResponse:
        return self._week(request, request.query.get("vecka"))

    async def file(self, request: web.Request) -> web.StreamResponse:
        entry = self._world.calendar.find(self._person(request), request.match_info["event"], ended=True).entry
        headers = {"Content-Disposition": 'attachment; filename="mote.ics"', "Cache-Control": "no-store"}
        return web.Response(body=calendar_file(entry), content_type="text/calendar", charset="utf-8", headers=headers)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        form, person = await request.post(), self._person(request)
        slot = self._world.calendar.find(person, str(form.get("id")))
        response = str(form.get("svar"))
        if response not in ("accepted", "tentativelyAccepted", "declined"):
            raise Refusal(400, "ErrorInvalidRequest", "Svara ja, kanske eller nej.")
        self._world.calendar.answer(person, slot, response)
        return self._week(request, str(form.get("vecka")), f"Svaret är skickat till {slot.entry.organizer.name}.")

    async def move(self, request: web.Request) -> web.StreamResponse:
        form, person = await request.post(), self._person(request)
        slot = self._own(person, str(form.get("id")))
        try:
            start = to_utc(datetime.fromisoformat(str(form.get("start"))))
        except ValueError:
            raise Refusal(400, "ErrorInvalidRequest", "Skriv en dag och ett klockslag.") from None
        self._world.calendar.move(slot, start)
        return self._week(request, str(form.get("vecka")), f"Flyttat till {day_text(start)} {clock_text(start)}.")

    async def call_off(self, request: web.Request) -> web.StreamResponse:
        form, person = await request.post(), self._person(request)
        self._world.calendar.end(self._own(person, str(form.get("id"))))
        return self._week(request, str(form.get("vecka")), "Inställt. De inbjudna ser det i sina kalendrar.")

    async def away(self, request: web.Request) -> web.StreamResponse:
        form, person = await request.post(), self._person(request)
        try:
            until = date.fromisoformat(str(form.get("till")))
        except ValueError:
            self._world.away(person.upn)
            return self._week(request, None, "Autosvar är på tills det slås av.")
        self._world.away(person.upn, self._world.clock(), at_clock(until + timedelta(days=1), time()))
        return self._week(request, None, "Autosvar är på.")

    async def back(self, request: web.Request) -> web.StreamResponse:
        person = self._person(request)
        self._world.back(person.upn)
        return self._week(request, None, "Autosvar är av.")

    async def turn(self, request: web.Request) -> web.StreamResponse:
        """Graph goes away for an hour by the demo's clock, or comes back."""
        self._world.faults.clear()
        if (await request.post()).get("lage") == "av":
            self._world.faults.down(_HOUR)
        raise web.HTTPSeeOther("/kalender")

    async def telephone(self, _request: web.Request) -> web.StreamResponse:
        rows = []
        for rung in reversed(self._world.calls.placed):
            verbs = {"establishing": (("svara", "Svara"), ("avvisa", "Avvisa")),
                     "established": (("tryck", "Tryck 1"), ("lagg-pa", "Lägg på"))}.get(rung.state, ())  # fmt: skip
            forms = "".join(
                f'<form method="post" action="/samtal/{rung.id}/{verb}"><button>{word}</button></form>'
                for verb, word in verbs
            )
            played = f" · {len(rung.prompts)} uppläst" if rung.prompts else ""
            name = escape(rung.person.name)
            rows.append(f"<tr><td>{name}</td><td>{_RINGS[rung.state]}{played}</td><td>{forms}</td></tr>")
        body = f"<table><tbody>{''.join(rows)}</tbody></table>" if rows else "<p>Ingen telefon har ringt.</p>"
        return page("Samtal", '<a href="/kalender">Alla kalendrar</a>', body)

    async def handle_call(self, request: web.Request) -> web.StreamResponse:
        call_id, calls = request.match_info["call"], self._world.calls
        match request.match_info["verb"]:
            case "svara":
                await calls.answer(call_id)
            case "tryck":
                await calls.press(call_id)
            case "lagg-pa":
                await calls.hang_up(call_id)
            case "avvisa":
                await calls.hang_up(call_id, code=603)
            case _:
                raise web.HTTPNotFound
        raise web.HTTPSeeOther("/samtal")

    def _told(self, handler: Handler) -> Handler:
        """Whoever follows the calendars hears that something has happened, whatever page comes of it."""

        async def answer(request: web.Request) -> web.StreamResponse:
            try:
                return await handler(request)
            finally:
                self._changed()

        return answer

    def _person(self, request: web.Request) -> Person:
        return self._world.person(request.match_info["upn"])

    def _own(self, person: Person, event_id: str) -> Slot:
        slot = self._world.calendar.find(person, event_id)
        if slot.entry.organizer is not person:
            raise Refusal(403, "ErrorAccessDenied", "Bara den som har kallat kan ändra mötet.")
        return slot

    def _week(self, request: web.Request, week: str | None, told: str = "") -> web.StreamResponse:
        return week_page(self._world, self._person(request), week_of(week, self._world.clock()), told)


def _shown(handler: Handler) -> Handler:
    """An error is a page too."""

    async def answer(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except Refusal as refusal:
            body = f'<p>{escape(refusal.text)}</p><p><a href="/kalender">Alla kalendrar</a></p>'
            return page("Det gick inte", "", body, status=refusal.status)

    return answer


def _own_pages_only(handler: Handler) -> Handler:
    """A form elsewhere on the web must not reach what this machine plays."""

    async def answer(request: web.Request) -> web.StreamResponse:
        origin = request.headers.get("Origin")
        if origin is not None and urlsplit(origin).netloc != request.host:
            raise web.HTTPForbidden
        return await handler(request)

    return answer
