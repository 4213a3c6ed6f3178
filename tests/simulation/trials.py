"""One trial: a run of a seed with a planted error, or of the same seed with none."""

from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from simulation.checks import Violation
from simulation.ordeals import Ordeal
from simulation.plants import Plant
from simulation.world import START, Plan, World
from simulation.years import Years

WILD, DAYS, PER_DAY = 8.0, 0.2, 240.0
IDLE = 120.0  # a lease that has run out is seen soon
HOUR, AT_WORK = 1.2 / 24, START + timedelta(hours=3)  # of an ordeal, in days, and the Monday morning
MONTHS_SEED, MONTHS = 1, (140, 250)  # the days, and the threads that are opened in them


@dataclass(frozen=True, kw_only=True)
class Catch:
    """The first thing that was seen: `code` names the invariant, `step` how far the run had come."""

    seed: int
    step: int
    code: str
    what: str


def short(seed: int, ordeal: type[Ordeal] | None = None) -> World:
    """A morning and what comes of it: short, and thick with faults; or an ordeal in a busy hour."""
    if ordeal is not None:
        plan = Plan(seed=seed, days=HOUR, rest=HOUR / 2, wild=0.0, per_day=2 * PER_DAY, idle=30.0, start=AT_WORK)
        return World(replace(plan, ordeal=ordeal))
    return World(Plan(seed=seed, days=DAYS, wild=WILD, per_day=PER_DAY, idle=IDLE))


def care(seed: int, plant: Plant | None = None, *, ordeal: type[Ordeal] | None = None) -> Catch | None:
    """What a short run of care work catches, or None: in the weather or ordeal that is the plant's, if there is one."""
    world = short(seed, plant.ordeal if plant else ordeal)
    try:
        with plant.put() if plant else nullcontext():
            world.run()
    except Violation as violation:
        return Catch(seed=seed, step=world.loop.steps, code=violation.code, what=str(violation))
    return None


def months(seed: int, *, impatient: bool = False) -> Years:
    """Some months of deadlines, with summer time and half the holidays in them."""
    return Years(seed, datetime(2026, 3, 1, tzinfo=UTC), impatient=impatient)


def years(seed: int, plant: Plant | None = None) -> Catch | None:
    """The first difference that some months of deadlines show, or None. A step is an instant compared."""
    with plant.put() if plant else nullcontext():
        found = months(seed, impatient=True).run(*MONTHS)
    if not found.differences:
        return None
    return Catch(seed=seed, step=found.instants, code="not-the-oracles", what=found.shown[0])
