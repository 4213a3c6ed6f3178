"""What a calendar is to show, and what it shows, in plain values: nothing here knows the SDK."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid5

_OURS = UUID("6f1c2d9e-0f0b-5a53-9d5e-3f0b7a9b5c11")  # Stafett's events among all others


@dataclass(frozen=True, kw_only=True)
class Guest:
    """Somebody who is invited, by the address that is also the name in the directory."""

    address: str
    name: str
    optional: bool = False


@dataclass(frozen=True, kw_only=True)
class Weekly:
    """A meeting every week, on the weekday on which it first is."""

    first: date
    last: date


@dataclass(frozen=True, kw_only=True)
class Plan:
    """One event. Times are local, on Sweden's clock; `lines` and `subject` are neutral: never a case, never a client.

    `transaction` tells the calendar that a repeated request is the same one.
    """

    mailbox: str
    subject: str
    lines: tuple[str, ...]
    starts: datetime
    ends: datetime
    place: str
    online: bool
    guests: tuple[Guest, ...]
    transaction: str
    weekly: Weekly | None = None


@dataclass(frozen=True, kw_only=True)
class Standing:
    """An event that stands in the calendar."""

    event_id: str
    change_key: str = ""


@dataclass(frozen=True, kw_only=True)
class Said:
    """What an invitee has answered in the calendar: accepted, tentative, declined or none, and when (UTC)."""

    address: str
    answer: str
    at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Seen:
    """An event as it stands; times are UTC."""

    starts: datetime
    ends: datetime
    cancelled: bool
    change_key: str
    answers: tuple[Said, ...]


@dataclass(frozen=True, kw_only=True)
class Touched:
    """An event that has changed since the last look, or is gone."""

    event_id: str
    series_event_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page of what has changed: `following` leads to the next page, `later` to what changes from now on."""

    touched: tuple[Touched, ...]
    following: str | None
    later: str | None


def transaction_of(what: str, stood: int) -> str:
    """The same for every try to put this event into the calendar. `stood` is the last revision that the calendar has
    had: an event that was called off and is to be anew is another event."""
    return str(uuid5(_OURS, f"{what}:{stood}"))
