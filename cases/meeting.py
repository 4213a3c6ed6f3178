"""A meeting as it stands beside its thread: what the calendar is to show, who is invited, and what they answer."""

from dataclasses import dataclass, field
from datetime import date, datetime, time

INVITED, CANCELLED = "invited", "cancelled"
NO_ANSWER, ACCEPTED, TENTATIVE, DECLINED = "none", "accepted", "tentative", "declined"
ANSWERS = (ACCEPTED, TENTATIVE, DECLINED)
FROM_CARD, FROM_CALENDAR = "card", "calendar"
MAIN = "main"  # the slot whose time is the thread's own answer
# The mark of a thread that has meetings, before their kind: it spares every other thread a question for them.
HAS_MEETING = "meeting:"
NOT_CONNECTED = "not_connected"  # the failure of a meeting where there is no calendar to put it in


@dataclass(kw_only=True)
class Invited:
    """One person who is invited, from which seat, and the answer."""

    person_id: int
    role: str
    unit_id: str
    optional: bool = False
    answer: str = NO_ANSWER
    answered_at: datetime | None = None
    source: str = ""

    def forget(self) -> None:
        """The answer was to another time."""
        self.answer, self.answered_at, self.source = NO_ANSWER, None, ""


@dataclass(kw_only=True)
class MeetingNow:
    """One event. Times are UTC; `synced` is the revision that stands in the calendar, 0 for none."""

    id: int | None
    slot: str
    kind: str
    organizer_id: int
    starts_at: datetime
    ends_at: datetime
    mode: str
    place: str
    series_id: int | None = None
    original_start: datetime | None = None
    status: str = INVITED
    revision: int = 1
    synced: int = 0
    event_id: str | None = None
    change_key: str | None = None
    failure: str | None = None
    invited: list[Invited] = field(default_factory=list)

    @property
    def is_on(self) -> bool:
        return self.status == INVITED

    @property
    def stands(self) -> bool:
        """Whether the calendar shows it as it is."""
        return self.event_id is not None and self.synced == self.revision

    def of(self, person_id: int | None) -> Invited | None:
        """What is known of one person's invitation."""
        return next((one for one in self.invited if one.person_id == person_id), None)

    def unanswered(self) -> set[int]:
        return {one.person_id for one in self.invited if one.answer == NO_ANSWER}


@dataclass(kw_only=True)
class SeriesNow:
    """A row of recurring meetings: `weekday` counts from Monday as 1, `at` is local time."""

    id: int | None
    kind: str
    organizer_id: int
    weekday: int
    at: time
    minutes: int
    first_day: date
    last_day: date
    mode: str
    place: str
    status: str = INVITED
    revision: int = 1
    synced: int = 0
    event_id: str | None = None
    failure: str | None = None

    @property
    def stands(self) -> bool:
        """Whether the calendar shows it as it is."""
        return self.event_id is not None and self.synced == self.revision
