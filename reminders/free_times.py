"""Times that suit a meeting: within the working hours of the profile and of those who are to come. Pure.

Who is busy is given, by the calendars that could be asked or by what is booked here; a person nobody could ask about
stands in neither and is counted as unknown by whoever shows the proposal.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from reminders.calendar import WorkCalendar
from reminders.day_conflicts import is_squeezed
from reminders.localtime import at, to_local

STEP = timedelta(minutes=30)
DAYS = 10  # workdays that are looked through, the wished day included
A_DAY = 2  # proposals a day at most: one bad day must not fill the list

Span = tuple[datetime, datetime]


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """A time (UTC) when everybody who must come is free; `without` are optional people who are not."""

    starts: datetime
    ends: datetime
    without: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What is looked for: a meeting of so many minutes from `starts` on (UTC), never before `earliest`."""

    starts: datetime
    minutes: int
    earliest: datetime

    @property
    def length(self) -> timedelta:
        return timedelta(minutes=self.minutes)


def window(wish: Wish, calendar: WorkCalendar) -> Span:
    """From when until when calendars are to be asked for: whole workdays, `DAYS` of them."""
    days = _days(wish, calendar)
    return calendar.opening(days[0]), calendar.closing(days[-1])


def proposals(
    wish: Wish,
    calendar: WorkCalendar,
    busy: Mapping[int, Sequence[Span]],
    optional: Collection[int] = (),
    *,
    most: int = 5,
) -> list[Proposal]:
    """The times nearest to the wished one, by day, then by who can be there, then by clock; in the order they come.

    Klämdagar are left out, and so is everything outside office hours; short days end early.
    """
    found: list[Proposal] = []
    for day in _days(wish, calendar):
        if is_squeezed(day, calendar) or len(found) >= most:
            continue
        wished = at(day, to_local(wish.starts).time())
        suits = [
            (len(without := _lacking(one, busy, optional)), abs(wished - one[0]), one, without)
            for one in _of_day(wish, wished, day, calendar)
            if _is_free(one, busy, optional)
        ]
        chosen = _apart([(one, without) for _, _, one, without in sorted(suits)], wish.length)
        found += [Proposal(starts=one[0], ends=one[1], without=who) for one, who in sorted(chosen[: most - len(found)])]
    return found


def _days(wish: Wish, calendar: WorkCalendar) -> list[date]:
    """Workdays from the wished day on, the first on which the meeting can still begin."""
    first = calendar.first_workday_on_or_after(max(to_local(wish.starts), to_local(wish.earliest)).date())
    return [calendar.add_workdays(first, count) for count in range(DAYS)]


def _of_day(wish: Wish, wished: datetime, day: date, calendar: WorkCalendar) -> Iterator[Span]:
    """Every half hour, and the wished clock itself."""
    opens, closes = calendar.opening(day), calendar.soft_closing(day)
    starts = {opens + STEP * count for count in range((closes - opens) // STEP)} | {wished}
    for one in sorted(starts):
        if max(opens, wish.earliest) <= one and one + wish.length <= closes:
            yield one, one + wish.length


def _apart(suits: Sequence[tuple[Span, tuple[int, ...]]], length: timedelta) -> list[tuple[Span, tuple[int, ...]]]:
    """The best ones that do not overlap: two times of the same morning say more than the same time twice."""
    kept: list[tuple[Span, tuple[int, ...]]] = []
    for one, without in suits:
        if len(kept) < A_DAY and all(abs(one[0] - other[0]) >= max(length, STEP * 2) for other, _ in kept):
            kept.append((one, without))
    return kept


def _is_free(span: Span, busy: Mapping[int, Sequence[Span]], optional: Collection[int]) -> bool:
    return not any(overlaps(span, spans) for who, spans in busy.items() if who not in optional)


def _lacking(span: Span, busy: Mapping[int, Sequence[Span]], optional: Collection[int]) -> tuple[int, ...]:
    return tuple(sorted(who for who in optional if overlaps(span, busy.get(who, ()))))


def overlaps(span: Span, others: Sequence[Span]) -> bool:
    """Whether any of these times lies in another; one that ends when the other begins does not."""
    return any(starts < span[1] and span[0] < ends for starts, ends in others)
