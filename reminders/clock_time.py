"""A time of day in a rule: a clock time, or the office's opening or closing, or the end of the day."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import ClassVar

from reminders.calendar import WorkCalendar
from reminders.localtime import at, end_of_day

_HH_MM = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")


def parse_hh_mm(value: object) -> time | None:
    """A time of day out of "HH:MM", or None."""
    match = _HH_MM.fullmatch(value) if isinstance(value, str) else None
    return time(int(match[1]), int(match[2])) if match else None


@dataclass(frozen=True, kw_only=True)
class Clock:
    """Either `clock` or `word` is set; `on` gives the instant on a local date."""

    WORDS: ClassVar[tuple[str, ...]] = ("open", "close", "end")

    clock: time | None = None
    word: str = ""

    @classmethod
    def parse(cls, value: object) -> "Clock | None":
        """A clock out of "HH:MM", "open", "close" or "end"; None for anything else."""
        if isinstance(value, str) and value in cls.WORDS:
            return cls(word=value)
        clock = parse_hh_mm(value)
        return None if clock is None else cls(clock=clock)

    def on(self, day: date, calendar: WorkCalendar) -> datetime:
        """The instant on a date; closing is the soft one, so a short day counts."""
        if self.clock is not None:
            return at(day, self.clock)
        if self.word == "open":
            return calendar.opening(day)
        if self.word == "end":
            return end_of_day(day)
        return calendar.soft_closing(day)

    def __str__(self) -> str:
        """As a reader sees it."""
        if self.clock is not None:
            return f"kl. {self.clock:%H.%M}"
        return {"open": "när kontoret öppnar", "end": "dygnets slut"}.get(self.word, "kontorets stängning")


CLOSE = Clock(word="close")
END = Clock(word="end")
