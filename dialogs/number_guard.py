"""Personal numbers in what a button brings along. Answers to questions are looked at where the form is read, so that
the others are not lost; everything else is Stafett's own, and a number in it was put there by somebody."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from cases.fields import Moment, PerCase
from cases.flow import Field, Flow
from dialogs.forms import CASE_REF
from dialogs.personal_number import has_personal_number

_READ_ANSWERS = frozenset({"draft", "do", "search"})  # the verbs that read a form
_TOO_SHORT = 1_000_000_000  # a number of fewer digits than a personal number has
_SHORTEST = 5  # signs that may stand for ten digits: there is one for «50»


class NumberGuard:
    """Knows the inputs of every form. What another form asks is refused as anything else that was put there."""

    def __init__(self, flows: Mapping[str, Flow]) -> None:
        fields = [item for flow in flows.values() for item in flow.fields()]
        self._of_flow = {name: _names(flow.fields()) for name, flow in flows.items()}
        self._of_signal: dict[str, set[str]] = {}
        for flow in flows.values():
            for (_state, signal), moves in flow.moves.items():
                needs = _names(item for move in moves for item in move.needs)
                self._of_signal.setdefault(signal, set()).update(needs)
        self._for_each_case = {item.name for item in fields if isinstance(item, PerCase)}

    def refuses(self, data: Mapping[str, Any]) -> bool:
        """Whether there is a personal number anywhere but in an answer that the form itself will refuse."""
        reads = str(data.get("verb") or "") in _READ_ANSWERS
        inputs = self._inputs_of(data) if reads else frozenset()
        for name, value in data.items():
            if value.__class__ is int and 0 <= value < _TOO_SHORT:
                continue
            if reads and self._is_input(name, inputs):
                continue
            text = value if value.__class__ is str else str(value)
            if len(text) >= _SHORTEST and has_personal_number(text):
                return True
            if len(name) >= _SHORTEST and has_personal_number(name):
                return True
        return False

    def _inputs_of(self, data: Mapping[str, Any]) -> Collection[str]:
        """The inputs of the form that was sent in; of a move those that any flow asks for it."""
        verb = data["verb"]
        if verb == "do":
            return self._of_signal.get(str(data.get("signal")), ())
        return self._of_flow.get(str(data.get("flow")), ()) if verb == "draft" else ()

    def _is_input(self, name: str, inputs: Collection[str]) -> bool:
        question, of, case = name.partition(":")
        if name == CASE_REF or name in inputs:
            return True
        return bool(of and question in self._for_each_case and not has_personal_number(case))


def _names(fields: Iterable[Field]) -> set[str]:
    """The inputs of these questions, as a client names them."""
    return {
        name
        for item in fields
        for name in (item.name, *(f"{item.name}_{part}" for part in _PARTS if isinstance(item, Moment)))
    }


_PARTS = ("date", "time")
