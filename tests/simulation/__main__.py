"""`python -m simulation years|care|outage|plants`: the long runs, by hand. A failure tells its seed and its step.

years    every rule of every profile against the oracle, until so many instants have been compared
care     random care work and faults, with every invariant; --days 365 --wild 0.2 is a unit's year
outage   an hour's stop over Monday 08:00 with so many deadlines due
plants   every planted error, and how soon it is found
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from simulation import trials
from simulation.checks import Violation
from simulation.outage import Outage
from simulation.plants import PLANTS, Plant
from simulation.rule_plants import RULE_PLANTS
from simulation.trials import Catch
from simulation.world import Plan, World
from simulation.years import Years

_A_YEAR = 330
_PER_THREAD = 78  # instants that one thread of eight deadlines gives, on an average


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def years(args: argparse.Namespace) -> int:
    """Year after year, each from a seed of its own, until enough has been compared."""
    compared = differences = refused = fired = 0
    seed, began = args.seed, time.process_time()
    while compared < args.instants and not differences:
        left = (args.instants - compared) // _PER_THREAD + 50
        with _planted(args.plant):
            found = Years(seed, datetime(2024 + seed % 15, 1, 1, tzinfo=UTC)).run(_A_YEAR, min(left, 6000))
        compared, fired = compared + found.instants, fired + found.fired
        differences, refused = differences + found.differences, refused + found.refused
        for line in found.shown:
            _say(f"seed {seed}: {line}")
        _say(f"seed {seed}: {compared} instants compared, {differences} differences")
        seed += 1
    took = round(time.process_time() - began, 1)
    figures = {"instants": compared, "fired": fired, "refused_by_both": refused, "differences": differences}
    _say(json.dumps(figures | {"cpu_s": took}))
    return 1 if differences else 0


def care(args: argparse.Namespace) -> int:
    """One run of care work; another for each further seed."""
    for seed in range(args.seed, args.seed + args.runs):
        plan = Plan(
            seed=seed, days=args.days, people=args.people, wild=args.wild, per_day=args.per_day, idle=args.idle,
            processes=args.processes,
        )  # fmt: skip
        world, began = World(plan), time.process_time()
        try:
            with _planted(args.plant):
                checks = world.run()
        except Violation as violation:
            day = world.loop.time() / 86_400
            _say(f"seed {seed}, step {world.loop.steps}, day {day:.2f} ({world.loop.wall():%Y-%m-%d %H:%M} UTC)")
            _say(f"  {violation}")
            _say(f"  what had happened: {json.dumps(world.weather.struck)}")
            return 1
        _say(json.dumps(_account(world, checks.counts()) | {"cpu_s": round(time.process_time() - began, 1)}))
    return 0


def _account(world: World, counts: dict[str, int]) -> dict[str, object]:
    calls = world.teams.calls
    return {
        "seed": world.plan.seed, "days": world.plan.days, "steps": world.loop.steps, **counts,
        "calls": len(calls), "calls_with_faults": sum(bool(call.fault) for call in calls),
        "struck": dict(sorted(world.weather.struck.items())),
    }  # fmt: skip


def outage(args: argparse.Namespace) -> int:
    found = Outage(args.due, args.seed).run()
    _say(json.dumps(asdict(found)))
    return 0 if found.delivered == found.due and not found.more_than_once else 1


def plants(args: argparse.Namespace) -> int:
    """Every planted error, in its own run and in the next ones: by which invariant it was found, after how many steps.
    The same runs without it come first."""
    wrong = 0
    runs = range(args.runs)
    trial: Callable[[int, Plant | None], Catch | None]
    for trial, planted in ((trials.care, PLANTS), (trials.years, RULE_PLANTS)):
        for seed in sorted({plant.seed + run for plant in planted.values() for run in runs}):
            wrong += _is_told("none", seed, trial(seed, None), "")
            for ordeal in dict.fromkeys(plant.ordeal for plant in planted.values() if plant.ordeal):
                wrong += _is_told(f"none, {ordeal.__name__}", seed, trials.care(seed, ordeal=ordeal), "")
        for name, plant in planted.items():
            for run in runs:
                wrong += _is_told(name, plant.seed + run, trial(plant.seed + run, plant), plant.expects)
    return 1 if wrong else 0


def _is_told(name: str, seed: int, found: Catch | None, expected: str) -> bool:
    """Say what a trial found; whether it is not what was expected."""
    _say(f"{name}, seed {seed}: " + (f"step {found.step}, {found.what[:160]}" if found else "nothing"))
    return (found.code if found else "") != expected


def _planted(name: str | None) -> AbstractContextManager[Any]:
    found = {**PLANTS, **RULE_PLANTS}
    if name is None:
        return nullcontext()
    if name not in found:
        sys.exit(f"no such plant: {name}; there are {', '.join(found)}")
    return found[name].put()


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="simulation", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("what", nargs="?", default="years", choices=("years", "care", "outage", "plants"))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--runs", type=int, default=1, help="care and plants: so many seeds, one after the other")
    parser.add_argument("--days", type=float, default=2.0)
    parser.add_argument("--people", type=int, default=10)
    parser.add_argument("--per-day", type=float, default=60.0, help="care: how much comes up")
    parser.add_argument("--wild", type=float, default=5.0, help="care: how often things go wrong")
    parser.add_argument("--idle", type=float, default=600.0, help="care: seconds between looks when nothing is due")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--instants", type=int, default=1_000_000)
    parser.add_argument("--due", type=int, default=10_000)
    parser.add_argument("--plant", help="plant this error")
    args = parser.parse_args()
    if os.environ.get("PYTHONHASHSEED") != "0":  # the order of a set of words is part of a run
        os.execve(
            sys.executable, [sys.executable, "-m", "simulation", *sys.argv[1:]], os.environ | {"PYTHONHASHSEED": "0"}
        )
    return {"years": years, "care": care, "outage": outage, "plants": plants}[args.what](args)


sys.exit(main())
