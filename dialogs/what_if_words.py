"""What a comparison of two profiles says, in Swedish: as text, and as sheets for a workbook. Counts and times alone."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cases.ladder import basis_of
from cases.replay import Fired, Outcome
from cases.thread_figures import SMALLEST
from cases.what_if import Comparison, Example, RuleChange, Shift
from dialogs.limit_labels import limit_label
from dialogs.sheets import Cell, Sheet
from dialogs.swedish import clock_text, full_day_text, moment_text
from reminders.batch import local_text
from reminders.errors import RuleError
from reminders.localtime import to_local
from reminders.profile import Profile
from reminders.rule_spec import Rule

SHIFTS = {
    Shift.SAME: "lika", Shift.EARLIER: "tidigare", Shift.LATER: "senare", Shift.NEVER: "aldrig", Shift.NEW: "nya",
}  # fmt: skip
_HEADINGS = (
    "Regel", "Källa", "Frister", "Tider: lika", "Tider: tidigare", "Tider: senare", "Tider: aldrig", "Tider: nya",
    "Påminnelser: lika", "Påminnelser: tidigare", "Påminnelser: senare", "Påminnelser: aldrig", "Påminnelser: nya",
    "Försenade i dag", "Försenade med den nya", "Nekad start", "Så säger profilen i dag", "Så säger den nya",
)  # fmt: skip
_EXAMPLE_HEADINGS = (
    "Regel", "Vad", "Räknat från", "Senast i dag", "Senast med den nya", "Försenat efter i dag",
    "Försenat efter med den nya", "Påminnelser i dag", "Påminnelser med den nya",
)  # fmt: skip
_FEW, _HIDDEN = f"färre än {SMALLEST}", "visas inte"


@dataclass(frozen=True, kw_only=True)
class WhatIf:
    """Two profiles and what was found. `basis` says in a sentence what was replayed, with a
    place for the numbers `threads` and `runs`; with `is_real` it comes from a
    record, and what is so rare that it could tell of somebody is not shown."""

    before: Profile
    after: Profile
    year: int
    basis: str
    is_real: bool
    found: Comparison

    def hides(self, one: RuleChange) -> bool:
        """Whether a rule has been tried so seldom that nothing but that is told."""
        return self.is_real and one.runs < SMALLEST

    @property
    def threads(self) -> int | None:
        """How many threads there were; None for so few that it could tell of somebody."""
        return None if self.is_real and self.found.threads < SMALLEST else self.found.threads

    @property
    def runs(self) -> int:
        """How many deadlines there were, without those of the rules that are hidden, as for every sum."""
        return sum(one.runs for one in self.found.rules if not self.hides(one))

    @property
    def said(self) -> str:
        """What was replayed, with the numbers of it."""
        return self.basis.format(threads=_FEW if self.threads is None else self.threads, runs=self.runs)

    def total(self, what: str) -> Counter[Shift]:
        """The sums of `limits` or `reminders`, without what is hidden: it could be worked out from them."""
        found: Counter[Shift] = Counter()
        for one in self.found.rules:
            found += Counter() if self.hides(one) else getattr(one, what)
        return found

    def late(self, one: RuleChange) -> tuple[int | None, int | None]:
        """How many were late before and after; None for a number from a record that could tell of somebody."""
        before, after = (
            None if self.is_real and (0 < late < SMALLEST or 0 < one.runs - late < SMALLEST) else late
            for late in (one.late_before, one.late_after)
        )
        return before, after

    def late_in_all(self) -> tuple[int, int]:
        """The sums of those that are shown."""
        shown = [self.late(one) for one in self.found.rules if not self.hides(one)]
        return sum(before or 0 for before, _ in shown), sum(after or 0 for _, after in shown)

    @property
    def changed(self) -> list[RuleChange]:
        """Rules that say something else come first, then those that only the calendar or the hours move."""
        old, new = self.before.rules, self.after.rules
        found = [one for one in self.found.rules if one.is_changed]
        return sorted(found, key=lambda one: (old.get(one.rule) == new.get(one.rule), one.rule))

    @property
    def unchanged(self) -> list[str]:
        return [one.rule for one in self.found.rules if not one.is_changed]

    @property
    def untried(self) -> list[str]:
        """Rules that differ, or that only one of the profiles has, and that nothing in the year has tried."""
        tried = {one.rule for one in self.found.rules}
        names = sorted({*self.before.rules, *self.after.rules} - tried)
        return [name for name in names if self.before.rules.get(name) != self.after.rules.get(name)]


def page(told: WhatIf) -> str:
    """The whole answer as text."""
    lines = [
        f"Vad händer om {told.before.name} ersätts av {told.after.name}? Ett år, {told.year}.",
        told.said,
        "Det som människor gjorde hålls lika. Bara tider, påminnelser och vad som kallas försenat räknas om.",
        "",
        f"Tider som korten visar: {_counts(told.total('limits'))}",
        f"Påminnelser: {_counts(told.total('reminders'))}",
        "Gjort efter att det kallas försenat: {} i dag, {} med den nya".format(*told.late_in_all()),
    ]
    for one in told.changed:
        lines += ["", *_paragraph(told, one)]
    if not told.changed:
        lines += ["", "Ingenting ändras av det som hände under året."]
    if told.untried:
        lines += ["", f"Ändrade regler som inget under året prövade: {', '.join(told.untried)}."]
    if told.unchanged:
        lines += ["", f"Lika i båda: {', '.join(told.unchanged)}."]
    return "\n".join(lines)


def _paragraph(told: WhatIf, one: RuleChange) -> Iterator[str]:
    old, new = _rule(told.before, one.rule), _rule(told.after, one.rule)
    yield f"{one.rule} ({_source(old, new)})"
    if told.hides(one):
        yield f"  Ändras. {_FEW.capitalize()} frister: mer visas inte."
        return
    yield f"  {one.runs} frister, mest i {', '.join(name for name, _ in one.flows.most_common(3))}"
    if old is None or new is None or old.why != new.why:
        yield f"  I dag: {old.why if old else 'regeln finns inte'}"
        yield f"  Med den nya: {new.why if new else 'regeln finns inte'}"
    yield f"  Tider: {_counts(one.limits)}"
    yield f"  Påminnelser: {_counts(one.reminders)}"
    late = told.late(one)
    if late != (0, 0):
        yield "  Försenade: {} i dag, {} med den nya".format(*(_HIDDEN if each is None else each for each in late))
    if one.refused:
        yield f"  Nekad start med den nya: {one.refused}"
    for example in one.examples[:2]:
        yield f"  Till exempel {_example(example, told.is_real)}"


def _rule(profile: Profile, name: str) -> Rule | None:
    try:
        return profile.rule(name)
    except RuleError:
        return None


def _source(old: Rule | None, new: Rule | None) -> str:
    named = [one for one in (new, old) if one is not None]
    return ("eget förval" if named[0].own_default else named[0].source) if named else "okänd"


def _counts(counts: Counter[Shift]) -> str:
    return ", ".join(f"{counts[one]} {word}" for one, word in SHIFTS.items() if counts[one]) or "inga"


def _example(one: Example, is_real: bool) -> str:
    """Of a record the two limits alone: the reminders would tell when somebody did something."""
    label, reminded = limit_label(one.run.step), "" if is_real else _reminded(one)
    return f"{label}, räknat från {_since(one)}: {_limit(one.before)} blir {_limit(one.after)}{reminded}."


def _since(one: Example) -> str:
    since = basis_of(one.run.basis)
    if isinstance(since, datetime):
        return f"{full_day_text(since)} kl. {clock_text(since)}"
    return full_day_text(since)


def _limit(one: Outcome) -> str:
    if not one.has_rule:
        return "ingen tid (regeln finns inte)"
    if one.refused:
        return "ingen tid (regeln godtar inte starten)"
    limit = one.soft or one.hard
    return f"{full_day_text(limit)} kl. {clock_text(limit)}" if limit is not None else "ingen tid"


def _reminded(one: Example) -> str:
    """The first reminders that come at another time, or not at all."""
    old, new = ({each.step: each for each in fired if each.tells} for fired in (one.before.fired, one.after.fired))
    moved = [
        f"påminnelsen {step}: {_at(old.get(step))} blir {_at(new.get(step))}"
        for step in dict.fromkeys([*old, *new])
        if old.get(step) != new.get(step)
    ]
    return "".join(f"; {text}" for text in moved[:2])


def _at(one: Fired | None) -> str:
    if one is None:
        return "ingen"
    return moment_text(one.at) + (f" och sedan varje arbetsdag ({one.again} gånger)" if one.again > 1 else "")


def _reminders(one: Outcome) -> str:
    """The first of them, for a cell."""
    told = [_at(each) for each in one.fired if each.tells]
    return ", ".join(told[:3]) + (f" och {len(told) - 3} till" if len(told) > 3 else "")


# --- for machines and for Excel ----------------------------------------------------------------------------------


def plain(told: WhatIf) -> dict[str, Any]:
    """The same for JSON."""
    return {
        "before": told.before.name, "after": told.after.name, "year": told.year, "basis": told.said,
        "real": told.is_real, "threads": told.threads, "deadlines": told.runs,
        "limits": _plain_counts(told.total("limits")),
        "reminders": _plain_counts(told.total("reminders")),
        "rules": [_plain_rule(told, one) for one in told.changed],
        "unchanged": told.unchanged, "untried": told.untried,
    }  # fmt: skip


def _plain_counts(counts: Counter[Shift]) -> dict[str, int]:
    return {one.value: counts[one] for one in Shift}


def _plain_rule(told: WhatIf, one: RuleChange) -> dict[str, Any]:
    if told.hides(one):
        return {"rule": one.rule, "deadlines": None}
    return {
        "rule": one.rule, "deadlines": one.runs, "flows": dict(sorted(one.flows.items())),
        "limits": _plain_counts(one.limits), "reminders": _plain_counts(one.reminders),
        "late_before": told.late(one)[0], "late_after": told.late(one)[1], "refused": one.refused,
        "examples": [
            {
                "step": each.run.step, "since": each.run.basis,
                "before": _plain_outcome(each.before, told.is_real), "after": _plain_outcome(each.after, told.is_real),
            }
            for each in one.examples
        ],
    }  # fmt: skip


def _plain_outcome(one: Outcome, is_real: bool) -> dict[str, Any]:
    return {
        "soft": local_text(one.soft), "hard": local_text(one.hard), "has_rule": one.has_rule, "refused": one.refused,
        "reminders": [
            {"step": each.step, "at": local_text(each.at), "again": each.again}
            for each in (() if is_real else one.fired)
        ],
    }  # fmt: skip


def sheets(told: WhatIf) -> list[Sheet]:
    """Three sheets: the sums, the rules that change, and examples."""
    limits, reminders = told.total("limits"), told.total("reminders")
    late = told.late_in_all()
    sums: list[tuple[Cell, ...]] = [(word.capitalize(), limits[one], reminders[one]) for one, word in SHIFTS.items()]
    facts: list[tuple[Cell, ...]] = [
        ("Underlag", told.said.removeprefix("Underlag: "), None), ("I dag", told.before.title, None),
        ("Den nya", told.after.title, None),
        ("År", str(told.year), None), ("Försenade i dag", late[0], None), ("Försenade med den nya", late[1], None),
        ("Lika regler", ", ".join(told.unchanged), None), ("Ändrade men inte prövade", ", ".join(told.untried), None),
    ]  # fmt: skip
    return [
        Sheet(title="Sammanfattning", headings=("", "Tider", "Påminnelser"), rows=(*sums, *facts)),
        Sheet(title="Regler", headings=_HEADINGS, rows=tuple(_row(told, one) for one in told.changed)),
        Sheet(
            title="Exempel", headings=_EXAMPLE_HEADINGS,
            rows=tuple(
                _example_row(each, told.is_real)
                for one in told.changed if not told.hides(one)
                for each in one.examples
            ),
        ),
    ]  # fmt: skip


def _row(told: WhatIf, one: RuleChange) -> tuple[Cell, ...]:
    old, new = _rule(told.before, one.rule), _rule(told.after, one.rule)
    words: tuple[Cell, ...] = (old.why if old else "finns inte", new.why if new else "finns inte")
    if told.hides(one):
        return (one.rule, _source(old, new), _FEW, *([None] * (len(_HEADINGS) - 5)), *words)
    counted = [*(one.limits[each] for each in Shift), *(one.reminders[each] for each in Shift)]
    return (
        one.rule, _source(old, new), one.runs, *counted, *told.late(one), one.refused, *words,
    )  # fmt: skip


def _example_row(one: Example, is_real: bool) -> tuple[Cell, ...]:
    def local(instant: datetime | None) -> Cell:
        return to_local(instant).replace(tzinfo=None) if instant is not None else None

    before, after = one.before, one.after
    return (
        one.run.rule, limit_label(one.run.step), _since(one), local(before.soft), local(after.soft), local(before.hard),
        local(after.hard), *(("", "") if is_real else (_reminders(before), _reminders(after))),
    )  # fmt: skip
