"""The board's figures: how much is answered in time, by the routine's own limits, month by month and unit by unit.

They are added up beforehand, small numbers are not told, and no figure is about any one person.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from cases import on_time
from cases.on_time import Figure, Shown
from dialogs.on_time_words import rule_title
from dialogs.swedish import full_day_text, month_text
from dialogs.visit import Visit
from reminders.localtime import Month, to_local

MONTHS = 12


@dataclass(frozen=True, kw_only=True)
class MonthRate:
    """A month of a rule. `rate` in whole per cent is None where there is nothing, or too little to tell."""

    label: str
    long_label: str
    rate: int | None
    told: str


@dataclass(frozen=True, kw_only=True)
class RuleRates:
    """A rule of the routine, over the months."""

    title: str
    source: str
    latest: MonthRate
    months: tuple[MonthRate, ...]


@dataclass(frozen=True, kw_only=True)
class UnitRates:
    """The rules that a unit has had limits by."""

    name: str
    rules: tuple[RuleRates, ...]


@dataclass(frozen=True, kw_only=True)
class OnTimePage:
    """The figures of the units that the reader may follow; `until` is the day they are counted to."""

    units: tuple[UnitRates, ...]
    until: str


def has(visit: Visit) -> bool:
    return bool(on_time.shares(visit.who))


def page(visit: Visit) -> OnTimePage:
    until = on_time.counted_on(visit.tx)
    return OnTimePage(
        units=tuple(_unit(visit, unit_id) for unit_id in on_time.shares(visit.who)),
        until=full_day_text(until) if until is not None else "",
    )


# --- pieces ------------------------------------------------------------------------------------------------------


def _unit(visit: Visit, unit_id: str) -> UnitRates:
    last = Month.of(to_local(visit.now).date())
    months = [last.plus(number - MONTHS + 1) for number in range(MONTHS)]
    by_rule: dict[tuple[str, str], dict[date, Figure]] = {}
    for one in on_time.of_unit(visit.tx, unit_id, months[0], last):
        by_rule.setdefault((one.profile, one.rule), {})[one.month] = one
    rules = [
        _rule(rule_title(visit.record.profiles[profile], rule), found, months)
        for (profile, rule), found in by_rule.items()
        if profile in visit.record.profiles
    ]
    return UnitRates(
        name=visit.scene.directory.units[unit_id].name, rules=tuple(sorted(rules, key=lambda one: one.title))
    )


def _rule(title: str, found: Mapping[date, Figure], months: Sequence[Month]) -> RuleRates:
    rates = tuple(_month(month, found.get(month.day(1))) for month in months)
    latest = next((one for one in reversed(rates) if one.rate is not None), rates[-1])
    name, _, source = title.removesuffix(")").rpartition(" (") if title.endswith(")") else (title, "", "")
    return RuleRates(title=name, source=source, latest=latest, months=rates)


def _month(month: Month, figure: Figure | None) -> MonthRate:
    first = month.day(1)
    shown = on_time.shown(figure) if figure is not None else None
    return MonthRate(
        label=month_text(first).split()[0][:3], long_label=month_text(first),
        rate=shown.rate if shown is not None else None, told=_told(shown),
    )  # fmt: skip


def _told(shown: Shown | None) -> str:
    if shown is None:
        return "inga"
    if shown.total is None:
        return "för få för att visas"
    if shown.rate is None:
        return f"{shown.total} i allt, för få för att delas upp"
    return f"{shown.rate} % av {shown.total}"
