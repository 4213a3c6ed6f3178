"""A year of care work, made up: threads that go through the flows' own tables, with deadlines by the engine's rules.

For those who want to try a profile and have no year of their own yet. How often people write, about what, and how soon
they act are guesses; what the moves start and stop, and what the clock does meanwhile, is the engine's. The same seed
gives the same year.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from cases.actions import Arm, Disarm, Rearm
from cases.arming import set_deadline
from cases.errors import AnswerRefused
from cases.fields import CaseList, Choice, Day, DayList, Field, Moment, Number, PerCase, SeatChoice
from cases.flow import By, Flow, Move, Situation
from cases.ladder import ladder
from cases.limits import limit_of
from cases.replay import Run
from cases.thread import Armed, ThreadNow
from dialogs.common import ASSESSORS
from dialogs.more_card import RARE
from reminders.errors import RuleError
from reminders.localtime import at, to_local
from reminders.profile import Profile

CASES = 11_000  # threads a year among 800 clients, 14 each: a municipality of middle size, as docs/skala.md has it
# Of a hundred threads so many are of flows in each group. Guesses.
_SHARES = {
    "urgent": 18, "assignments": 22, "question": 25, "plan": 10, "follow_up": 12, "meetings": 4, "handover": 3,
    "ends": 3, "night": 2, "access": 1,
}  # fmt: skip
_MOST_STEPS = 14
_LONG = timedelta(days=20)  # nobody thinks of a limit that is farther away
_PEOPLE = frozenset({By.SENDER, By.RECEIVER, By.INFORMED})
_SELDOM = RARE | {"withdraw", "edit"}
_SELDOM_WEIGHT = 0.03
_AT_NIGHT = 0.25  # of what is urgent
# Of what has a limit so much is done before it, and so much the days after it; the rest is forgotten.
_IN_TIME, _LATE = 0.91, 0.085
_DAYS_LATE = 4
_CANNOT = (KeyError, ValueError, TypeError, AttributeError, RuleError)


@dataclass(frozen=True, kw_only=True)
class CareYear:
    """`profile` is what the clock goes by where it has the flow on, else `other`, which is told nothing else of."""

    flows: Mapping[str, Flow]
    profile: Profile
    other: Profile
    year: int
    threads: int = CASES
    seed: int = 1

    def runs(self) -> Iterator[Run]:
        """Every deadline of the year's threads."""
        rng = Random(self.seed)  # noqa: S311 (a drawn year, no secret)
        chosen = self._chosen()
        if not chosen:
            return
        flows, weights = zip(*chosen, strict=True)
        for number in range(1, self.threads + 1):
            flow = rng.choices(flows, weights)[0]
            profile = self.profile if flow.name in self.profile.section("flows").on else self.other
            yield from _Walk(number=number, flow=flow, profile=profile, rng=rng).runs(self.year)

    def _chosen(self) -> list[tuple[Flow, float]]:
        """The flows that either profile has on, with how often each is used."""
        on = {*self.profile.section("flows").on, *self.other.section("flows").on}
        used = [flow for name, flow in self.flows.items() if name in on]
        return [(flow, _SHARES[flow.group] / sum(one.group == flow.group for one in used)) for flow in used]


@dataclass(kw_only=True)
class _Walk:
    """One thread, from its form to its end."""

    number: int
    flow: Flow
    profile: Profile
    rng: Random
    thread: ThreadNow = field(init=False)
    _began: list[tuple[Armed, datetime]] = field(default_factory=list)
    _ended: dict[int, datetime] = field(default_factory=dict)  # by the deadline's id in memory

    def runs(self, year: int) -> Iterator[Run]:
        """Walk, and tell of every deadline that ran."""
        now, end = self._opens(year), at(date(year + 1, 1, 1), time())
        self._open(now)
        for _ in range(_MOST_STEPS):
            acts = self._acts_at(now)
            now = self._clock(now, min(acts, end))
            if self.thread.is_closed or acts >= end:
                break
            now = acts
            if not self._act(now):
                break
        else:
            acts = now
        if acts < end:  # nothing is left that anybody could press, or the walk has been long enough
            self._end_all(now)
        for armed, began in self._began:
            yield Run(
                thread=self.number, flow=self.flow.name, step=armed.step, rule=armed.rule, basis=armed.basis,
                armed_at=began, ended_at=self._ended.get(id(armed)),
            )  # fmt: skip

    # --- when ---------------------------------------------------------------------------------------------------

    def _opens(self, year: int) -> datetime:
        """Most is written in office hours; what is the jour's, and some of what is urgent, is not."""
        calendar, rng = self.profile.calendar, self.rng
        day = date(year, 1, 1) + timedelta(days=rng.randrange(365))
        if self.flow.group == "night" or (self.flow.urgent and rng.random() < _AT_NIGHT):
            found = at(day, time(rng.choice((0, 2, 5, 6, 18, 19, 20, 21, 22, 23)), rng.randrange(60)))
            return found if calendar.is_on_call_hours(found) else calendar.closing(day)
        day = calendar.first_workday_on_or_after(day)
        day = day if day.year == year else calendar.last_workday_on_or_before(day)
        return at(day, time(rng.choice((7, 8, 8, 9, 9, 10, 11, 12, 13, 13, 14, 15)), rng.randrange(60)))

    def _acts_at(self, now: datetime) -> datetime:
        """When somebody next acts: on a draft within minutes, on what is urgent soon, else by its limit, or in days."""
        rng, calendar = self.rng, self.profile.calendar
        if self.thread.state == self.flow.first:
            return now + timedelta(minutes=rng.randint(1, 25) if rng.random() < 0.96 else rng.randint(60, 3_000))
        if self.flow.urgent and rng.random() < 0.7:
            return now + timedelta(minutes=rng.lognormvariate(2.2, 1.2))
        limits = [limit_of(armed) for armed in self.thread.deadlines.values() if armed.status == "armed"]
        limit = min((one for one in limits if one is not None and one > now), default=None)
        if limit is None or limit - now > _LONG:
            day = calendar.add_workdays(to_local(now).date(), round(rng.expovariate(1 / 2.5)))
            found = at(day, time(rng.randint(7, 15), rng.randrange(60)))
            return found if found > now else now + timedelta(minutes=rng.randint(5, 120))
        return self._by(limit, now)

    def _by(self, limit: datetime, now: datetime) -> datetime:
        """Most is done in good time before the limit, at work."""
        drawn, rng = self.rng.random(), self.rng
        if drawn >= _IN_TIME + _LATE:
            return now + timedelta(days=1_000)
        found = now + (limit - now) * rng.betavariate(1.5, 2)
        if drawn >= _IN_TIME:
            found = limit + timedelta(days=rng.expovariate(1 / _DAYS_LATE))
        if self.flow.urgent or self.profile.calendar.is_office_hours(found):
            return found
        return self.profile.calendar.next_office_opening(found) + timedelta(minutes=rng.randint(0, 90))

    # --- moves --------------------------------------------------------------------------------------------------

    def _open(self, now: datetime) -> None:
        side = "authority" if self.flow.senders and self.flow.senders <= ASSESSORS else "provider"
        if self.flow.senders & ASSESSORS and side == "provider" and self.rng.random() < 0.5:
            side = "authority"
        self.thread = ThreadNow(
            id=self.number, flow=self.flow.name, profile=self.profile.name, state="", version=1, case_ref="",
            case_known=True, sender_id=1, sender_unit_id="", sender_side=side, opened_at=now, closed_at=None,
        )  # fmt: skip
        self._answer(self.flow.form, now)
        move = self._picked("open", now)
        if move is not None:
            self._make(move, now)

    def _act(self, now: datetime) -> bool:
        """Whether somebody had anything to press."""
        offered = [
            (move, _SELDOM_WEIGHT if signal in _SELDOM else 1.0)
            for signal in dict.fromkeys(signal for state, signal in self.flow.moves if state == self.thread.state)
            if (move := self._picked(signal, now)) is not None and move.label and move.by & _PEOPLE
        ]
        if not offered:
            return False
        move = self.rng.choices([one for one, _ in offered], [weight for _, weight in offered])[0]
        self._answer(move.needs, now)
        self._make(move, now)
        return True

    def _clock(self, now: datetime, until: datetime) -> datetime:
        """Give the signals of the ladders that come before `until`; when the last was given."""
        for _ in range(_MOST_STEPS):
            due = [
                (prompt.at, prompt.signal)
                for armed in self.thread.deadlines.values()
                if armed.status == "armed"
                for prompt in ladder(armed, self.profile)
                if prompt.signal and now < prompt.at < until
            ]
            if not due or self.thread.is_closed:
                break
            now, signal = min(due)
            move = self._picked(signal, now)
            if move is not None and By.CLOCK in move.by:
                self._make(move, now)
        return now

    def _picked(self, signal: str, now: datetime) -> Move | None:
        try:
            return self.flow.pick(signal, Situation(thread=self.thread, profile=self.profile, now=now))
        except _CANNOT:  # it looks at an answer or a seat that nobody here has given
            return None

    def _make(self, move: Move, now: datetime) -> None:
        self.thread.state = move.to
        self.thread.marks = [one for one in dict.fromkeys([*self.thread.marks, *move.marks]) if one not in move.clears]
        for action in move.then:
            if isinstance(action, Arm | Rearm | Disarm):
                self._set(action, now)
        if move.to in self.flow.last:
            self.thread.closed_at = now
            self._end_all(now)

    def _set(self, action: Arm | Rearm | Disarm, now: datetime) -> None:
        before = list(self.thread.deadlines.values())
        try:
            set_deadline(self.thread, action, self.profile, now)
        except (AnswerRefused, KeyError):  # a question that was left out, or a time that the rule refuses
            return
        for armed in before:
            if armed.status != "armed":
                self._end(armed, now)
        known = {id(armed) for armed in before}
        self._began += [(armed, now) for armed in self.thread.deadlines.values() if id(armed) not in known]

    def _end_all(self, now: datetime) -> None:
        for armed in self.thread.deadlines.values():
            self._end(armed, now)

    def _end(self, armed: Armed, now: datetime) -> None:
        self._ended.setdefault(id(armed), now)

    # --- answers ------------------------------------------------------------------------------------------------

    def _answer(self, asked: Sequence[Field], now: datetime) -> None:
        for item in asked:
            value = self._value(item, now)
            if value is not None:
                self.thread.values[item.name] = value

    def _value(self, item: Field, now: datetime) -> Any:
        """A likely answer. Questions about people, units and cases are left out: no deadline counts from them."""
        rng, today = self.rng, to_local(now).date()
        if isinstance(item, Choice):
            return rng.choice(item.options)[0]
        if isinstance(item, Number):
            return str(item.least if item.least is not None else 1)
        if isinstance(item, Day):
            return (self._later(today) if item.future else today - timedelta(days=rng.randint(0, 2))).isoformat()
        if isinstance(item, Moment):
            if not item.future:
                return (now - timedelta(minutes=rng.randint(5, 60))).isoformat()
            return at(self._later(today), time(rng.randint(9, 15))).isoformat()
        if isinstance(item, SeatChoice | DayList | CaseList | PerCase):
            return None
        return "1"

    def _later(self, today: date) -> date:
        return self.profile.calendar.add_workdays(today, self.rng.randint(2, 20))
