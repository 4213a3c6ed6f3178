"""The demo's clock: care time can be moved forward, and stays moved when the demo is started again."""

import re
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select

from bot.clock import Clock
from cases import tables as t
from reminders.calendar import WorkCalendar
from reminders.deadlines import next_due
from reminders.localtime import to_local

_OFFSET = "care_offset_seconds"
_MOVE = re.compile(r"\+(\d{1,3})([dhm])\Z")
_UNITS = {"d": timedelta(days=1), "h": timedelta(hours=1), "m": timedelta(minutes=1)}


class BadMove(ValueError):
    """The clock cannot be moved so; the message says what it understands."""


def read_offset(tx: Connection) -> timedelta:
    found = tx.scalar(select(t.setting.c.value).where(t.setting.c.key == _OFFSET))
    return timedelta(seconds=float(found)) if found else timedelta()


def write_offset(tx: Connection, offset: timedelta) -> None:
    tx.execute(delete(t.setting).where(t.setting.c.key == _OFFSET))
    tx.execute(insert(t.setting).values(key=_OFFSET, value=str(offset.total_seconds())))


def first_time(machine: datetime, calendar: WorkCalendar) -> datetime:
    """A good time to begin: now when the office is open, else nine o'clock on the next workday."""
    if calendar.is_office_hours(machine):
        return machine
    opening = calendar.next_office_opening(machine)
    return opening + timedelta(hours=2)


def moved(tx: Connection, clock: Clock, move: str) -> timedelta:
    """The new offset after a move: `+1d`, `+2h`, `+30m`, or `next` for the next deadline. Written down at once.

    A day is a day by the wall clock, also when summer time ends. Raises: BadMove.
    """
    offset = clock.offset + (_to_next(tx, clock) if move == "next" else _by(clock.care(), move))
    write_offset(tx, offset)
    return offset


def _to_next(tx: Connection, clock: Clock) -> timedelta:
    due = next_due(tx)
    if due is None:
        raise BadMove("Inget väntar på klockan just nu.")
    return max(due - clock.care(), timedelta()) + timedelta(seconds=1)


def _by(care: datetime, move: str) -> timedelta:
    found = _MOVE.match(move)
    if found is None:
        raise BadMove("Skriv +1d, +2h, +30m eller next.")
    step = int(found[1]) * _UNITS[found[2]]
    if found[2] != "d":
        return step
    local = to_local(care)
    return (local + step).astimezone(care.tzinfo) - care
