"""What the tests of Graph send, made of the SDK's own classes."""

from datetime import date, datetime, timedelta

from msgraph.generated.models.attendee import Attendee
from msgraph.generated.models.attendee_type import AttendeeType
from msgraph.generated.models.body_type import BodyType
from msgraph.generated.models.date_time_time_zone import DateTimeTimeZone
from msgraph.generated.models.day_of_week import DayOfWeek
from msgraph.generated.models.email_address import EmailAddress
from msgraph.generated.models.event import Event
from msgraph.generated.models.item_body import ItemBody
from msgraph.generated.models.patterned_recurrence import PatternedRecurrence
from msgraph.generated.models.recurrence_pattern import RecurrencePattern
from msgraph.generated.models.recurrence_pattern_type import RecurrencePatternType
from msgraph.generated.models.recurrence_range import RecurrenceRange
from msgraph.generated.models.recurrence_range_type import RecurrenceRangeType


def address(key: str) -> str:
    """Somebody of the town, by first name in small letters."""
    return f"{key}@exempel.invalid"


def local(text: str) -> DateTimeTimeZone:
    """«2026-11-19 09:00» by Swedish wall clock."""
    return DateTimeTimeZone(date_time=text.replace(" ", "T") + ":00", time_zone="Europe/Stockholm")


def meeting(
    start: str, minutes: int, *invited: str, subject: str = "Biståndsmöte", online: bool = False, key: str | None = None
) -> Event:
    """An event of so many minutes, with these people invited by first name."""
    end = datetime.fromisoformat(start) + timedelta(minutes=minutes)
    return Event(
        subject=subject,
        body=ItemBody(content_type=BodyType.Html, content="<p>Dagordning finns i Stafett.</p>"),
        start=local(start),
        end=local(f"{end:%Y-%m-%d %H:%M}"),
        attendees=[
            Attendee(type=AttendeeType.Required, email_address=EmailAddress(address=address(one), name=one.title()))
            for one in invited
        ],
        is_online_meeting=online or None,
        transaction_id=key,
    )


def weekly(start: str, minutes: int, last: date, *invited: str, key: str | None = None) -> Event:
    """The same every week on that weekday, up to and including a day."""
    made = meeting(start, minutes, *invited, subject="Handledning", key=key)
    first = datetime.fromisoformat(start).date()
    made.recurrence = PatternedRecurrence(
        pattern=RecurrencePattern(
            type=RecurrencePatternType.Weekly, interval=1, days_of_week=[list(DayOfWeek)[(first.weekday() + 1) % 7]],
            first_day_of_week=DayOfWeek.Monday,
        ),
        range=RecurrenceRange(type=RecurrenceRangeType.EndDate, start_date=first, end_date=last),
    )  # fmt: skip
    return made
