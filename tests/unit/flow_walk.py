"""Leading a thread of any flow to any of its states, through the record's own door."""

from collections.abc import Callable
from datetime import UTC
from importlib import import_module
from pathlib import Path
from typing import Any

from people import PEOPLE
from sqlalchemy import Connection, select
from town import Town, instant
from walked import Walked, is_untouched

from cases import tables as t
from cases.flow import (
    CaseList,
    Choice,
    Day,
    DayList,
    Field,
    Flow,
    Moment,
    Move,
    Number,
    PerCase,
    SeatChoice,
    UnitChoice,
)
from cases.record import Opening
from cases.route import choices
from cases.thread import Actor, Signal, ThreadNow

_WALKED = Walked()
SECRET = "HEMLIGA ORD"  # what a free text holds

_MODULES = [
    import_module(f"flow_paths.{path.stem}") for path in sorted((Path(__file__).parent / "flow_paths").glob("[!_]*.py"))
]


def _gathered(name: str) -> dict[str, Any]:
    """What all the files say under this name, by flow."""
    return {flow: told for module in _MODULES for flow, told in getattr(module, name, {}).items()}


SENDERS: dict[str, str] = _gathered("SENDERS")
PATHS: dict[str, dict[str, list[str]]] = _gathered("PATHS")
CASES: dict[str, str] = _gathered("CASES")
ANSWERS: dict[str, dict[str, Any]] = _gathered("ANSWERS")
STAGED: dict[str, Callable[[Town], None]] = _gathered("STAGED")
UNITS = {key: unit for key, _name, _title, _role, unit in PEOPLE}
EVERY_STATE = [(flow, state) for flow, paths in PATHS.items() for state in paths]


def led_to(town: Town, flow: str, state: str, *, content: dict[str, Any] | None = None) -> int:
    """A thread of this flow in this state; its number."""
    steps, alike = PATHS[flow][state], content is None and is_untouched(town)
    number, taken = _WALKED.resumed(town, flow, steps) if alike else (0, 0)
    if not number:
        staged(town, flow)
        number = opened(town, flow, content)
    for count, step in enumerate(steps[taken:], start=taken + 1):
        who, _, what = step.partition(" ")
        if who == "until":
            town.until(what)
        elif who == "open":
            number = opened(town, flow, content)
        else:
            given(town, number, what, town.residents[SENDERS[flow] if who == "sender" else who].id)
        if alike:
            _WALKED.keep(town, steps[:count], number)
    assert town.thread(number).state == state
    return number


def staged(town: Town, flow: str) -> None:
    """Let what a flow needs be there, such as an on-call pass."""
    STAGED.get(flow, lambda _town: None)(town)


def opened(town: Town, flow: str, content: dict[str, Any] | None = None) -> int:
    key = SENDERS[flow]
    case_ref = "" if town.record.flows[flow].caseless else CASES.get(flow, "NK-2041")
    opening = Opening(
        flow=flow, sender_id=town.residents[key].id, sender_unit_id=UNITS[key], case_ref=case_ref,
        values=likely(town, flow) | (content or {}),
    )  # fmt: skip
    thread = town.store.transaction(lambda tx: town.record.open(tx, opening, town.clock.care(), town.clock.machine()))
    town.settle()
    return thread.id


def likely(town: Town, flow: str) -> dict[str, Any]:
    """Likely answers to the form of a flow."""
    return values_for(town.record.flows[flow].form) | ANSWERS.get(flow, {})


def given(town: Town, number: int, signal: str, person_id: int) -> None:
    thread = town.thread(number)
    values = fitting_values(town, thread, signal, person_id)
    one = Signal(thread_id=number, name=signal, by=Actor.person(person_id), values=values)
    town.store.transaction(lambda tx: town.record.signal(tx, [one], town.clock.care(), town.clock.machine()))
    town.settle()


def fitting_values(town: Town, thread: ThreadNow, signal: str, person_id: int | None) -> dict[str, Any]:
    """A likely answer to everything that this signal may ask this person now."""
    needs = [item for move in alternatives(town.record.flows[thread.flow], thread.state, signal) for item in move.needs]
    values = values_for(tuple(needs))
    own = ANSWERS.get(thread.flow, {})
    return (
        values
        | {name: own[name] for name in values if name in own}
        | {item.name: _seat(town, thread, item.among, person_id or 0) for item in needs if isinstance(item, SeatChoice)}
    )


def _seat(town: Town, thread: ThreadNow, among: str, person_id: int) -> str:
    """The first seat that the person may choose."""

    def look(tx: Connection) -> str:
        routing = town.record.scene(tx).planner(thread, town.clock.care()).routing()
        return next((seat.code for seat in choices(among, person_id, routing)), "")

    return town.store.transaction(look)


def values_for(fields: tuple[Field, ...]) -> dict[str, Any]:
    """A likely answer to each question: what has been was on 16 November 2026, what comes is on 18 December."""
    return {item.name: _value(item) for item in fields}


def _value(item: Field) -> str:
    if isinstance(item, Choice):
        return item.options[0][0]
    if isinstance(item, Number):
        return str(item.least if item.least is not None else 1)
    if isinstance(item, Day):
        return "2026-12-18" if item.future else "2026-11-16"
    if isinstance(item, Moment):
        moment = instant("2026-12-18 10:00") if item.future else instant("2026-11-16 07:30")
        return moment.astimezone(UTC).isoformat()
    if isinstance(item, CaseList):
        return "NK-2041"
    if isinstance(item, DayList):
        return "2026-12-10"
    if isinstance(item, PerCase):
        return f"NK-2041:{item.options[-1][0]}"
    return "HT-SODER" if isinstance(item, UnitChoice) else SECRET


def signals(flow: Flow) -> list[str]:
    return sorted({signal for _, signal in flow.moves} | {"nonsense"})


def alternatives(flow: Flow, state: str, signal: str) -> tuple[Move, ...]:
    return flow.moves.get((state, signal), ())


def everything(tx: Connection) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table."""
    return {table.name: sorted(map(tuple, tx.execute(select(table))), key=repr) for table in t.metadata.sorted_tables}


class Undone(Exception):
    """Raised to roll a trial back."""
