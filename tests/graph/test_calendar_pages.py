"""The pages of the played Graph: what people read and press there, and the calendar files that they fetch."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest
from graph_words import address
from icalendar import Calendar
from played_graph import PlayedGraph
from town import MONDAY, SetClock

from bot.demo import town as demo_town
from bot.demo.calendars import Calendars
from bot.demo.graph.drawing import Reader
from bot.demo.graph.entries import Entry, Slot

EVERY_WEEK = {
    "pattern": {"type": "weekly", "interval": 1, "daysOfWeek": ["thursday"]},
    "range": {"type": "endDate", "startDate": "2026-11-19", "endDate": "2026-12-10"},
}


@pytest.fixture
async def browser(graph_world: PlayedGraph) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(graph_world.address) as made:
        yield made


def booked(played: PlayedGraph, day: str = "2026-11-19", **more: Any) -> Entry:
    """Anna calls Sara and Maria."""
    world = played.world
    people = [world.person(address(key)) for key in ("sara", "maria")]
    body = {
        "subject": "Biståndsmöte",
        "start": {"dateTime": f"{day}T09:00:00", "timeZone": "Europe/Stockholm"},
        "end": {"dateTime": f"{day}T10:00:00", "timeZone": "Europe/Stockholm"},
        "attendees": [{"type": "required", "emailAddress": one.address} for one in people],
        "location": {"displayName": "Stadshuset"},
        **more,
    }
    return world.calendar.create(world.person(address("anna")), body)


def form(played: PlayedGraph, key: str, slot: Slot, **more: str) -> dict[str, str]:
    return {"id": Reader(person=played.world.person(address(key))).id_of(slot), "vecka": "2026-W47", **more}


async def seen(browser: aiohttp.ClientSession, key: str, week: str = "2026-W47") -> str:
    async with browser.get(f"/kalender/{address(key)}?vecka={week}") as page:
        assert page.status == 200
        return await page.text()


async def pressed(browser: aiohttp.ClientSession, path: str, **form: str) -> tuple[int, str]:
    async with browser.post(path, data=form) as page:
        return page.status, await page.text()


async def fetched(browser: aiohttp.ClientSession, played: PlayedGraph, key: str, entry: Entry) -> Calendar:
    event_id = form(played, key, entry.master)["id"]
    async with browser.get(f"/kalender/{address(key)}/{event_id}.ics") as file:
        assert file.content_type == "text/calendar"
        return Calendar.from_ical(await file.read())


async def test_an_invitation_is_answered_and_the_organizer_sees_it(
    browser: aiohttp.ClientSession, graph_world: PlayedGraph
) -> None:
    entry = booked(graph_world)
    assert "Du har inte svarat." in await seen(browser, "sara")
    answer = form(graph_world, "sara", entry.master, svar="accepted")
    status, page = await pressed(browser, f"/kalender/{address('sara')}/svar", **answer)
    assert (status, "Svaret är skickat till Anna Berg." in page, "Du har svarat ja." in page) == (200, True, True)
    assert 'Sara Lind – <span class="good">kommer</span>' in await seen(browser, "anna")


async def test_a_meeting_is_moved_and_called_off(browser: aiohttp.ClientSession, graph_world: PlayedGraph) -> None:
    entry = booked(graph_world)
    moved = form(graph_world, "anna", entry.master, start="2026-11-20T13:00")
    await pressed(browser, f"/kalender/{address('anna')}/flytta", **moved)
    assert "13.00–14.00" in await seen(browser, "sara")
    await pressed(browser, f"/kalender/{address('anna')}/stall-in", **form(graph_world, "anna", entry.master))
    assert "Inställt" in await seen(browser, "sara")
    assert "Biståndsmöte" not in await seen(browser, "anna")


async def test_only_who_has_called_the_meeting_changes_it(
    browser: aiohttp.ClientSession, graph_world: PlayedGraph
) -> None:
    entry = booked(graph_world)
    off = form(graph_world, "sara", entry.master)
    status, page = await pressed(browser, f"/kalender/{address('sara')}/stall-in", **off)
    assert (status, "Bara den som har kallat kan ändra mötet." in page) == (403, True)
    assert entry.ended is None


async def test_one_of_a_series_is_called_off(browser: aiohttp.ClientSession, graph_world: PlayedGraph) -> None:
    entry = booked(graph_world, recurrence=EVERY_WEEK)
    second = list(entry.slots())[1]
    await pressed(browser, f"/kalender/{address('anna')}/stall-in", **form(graph_world, "anna", second))
    assert "Inställt" in await seen(browser, "sara", "2026-W48")
    assert "Inställt" not in await seen(browser, "sara", "2026-W47")


async def test_automatic_replies_are_turned_on_and_off(
    browser: aiohttp.ClientSession, graph_world: PlayedGraph
) -> None:
    _, page = await pressed(browser, f"/kalender/{address('anna')}/borta", till="2026-11-20")
    assert "Autosvar är på till och med fredag 20 november." in page
    assert graph_world.world.person(address("anna")).reply.end == datetime(2026, 11, 20, 23, tzinfo=UTC)
    _, page = await pressed(browser, f"/kalender/{address('anna')}/tillbaka")
    assert "Slå på autosvar" in page


async def test_graph_is_sent_away_and_called_back(browser: aiohttp.ClientSession, graph_world: PlayedGraph) -> None:
    _, page = await pressed(browser, "/graph", lage="av")
    assert "Graph svarar inte." in page
    _, page = await pressed(browser, "/graph", lage="pa")
    assert "Graph svarar." in page


async def test_a_form_on_another_site_reaches_nothing(browser: aiohttp.ClientSession) -> None:
    async with browser.post("/graph", data={"lage": "av"}, headers={"Origin": "https://elsewhere.invalid"}) as page:
        assert page.status == 403


async def test_what_others_have_written_is_text_and_no_code(
    browser: aiohttp.ClientSession, graph_world: PlayedGraph
) -> None:
    booked(graph_world, subject="<script>alert(1)</script>")
    assert "<script>" not in await seen(browser, "anna")


async def test_the_calendar_file_of_a_meeting(browser: aiohttp.ClientSession, graph_world: PlayedGraph) -> None:
    entry = booked(graph_world)
    graph_world.world.answer(address("sara"), entry.master, "accepted")
    (event,) = (await fetched(browser, graph_world, "sara", entry)).walk("VEVENT")
    assert (event["SUMMARY"], event["LOCATION"], event["STATUS"]) == ("Biståndsmöte", "Stadshuset", "CONFIRMED")
    assert event.decoded("DTSTART") == datetime(2026, 11, 19, 8, tzinfo=UTC)
    assert [one.params["PARTSTAT"] for one in event["ATTENDEE"]] == ["ACCEPTED", "NEEDS-ACTION"]
    graph_world.world.call_off(entry.master)
    calendar = await fetched(browser, graph_world, "anna", entry)
    assert (calendar["METHOD"], calendar.walk("VEVENT")[0]["STATUS"]) == ("CANCEL", "CANCELLED")


async def test_the_calendar_file_of_a_series_knows_its_exceptions(
    browser: aiohttp.ClientSession, graph_world: PlayedGraph
) -> None:
    entry = booked(graph_world, recurrence=EVERY_WEEK)
    _, second, third, _ = entry.slots()
    graph_world.world.move(second, datetime(2026, 11, 25, 12, tzinfo=UTC))
    graph_world.world.call_off(third)
    series, exception = (await fetched(browser, graph_world, "maria", entry)).walk("VEVENT")
    assert series["RRULE"]["BYDAY"] == ["TH"]
    assert [one.dt for one in series["EXDATE"].dts] == [datetime(2026, 12, 3, 8, tzinfo=UTC)]
    assert exception.decoded("RECURRENCE-ID") == datetime(2026, 11, 26, 8, tzinfo=UTC)
    assert exception.decoded("DTSTART") == datetime(2026, 11, 25, 12, tzinfo=UTC)


async def test_the_demo_has_a_calendar_for_everybody_and_hears_of_what_is_pressed() -> None:
    presses: list[str] = []
    clock = SetClock(MONDAY)
    calendars = Calendars(clock, lambda: presses.append("pressed"))
    graph = await calendars.open(0)
    try:
        async with aiohttp.ClientSession() as browser:
            async with browser.get(calendars.page) as answer:
                page = await answer.text()
            person = demo_town.people()["anna"]
            await pressed(browser, f"{calendars.page}/{person.upn}/borta")
        assert all(one.name in page for one in demo_town.people().values())
        assert presses == ["pressed"]
        with pytest.raises(OSError, match="address already in use"):
            await Calendars(clock, lambda: None).open(int(calendars.page.split(":")[2].split("/")[0]))
    finally:
        await graph.close()
        await calendars.close()
