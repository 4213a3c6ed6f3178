"""A rule's ladder: which prompts come when, told as data in the profile and computed from the deadline's anchors.

A rung stands on an anchor and is moved by at most one of workdays, days, minutes or office minutes:

    {step = "day3",  workdays = 3, at = "09:00", tell = ["owner"], text = "feedback_day3"}
    {step = "near",  on = "soft", minutes = -120, ...}
    {step = "after", on = "hard", workdays = 1, ...}

Anchors: `since` (the start or event), `open` (first office opening at or after it), `soft`, `hard`, and `late` (the
first instant after hard). Moves in days without `at` are at 09:00. `roll = "back"` goes to the last workday up to
the day. `only_if = "hard_on_closed_day"` keeps the rung only when hard's date is no workday. Counting is exclusive.
`every_minutes` and `until_minutes` repeat a rung that is moved by minutes or office minutes, from its own minute on.
`or_next = true`: when nobody can be told, the next rung that says so too is given at once.
A rung may lie before the start; whoever arms it then lets it fire once, at once, or, with `at_once = false`, never.
"""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Literal

from reminders.calendar import WorkCalendar
from reminders.clock_time import Clock
from reminders.due import Prompt
from reminders.localtime import TICK, to_local
from reminders.profile_schema import Table
from reminders.rule_kinds import DAY, Moments, Start

ANCHORS = ("since", "open", "soft", "hard", "late")
AUDIENCES = (
    "owner",
    "sender",
    "sender_unit",
    "unit_manager",
    "lead_needs_assessor",
    "receivers",
    "responsible_assessor",
    "next_in_line",
    "unreceipted",
    "on_call",
    "provider",
    "authority_queue",
    "return_home_team",
    "fixed_care_contact",
    "convener",
    "invited",
    "unanswered",
    "gatherers",
)
MOVES = ("workdays", "days", "minutes", "office_minutes")
NINE = Clock(clock=time(9))
_NO_TIME = datetime.min.replace(tzinfo=UTC)
FAR = 1_000
_OFTENEST = 60  # times that one rung may repeat


@dataclass(frozen=True, kw_only=True)
class Rung:
    """One prompt as the profile tells it."""

    step: str
    tell: tuple[str, ...]
    text: str
    signal: str | None
    on: str
    move: str | None
    amount: int
    at: Clock | None
    roll: Literal["none", "back"]
    only_if: Literal["always", "hard_on_closed_day"]
    at_once: bool
    series: str
    or_next: bool

    def prompt(self, start: Start, moments: Moments, calendar: WorkCalendar) -> Prompt | None:
        """The prompt's instant, or None where its anchor or condition is lacking."""
        anchor = self._anchor(start, moments, calendar)
        if anchor is None or not self._wanted(moments, calendar):
            return None
        return self._pattern.moved_to(self._moved(anchor, calendar))

    @property
    def by_day(self) -> bool:
        """Whether it comes at the same time whenever in the day the start is."""
        if self.on == "since":
            return self.move in ("workdays", "days") or (self.move is None and self.at is not None)
        return self.on != "open"

    @cached_property
    def _pattern(self) -> Prompt:
        return Prompt(
            step=self.step, at=_NO_TIME, tell=self.tell, text=self.text, signal=self.signal, at_once=self.at_once,
            series=self.series, or_next=self.or_next,
        )  # fmt: skip

    def _anchor(self, start: Start, moments: Moments, calendar: WorkCalendar) -> datetime | None:
        if self.on == "since":
            return start.instant
        if self.on == "open":
            return calendar.next_office_opening(start.instant)
        if self.on == "soft":
            return moments.soft
        if self.on == "late" and moments.hard is not None:
            return moments.hard + TICK
        return moments.hard

    def _wanted(self, moments: Moments, calendar: WorkCalendar) -> bool:
        if self.only_if == "always":
            return True
        return moments.hard is not None and not calendar.is_workday(to_local(moments.hard).date())

    def _moved(self, anchor: datetime, calendar: WorkCalendar) -> datetime:
        if self.move == "minutes":
            return anchor + timedelta(minutes=self.amount)
        if self.move == "office_minutes":
            return calendar.add_office_minutes(anchor, self.amount)
        if self.move is None and self.at is None:
            return anchor
        return (self.at or NINE).on(self._day(to_local(anchor).date(), calendar), calendar)

    def _day(self, day: date, calendar: WorkCalendar) -> date:
        day = calendar.add_workdays(day, self.amount) if self.move == "workdays" else day + DAY * self.amount
        return calendar.last_workday_on_or_before(day) if self.roll == "back" else day


def climb(ladder: tuple[Rung, ...], start: Start, moments: Moments, calendar: WorkCalendar) -> tuple[Prompt, ...]:
    """All prompts of a ladder, earliest first."""
    found = (rung.prompt(start, moments, calendar) for rung in ladder)
    return tuple(sorted((one for one in found if one is not None), key=lambda one: one.at))


@dataclass(frozen=True, kw_only=True)
class Sprint:
    """A ladder counted in minutes from the start, laid out at once where the office does not close on the way: it is
    open all along, or it is closed at the start and open from its next opening on."""

    steps: tuple[tuple[timedelta, Prompt, bool], ...]  # each with whether it counts the office's minutes alone
    last: timedelta  # of those that count the office's minutes

    @classmethod
    def of(cls, ladder: tuple[Rung, ...]) -> "Sprint | None":
        """None for a ladder that counts anything else."""
        kinds = {(one.on, one.move, one.only_if) for one in ladder}
        if not ladder or not kinds <= {("since", move, "always") for move in ("minutes", "office_minutes")}:
            return None
        counted = [(timedelta(minutes=one.amount), one._pattern, one.move == "office_minutes") for one in ladder]
        last = max((after for after, _, office in counted if office), default=timedelta())
        return cls(steps=tuple(sorted(counted, key=lambda step: step[0])), last=last)

    def climb(self, start: Start, calendar: WorkCalendar) -> tuple[Prompt, ...] | None:
        """All prompts, earliest first; None when the office closes before the last."""
        begin = start.instant
        opens = self.opens(begin, calendar)
        if opens is None:
            return None
        found = [prompt.moved_to((opens if office else begin) + after) for after, prompt, office in self.steps]
        return tuple(found if opens == begin else sorted(found, key=lambda one: one.at))

    def first(self, begin: datetime, calendar: WorkCalendar) -> datetime | None:
        """When the earliest prompt comes, without laying out the others; None as for `climb`."""
        opens = self.opens(begin, calendar)
        if opens is None:
            return None
        if opens == begin:
            return begin + self.steps[0][0]
        return min((opens if office else begin) + after for after, _, office in self.steps)

    def opens(self, begin: datetime, calendar: WorkCalendar) -> datetime | None:
        """From when the office's minutes count without a break until the last step; None when there is one."""
        if not self._counts_office or calendar.is_open_for(begin, self.last):
            return begin
        if calendar.is_open_for(begin, timedelta()):
            return None
        opening = calendar.next_office_opening(begin)
        return opening if calendar.is_open_for(opening, self.last) else None

    @cached_property
    def _counts_office(self) -> bool:
        return any(office for _, _, office in self.steps)

    @cached_property
    def names(self) -> frozenset[str]:
        return frozenset(prompt.step for _, prompt, _ in self.steps)


def read_ladder(prompts: object, table: Table) -> tuple[Rung, ...]:
    """The rungs of `[[rules.NAME.prompts]]`; faults are named by step. A rung with `off = true` is left out."""
    if not isinstance(prompts, list) or not all(isinstance(one, dict) for one in prompts):
        table.refuse("prompts", "en lista med tabeller")
        return ()
    rungs: list[Rung] = []
    here = table.complain.at("prompts")
    for number, one in enumerate(prompts, start=1):
        step = one.get("step")
        rung = Table(values=one, complain=here.at(step if isinstance(step, str) else str(number)))
        if not rung.flag("off", False):
            rungs += _read_rungs(rung)
    for step in {one.step for one in rungs}:
        if sum(one.step == step for one in rungs) > 1:
            here(step, "ett steg får bara finnas en gång")
    return tuple(rungs)


def _read_rungs(table: Table) -> list[Rung]:
    """A rung, or all that a repeated one stands for: their steps are numbered by the minute."""
    move, amount = _read_move(table)
    every, until = table.integer("every_minutes", 0, high=FAR), table.integer("until_minutes", 0, high=FAR * 60)
    rung = _read_rung(table, move, amount)
    if not every and not until:
        return [rung]
    if move not in ("minutes", "office_minutes"):
        table.complain("every_minutes", "kan bara stå tillsammans med minutes eller office_minutes")
    elif not every or not amount <= until <= amount + every * _OFTENEST:
        table.complain(
            "until_minutes", f"ska stå tillsammans med every_minutes, lägst {amount} och högst {_OFTENEST} gånger"
        )
    else:
        minutes = range(amount, until + 1, every)
        return [replace(rung, step=f"{rung.step}_{one}", amount=one) for one in minutes]
    return [rung]


def _read_rung(table: Table, move: str | None, amount: int) -> Rung:
    rung = Rung(
        step=table.text("step"),
        tell=table.names("tell", AUDIENCES),
        text=table.text("text"),
        signal=table.text("signal", "") or None,
        on=table.choice("on", ANCHORS, "since"),
        move=move,
        amount=amount,
        at=_read_at(table),
        roll="back" if table.choice("roll", ("none", "back"), "none") == "back" else "none",
        only_if="hard_on_closed_day" if _conditional(table) else "always",
        at_once=table.flag("at_once", True),
        series=table.text("step"),
        or_next=table.flag("or_next", False),
    )
    table.done()
    if not rung.tell and rung.signal is None:
        table.complain("tell", f"ska ha minst ett av {', '.join(sorted(AUDIENCES))}, om inte signal är satt")
    if rung.at is not None and move in ("minutes", "office_minutes"):
        table.complain("at", f"kan inte stå tillsammans med {move}")
    return rung


def _conditional(table: Table) -> bool:
    return table.choice("only_if", ("always", "hard_on_closed_day"), "always") == "hard_on_closed_day"


def _read_move(table: Table) -> tuple[str | None, int]:
    found = [one for one in MOVES if table.take(one) is not None]
    if len(found) > 1:
        table.complain(
            found[1], f"kan inte stå tillsammans med {found[0]}; tillåtet är högst ett av {', '.join(MOVES)}"
        )
    if not found:
        return None, 0
    low = 0 if found[0] == "office_minutes" else -FAR * (60 if found[0] == "minutes" else 1)
    return found[0], table.integer(found[0], low=low, high=FAR * 60 if "minutes" in found[0] else FAR)


def _read_at(table: Table) -> Clock | None:
    value = table.take("at")
    found = Clock.parse(value)
    if value is not None and found is None:
        table.refuse("at", f'ett klockslag som "09:00" eller något av {", ".join(Clock.WORDS)}')
    return found
