"""When people are free, asked of their calendars for a proposal of times (getSchedule); never what they do.

Whoever asks waits at a screen, so there is one short time for it all. A calendar that cannot be asked, or that nobody
may look into, is unknown: never taken for free.
"""

import asyncio
import logging
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from bot.graph.client import Graph
from bot.graph.errors import GraphAway, GraphRefused
from dialogs.calendars import Calendars
from reminders.free_times import Span
from reminders.localtime import STOCKHOLM

if TYPE_CHECKING:
    from msgraph.generated.models.schedule_information import ScheduleInformation

_LOG = logging.getLogger("stafett.graph")

WITHIN = 3.0  # seconds, for all the calendars together
AT_ONCE = 20  # calendars in one request
EVERY = timedelta(minutes=15)  # how finely the answer is divided
_TAKEN = frozenset("123")  # tentative, busy, out of office; 4 is at work elsewhere, who can still meet
_LENGTH = 62  # days: no answer covers more


async def free_busy(graph: Graph, asker: str, who: Mapping[str, int], span: Span, within: float = WITHIN) -> Calendars:
    """What the calendars of these people (account → person) say of `span`. `asker` is in whose name it is asked;
    `within` is in seconds.

    Raises nothing: what has not been answered in time is unknown.
    """
    begins, ends = span[0], min(span[1], span[0] + timedelta(days=_LENGTH))
    accounts = sorted(who)
    found: dict[int, Sequence[Span]] = {}
    try:
        async with asyncio.timeout(within):
            for first in range(0, len(accounts), AT_ONCE):
                asked = accounts[first : first + AT_ONCE]
                for one in await _ask(graph, asker, asked, begins, ends):
                    person = who.get(one.schedule_id or "")
                    if person is not None and one.error is None and one.availability_view:
                        found[person] = list(_taken(one, begins, ends))
    except (TimeoutError, GraphAway, GraphRefused) as fault:
        _LOG.warning("calendars not asked: %s", getattr(fault, "code", "timeout"))
    return Calendars(busy=found, unknown=frozenset(who.values()) - found.keys())


async def _ask(
    graph: Graph, asker: str, accounts: Sequence[str], begins: datetime, ends: datetime
) -> "Sequence[ScheduleInformation]":
    await graph.warm()
    body = _body(accounts, begins, ends)
    at = graph.client.users.by_user_id(asker).calendar.get_schedule
    answer = await graph.call(asker, lambda: at.post(body))
    return (answer.value or []) if answer is not None else []


def _body(accounts: Sequence[str], begins: datetime, ends: datetime) -> Any:
    # The SDK is slow to load, and is not loaded here but by whoever opens the line.
    from msgraph.generated.models.date_time_time_zone import DateTimeTimeZone
    from msgraph.generated.users.item.calendar.get_schedule.get_schedule_post_request_body import (
        GetSchedulePostRequestBody,
    )

    def told(instant: datetime) -> DateTimeTimeZone:
        return DateTimeTimeZone(date_time=f"{instant.astimezone(UTC):%Y-%m-%dT%H:%M:%S}", time_zone="UTC")

    return GetSchedulePostRequestBody(
        schedules=list(accounts), start_time=told(begins), end_time=told(ends),
        availability_view_interval=int(EVERY.total_seconds() // 60),
    )  # fmt: skip


def _taken(one: "ScheduleInformation", begins: datetime, ends: datetime) -> Iterator[Span]:
    """What is booked, and what lies outside the person's own working hours."""
    for number, sign in enumerate(one.availability_view or ""):
        if sign in _TAKEN:
            yield begins + EVERY * number, begins + EVERY * (number + 1)
    yield from _off_work(one.working_hours, begins, ends)


def _off_work(hours: Any, begins: datetime, ends: datetime) -> Iterator[Span]:
    """The times between a person's working hours. Told in another zone than ours they are left out of account."""
    if hours is None or not hours.days_of_week or hours.start_time is None or hours.end_time is None:
        return
    if hours.time_zone is not None and hours.time_zone.name not in _OUR_ZONE:
        return
    works = {day.value for day in hours.days_of_week if day is not None}  # a day that nobody knows is none
    free_from = begins
    day = begins.astimezone(STOCKHOLM).date()
    while free_from < ends:
        if _WEEK[day.weekday()] in works:
            opens = datetime.combine(day, hours.start_time, STOCKHOLM).astimezone(UTC)
            if opens > free_from:
                yield free_from, min(opens, ends)
            free_from = max(free_from, datetime.combine(day, hours.end_time, STOCKHOLM).astimezone(UTC))
        day += timedelta(days=1)


_WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_OUR_ZONE = frozenset({"W. Europe Standard Time", "Europe/Stockholm"})
