"""What the pages of the board are drawn from: plain values, chosen one by one, with nothing of what a thread is about.

A page is drawn elsewhere. Whatever is not a field here cannot stand on it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

LATE, TODAY, LATER = "late", "today", "later"  # how near it is


@dataclass(frozen=True, kw_only=True)
class Line:
    """A thread: its references, where it stands, what is to be done and when at the latest, who has it."""

    ref: str
    case_ref: str
    urgent: bool
    late: bool
    standing: str
    to_do: str
    limit: str
    holder: str


@dataclass(frozen=True, kw_only=True)
class Group:
    """The lines whose limits are equally near."""

    title: str
    near: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of a plot: how many, and how many of them are marked (urgent, or planned)."""

    label: str
    long_label: str
    near: str
    count: int
    marked: int


@dataclass(frozen=True, kw_only=True)
class UnitNumbers:
    """How a unit stands today, for whoever leads it."""

    name: str
    today: int
    late: int
    untaken: int
    open: int


@dataclass(frozen=True, kw_only=True)
class OpenPage:
    """What is open, the nearest first. `columns` count what is on this page; `more` says that there is another."""

    groups: tuple[Group, ...]
    columns: tuple[Column, ...]
    units: tuple[UnitNumbers, ...] = ()
    page: int = 0
    more: bool = False

    def count(self, near: str | None = None) -> int:
        """How many there are on the page, or how many of them are so near."""
        return sum(len(group.lines) for group in self.groups if near in (None, group.near))


@dataclass(frozen=True, kw_only=True)
class FollowUpLine:
    """A follow-up that is not over: when it is due or planned, and how far the report before it has come."""

    ref: str
    case_ref: str
    state: str
    planned: bool
    late: bool
    when: str
    occasion: str
    report: str
    assessor: str


@dataclass(frozen=True, kw_only=True)
class FollowUpUnit:
    """An authority unit's board. `own` where the reader has only what is their own."""

    name: str
    own: bool
    columns: tuple[Column, ...]
    lines: tuple[FollowUpLine, ...]
    more: bool


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """A part of a night: somebody's pass, office hours, or nobody's."""

    kind: str  # pass, office, gap
    starts_at: datetime
    ends_at: datetime
    who: str = ""
    phone: str = ""
    text: str = ""

    @property
    def name(self) -> str:
        """What it is called on the line of time."""
        return {"office": "Kontorstid", "gap": "Ingen"}.get(self.kind, self.who)


@dataclass(frozen=True, kw_only=True)
class UnitNight:
    """The day and night of a unit's jour, from `begins` until `ends` (UTC)."""

    name: str
    says: str
    phone: str
    uncovered: bool
    begins: datetime
    ends: datetime
    now: datetime
    stretches: tuple[Stretch, ...]


@dataclass(frozen=True, kw_only=True)
class NightPage:
    """The jour of the reader's units, and what is urgent and open that is theirs to see."""

    units: tuple[UnitNight, ...]
    urgent: tuple[Line, ...]
    more: int


@dataclass(frozen=True, kw_only=True)
class MeetingLine:
    """A meeting the reader is to be at. The title is the one that stands in calendars."""

    ref: str
    title: str
    time: str
    where: str
    answer: str
    others: str


@dataclass(frozen=True, kw_only=True)
class MeetingDay:
    """The meetings of one day."""

    title: str
    today: bool
    lines: tuple[MeetingLine, ...]


@dataclass(frozen=True, kw_only=True)
class DaySquare:
    """A day of the plot of the coming weeks."""

    weekday: str
    label: str
    long_label: str
    count: int
    is_today: bool
    is_open: bool


@dataclass(frozen=True, kw_only=True)
class MeetingsPage:
    """The meetings ahead."""

    days: tuple[MeetingDay, ...]
    weeks: tuple[Sequence[DaySquare], ...]
    more: bool
