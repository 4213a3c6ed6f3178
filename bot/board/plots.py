"""The geometry of the plots: values in, places out. What they show stands in words beside them, always.

Across, everything is in per cent of the drawing, so that it fits a phone and a wide screen without the words in it
growing or shrinking; upwards it is in pixels.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from dialogs.board_on_time import MonthRate
from dialogs.board_values import Column, Stretch, UnitNight
from reminders.localtime import to_local

COLUMN_HEIGHT, RATE_HEIGHT = 96, 44
_BROAD = 0.62  # of a column's place
_LEAST = 4.0  # of something that is there at all
_FEWEST = 3  # a single one is no full column, however little there is
_EVERY = 3  # hours between those that are named
_SIGN = 2.6  # per cent that a sign of a name takes on a phone


@dataclass(frozen=True, kw_only=True)
class Bar:
    """A column as it is drawn: its marked part at the bottom, the rest on it."""

    column: Column
    x: float
    middle: float
    width: float
    height: float
    marked: float


@dataclass(frozen=True, kw_only=True)
class Part:
    """A stretch of a night on the line of time; `named` where there is room for whose it is."""

    stretch: Stretch
    x: float
    middle: float
    width: float
    named: bool


@dataclass(frozen=True, kw_only=True)
class Tick:
    """An hour on the line of time."""

    x: float
    label: str


@dataclass(frozen=True, kw_only=True)
class Night:
    """The line of time of a unit's day and night."""

    now: float
    parts: tuple[Part, ...]
    ticks: tuple[Tick, ...]


@dataclass(frozen=True, kw_only=True)
class RateBar:
    """A month's column; without a height there is nothing to tell."""

    month: MonthRate
    x: float
    middle: float
    width: float
    height: float | None


def columns(found: Sequence[Column]) -> tuple[Bar, ...]:
    """The columns to scale, the highest as high as there is room where there are more than a few."""
    highest = max([one.count for one in found] + [_FEWEST])
    bars = []
    for one, (x, middle, width) in zip(found, _places(len(found)), strict=True):
        height = max(one.count / highest * COLUMN_HEIGHT, _LEAST) if one.count else 0.0
        marked = height * one.marked / one.count if one.count else 0.0
        bars.append(
            Bar(column=one, x=x, middle=middle, width=width, height=round(height, 1), marked=round(marked, 1))
        )  # fmt: skip
    return tuple(bars)


def rates(found: Sequence[MonthRate]) -> tuple[RateBar, ...]:
    """A column for each month; all of a hundred per cent is as high as there is room."""
    return tuple(
        RateBar(
            month=one, x=x, middle=middle, width=width,
            height=None if one.rate is None else round(max(one.rate * RATE_HEIGHT / 100, 1.0), 1),
        )
        for one, (x, middle, width) in zip(found, _places(len(found)), strict=True)
    )  # fmt: skip


def night(unit: UnitNight) -> Night:
    """The unit's hours on a line from left to right, with every third hour of the clock named."""

    def place(instant: datetime) -> float:
        gone = (instant - unit.begins) / (unit.ends - unit.begins)
        return min(max(gone, 0.0), 1.0) * 100

    parts = []
    for one in unit.stretches:
        x, end = place(one.starts_at), place(one.ends_at)
        parts.append(
            Part(
                stretch=one, x=round(x, 2), middle=round((x + end) / 2, 2), width=round(end - x, 2),
                named=end - x >= _SIGN * len(one.name),
            )
        )  # fmt: skip
    hours = [unit.begins + timedelta(hours=number) for number in range(1, 24)]
    ticks = tuple(
        Tick(x=round(place(hour), 2), label=f"{to_local(hour).hour:02d}")
        for hour in hours
        if not to_local(hour).hour % _EVERY
    )
    return Night(now=round(place(unit.now), 2), parts=tuple(parts), ticks=ticks)


def _places(count: int) -> list[tuple[float, float, float]]:
    """Where each of so many columns begins, has its middle, and how broad it is."""
    slot = 100 / max(count, 1)
    broad = slot * _BROAD
    return [
        (round(number * slot + (slot - broad) / 2, 2), round((number + 0.5) * slot, 2), round(broad, 2))
        for number in range(count)
    ]
