"""What the profiles that are shipped can lend a new one: rules and kinds of meeting, as they stand in the files."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cases.flow import Flow, Invite
from cases.ladder import STILL_OPEN
from dialogs.check import armed_rules
from reminders.profile import FOLDER, profile_names

# The numbers of a rule that a routine decides, and how each is asked for.
NUMBERS = {
    "n": "Hur många", "soft_minutes": "Hur många minuter", "day": "Vilken dag i månaden",
    "until": "Till vilket klockslag", "before": "Före vilket klockslag", "opens": "Från vilket klockslag",
    "percent": "Hur många procent", "hard_days": "Hur många dagar före mötet",
}  # fmt: skip
_COUNTED_IN = {"workdays_after": "workdays", "calendar_days_after": "days"}
_OF_THEIRS = re.compile(r"\s*\([^)]*(?:Norrköping|Östhammar|Katrineholm|Stockholm|\d+\.\d+)[^)]*\)")


@dataclass(frozen=True, kw_only=True)
class Template:
    """A rule or a kind of meeting of a shipped profile. `title` is the municipality that it is lent by."""

    name: str
    title: str
    values: Mapping[str, Any]

    @property
    def is_own_default(self) -> bool:
        return bool(self.values.get("own_default"))

    @property
    def why(self) -> str:
        """The reason without references to the lender's own routine."""
        return _OF_THEIRS.sub("", str(self.values.get("why", "")))

    @property
    def numbers(self) -> dict[str, Any]:
        """What may be asked for, with what the lender has."""
        return {key: value for key, value in self.values.items() if key in NUMBERS}

    def prompts(self, numbers: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The reminders. Those that are counted from the start in the days of the rule keep their distance to its limit
        when it gets longer or shorter; one that would come before the start is left out."""
        rungs = [dict(one) for one in self.values.get("prompts", ())]
        unit, old = _COUNTED_IN.get(str(self.values.get("kind"))), self.values.get("n")
        longer = numbers.get("n", old) - old if unit is not None and isinstance(old, int) else 0
        if not longer or unit is None:
            return rungs
        follow = [one.get("on", "since") == "since" and unit in one for one in rungs]
        moved = [one | {unit: one[unit] + longer} if moves else one for one, moves in zip(rungs, follow, strict=True)]
        return [one for one, moves in zip(moved, follow, strict=True) if not moves or one[unit] > 0]


@dataclass(frozen=True, kw_only=True)
class Templates:
    """Everything that may be lent. `standard` are the rules that every profile has already."""

    rules: Mapping[str, Template]
    meetings: Mapping[str, Template]
    standard: frozenset[str]

    def rules_for(self, flows: Iterable[Flow]) -> list[Template]:
        """The rules that these flows need and that no profile has by itself, in the order they are first needed."""
        wanted = [rule for flow in flows for rule in sorted(armed_rules(flow) | {STILL_OPEN})]
        return [self.rules[name] for name in dict.fromkeys(wanted) if name not in self.standard and name in self.rules]

    def meetings_for(self, flows: Iterable[Flow]) -> list[Template]:
        """The kinds of meeting that these flows call to."""
        wanted = [kind for flow in flows for kind in _kinds(flow)]
        return [self.meetings[name] for name in dict.fromkeys(wanted) if name in self.meetings]


def _kinds(flow: Flow) -> list[str]:
    moves = (move for alternatives in flow.moves.values() for move in alternatives)
    named = [action.kind for move in moves for action in move.then if isinstance(action, Invite) and action.kind]
    return [*([flow.meeting] if flow.meeting else []), *named]


def templates() -> Templates:
    """Norrköping's first, since that routine is the fullest."""
    names = sorted(profile_names(), key=lambda name: (name != "norrkoping", name))
    files = [_read(name) for name in names]
    found: dict[str, dict[str, Template]] = {"rules": {}, "meetings": {}}
    for values in files:
        for section, known in found.items():
            for name, table in values.get(section, {}).items():
                known.setdefault(name, Template(name=name, title=str(values["title"]), values=table))
    standard = frozenset(_read("_standard")["rules"])
    return Templates(rules=found["rules"], meetings=found["meetings"], standard=standard)


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
