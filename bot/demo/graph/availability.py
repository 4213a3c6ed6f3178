"""The answers about who is free, and who has automatic replies on."""

from datetime import datetime, timedelta
from typing import Any

from bot.demo.graph.gate import Asked, Said
from bot.demo.graph.mail import mailbox
from bot.demo.graph.people import Person
from bot.demo.graph.wire import Json, given, invalid, preferences, shown, wall

_MOST = 20  # schedules in one question
_LONGEST = timedelta(days=62)
_SIGNS = {"free": "0", "tentative": "1", "busy": "2", "oof": "3", "workingElsewhere": "4"}
_WEIGHT = {"0": 0, "4": 1, "1": 2, "2": 3, "3": 4}  # what shows when two things lie at once


async def get_schedule(asked: Asked) -> Said:
    mailbox(asked)
    schedules = given(asked.body, "schedules") or []
    begin, end = wall(given(asked.body, "startTime")), wall(given(asked.body, "endTime"))
    minutes = int(given(asked.body, "availabilityViewInterval") or 30)
    if not schedules or len(schedules) > _MOST:
        raise invalid(f"Between one and {_MOST} schedules can be asked for.", "ErrorInvalidParameter")
    if not 5 <= minutes <= 1440 or not begin < end:
        raise invalid("The interval or the time window is not valid.", "ErrorInvalidParameter")
    zone_name = preferences(asked.request.headers).get("outlook.timezone", "UTC")
    step = timedelta(minutes=minutes)
    rows = [_schedule(asked, str(address), begin, end, step, zone_name) for address in schedules]
    return Said(body={"value": rows})


def _schedule(asked: Asked, address: str, begin: datetime, end: datetime, step: timedelta, zone_name: str) -> Json:
    person = asked.world.by_address(address)
    if person is None:
        text = f"Unable to resolve e-mail address {address} to an Active Directory object."
        return {"scheduleId": address, "error": {"message": text, "responseCode": "ErrorMailRecipientNotFound"}}
    if end - begin > _LONGEST:
        text = "The requested time duration specified for FreeBusyViewOptions.TimeWindow is too long."
        return {"scheduleId": address, "error": {"message": text, "responseCode": "5006"}}
    items = _items(asked, person, begin, end)
    return {
        "scheduleId": address,
        "availabilityView": _view(items, begin, end, step),
        "scheduleItems": [
            {"isPrivate": False, "status": status, "start": shown(start, zone_name), "end": shown(stop, zone_name)}
            for start, stop, status in items
        ],
        "workingHours": person.working_hours,
    }


def _items(asked: Asked, person: Person, begin: datetime, end: datetime) -> list[tuple[datetime, datetime, str]]:
    """What fills the person's time. What is cancelled fills none."""
    found = [slot for slot in asked.world.calendar.slots(person, begin, end) if slot.entry.ended is None]
    rows = [(slot.start, slot.end, slot.showing(person)) for slot in found]
    return [row for row in rows if row[2] != "free"]


def _view(items: list[tuple[datetime, datetime, str]], begin: datetime, end: datetime, step: timedelta) -> str:
    """A sign for each interval: 0 free, 1 tentative, 2 busy, 3 out of office, 4 working elsewhere."""
    signs, at = "", begin
    while at < end:
        here = [_SIGNS[status] for start, stop, status in items if start < at + step and at < stop]
        signs += max(here, key=lambda sign: _WEIGHT[sign], default="0")
        at += step
    return signs


async def mailbox_settings(asked: Asked) -> Said:
    zone_name = preferences(asked.request.headers).get("outlook.timezone", "UTC")
    settings: Json = mailbox(asked).settings(zone_name)
    wanted = asked.option("$select")
    if wanted:
        names: set[Any] = {name.strip() for name in wanted.split(",")}
        settings = {name: value for name, value in settings.items() if name in names}
    return Said(body=settings)
