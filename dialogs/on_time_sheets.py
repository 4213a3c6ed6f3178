"""The figures of how many of the routine's limits were kept, as a sheet to take out and a diagram of it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from cases.on_time import Figure, Shown, shown
from cases.thread_figures import SMALLEST
from dialogs.on_time_words import rule_title
from dialogs.sheets import Cell, Sheet
from reminders.profile import Profile

_FEW, _HIDDEN = f"färre än {SMALLEST}", "visas inte"
_HEADINGS = (
    "Månad", "Frist", "Frister", "I tid", "Andel i tid, procent", "varav efter Senast", "Hanterade försenat",
    "Försenade och öppna", "Räknat till och med",
)  # fmt: skip


def on_time_sheet(profiles: Mapping[str, Profile], figures: Sequence[Figure], counted_on: date | None) -> Sheet:
    """One row for each month and limit. What is small is not shown, and the diagram has a gap there."""
    found = [shown(one) for one in figures]
    rows = tuple(
        (f"{one.month:%Y-%m}", rule_title(profiles.get(one.profile), one.rule), *_cells(one), counted_on)
        for one in sorted(found, key=lambda one: (one.month, one.profile, one.rule))
    )
    return Sheet(title="I tid", headings=_HEADINGS, rows=rows, beside=_diagram(profiles, found))


def _cells(one: Shown) -> tuple[Cell, ...]:
    if one.total is None:
        return (_FEW, *[_HIDDEN] * 5)
    parts = (one.in_time, one.rate, one.after_soft, one.late, one.open)
    return (one.total, *(_HIDDEN if part is None else part for part in parts))


def _diagram(profiles: Mapping[str, Profile], found: Iterable[Shown]) -> tuple[Sheet, ...]:
    """A sheet with one column for each limit whose share may be shown in some month; none without any."""
    rates = {(one.month, one.profile, one.rule): one.rate for one in found if one.rate is not None}
    if not rates:
        return ()
    months = _every_month(min(key[0] for key in rates), max(key[0] for key in rates))
    limits = sorted({key[1:] for key in rates})
    rows = tuple((f"{month:%Y-%m}", *(rates.get((month, *limit)) for limit in limits)) for month in months)
    headings = ("Månad", *(rule_title(profiles.get(profile), rule) for profile, rule in limits))
    return (Sheet(title="Andel i tid", headings=headings, rows=rows, curves="Frister hållna i tid, procent"),)


def _every_month(first: date, last: date) -> list[date]:
    months = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return [date(number // 12, number % 12 + 1, 1) for number in months]
