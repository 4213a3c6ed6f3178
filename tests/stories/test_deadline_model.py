"""Arming, ending, firing, arming anew and working out anew, in any order, against a small model of what is said."""

import json
import tempfile
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from municipality import closed, write
from sqlalchemy import Connection
from test_question import karim_asks
from town import Town

from bot.house import build_record
from cases import load
from cases.ladder import arm, basis_of
from cases.recompute import Batch, recompute
from cases.record import Record
from cases.telling import Change
from cases.thread import CLOCK, Signal
from cases.write import write as written
from reminders.deadlines import claim_due
from reminders.due import Prompt
from reminders.profile import FOLDER, Profile
from reminders.rules import due

RULES = ("feedback", "urgent_answer", "handover_receipt", "message_read")
OWN = (
    "",
    closed("2026-11-18", "2026-11-20"),
    '[office]\nclose = "15:00"\nclose_summer = "14:00"',
    '[rules.feedback]\nn = 3\nprompts = [{ step = "day3", off = true }, '
    '{ step = "day4", workdays = 4, at = "10:00", tell = ["owner"], text = "feedback_day5" }]',
)


@cache
def records() -> tuple[Record, ...]:
    """The same municipality with each of its possible files."""
    found = []
    for own in OWN:
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "_boken.toml").write_text((FOLDER / "norrkoping.toml").read_text("utf-8"), "utf-8")
            write(Path(folder), own)
            found.append(build_record(Path(folder)))
    return tuple(found)


@dataclass
class Expected:
    """What the model knows of a running deadline."""

    rule: str
    basis: str
    armed_at: datetime
    round: int
    said: set[str] = field(default_factory=set)

    def rungs(self, profile: Profile) -> list[Prompt]:
        prompts = due(self.rule, basis_of(self.basis), profile).prompts
        return [one for one in prompts if one.at_once or one.at > self.armed_at]

    def left(self, profile: Profile) -> list[Prompt]:
        return [one for one in self.rungs(profile) if one.step not in self.said]


class Deadlines(RuleBasedStateMachine):
    """One thread, two steps, a clock that mostly goes forward, and a municipality that changes its mind."""

    @initialize()
    def begins(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.town = Town(Path(self.folder.name), record=Record(records()[0].flows, records()[0].profiles))
        karim_asks(self.town)
        self.town.store.transaction(lambda tx: self._end(tx, "read", "feedback"))
        self.running: dict[str, Expected] = {}
        self.rounds: dict[str, int] = {"feedback": 1, "read": 1}
        self.latest = self.town.clock.time

    def teardown(self) -> None:
        if hasattr(self, "town"):
            self.town.close()
            self.folder.cleanup()

    @property
    def profile(self) -> Profile:
        return self.town.record.profiles["norrkoping"]

    @rule(step=st.sampled_from(["a", "b"]), name=st.sampled_from(RULES), back=st.integers(0, 5))
    def arms(self, step: str, name: str, back: int) -> None:
        now = self.town.clock.time
        basis = (now.date() - timedelta(days=back)).isoformat() if name == "feedback" else now.isoformat()

        def work(tx: Connection) -> None:
            thread = load.one(tx, 1, lock=True)
            arm(thread, step, name, basis, self.profile, now)
            self._write(tx, thread)

        self.town.store.transaction(work)
        self.rounds[step] = self.rounds.get(step, 0) + 1
        self.running[step] = Expected(rule=name, basis=basis, armed_at=now, round=self.rounds[step])

    @rule(step=st.sampled_from(["a", "b"]))
    def ends(self, step: str) -> None:
        self.town.store.transaction(lambda tx: self._end(tx, step))
        self.running.pop(step, None)

    @rule(minutes=st.integers(-10, 3 * 24 * 60))
    def time_passes(self, minutes: int) -> None:
        self.town.clock.time += timedelta(minutes=minutes)
        self.latest = max(self.latest, self.town.clock.time)

    @rule(times=st.integers(1, 3))
    def the_clock_ticks(self, times: int) -> None:
        """However often: what is due by the model, and nothing else, has been said afterwards."""
        for _ in range(times):
            self.town.store.transaction(self._fire)  # may meet rows that a pass cut off has not come to
            self._pass()  # it is resumed, and a rung that was added is due by now
            self.town.store.transaction(self._fire)
        for one in self.running.values():
            one.said |= {prompt.step for prompt in one.left(self.profile) if prompt.at <= self.town.clock.time}

    @rule(which=st.integers(0, len(OWN) - 1), stops=st.booleans())
    def the_profile_changes(self, which: int, stops: bool) -> None:
        """`stops`: the pass is cut off before its first batch, and the clock meets rows that are not yet done."""
        self.town.record.take(records()[which].profiles)
        if not stops:
            self._pass()

    @invariant()
    def what_is_stored_is_what_the_model_says(self) -> None:
        if not hasattr(self, "town"):
            return
        rows = [row for row in self.town.rows_of("deadline") if row.step in ("a", "b")]
        armed = {row.step: row for row in rows if row.status == "armed"}
        assert armed.keys() == self.running.keys() and len(armed) == len([r for r in rows if r.status == "armed"])
        assert sorted((row.step, row.round) for row in rows) == sorted(
            (step, number + 1) for step in ("a", "b") for number in range(self.rounds.get(step, 0))
        )
        for step, one in self.running.items():
            row = armed[step]
            said = set(json.loads(row.said)) if row.said else set()
            assert (row.round, said) == (one.round, one.said)
            if row.profile_print == self.profile.prints.time:
                assert row.soft_at == due(one.rule, basis_of(one.basis), self.profile).soft
                left = one.left(self.profile)
                assert row.due_at == left[0].at if left else row.due_at is not None

    @invariant()
    def nothing_is_said_before_its_time_nor_twice_in_a_round(self) -> None:
        if not hasattr(self, "town"):
            return
        for row in self.town.rows_of("outbox"):
            assert row.original_due_at is None or row.original_due_at <= self.latest
        fired = [row.signal for row in self.town.rows_of("log") if row.by == "clock"]
        for step in ("a", "b"):
            for rung in ("day3", "day5"):
                assert fired.count(f"{step}.{rung}") <= self.rounds.get(step, 0)

    # --- pieces -----------------------------------------------------------------------------------------------------

    def _end(self, tx: Connection, *steps: str) -> None:
        thread = load.one(tx, 1, lock=True)
        for step in steps:
            if step in thread.deadlines and thread.deadlines[step].status == "armed":
                thread.deadlines[step].status = "disarmed"
        self._write(tx, thread)

    def _write(self, tx: Connection, thread: Any) -> None:
        signal = Signal(thread_id=1, name="probe", by=replace(CLOCK, kind="delivery"))
        change = Change(thread=thread, signal=signal, from_state=thread.state, to_state=thread.state)
        written(tx, [change], self.town.clock.time, self.town.clock.time)

    def _fire(self, tx: Connection) -> None:
        rows = claim_due(tx, self.town.clock.time, 100)
        self.town.record.fire(tx, rows, self.town.clock.time, self.town.clock.time)

    def _batch(self, tx: Connection, after: int) -> Batch:
        now = self.town.clock.time
        return recompute(tx, self.town.record.profiles, after, now, now, limit=1)

    def _pass(self) -> None:
        after: int | None = 0
        while after is not None:
            here = after
            after = self.town.store.transaction(lambda tx, here=here: self._batch(tx, here)).after


def test_the_model_agrees_that_a_date_is_a_date() -> None:
    assert basis_of("2026-11-16") == date(2026, 11, 16)


TestDeadlines = Deadlines.TestCase
TestDeadlines.settings = settings(
    max_examples=25, stateful_step_count=25, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
