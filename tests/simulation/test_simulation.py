"""Short runs of the simulation: the rules against the oracle, care work with every fault, the stop over a Monday, and
each planted error found. The long runs are started by hand: `make simulate`.
"""

import hashlib
from functools import cache

import pytest

from simulation import trials
from simulation.ordeals import Ordeal
from simulation.outage import Outage
from simulation.plants import PLANTS
from simulation.rule_plants import RULE_PLANTS
from simulation.world import Plan, World
from simulation.years import Figures, Years

TRIES = 3


@cache
def _sound_years() -> tuple[Years, Figures]:
    years = trials.months(trials.MONTHS_SEED)
    return years, years.run(*trials.MONTHS)


@cache
def _sound_care(seed: int, ordeal: type[Ordeal] | None = None) -> World:
    """The engine as it is in a short run of care work. Raises Violation."""
    world = trials.short(seed, ordeal)
    world.run()
    return world


def test_every_deadline_is_the_oracles() -> None:
    years, found = _sound_years()
    assert found.shown == []
    assert found.instants > 10_000 and found.refused > 0
    assert set(found.by_rule) == {f"{profile} {rule}" for profile, rule in years.pairs}


@pytest.mark.parametrize("name", RULE_PLANTS)
def test_an_error_planted_in_a_rule_is_found(name: str) -> None:
    """In a run in which the rules as they are show no difference."""
    assert _sound_years()[1].differences == 0
    assert trials.years(trials.MONTHS_SEED, RULE_PLANTS[name]) is not None


@pytest.mark.parametrize("seed", sorted({plant.seed for plant in PLANTS.values() if plant.ordeal is None}))
def test_nothing_is_lost_doubled_early_or_forgotten_whatever_fails(seed: int) -> None:
    world = _sound_care(seed)
    checks = world.checks
    assert checks.acknowledged > 20 and checks.told > 20 and checks.instants > 50, "there was something to see"
    assert sum(world.weather.struck.values()) > 50, "and things went wrong"


@pytest.mark.parametrize("ordeal", dict.fromkeys(plant.ordeal for plant in PLANTS.values() if plant.ordeal))
def test_an_ordeal_is_stood(ordeal: type[Ordeal]) -> None:
    """The one thing did go wrong, and people were at work; nothing that must hold was broken."""
    world = _sound_care(1, ordeal)
    assert world.ordeal is not None and world.ordeal.struck > 0
    assert world.checks.acknowledged > 20 and world.checks.told > 20, "there was something to see"


@pytest.mark.parametrize("name", PLANTS)
def test_a_planted_error_is_found(name: str) -> None:
    """By the invariant that it breaks, and in a run that the engine as it is stands. In what order Python has a set of
    words differs from one process to the next, and with it the run of a seed: the next seeds may find it as well."""
    plant = PLANTS[name]
    tried = (trials.care(plant.seed + run, plant) for run in range(TRIES))
    found = next((catch for catch in tried if catch is not None), None)
    assert found is not None and found.code == plant.expects, found
    assert _sound_care(found.seed, plant.ordeal).failed is None


def test_the_same_seed_is_the_same_run() -> None:
    def run() -> str:
        world = World(Plan(seed=1, days=0.05, wild=trials.WILD, per_day=trials.PER_DAY))
        world.run()
        told = [(call.at, call.kind, call.conversation, call.toast, call.fault) for call in world.teams.calls]
        assert len(told) > 10
        return hashlib.sha256(repr((told, world.loop.steps, world.weather.struck)).encode()).hexdigest()

    assert run() == run()


def test_after_an_hour_down_over_monday_morning_everything_comes_once_and_the_urgent_first() -> None:
    found = Outage(400).run()
    assert (found.fired, found.delivered, found.more_than_once, found.waiting) == (400, 400, 0, 0)
    assert found.urgent == 80 and found.urgent_done < found.all_done / 2
    assert found.urgent_among_the_first >= 0.6, "while something urgent waits the others keep to their share"
    assert found.most_in_a_second <= 50, "Teams' limit"
