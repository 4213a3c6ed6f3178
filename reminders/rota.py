"""The arithmetic of an on-call rota: which on-call hours nobody covers, and when somebody must hear of it.

Pure: instants are UTC, every end is exclusive.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from reminders.calendar import DAY, WorkCalendar
from reminders.localtime import to_local


@dataclass(frozen=True, kw_only=True, order=True)
class Span:
    """A stretch of time; the end is exclusive."""

    starts_at: datetime
    ends_at: datetime

    @property
    def long(self) -> timedelta:
        return self.ends_at - self.starts_at


def on_call_hours(calendar: WorkCalendar, since: datetime, until: datetime) -> list[Span]:
    """The on-call hours between two instants: from office close until opening, and all of every closed day."""
    found: list[Span] = []
    begins = since
    day = to_local(since).date()
    while calendar.opening(day) < until:
        if calendar.is_workday(day):
            if calendar.opening(day) > begins:
                found.append(Span(starts_at=begins, ends_at=calendar.opening(day)))
            begins = max(begins, calendar.closing(day))
        day += DAY
    if begins < until:
        found.append(Span(starts_at=begins, ends_at=until))
    return found


def uncovered(wanted: Iterable[Span], passes: Iterable[Span], shortest: timedelta) -> list[Span]:
    """The parts of the wanted hours that no pass covers; those shorter than `shortest` are no gaps."""
    covered = sorted(passes)
    found: list[Span] = []
    for span in sorted(wanted):
        begins = span.starts_at
        for one in covered:
            if one.ends_at <= begins:
                continue
            if one.starts_at >= span.ends_at:
                break
            if one.starts_at > begins:
                found.append(Span(starts_at=begins, ends_at=one.starts_at))
            begins = max(begins, one.ends_at)
        if begins < span.ends_at:
            found.append(Span(starts_at=begins, ends_at=span.ends_at))
    return [one for one in found if one.long >= shortest]


def step_at(gap: Span, now: datetime, ahead: Sequence[timedelta]) -> int | None:
    """Which of the warnings holds now: the index in `ahead`, the longest first, of the last one whose time has come.

    A gap that is found late is warned of at once, by the step that holds then. None before the first and once the gap
    has begun and ended.
    """
    if now >= gap.ends_at:
        return None
    come = [number for number, before in enumerate(ahead) if gap.starts_at - before <= now]
    return come[-1] if come else None


def without(span: Span, taken: Iterable[Span]) -> list[Span]:
    """What is left of a span when others are taken out of it, such as a shift during which somebody is on leave."""
    return uncovered([span], taken, timedelta(microseconds=1))
