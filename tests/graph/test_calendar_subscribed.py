"""A calendar that a person subscribes to: what stands in it, whose it is, and when it ends."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import icalendar
import pytest
from aiohttp.test_utils import TestClient, TestServer
from cards import actions_of, inputs_of, words_of
from dateutil.rrule import rrulestr
from meeting_town import calls, connected, record
from people import leaves, on_call
from sealed import seals
from sqlalchemy import delete, insert
from supervised import SupervisedTown
from town import Town, instant

from bot.front import application
from bot.graph.feed import PATH, CalendarFeed
from bot.graph.ics import CalendarFiles
from cases import calendar_feed
from cases import tables as t
from cases.directory import roster_changed
from reminders.localtime import to_local

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

# None in the week with the team meeting; the Thursdays of Christmas Eve and New Year's Eve are held the day before.
WEEKS = ["11-19 14", "11-26 14", "12-10 14", "12-17 14", "12-23 14", "12-30 14", "01-07 14", "01-14 14"]
PUBLIC = "https://stafett.exempel.invalid"


@pytest.fixture
def town(database: str) -> Iterator[Town]:
    made = Town(database, record=record())
    made.record.calendar_feed = feed_of(made).address
    connected(made, None)
    yield made
    made.close()


def feed_of(town: Town) -> CalendarFeed:
    return CalendarFeed(town.store, town.record, town.clock, PUBLIC)


def address_of(town: Town, who: str, button: str = "Skapa adress") -> str:
    """The address that the card tells, once."""
    person = town.residents[who]
    person.types("kalender")
    person.presses(button)
    return inputs_of(person.chat()[-1].card)["copy"]


async def fetched(feed: CalendarFeed, address: str) -> tuple[int, str, bytes]:
    app = application()
    feed.add(app)
    async with TestClient(TestServer(app)) as client, client.get(address.removeprefix(PUBLIC)) as answer:
        assert answer.headers["Cache-Control"] == "no-store"
        return answer.status, answer.content_type, await answer.read()


def fetch(town: Town, address: str) -> tuple[int, str, bytes]:
    return town.do(fetched(feed_of(town), address))


def events(town: Town, address: str) -> list[Any]:
    status, kind, body = fetch(town, address)
    assert (status, kind) == (200, "text/calendar")
    return list(icalendar.Calendar.from_ical(body).walk("VEVENT"))


def test_meetings_stand_in_it_and_nothing_of_any_case_or_person(town: Town) -> None:
    calls(town)
    address = address_of(town, "karim")
    (event,) = events(town, address)
    assert (str(event["SUMMARY"]), str(event["LOCATION"])) == ("Planeringsmöte", "Hemtjänst Norr")
    assert event.start == instant("2026-11-19 10:00") and str(event.start.tzinfo) == "Europe/Stockholm"
    body = fetch(town, address)[2].decode()
    assert "REFRESH-INTERVAL" in body and "VTIMEZONE" in body
    assert not [word for word in ("NK-2041", "Anna", "Karim", "ATTENDEE", "ORGANIZER", "ST-") if word in body]


def test_the_same_meeting_has_the_same_id_as_its_file(town: Town) -> None:
    calls(town)
    files = CalendarFiles(town.store, town.record, town.clock, PUBLIC)
    body = town.store.transaction(lambda tx: files._file(tx, 1, town.karim.id))
    assert body is not None
    (single,) = icalendar.Calendar.from_ical(body).walk("VEVENT")
    (event,) = events(town, address_of(town, "karim"))
    assert event["UID"] == single["UID"]


def test_who_has_no_part_in_it_has_an_empty_calendar(town: Town) -> None:
    calls(town)
    assert events(town, address_of(town, "birgitta")) == []
    (event,) = events(town, address_of(town, "anna"))
    assert str(event["SUMMARY"]) == "Planeringsmöte", "whoever calls it has it too"


def test_what_is_called_off_or_sealed_disappears(town: Town) -> None:
    calls(town)
    calls(town, day="2026-11-20")
    address = address_of(town, "karim")
    assert len(events(town, address)) == 2
    town.anna.types(town.thread(1).ref)
    town.anna.presses("Ställ in mötet")
    assert len(events(town, address)) == 1
    seals(town, "anna", 2)
    assert events(town, address) == []


def test_the_jour_is_in_it(town: Town) -> None:
    begins, ends = instant("2026-11-20 16:00"), instant("2026-11-21 07:00")
    town.store.transaction(lambda tx: on_call(tx, town.nils.id, "HT-NORR", begins, ends))
    (event,) = events(town, address_of(town, "nils"))
    assert (str(event["SUMMARY"]), event.start, event.end) == ("Jour, Hemtjänst Norr", begins, ends)
    assert events(town, address_of(town, "karim")) == []


def test_a_new_address_ends_the_one_before_and_it_can_be_taken_away(town: Town) -> None:
    first = address_of(town, "karim")
    town.karim.types("kalender")
    assert first not in repr(town.karim.chat()[-1].card) and "sedan mån 16 nov 2026" in town.karim.newest()
    second = address_of(town, "karim", "Byt adress")
    assert first != second and [fetch(town, one)[0] for one in (first, second)] == [404, 200]
    town.karim.types("kalender")
    town.karim.presses("Ta bort adressen")
    assert fetch(town, second)[0] == 404
    told = [(row.person_id, row.signal) for row in town.rows_of("audit") if row.action == "config"]
    assert told == [(town.karim.id, name) for name in (*[calendar_feed.MADE] * 2, calendar_feed.ENDED)]


def test_it_ends_with_the_persons_last_role(town: Town) -> None:
    address, other = address_of(town, "karim"), address_of(town, "anna")

    def without_role(tx: Any) -> None:
        tx.execute(delete(t.role).where(t.role.c.person_id == town.karim.id))
        roster_changed(tx)
        leaves(tx, town.anna.id)

    town.store.transaction(without_role)
    assert fetch(town, address)[0] == fetch(town, other)[0] == 404
    denied = [(row.person_id, row.reason, row.channel) for row in town.rows_of("audit") if row.action == "denied"]
    assert denied == [(one.id, "calendar_feed", "files") for one in (town.karim, town.anna)]


def test_the_account_has_it_once_a_day(town: Town) -> None:
    address = address_of(town, "karim")
    for _ in range(2):
        fetch(town, address)
    town.until("2026-11-17 08:00")
    fetch(town, address)
    rows = [row for row in town.rows_of("audit") if row.action == "export"]
    assert [(row.person_id, row.reason) for row in rows] == [(town.karim.id, "calendar_feed")] * 2


def test_the_secret_is_kept_nowhere(town: Town) -> None:
    secret = address_of(town, "karim").removeprefix(PUBLIC + PATH).removesuffix(".ics")
    for table in t.metadata.sorted_tables:
        assert secret not in repr(town.rows_of(table.name)), table.name


@pytest.mark.parametrize("secret", ["A" * 32, "å", "x" * 65, "%00", "-" * 2_000])
def test_what_was_never_given_is_not_found(town: Town, secret: str) -> None:
    address_of(town, "karim")
    assert fetch(town, f"{PUBLIC}{PATH}{secret}.ics")[0] == 404


def test_without_a_public_address_there_is_none(town: Town) -> None:
    town.record.calendar_feed = None
    town.karim.types("kalender")
    card = town.karim.chat()[-1].card
    assert "ingen kalenderadress" in words_of(card)
    assert [one["title"] for one in actions_of(card)] == ["Till start"]
    assert "ingen kalenderadress" in words_of(town.karim.forges(verb="feed_make").card or {})
    assert town.rows_of("calendar_feed") == []


def test_a_series_recurs_and_gives_way_where_a_week_is_another(database: str) -> None:
    town = SupervisedTown(database, "2026-11-16 09:00")
    town.record.calendar_feed = feed_of(town).address
    connected(town, None)
    town.maria.types("start")
    town.maria.chooses("Handledning varje vecka")
    time = {"first_meeting_date": "2026-11-19", "first_meeting_time": "14:00"}
    town.maria.presses("Fortsätt", **time, last_day="2027-01-14", mode="on_site", team_days="2026-12-01")
    town.maria.presses("Kalla")
    for _ in range(3):
        town.looks()
        town.clock.time += timedelta(minutes=5)
    town.settle()
    held = [to_local(day).strftime("%m-%d %H") for one in events(town, address_of(town, "maria")) for day in times(one)]
    assert sorted(held) == sorted(WEEKS)
    town.close()


def times(event: Any) -> list[datetime]:
    """When an event is held, as a calendar works it out."""
    if "RRULE" not in event:
        return [event.start]
    rule = rrulestr(event["RRULE"].to_ical().decode(), dtstart=event.start)
    left_out = {one.dt for one in event["EXDATE"].dts} if "EXDATE" in event else set()
    return [one for one in rule if one not in left_out]


def test_an_address_that_was_refused_does_not_come_back_with_a_new_role(town: Town) -> None:
    address = address_of(town, "karim")
    role = next(row for row in town.rows_of("role") if row.person_id == town.karim.id)

    def without_role(tx: Any) -> None:
        tx.execute(delete(t.role).where(t.role.c.person_id == town.karim.id))
        roster_changed(tx)

    def with_role(tx: Any) -> None:
        tx.execute(insert(t.role).values(**role._mapping))
        roster_changed(tx)

    town.store.transaction(without_role)
    assert [fetch(town, address)[0] for _ in range(3)] == [404] * 3
    assert len([row for row in town.rows_of("audit") if row.action == "denied"]) == 1, "it fills no account by itself"
    town.store.transaction(with_role)
    assert fetch(town, address)[0] == 404
    assert events(town, address_of(town, "karim")) == []
