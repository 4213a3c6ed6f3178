"""Each request to a calendar, written with the SDK. Loaded with it: everybody else knows only the plain values."""

from datetime import UTC, datetime, timedelta
from typing import Any

from kiota_abstractions.base_request_configuration import RequestConfiguration
from msgraph.generated.models.attendee import Attendee
from msgraph.generated.models.attendee_type import AttendeeType
from msgraph.generated.models.body_type import BodyType
from msgraph.generated.models.date_time_time_zone import DateTimeTimeZone
from msgraph.generated.models.day_of_week import DayOfWeek
from msgraph.generated.models.email_address import EmailAddress
from msgraph.generated.models.event import Event
from msgraph.generated.models.item_body import ItemBody
from msgraph.generated.models.location import Location
from msgraph.generated.models.online_meeting_provider_type import OnlineMeetingProviderType
from msgraph.generated.models.patterned_recurrence import PatternedRecurrence
from msgraph.generated.models.recurrence_pattern import RecurrencePattern
from msgraph.generated.models.recurrence_pattern_type import RecurrencePatternType
from msgraph.generated.models.recurrence_range import RecurrenceRange
from msgraph.generated.models.recurrence_range_type import RecurrenceRangeType
from msgraph.generated.users.item.calendar_view.delta.delta_request_builder import DeltaRequestBuilder
from msgraph.generated.users.item.events.item.cancel.cancel_post_request_body import CancelPostRequestBody
from msgraph.generated.users.item.events.item.event_item_request_builder import EventItemRequestBuilder
from msgraph.generated.users.item.events.item.instances.instances_request_builder import InstancesRequestBuilder
from msgraph.graph_service_client import GraphServiceClient

from bot.graph.plan import Guest, Page, Plan, Said, Seen, Standing, Touched, Weekly
from reminders.localtime import to_local

SWEDEN = "Europe/Stockholm"
_IMMUTABLE, _IN_UTC = 'IdType="ImmutableId"', 'outlook.timezone="UTC"'
_READ = ["id", "start", "end", "isCancelled", "changeKey", "attendees", "type"]
_WEEK = (
    DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday, DayOfWeek.Friday,
    DayOfWeek.Saturday, DayOfWeek.Sunday,
)  # fmt: skip
_ANSWERS = {"accepted": "accepted", "tentativelyAccepted": "tentative", "declined": "declined"}


async def create(client: GraphServiceClient, plan: Plan) -> Standing:
    """Put it into the calendar and invite; the first event once more when this one was made before."""
    event = _event(plan)
    event.body = _body(plan)
    event.transaction_id = plan.transaction
    event.response_requested = True
    event.allow_new_time_proposals = False  # an answer with another time would be seen by nobody here
    made = await _mailbox(client, plan.mailbox).events.post(event, _asking())
    return _standing(made)


async def place_marker(client: GraphServiceClient, plan: Plan) -> Standing:
    """An event without anybody invited: it finds out whether the one with this transaction was made."""
    event = Event(
        subject=plan.subject, start=_at(plan.starts), end=_at(plan.ends), transaction_id=plan.transaction
    )  # fmt: skip
    return _standing(await _mailbox(client, plan.mailbox).events.post(event, _asking()))


async def change(client: GraphServiceClient, plan: Plan, event_id: str) -> Standing:
    """Bring an event, or a whole series, to the plan. A series forgets by it what single occurrences are like. The text
    goes along only where there is no link to a meeting in it: to write over that would end the meeting."""
    event = _event(plan)
    if not plan.online:
        event.body = _body(plan)
    return _standing(await _event_of(client, plan.mailbox, event_id).patch(event, _asking()))


async def move_one(client: GraphServiceClient, plan: Plan, event_id: str) -> Standing:
    """Another time and place for one occurrence; the rest is as in its series."""
    event = Event(start=_at(plan.starts), end=_at(plan.ends), location=_place(plan))
    return _standing(await _event_of(client, plan.mailbox, event_id).patch(event, _asking()))


async def cancel(client: GraphServiceClient, mailbox: str, event_id: str) -> None:
    """Cancel it, with word to everybody who is invited."""
    await _event_of(client, mailbox, event_id).cancel.post(CancelPostRequestBody(), _asking())


async def remove(client: GraphServiceClient, mailbox: str, event_id: str) -> None:
    """Take away an event to which nobody was invited."""
    await _event_of(client, mailbox, event_id).delete(_asking())


async def occurrence(
    client: GraphServiceClient, mailbox: str, series_event_id: str, original: datetime, also: datetime
) -> str | None:
    """The id of the occurrence whose place in the pattern is on the day of `original`, also if it has been moved to
    `also` (UTC). The day is enough: somebody may have moved the whole series by some hours."""
    day = timedelta(days=1)
    asked = InstancesRequestBuilder.InstancesRequestBuilderGetQueryParameters(
        start_date_time=_stamp(min(original, also) - day), end_date_time=_stamp(max(original, also) + day),
        select=["id", "originalStart", "start", "type"], top=50,
    )  # fmt: skip
    found = await _event_of(client, mailbox, series_event_id).instances.get(_asking(asked))
    for event in (found and found.value) or ():
        was = event.original_start or _moment(event.start)
        if was is not None and to_local(_utc(was)).date() == to_local(original).date():
            return str(event.id)
    return None


async def read(client: GraphServiceClient, mailbox: str, event_id: str) -> Seen:
    """The event as it stands: of what others have written only the times and the answers are asked for."""
    asked = EventItemRequestBuilder.EventItemRequestBuilderGetQueryParameters(select=_READ)
    event = await _event_of(client, mailbox, event_id).get(_asking(asked))
    starts, ends = _moment(event.start), _moment(event.end)
    if starts is None or ends is None:
        raise ValueError("an event without a time")
    return Seen(
        starts=starts, ends=ends, cancelled=bool(event.is_cancelled), change_key=str(event.change_key or ""),
        answers=tuple(_said(one) for one in event.attendees or ()),
    )  # fmt: skip


async def changes(
    client: GraphServiceClient, mailbox: str, link: str | None, begin: datetime, end: datetime
) -> Page:  # fmt: skip
    """A page of which events have changed. Only their ids are kept: a calendar holds much that is not ours."""
    builder = _mailbox(client, mailbox).calendar_view.delta
    asked = None
    if link is not None:
        builder = builder.with_url(link)
    else:
        asked = DeltaRequestBuilder.DeltaRequestBuilderGetQueryParameters(
            start_date_time=_stamp(begin), end_date_time=_stamp(end)
        )
    page = await builder.get(_asking(asked, "odata.maxpagesize=100"))
    return Page(
        touched=tuple(
            Touched(event_id=str(one.id), series_event_id=one.series_master_id) for one in page.value or ()
        ),
        following=page.odata_next_link,
        later=page.odata_delta_link,
    )  # fmt: skip


def _mailbox(client: GraphServiceClient, mailbox: str) -> Any:
    return client.users.by_user_id(mailbox)


def _event_of(client: GraphServiceClient, mailbox: str, event_id: str) -> Any:
    return _mailbox(client, mailbox).events.by_event_id(event_id)


def _asking(parameters: Any = None, *more: str) -> RequestConfiguration[Any]:
    """Ids that stand, and times in UTC."""
    asking: RequestConfiguration[Any] = RequestConfiguration(query_parameters=parameters)
    for one in (_IMMUTABLE, _IN_UTC, *more):
        asking.headers.add("Prefer", one)
    return asking


def _event(plan: Plan) -> Event:
    event = Event(
        subject=plan.subject, start=_at(plan.starts), end=_at(plan.ends), location=_place(plan),
        attendees=[_attendee(guest) for guest in plan.guests],
    )  # fmt: skip
    if plan.online:
        event.is_online_meeting = True
        event.online_meeting_provider = OnlineMeetingProviderType.TeamsForBusiness
    if plan.weekly is not None:
        event.recurrence = _recurrence(plan.weekly)
    return event


def _recurrence(weekly: Weekly) -> PatternedRecurrence:
    """By the wall clock of the event's own zone, so that summer time moves nothing."""
    return PatternedRecurrence(
        pattern=RecurrencePattern(
            type=RecurrencePatternType.Weekly, interval=1, days_of_week=[_WEEK[weekly.first.weekday()]],
            first_day_of_week=DayOfWeek.Monday,
        ),
        range=RecurrenceRange(
            type=RecurrenceRangeType.EndDate, start_date=weekly.first, end_date=weekly.last,
            recurrence_time_zone=SWEDEN,
        ),
    )  # fmt: skip


def _attendee(guest: Guest) -> Attendee:
    return Attendee(
        email_address=EmailAddress(address=guest.address, name=guest.name),
        type=AttendeeType.Optional if guest.optional else AttendeeType.Required,
    )


def _body(plan: Plan) -> ItemBody:
    return ItemBody(content_type=BodyType.Text, content="\n".join(plan.lines))


def _place(plan: Plan) -> Location:
    return Location(display_name=plan.place)


def _at(local: datetime) -> DateTimeTimeZone:
    return DateTimeTimeZone(date_time=local.strftime("%Y-%m-%dT%H:%M:%S"), time_zone=SWEDEN)


def _standing(event: Event | None) -> Standing:
    if event is None or not event.id:
        raise ValueError("an answer without an event")
    return Standing(event_id=str(event.id), change_key=str(event.change_key or ""))


def _said(one: Attendee) -> Said:
    status = one.status
    word = str(status.response.value) if status is not None and status.response is not None else "none"
    answer = _ANSWERS.get(word, "none")
    at = _utc(status.time) if answer != "none" and status is not None and status.time is not None else None
    address = one.email_address.address if one.email_address is not None else None
    return Said(address=str(address or "").lower(), answer=answer, at=at)


def _moment(side: Any) -> datetime | None:
    """What the calendar says in UTC, with seven decimals of a second."""
    if side is None or not side.date_time:
        return None
    return datetime.fromisoformat(side.date_time[:19]).replace(tzinfo=UTC)


def _utc(at: datetime) -> datetime:
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
