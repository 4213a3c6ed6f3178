"""Who is away, asked of their mailboxes: automatic replies first, as the routine says (Norrköping 1.1), and what their
calendars call out of office.

What a reply says is never kept, and presence is never asked for: somebody may be away with their computer on.
"""

import asyncio
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from bot.graph.client import Graph
from bot.graph.errors import GraphAway, GraphRefused
from cases.away import AUTOSVAR, CALENDAR, Absence

if TYPE_CHECKING:
    from msgraph.generated.models.automatic_replies_setting import AutomaticRepliesSetting
    from msgraph.generated.models.date_time_time_zone import DateTimeTimeZone

_LOG = logging.getLogger("stafett.graph")

AHEAD = timedelta(days=30)  # how far the calendars are looked into
STEP = timedelta(minutes=30)  # how finely
AT_ONCE = 20  # calendars in one request, and mailboxes asked side by side
EVER = datetime(2000, 1, 1, tzinfo=UTC)  # the beginning of what has begun already: the same however often it is read
_OUT_OF_OFFICE = "3"
_ZONES = {"W. Europe Standard Time": "Europe/Stockholm", "Etc/GMT": "UTC", "tzone://Microsoft/Utc": "UTC"}


@dataclass(kw_only=True)
class Answers:
    """What the mailboxes said. `failed` has a code for each person who is unknown."""

    found: dict[int, list[Absence]] = field(default_factory=dict)
    failed: dict[int, str] = field(default_factory=dict)


async def ask(graph: Graph, who: Mapping[str, int], now: datetime) -> Answers:
    """Ask about these people (account → person). `now` is care time (UTC). Raises nothing.

    The automatic reply decides whether somebody is known; a calendar that does not answer takes nothing away from it.
    """
    answers = Answers()
    accounts = list(who)
    for first in range(0, len(accounts), AT_ONCE):
        some = accounts[first : first + AT_ONCE]
        await asyncio.gather(*(_mailbox(graph, one, who[one], now, answers) for one in some))
        known = [one for one in some if who[one] in answers.found]
        if known:
            await _calendars(graph, known, who, now, answers)
    return answers


async def _mailbox(graph: Graph, account: str, person: int, now: datetime, answers: Answers) -> None:
    try:
        await graph.warm()
        at = graph.client.users.by_user_id(account).mailbox_settings
        settings = await graph.call(account, lambda: at.get(request_configuration=_only_replies()))
        replies = settings.automatic_replies_setting if settings is not None else None
        answers.found[person] = [one for one in _periods(replies) if one.ends_at is None or one.ends_at > now]
    except (GraphAway, GraphRefused) as fault:
        answers.failed[person] = fault.code
    except ValueError:  # a time or a zone that nobody can read
        answers.failed[person] = "unreadable"


async def _calendars(
    graph: Graph, accounts: Sequence[str], who: Mapping[str, int], now: datetime, answers: Answers
) -> None:
    begins = now - (now - EVER) % STEP
    named = [one for one in accounts if "@" in one]  # a calendar is asked for by its address
    if not named:
        return
    try:
        at = graph.client.users.by_user_id(named[0]).calendar.get_schedule
        body = _body(named, begins, begins + AHEAD)
        answer = await graph.call(named[0], lambda: at.post(body))
    except (GraphAway, GraphRefused) as fault:
        _LOG.warning("calendars not asked for absence: %s", fault.code)
        return
    for one in (answer.value or []) if answer is not None else []:
        person = who.get(one.schedule_id or "")
        if person is not None and one.error is None:
            answers.found[person] += _out_of_office(one.availability_view or "", begins)


def _periods(replies: "AutomaticRepliesSetting | None") -> Iterator[Absence]:
    """Raises: ValueError."""
    status = replies.status.value if replies is not None and replies.status is not None else "disabled"
    if replies is None or status == "disabled":
        return
    if status == "alwaysEnabled":
        yield Absence(starts_at=EVER, ends_at=None, source=AUTOSVAR)
        return
    starts, ends = _instant(replies.scheduled_start_date_time), _instant(replies.scheduled_end_date_time)
    yield Absence(starts_at=starts or EVER, ends_at=ends, source=AUTOSVAR)


def _instant(told: "DateTimeTimeZone | None") -> datetime | None:
    """Raises: ValueError."""
    if told is None or not told.date_time:
        return None
    name = told.time_zone or "UTC"
    try:
        zone = ZoneInfo(_ZONES.get(name, name))
    except (LookupError, OSError) as unknown:
        raise ValueError(name) from unknown
    local = datetime.fromisoformat(told.date_time.rstrip("Z")[:26])
    return local.replace(tzinfo=zone).astimezone(UTC)


def _out_of_office(view: str, begins: datetime) -> Iterator[Absence]:
    """The runs of «out of office»; one that reaches to the end of what was asked about has no known end."""
    start: int | None = None
    for number, sign in enumerate(f"{view}-"):
        if sign == _OUT_OF_OFFICE:
            start = number if start is None else start
        elif start is not None:
            yield Absence(
                starts_at=begins + STEP * start if start else EVER,
                ends_at=begins + STEP * number if number < len(view) else None,
                source=CALENDAR,
            )
            start = None


def _only_replies() -> Any:
    from kiota_abstractions.base_request_configuration import RequestConfiguration
    from msgraph.generated.users.item.mailbox_settings.mailbox_settings_request_builder import (
        MailboxSettingsRequestBuilder,
    )

    asked = MailboxSettingsRequestBuilder.MailboxSettingsRequestBuilderGetQueryParameters(
        select=["automaticRepliesSetting"]
    )
    return RequestConfiguration(query_parameters=asked)


def _body(accounts: Sequence[str], begins: datetime, ends: datetime) -> Any:
    from msgraph.generated.models.date_time_time_zone import DateTimeTimeZone
    from msgraph.generated.users.item.calendar.get_schedule.get_schedule_post_request_body import (
        GetSchedulePostRequestBody,
    )

    def told(instant: datetime) -> DateTimeTimeZone:
        return DateTimeTimeZone(date_time=f"{instant:%Y-%m-%dT%H:%M:%S}", time_zone="UTC")

    return GetSchedulePostRequestBody(
        schedules=list(accounts), start_time=told(begins), end_time=told(ends),
        availability_view_interval=int(STEP.total_seconds() // 60),
    )  # fmt: skip
