"""Every flow, every state, every signal, everybody: either a move of the table, or a refusal that changed nothing."""

import pytest
from flow_walk import EVERY_STATE, PATHS, Undone, alternatives, everything, fitting_values, led_to, signals
from sqlalchemy import Connection, select
from town import Town

from cases import load
from cases import tables as t
from cases.errors import Denied, IllegalMove, UnknownThread
from cases.flow import By
from cases.policy import Act, Who, decide
from cases.thread import CALENDAR, CLOCK, DELIVERY, Actor, Signal, ThreadNow

# What is walked is the same on either database; the stories and test_record.py run on both.
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

EVERYBODY = ("sara", "karim", "maria", "olle", "birgitta", "anna", "johan", "eva", "nils", "lena")


def test_every_state_of_every_flow_is_reached_by_some_path(town: Town) -> None:
    assert set(PATHS) == set(town.record.flows)
    for name, flow in town.record.flows.items():
        assert set(PATHS[name]) == set(flow.states), name


@pytest.mark.parametrize(("flow", "state"), EVERY_STATE)
def test_a_signal_is_a_move_or_changes_nothing(town: Town, flow: str, state: str) -> None:
    thread = town.thread(led_to(town, flow, state))
    armed = [one for one in thread.deadlines.values() if one.status == "armed"]
    assert bool(armed) != thread.is_closed, "a deadline runs exactly while the thread is open"
    legal: list[Signal] = []
    before = town.store.transaction(everything)
    stood_for: set[frozenset[By]] = set()
    for actor in [Actor.person(town.residents[key].id) for key in EVERYBODY] + [CLOCK, DELIVERY, CALENDAR]:
        mine = relations_of(town, thread, actor)
        for name in signals(town.record.flows[flow]):
            moves = alternatives(town.record.flows[flow], state, name)
            if not moves and actor.person_id is not None and mine in stood_for:
                continue  # what nobody can do here has been tried by somebody who stands to the thread as they do
            signal = fitting(town, thread, name, actor)
            if mine & {one for move in moves for one in move.by}:
                legal.append(signal)
            else:
                refused(town, signal, IllegalMove if not moves else (IllegalMove, Denied))
        stood_for.add(mine)
    assert town.store.transaction(everything) == before, "a refusal left something behind"
    for signal in legal:
        made(town, thread, signal)
    assert town.store.transaction(everything) == before


def relations_of(town: Town, thread: ThreadNow, actor: Actor) -> frozenset[By]:
    if actor.person_id is None:  # the clock comes through `fire` alone
        return frozenset({By(actor.kind)} - {By.CLOCK})
    who = actor.person_id

    def look(tx: Connection) -> frozenset[By]:
        scene = town.record.scene(tx)
        person = Who(person_id=who, directory=scene.directory, now=town.clock.care())
        seen, steps_in = (decide(person, act, scene.what(thread)) for act in (Act.SEE, Act.STEP_IN))
        return seen.relations or steps_in.relations

    return town.store.transaction(look)


def fitting(town: Town, thread: ThreadNow, name: str, actor: Actor) -> Signal:
    """The signal with an answer to everything it may ask."""
    values = fitting_values(town, thread, name, actor.person_id)
    about = thread.sender_id if actor is DELIVERY else None
    return Signal(thread_id=thread.id, name=name, by=actor, values=values, about=about)


def refused(town: Town, signal: Signal, how: type[Exception] | tuple[type[Exception], ...]) -> None:
    """Refused, and not a row written: the transaction is committed, so that anything written would be seen."""

    def attempt(tx: Connection) -> None:
        with pytest.raises(how):
            town.record.signal(tx, [signal], town.clock.care(), town.clock.machine())

    town.store.transaction(attempt)


def made(town: Town, was: ThreadNow, signal: Signal) -> None:
    """The move of the table is made, logged once, and here undone again; or none of its guards lets it be made, or
    which side may make it depends on which side began."""
    flow = town.record.flows[was.flow]
    moves = alternatives(flow, was.state, signal.name)
    is_guarded = all(move.when is not None for move in moves)
    is_one_sides = len({move.by for move in moves}) > 1
    outcomes = (Undone, *[IllegalMove] * is_guarded, *[Denied] * is_one_sides)

    def attempt(tx: Connection) -> None:
        town.record.signal(tx, [signal], town.clock.care(), town.clock.machine())
        now = load.one(tx, was.id)
        assert now.state in {move.to for move in alternatives(flow, was.state, signal.name)}
        assert now.version == was.version + 1
        assert now.is_closed == (now.state in flow.last)
        logged = tx.execute(select(t.log).where(t.log.c.thread_id == was.id, t.log.c.version == now.version)).one()
        assert (logged.from_state, logged.to_state, logged.signal) == (was.state, now.state, signal.name)
        raise Undone

    with pytest.raises(outcomes):
        town.store.transaction(attempt)


def test_a_thread_that_is_not_there(town: Town) -> None:
    refused(town, Signal(thread_id=404, name="send", by=Actor.person(1)), UnknownThread)
