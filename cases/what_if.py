"""Two profiles held against each other on the same runs: what would come earlier, later or never, and what is new."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from heapq import nlargest

from cases.ladder import STILL_OPEN
from cases.replay import Fired, Outcome, Run, replay
from reminders.profile import Profile

_MOST_EXAMPLES = 3


class Shift(StrEnum):
    """What becomes of a prompt, or of a limit."""

    SAME = "same"
    EARLIER = "earlier"
    LATER = "later"
    NEVER = "never"
    NEW = "new"


@dataclass(frozen=True, kw_only=True)
class Example:
    """One run in which something is changed. `size` is how much, to choose the one that tells most."""

    run: Run
    before: Outcome
    after: Outcome
    size: timedelta


@dataclass(kw_only=True)
class RuleChange:
    """What becomes of one rule. `reminders` counts prompts that tell somebody, `limits` the limit of each run, and
    `late_before` and `late_after` the runs that were done after the hard one."""

    rule: str
    runs: int = 0
    flows: Counter[str] = field(default_factory=Counter)
    limits: Counter[Shift] = field(default_factory=Counter)
    reminders: Counter[Shift] = field(default_factory=Counter)
    late_before: int = 0
    late_after: int = 0
    refused: int = 0
    examples: list[Example] = field(default_factory=list)

    @property
    def is_changed(self) -> bool:
        moved = [self.limits, self.reminders]
        return self.refused > 0 or any(one.total() > one[Shift.SAME] for one in moved)


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """The rules that some run has tried, by name, and how many runs and threads there were."""

    rules: tuple[RuleChange, ...]
    runs: int
    threads: int


def compare(runs: Iterable[Run], before: Profile, after: Profile, until: datetime) -> Comparison:
    """Replay every run by both profiles, up to `until` (UTC)."""
    found: dict[str, RuleChange] = {}
    threads: set[int] = set()
    flows_before, flows_after = (frozenset(one.section("flows").on) for one in (before, after))
    count = 0
    for run in runs:
        old = replay(run, before, until) if run.flow in flows_before else Outcome(has_rule=False)
        new = replay(run, after, until) if run.flow in flows_after else Outcome(has_rule=False)
        _add(found.setdefault(run.rule, RuleChange(rule=run.rule)), run, old, new)
        threads.add(run.thread)
        count += 1
    return Comparison(rules=tuple(found[name] for name in sorted(found)), runs=count, threads=len(threads))


def _add(change: RuleChange, run: Run, before: Outcome, after: Outcome) -> None:
    change.runs += 1
    change.flows[run.flow] += 1
    limits = _limit_shift(before, after)
    if limits is not None:
        change.limits[limits] += 1
    prompts = _prompt_shifts(before.fired, after.fired)
    change.reminders.update(prompts)
    change.late_before += before.late
    change.late_after += after.late
    change.refused += bool(after.refused and not before.refused)
    if limits not in (None, Shift.SAME) or prompts.total() > prompts[Shift.SAME]:
        example = Example(run=run, before=before, after=after, size=_size(before, after))
        change.examples = nlargest(_MOST_EXAMPLES, [*change.examples, example], key=lambda one: one.size)


def _limit_shift(before: Outcome, after: Outcome) -> Shift | None:
    """Of the limit that the card shows; None where neither profile has one."""
    return _shift(before.soft or before.hard, after.soft or after.hard)


def _shift(before: datetime | None, after: datetime | None) -> Shift | None:
    if before is None and after is None:
        return None
    if before is None or after is None:
        return Shift.NEW if before is None else Shift.NEVER
    return Shift.SAME if before == after else Shift.EARLIER if after < before else Shift.LATER


def _prompt_shifts(before: Sequence[Fired], after: Sequence[Fired]) -> Counter[Shift]:
    """Step by step. Of the reminders of every workday it is how many there are that counts."""
    found: Counter[Shift] = Counter()
    old, new = ({one.step: one for one in fired if one.tells} for fired in (before, after))
    for step in old.keys() | new.keys():
        was, becomes = old.get(step), new.get(step)
        if step == STILL_OPEN:
            found.update(_more_or_fewer(was.again if was else 0, becomes.again if becomes else 0))
            continue
        shift = _shift(was.at if was else None, becomes.at if becomes else None)
        found[shift or Shift.SAME] += 1
    return found


def _more_or_fewer(before: int, after: int) -> Counter[Shift]:
    same = min(before, after)
    return +Counter({Shift.SAME: same, Shift.NEVER: before - same, Shift.NEW: after - same})


def _size(before: Outcome, after: Outcome) -> timedelta:
    """How far the limit moves; a limit that comes or goes is more than any that moves, a moved prompt less."""
    old, new = before.soft or before.hard, after.soft or after.hard
    if (old is None) != (new is None):
        return timedelta.max
    return abs(new - old) if old and new else timedelta()
