"""How many threads ended each month, by flow: those that are still there and those that have been disposed of.

There is one table of figures and no other, so that none can be subtracted from another. Figures so small that they
could tell of somebody are never shown.
"""

from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import Connection, exists, select
from sqlalchemy.sql.elements import ColumnElement

from cases import tables as t
from cases.restore import RESTORED
from cases.thread import SEALED
from reminders.localtime import Month, at, to_local

SMALLEST = 5  # a smaller number could tell of somebody
_THREAD, _FIGURE = t.thread.c, t.thread_figure.c
# Never sent, taken out of sight, only there to hold a number, or Stafett's own proof that messages get through.
_NO_MESSAGES = ("discarded", SEALED, RESTORED, "beaten")


@dataclass(frozen=True, kw_only=True, order=True)
class Figure:
    """Threads of one flow that ended in a month (its first day, local); in `late` of them a limit passed."""

    month: date
    profile: str
    flow: str
    threads: int
    late: int


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A figure as it may be shown. None stands for what could tell of somebody."""

    month: date
    flow: str
    threads: int | None
    late: int | None


def shown(figure: Figure) -> Shown:
    """The figure without what is smaller than five, and without what such a part could be worked out from."""
    if figure.threads < SMALLEST:
        return Shown(month=figure.month, flow=figure.flow, threads=None, late=None)
    parts = (figure.late, figure.threads - figure.late)
    told = all(part == 0 or part >= SMALLEST for part in parts)
    return Shown(
        month=figure.month, flow=figure.flow, threads=figure.threads, late=figure.late if told else None
    )  # fmt: skip


def was_late() -> ColumnElement[bool]:
    """In a query of threads, whether the clock had something to say when a limit had passed."""
    armed = t.deadline.c
    return exists().where(armed.thread_id == _THREAD.id, armed.hard_at.is_not(None), armed.said_at >= armed.hard_at)


def counts() -> ColumnElement[bool]:
    """In a query of threads, whether it is one that is counted."""
    return _THREAD.state.not_in(_NO_MESSAGES)


def month_of(closed_at: datetime) -> date:
    """The month (its first day, local) in which a thread ended."""
    return to_local(closed_at).date().replace(day=1)


def of_profile(tx: Connection, profile: str, first: Month, last: Month) -> list[Figure]:
    """The figures of the months from `first` to `last`, both inclusive, what was sealed or never sent left out."""
    found: dict[tuple[date, str], list[int]] = {}
    begin, end = at(first.day(1), time()), at(last.plus(1).day(1), time())
    query = select(_THREAD.closed_at, _THREAD.flow, was_late().label("late")).where(
        _THREAD.profile == profile, _THREAD.closed_at >= begin, _THREAD.closed_at < end,
        counts(),
    )  # fmt: skip
    for row in tx.execute(query):
        figures = found.setdefault((month_of(row.closed_at), row.flow), [0, 0])
        figures[0] += 1
        figures[1] += bool(row.late)
    gone = select(t.thread_figure).where(
        _FIGURE.profile == profile, _FIGURE.month >= first.day(1), _FIGURE.month <= last.day(1)
    )  # fmt: skip
    for row in tx.execute(gone):
        figures = found.setdefault((row.month, row.flow), [0, 0])
        figures[0] += row.threads
        figures[1] += row.late
    return sorted(
        Figure(month=month, profile=profile, flow=flow, threads=threads, late=late)
        for (month, flow), (threads, late) in found.items()
    )
