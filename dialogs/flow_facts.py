"""A flow as plain values, read off its own table: for `stafett flows --json` and whoever else reads it by machine."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import fields, is_dataclass
from datetime import timedelta
from decimal import Decimal
from enum import Enum
from typing import Any

from cases.flow import Arm, Choice, Day, Field, Flow, Moment, Move, Number, SeatChoice, TextField, UnitChoice
from reminders.profile import Profile

_KINDS: Mapping[type[Field], str] = {
    Choice: "choice", TextField: "text", Number: "number", Day: "day", Moment: "moment", UnitChoice: "unit",
    SeatChoice: "seat",
}  # fmt: skip
_SAID_ELSEWHERE = frozenset({"name", "moves", "states", "form", "first", "last", "words"})


def facts(flow: Flow, profiles: Mapping[str, Profile]) -> dict[str, Any]:
    """Everything a flow's table says: fields with `sensitive`, states, moves, rules and source, in JSON's own types.

    `used_in` are the profiles that have the flow on. What is worked out by code is told by its one-line description.
    """
    head = {one.name: plain(getattr(flow, one.name)) for one in fields(flow) if one.name not in _SAID_ELSEWHERE}
    return {
        "name": flow.name,
        **head,
        "used_in": [name for name, profile in profiles.items() if flow.name in profile.section("flows").on],
        "form": [item.name for item in flow.form],
        "fields": [_field(item) for item in flow.fields()],
        "states": [
            {"name": name, "label": label, "first": name == flow.first, "last": name in flow.last}
            for name, label in flow.states.items()
        ],
        "moves": [
            _move(state, signal, move) for (state, signal), moves in flow.moves.items() for move in moves
        ],
        "rules": rules_of(flow),
        "texts": {key: {"title": title, "sentence": sentence} for key, (title, sentence) in flow.words.items()},
    }  # fmt: skip


def rules_of(flow: Flow) -> list[str]:
    """The names of the rules that the flow's moves start, in order."""
    actions = (action for moves in flow.moves.values() for move in moves for action in move.then)
    return sorted({action.rule for action in actions if isinstance(action, Arm)})


def plain(value: Any) -> Any:
    """A value of a flow's table in JSON's own types. A function becomes what it says of itself."""
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, Decimal | timedelta):
        return str(value)
    if isinstance(value, frozenset | set):
        return sorted(plain(one) for one in value)
    if isinstance(value, Mapping):
        return {str(plain(key)): plain(one) for key, one in value.items()}
    if isinstance(value, Collection):
        return [plain(one) for one in value]
    if callable(value):
        return described(value)
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: plain(getattr(value, one.name)) for one in fields(value)}
    raise TypeError(f"{type(value).__name__} has no place in a flow's facts")


def described(function: Callable[..., Any]) -> str:
    """The first line of a function's description, else its name."""
    named = function if hasattr(function, "__name__") else type(function)
    text = (named.__doc__ or "").strip().partition("\n")[0]
    return text or named.__name__


def _field(item: Field) -> dict[str, Any]:
    """`kind` says how it is asked; the rest are its own limits."""
    found = {one.name: plain(getattr(item, one.name)) for one in fields(item)}
    if isinstance(item, UnitChoice):
        found["unit_kind"] = found.pop("kind")
    return found | {"kind": _KINDS.get(type(item), type(item).__name__.lower())}


def _move(state: str, signal: str, move: Move) -> dict[str, Any]:
    found = {one.name: plain(getattr(move, one.name)) for one in fields(move)}
    found["needs"] = [item.name for item in move.needs]
    found["then"] = [{"do": type(action).__name__.lower()} | plain(action) for action in move.then]
    return {"from": state, "signal": signal} | found
