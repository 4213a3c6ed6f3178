"""The one door, tried with signals in any order by anybody: beside it stands a small model of what the tables allow.

The model knows each thread's state and reads the flow tables as data. It does not know who stands in what relation to
a thread, nor what a guard looks at; where the record makes a move, it must be one that the table has for that signal,
and where the record refuses, not a row may differ.
"""

import tempfile
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flow_walk import CASES, SENDERS, STAGED, UNITS, everything, likely, signals, values_for
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from simulation.plants import PLANTS
from sqlalchemy import Connection, select
from town import Town

from bot.house import build_record
from cases import tables as t
from cases.errors import AnswerMissing, Denied, IllegalMove
from cases.flow import By, Flow, Open, Relay, ResumeCase, StopCase
from cases.record import Opening, Record
from cases.thread import CLOCK, DELIVERY, Actor, Signal
from reminders.deadlines import claim_due, next_due

EVERYBODY = ("sara", "karim", "maria", "olle", "birgitta", "anna", "johan", "eva", "nils", "lena")
PERSONS = frozenset({By.SENDER, By.RECEIVER, By.INFORMED, By.COLLEAGUE})
RECORD: Record = build_record()
# The model knows each thread by itself: not flows that reach into others, nor those that need a town made ready.
_REACHING = (Open, Relay, StopCase, ResumeCase)
ALONE = sorted(
    name
    for name in SENDERS.keys() - STAGED.keys()
    if not any(
        isinstance(action, _REACHING)
        for moves in RECORD.flows[name].moves.values()
        for move in moves
        for action in move.then
    )
)


@dataclass
class Modelled:
    """A thread as the model has it."""

    id: int
    flow: Flow
    state: str
    version: int

    @property
    def closed(self) -> bool:
        return self.state in self.flow.last


class AnyOrder(RuleBasedStateMachine):
    """People, the clock and the delivery, in any order."""

    @initialize()
    def settle(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.town = Town(Path(self.folder.name), record=RECORD)
        self.model: list[Modelled] = []

    def teardown(self) -> None:
        if hasattr(self, "town"):
            self.town.close()
            self.folder.cleanup()

    # --- what happens -----------------------------------------------------------------------------------------------

    @rule(name=st.sampled_from(ALONE))
    def open(self, name: str) -> None:
        who = SENDERS[name]
        flow = RECORD.flows[name]
        opening = Opening(
            flow=name, sender_id=self.town.residents[who].id, sender_unit_id=UNITS[who],
            case_ref=CASES.get(name, "NK-2041"), values=likely(self.town, name),
        )  # fmt: skip
        now, machine = self.town.clock.care(), self.town.clock.machine()
        thread = self.town.store.transaction(lambda tx: RECORD.open(tx, opening, now, machine))
        self.model.append(Modelled(thread.id, flow, flow.first, 1))

    @precondition(lambda self: self.model)
    @rule(data=st.data(), who=st.just("the sender") | st.sampled_from(EVERYBODY))
    def press(self, data: Any, who: str) -> None:
        """Whoever it is, and whether or not any card offers it."""
        thread = data.draw(st.sampled_from(self.model))
        who = SENDERS[thread.flow.name] if who == "the sender" else who
        offered = sorted({signal for state, signal in thread.flow.moves if state == thread.state})
        name = data.draw(st.sampled_from(["withdraw", *offered]) | st.sampled_from(signals(thread.flow)))
        needs = {item for move in self._moves(thread, name) for item in move.needs}
        actor = Actor.person(self.town.residents[who].id)
        self._gives(thread, Signal(thread_id=thread.id, name=name, by=actor, values=values_for(tuple(needs))), PERSONS)

    @precondition(lambda self: self.model)
    @rule(data=st.data(), about=st.sampled_from(EVERYBODY))
    def not_delivered(self, data: Any, about: str) -> None:
        thread = data.draw(st.sampled_from(self.model))
        whom = self.town.residents[about].id
        signal = Signal(thread_id=thread.id, name="undeliverable", by=DELIVERY, about=whom)
        self._gives(thread, signal, frozenset({By.DELIVERY}))

    @precondition(lambda self: self.model)
    @rule(data=st.data())
    def the_clock_cannot_press(self, data: Any) -> None:
        """What the clock does comes of a due deadline, and of nothing else."""
        thread = data.draw(st.sampled_from(self.model))
        name = data.draw(st.sampled_from(signals(thread.flow)))
        self._gives(thread, Signal(thread_id=thread.id, name=name, by=CLOCK), frozenset())

    @rule(minutes=st.sampled_from((1, 45, 600, 1440, 5 * 1440)))
    def time_passes(self, minutes: int) -> None:
        """Every deadline on the way fires, each at its own time."""
        end = self.town.clock.time + timedelta(minutes=minutes)
        while (due := self.town.store.transaction(next_due)) is not None and due <= end:
            self.town.clock.time = max(self.town.clock.time, due)
            self.town.store.transaction(self._fires)
        self.town.clock.time = end

    def _fires(self, tx: Connection) -> None:
        now = self.town.clock.care()
        rows = claim_due(tx, now, 50)
        assert all(row.due_at <= now for row in rows)
        ended = {thread.id for thread in self.model if thread.closed}
        assert not ended & {row.thread_id for row in rows}, "a deadline of a thread that has ended"
        RECORD.fire(tx, rows, now, now)
        newest = tx.execute(select(t.log).where(t.log.c.by == "clock").order_by(t.log.c.id)).all()
        for thread in self.model:
            for row in newest:
                if row.thread_id == thread.id and row.version > thread.version:
                    assert row.from_state == thread.state and row.to_state in self._by_clock(thread)
                    assert row.at >= row.due_at
                    thread.state, thread.version = row.to_state, row.version

    # --- what the tables allow --------------------------------------------------------------------------------------

    def _moves(self, thread: Modelled, signal: str) -> tuple[Any, ...]:
        return thread.flow.moves.get((thread.state, signal), ())

    def _by_clock(self, thread: Modelled) -> set[str]:
        """Where the clock may lead a thread at once: several rungs may be due together."""
        reached = {thread.state}
        for _ in range(3):
            open_ones = reached - thread.flow.last
            reached |= {
                move.to
                for (state, _signal), moves in thread.flow.moves.items()
                for move in moves
                if state in open_ones and By.CLOCK in move.by
            }
        return reached

    def _gives(self, thread: Modelled, signal: Signal, who: frozenset[By]) -> None:
        possible = {move.to for move in self._moves(thread, signal.name) if move.by & who}
        before = self.town.store.transaction(everything)
        now, machine = self.town.clock.care(), self.town.clock.machine()
        try:
            self.town.store.transaction(lambda tx: RECORD.signal(tx, [signal], now, machine))
        except (IllegalMove, Denied, AnswerMissing):
            assert self.town.store.transaction(everything) == before, "a refusal left something behind"
            return
        after = self.town.thread(thread.id)
        assert after.state in possible, f"{thread.flow.name}: {thread.state} -{signal.name}-> {after.state}"
        assert after.version == thread.version + 1
        thread.state, thread.version = after.state, after.version

    # --- what always holds --------------------------------------------------------------------------------------------

    @invariant()
    def the_record_is_what_the_log_says(self) -> None:
        if not hasattr(self, "model"):
            return
        log = self.town.rows_of("log")
        for thread in self.model:
            now, rows = self.town.thread(thread.id), [row for row in log if row.thread_id == thread.id]
            assert [row.from_state for row in rows] == ["", *[row.to_state for row in rows[:-1]]]
            assert [row.version for row in rows] == list(range(1, len(rows) + 1))
            assert (now.state, now.version) == (thread.state, thread.version) == (rows[-1].to_state, len(rows))
            assert now.is_closed == thread.closed
            armed = [one for one in now.deadlines.values() if one.status == "armed"]
            assert bool(armed) != thread.closed, "a deadline runs exactly while the thread is open"
            assert now.owner is not None


AnyOrder.TestCase.settings = settings(
    derandomize=True, deadline=None, max_examples=20, stateful_step_count=25,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
TestAnyOrder = AnyOrder.TestCase


def test_a_planted_error_is_found() -> None:
    """A withdrawal that ignores what has become of the message. The first run that shows it is enough."""
    hasty = settings(AnyOrder.TestCase.settings, phases=(Phase.generate,), report_multiple_bugs=False)
    with PLANTS["cancel-ignores-state"].put(), pytest.raises(AssertionError, match="-withdraw-> withdrawn"):
        run_state_machine_as_test(AnyOrder, settings=hasty)  # type: ignore[no-untyped-call]
