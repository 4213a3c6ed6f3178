"""Leading a thread of any flow to any of its states, through the record's own door."""

from datetime import UTC
from typing import Any

from sqlalchemy import Connection, select
from town import Town, instant

from cases import tables as t
from cases.flow import Choice, Day, Field, Flow, Moment, Move, UnitChoice
from cases.record import Opening
from cases.thread import Actor, Signal

SECRET = "HEMLIGA ORD"  # what a free text holds

SENDERS = {
    "urgent_lasting": "sara",
    "urgent_limited": "sara",
    "question": "karim",
    "handover_simplified": "lena",
    "handover_ordinary": "lena",
}

# flow → state → how it is reached. A step is «who signal», or «until TIME» for what the clock does.
_REPLY = {
    "escalated": ["until 2026-11-24 09:00"],
    "taken": ["anna take"],
    "answered": ["anna answer"],
    "withdrawn": ["sender withdraw"],
}
_HANDOVER = {
    "planned": [],
    "notified": ["sender send"],
    "received": ["sender send", "anna read", "olle read"],
    "completed": ["sender send", "anna complete"],
    "cancelled": ["sender send", "sender withdraw"],
    "discarded": ["sender withdraw"],
    "short_notice": ["until 2026-12-17 18:00", "sender open", "sender send"],
}
_DAY4 = ["sender send", "until 2026-11-19 07:00"]
PATHS: dict[str, dict[str, list[str]]] = {
    "urgent_lasting": {"draft": [], "sent": ["sender send"], "discarded": ["sender withdraw"]}
    | {state: ["sender send", *steps] for state, steps in _REPLY.items()},
    "question": {"draft": [], "sent": ["sender send"], "discarded": ["sender withdraw"]}
    | {state: ["sender send", *steps] for state, steps in _REPLY.items()},
    "urgent_limited": {
        "draft": [],
        "discarded": ["sender withdraw"],
        "within_three_days": ["sender send"],
        "need_ended": ["sender send", "sender ended"],
        "day_four_due": _DAY4,
        "notified": [*_DAY4, "sender remains"],
    }
    | {state: [*_DAY4, "sender remains", *steps] for state, steps in _REPLY.items()},
    "handover_simplified": {
        state: [step for step in steps if step != "olle read"] for state, steps in _HANDOVER.items()
    },
    "handover_ordinary": _HANDOVER,
}
EVERY_STATE = [(flow, state) for flow, paths in PATHS.items() for state in paths]


def led_to(town: Town, flow: str, state: str, *, content: dict[str, Any] | None = None) -> int:
    """A thread of this flow in this state; its number."""
    number = opened(town, flow, content)
    for step in PATHS[flow][state]:
        who, _, what = step.partition(" ")
        if who == "until":
            town.until(what)
        elif what == "open":
            number = opened(town, flow, content)
        else:
            given(town, number, what, town.residents[SENDERS[flow] if who == "sender" else who].id)
    assert town.thread(number).state == state
    return number


def opened(town: Town, flow: str, content: dict[str, Any] | None = None) -> int:
    sender = town.residents[SENDERS[flow]].id
    unit = {"sara": "HT-NORR", "karim": "HT-NORR", "lena": "HGT"}[SENDERS[flow]]
    values = values_for(town.record.flows[flow].form) | (content or {})
    opening = Opening(flow=flow, sender_id=sender, sender_unit_id=unit, case_ref="NK-2041", values=values)
    thread = town.store.transaction(lambda tx: town.record.open(tx, opening, town.clock.care(), town.clock.machine()))
    town.settle()
    return thread.id


def given(town: Town, number: int, signal: str, person_id: int) -> None:
    thread = town.thread(number)
    needs = tuple(
        item for move in alternatives(town.record.flows[thread.flow], thread.state, signal) for item in move.needs
    )
    one = Signal(thread_id=number, name=signal, by=Actor.person(person_id), values=values_for(needs))
    town.store.transaction(lambda tx: town.record.signal(tx, [one], town.clock.care(), town.clock.machine()))
    town.settle()


def values_for(fields: tuple[Field, ...]) -> dict[str, Any]:
    """A likely answer to each question: what has been was on 16 November 2026, what comes is on 18 December."""
    return {item.name: _value(item) for item in fields}


def _value(item: Field) -> str:
    if isinstance(item, Choice):
        return item.options[0][0]
    if isinstance(item, Day):
        return "2026-12-18" if item.future else "2026-11-16"
    if isinstance(item, Moment):
        moment = instant("2026-12-18 10:00") if item.future else instant("2026-11-16 07:30")
        return moment.astimezone(UTC).isoformat()
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
