"""A meeting as a calendar file: what a calendar reads in it, and who can fetch it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import icalendar
import pytest
from aiohttp.test_utils import TestClient, TestServer
from meeting_town import KIND, calls, connected, record
from people import leaves
from town import Town, instant

from bot.front import application
from bot.graph.ics import CalendarFiles, file_of
from cases import calendar_link
from cases.meeting import MeetingNow

on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

PUBLIC = "https://stafett.exempel.invalid"


@pytest.fixture
def town(database: str) -> Iterator[Town]:
    made = Town(database, record=record())
    made.record.calendar_links = CalendarFiles(made.store, made.record, made.clock, PUBLIC).address
    connected(made, None)
    yield made
    made.close()


def read(body: bytes) -> icalendar.Event:
    whole = icalendar.Calendar.from_ical(body)
    (event,) = whole.walk("VEVENT")
    assert isinstance(event, icalendar.Event) and whole.walk("VTIMEZONE"), "the zone stands in the file"
    return event


async def fetched(files: CalendarFiles, address: str) -> tuple[int, str, bytes]:
    """Status, type and body of what is answered at an address."""
    app = application()
    files.add(app)
    async with TestClient(TestServer(app)) as client, client.get(address.removeprefix(PUBLIC)) as answer:
        assert answer.headers["Cache-Control"] == "no-store"
        return answer.status, answer.content_type, await answer.read()


@on_sqlite
def test_the_card_leads_to_a_file_that_a_calendar_reads(town: Town) -> None:
    calls(town)
    card = repr(town.karim.chat()[-1].card)
    assert f"{PUBLIC}/mote/" in card
    told = calendar_link.told(town.store.transaction(calendar_link.key), card.split("/mote/")[1].partition(".ics")[0])
    assert told == (1, town.karim.id)


def a_meeting(**more: object) -> MeetingNow:
    begins = instant("2026-03-26 09:00")
    values: dict[str, object] = {
        "id": 7, "slot": "main", "kind": KIND.name, "organizer_id": 1, "starts_at": begins,
        "ends_at": begins + timedelta(minutes=30), "mode": "on_site", "place": "Hemtjänst Norr",
    }  # fmt: skip
    return MeetingNow(**{**values, **more})  # type: ignore[arg-type]


NOW = datetime(2026, 3, 1, tzinfo=UTC)


def test_the_file_says_when_and_where_and_nothing_of_anybody() -> None:
    event = read(file_of(a_meeting(), KIND, NOW))
    assert event.start == instant("2026-03-26 09:00") and str(event.start.tzinfo) == "Europe/Stockholm"
    assert (str(event["SUMMARY"]), str(event["LOCATION"]), event["SEQUENCE"]) == (
        "Planeringsmöte", "Hemtjänst Norr", 1,
    )  # fmt: skip
    assert "Läget i veckan" in str(event["DESCRIPTION"])
    assert "ATTENDEE" not in event and "ORGANIZER" not in event


def test_a_later_file_takes_the_place_of_the_first() -> None:
    first, later = read(file_of(a_meeting(), KIND, NOW)), read(file_of(a_meeting(revision=2), KIND, NOW))
    assert first["UID"] == later["UID"] and later["SEQUENCE"] == 2
    called_off = file_of(a_meeting(revision=3, status="cancelled"), KIND, NOW)
    assert str(read(called_off)["STATUS"]) == "CANCELLED" and b"METHOD:CANCEL" in called_off


@on_sqlite
def test_an_address_that_was_never_given_is_not_known(town: Town) -> None:
    secret = town.store.transaction(calendar_link.key)
    assert town.store.transaction(calendar_link.key) == secret, "it is made once"
    good = calendar_link.token(secret, 41, 7)
    assert calendar_link.told(secret, good) == (41, 7)
    other, another = calendar_link.token(secret, 42, 7), calendar_link.token(secret, 41, 8)
    forged = (other[:8] + good[8:], another[:16] + good[16:], calendar_link.token(b"x" * 32, 41, 7))
    for bad in (*forged, good[:-1], good + "A", "", "åäö"):
        assert calendar_link.told(secret, bad) is None


@on_sqlite
def test_the_file_is_fetched_over_http_and_a_wrong_address_is_not_found(town: Town) -> None:
    calls(town)
    files = CalendarFiles(town.store, town.record, town.clock, PUBLIC)
    status, kind, body = town.do(fetched(files, files.address(1, town.karim.id)))
    assert (status, kind) == (200, "text/calendar")
    assert read(body).start == instant("2026-11-19 10:00") and b"NK-2041" not in body
    karim = town.karim.id
    for wrong in (files.address(2, karim), f"{PUBLIC}/mote/{'A' * 36}.ics"):
        assert town.do(fetched(files, wrong))[0] == 404


@on_sqlite
def test_an_address_ends_with_the_persons_part_in_the_meeting(town: Town) -> None:
    """The address is in somebody's calendar for years; who leaves, or never had a part, fetches nothing by it."""
    calls(town)
    files = CalendarFiles(town.store, town.record, town.clock, PUBLIC)
    own, strangers = files.address(1, town.karim.id), files.address(1, town.birgitta.id)
    assert town.do(fetched(files, own))[0] == 200 and town.do(fetched(files, strangers))[0] == 404
    town.store.transaction(lambda tx: leaves(tx, town.karim.id))
    assert town.do(fetched(files, own))[0] == 404
    rows = [(row.person_id, row.action, row.reason) for row in town.rows_of("audit")][-2:]
    assert rows == [(who, "denied", "calendar_file") for who in (town.birgitta.id, town.karim.id)]
