"""A week of one person's played calendar: what stands there, and what one can do about it, as in Outlook."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from aiohttp import web

from bot.demo.graph.drawing import Reader, plain
from bot.demo.graph.entries import Slot
from bot.demo.graph.page_frame import ANSWERS, clock_text, day_text, escape, own_answer_text, page
from bot.demo.graph.people import Person
from bot.demo.graph.world import World
from reminders.localtime import at as at_clock
from reminders.localtime import to_local

_BUTTONS = (("accepted", "Ja"), ("tentativelyAccepted", "Kanske"), ("declined", "Nej"))
_SHOWING = {"oof": "frånvarande", "tentative": "preliminärt", "workingElsewhere": "arbetar på annan plats"}
_WEEK = timedelta(days=7)


def week_of(text: str | None, now: datetime) -> date:
    """The Monday of a week written «2026-W47»; of the present one when it is not such a week."""
    try:
        return date.fromisoformat(f"{text}-1")
    except ValueError:
        today = to_local(now).date()
        return today - timedelta(days=today.weekday())


def week_text(monday: date) -> str:
    """The week as an address has it, by ISO 8601."""
    year, week, _ = monday.isocalendar()
    return f"{year}-W{week:02d}"


def week_page(world: World, person: Person, monday: date, told: str = "") -> web.Response:
    """The week that begins on `monday`. `told` is what has just come of a press on a button."""
    begin, end = at_clock(monday, time()), at_clock(monday + _WEEK, time())
    slots = world.calendar.slots(person, begin, end) + list(_called_off(world, person, begin, end))
    slots.sort(key=lambda slot: (slot.start, slot.entry.uid))
    parts = [_navigation(person, monday), f'<p class="told">{escape(told)}</p>' if told else "", _away(world, person)]
    day: date | None = None
    for slot in slots:
        if to_local(slot.start).date() != day:
            day = to_local(slot.start).date()
            mark = " (i dag)" if day == to_local(world.clock()).date() else ""
            parts.append(f"<h2>{day_text(slot.start).capitalize()}{mark}</h2>")
        parts.append(_article(slot, person, week_text(monday)))
    if not slots:
        parts.append("<p>Inget står i kalendern den här veckan.</p>")
    under = f'Klockan är {day_text(world.clock())} {clock_text(world.clock())} · <a href="/kalender">alla kalendrar</a>'
    return page(f"{person.name}, vecka {monday.isocalendar().week}", under, "\n".join(parts))


def _called_off(world: World, person: Person, begin: datetime, end: datetime) -> Iterator[Slot]:
    """Occurrences that have been called off: the invited see that they were."""
    for entry in world.calendar.of(person):
        if entry.organizer is not person and entry.is_series:
            for day in entry.gone:
                slot = Slot(entry, day)
                if slot.overlaps(begin, end) and slot.is_shown_to(person):
                    yield slot


def _navigation(person: Person, monday: date) -> str:
    base = f"/kalender/{escape(person.upn)}?vecka="
    return (
        f'<nav><a class="button" href="{base}{week_text(monday - _WEEK)}">‹ Förra veckan</a>'
        f'<a class="button" href="{base}{week_text(monday + _WEEK)}">Nästa vecka ›</a></nav>'
    )


def _away(world: World, person: Person) -> str:
    """Automatic replies: whether they are on, and the way to change it."""
    base, reply = f"/kalender/{escape(person.upn)}", person.reply
    if reply.status == "disabled":
        return (
            f'<form method="post" action="{base}/borta"><label>Borta till och med <input type="date" name="till">'
            "</label><button>Slå på autosvar</button></form>"
        )
    until = f" till och med {day_text(reply.end - timedelta(seconds=1))}" if reply.end is not None else ""
    state = "Autosvar är på" if reply.active(world.clock()) else "Autosvar är inställt"
    return f'<form method="post" action="{base}/tillbaka"><b>{state}{until}.</b><button>Slå av</button></form>'


def _article(slot: Slot, person: Person, week: str) -> str:
    off = slot.entry.ended is not None or slot.day in slot.entry.gone
    mine = slot.entry.organizer is person
    kind = "off" if off else "own" if not slot.invited else ""
    series = " · återkommer" if slot.day is not None else ""
    showing = "" if off else _SHOWING.get(slot.showing(person), "")
    place = (slot.data.get("location") or {}).get("displayName") or ""
    online = slot.data.get("onlineMeeting")
    lines = [
        f'<h3><span class="time">{clock_text(slot.start)}–{clock_text(slot.end)}</span>'
        f" {escape(slot.data.get('subject') or '(utan ämne)')}</h3>",
        '<p class="bad"><b>Inställt</b></p>' if off else "",
        f'<p class="dim">{escape(place or "Ingen plats angiven")}{" · Teams-möte" if online else ""}{series}'
        f"{f' · {showing}' if showing else ''}</p>",
        f'<p class="text">{escape(plain(slot.data["body"]))}</p>' if slot.data.get("body") else "",
        f"<p>Kallat av {escape(slot.entry.organizer.name)}</p>" if not mine else "",
        _guests(slot, person),
        "" if mine or off else f"<p>{own_answer_text(slot, person)}</p>",
    ]
    forms = "" if off else _organizer_forms(slot, person, week) if mine else _answer_form(slot, person, week)
    lines.append(f'<div class="actions">{forms}<a href="{_file(slot, person)}">Kalenderfil (.ics)</a></div>')
    return f'<article class="{kind}">{"".join(lines)}</article>'


def _guests(slot: Slot, person: Person) -> str:
    rows = []
    for one in slot.invited:
        address = one["emailAddress"]
        response = slot.answer_of(address["address"]).response
        mark = {"accepted": "good", "declined": "bad"}.get(response, "dim")
        if slot.data.get("hideAttendees") and slot.entry.organizer is not person and address["address"] != person.upn:
            continue
        name = escape(address.get("name") or address["address"])
        rows.append(f'<li>{name} – <span class="{mark}">{ANSWERS[response]}</span></li>')
    return f"<ul>{''.join(rows)}</ul>" if rows else ""


def _answer_form(slot: Slot, person: Person, week: str) -> str:
    buttons = "".join(f'<button name="svar" value="{code}">{word}</button>' for code, word in _BUTTONS)
    return _form(slot, person, week, "svar", buttons)


def _organizer_forms(slot: Slot, person: Person, week: str) -> str:
    at = f"{to_local(slot.start):%Y-%m-%dT%H:%M}"
    field = f'<label>Ny tid <input type="datetime-local" name="start" value="{at}" required></label>'
    moving = _form(slot, person, week, "flytta", f"{field}<button>Flytta</button>")
    return moving + _form(slot, person, week, "stall-in", "<button>Ställ in</button>")


def _form(slot: Slot, person: Person, week: str, verb: str, inside: str) -> str:
    hidden = "".join(
        f'<input type="hidden" name="{name}" value="{value}">'
        for name, value in (("id", Reader(person=person).id_of(slot)), ("vecka", week))
    )
    return f'<form method="post" action="/kalender/{escape(person.upn)}/{verb}">{hidden}{inside}</form>'


def _file(slot: Slot, person: Person) -> str:
    return f"/kalender/{escape(person.upn)}/{Reader(person=person).id_of(slot).partition('_')[0]}.ics"
