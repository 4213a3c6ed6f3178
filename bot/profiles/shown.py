"""A profile in plain words: hours, flows and each rule with its reminders, and what of it is Stafett's own default."""

from collections.abc import Iterator, Mapping
from typing import Any

from cases.flow import Flow
from dialogs.explained import told_text
from dialogs.swedish import full_day_text
from reminders.calendar import WorkCalendar
from reminders.ladder import Rung
from reminders.profile import Profile
from reminders.rule_spec import Rule

_ANCHORS = {
    "since": "starten", "open": "nästa öppning", "soft": "tiden", "hard": "sista tiden", "late": "sista tiden",
}  # fmt: skip
_UNITS = {
    "workdays": ("arbetsdag", "arbetsdagar"), "days": ("dag", "dagar"), "minutes": ("minut", "minuter"),
    "office_minutes": ("minut på kontorstid", "minuter på kontorstid"),
}  # fmt: skip


def page(profile: Profile, flows: Mapping[str, Flow], only: str = "") -> str:
    """The whole profile, or one rule of it. Raises: RuleError for a rule that it has not."""
    if only:
        return "\n".join(_rule(profile.rule(only), profile))
    on = [flow for name, flow in flows.items() if name in profile.section("flows").on]
    lines = [f"{profile.title} ({profile.name}), fingeravtryck {profile.prints.whole}", ""]
    lines += [*_hours(profile.calendar), "", f"Flöden ({len(on)}):"]
    lines += [f"  {flow.title} ({flow.name})" for flow in on]
    lines += [f"Läge: {profile.section('privacy').mode}", "", f"Regler ({len(profile.rules)}):"]
    for name in sorted(profile.rules):
        lines += ["", *_rule(profile.rules[name], profile)]
    return "\n".join(lines)


def plain(profile: Profile) -> dict[str, Any]:
    """The same for JSON."""
    return {
        "name": profile.name, "title": profile.title, "fingerprint": profile.prints.whole,
        "flows": list(profile.section("flows").on), "mode": profile.section("privacy").mode,
        "rules": [
            {
                "name": rule.name, "number": rule.id, "source": rule.source, "own_default": rule.own_default,
                "why": rule.why, "quote": rule.quote, "reading": rule.reading,
                "prompts": [{"step": one.step, "when": _when(one), "tell": list(one.tell)} for one in rule.ladder],
            }
            for rule in profile.rules.values()
        ],
    }  # fmt: skip


def _hours(calendar: WorkCalendar) -> Iterator[str]:
    office = calendar.office
    summer = ", ".join(str(month) for month in sorted(office.summer_months)) or "inga"
    yield f"Kontorstid: {office.open:%H.%M}–{office.close:%H.%M}, månaderna {summer} till {office.close_summer:%H.%M}"
    yield f"Lördag räknas som vardag: {'ja' if calendar.saturday_is_vardag else 'nej'}"
    yield f"Stängda dagar: {', '.join(full_day_text(day) for day in sorted(calendar.extra_closed_days)) or 'inga'}"
    if calendar.short_days:
        short = (f"{full_day_text(day)} kl. {shut:%H.%M}" for day, shut in sorted(calendar.short_days.items()))
        yield f"Stänger tidigare: {', '.join(short)}"


def _rule(rule: Rule, profile: Profile) -> Iterator[str]:
    yield f"{rule.name}{f' ({rule.id})' if rule.id else ''}: {rule.why}"
    yield f"  {'Stafetts eget förval, inte ur rutinen' if rule.own_default else f'Källa: {rule.source}'}"
    if rule.quote:
        yield f"  Rutinen: ”{rule.quote}”"
    if rule.reading:
        yield f"  Stafetts läsning: {rule.reading}"
    for one in rule.ladder:
        yield f"  {one.step}: {_when(one)}{f' till {told_text(one.tell, profile)}' if one.tell else ''}"


def _when(one: Rung) -> str:
    """«3 arbetsdagar efter starten kl. 09.00»."""
    clock = f" {one.at}" if one.at is not None else ""
    if not one.amount or one.move is None:
        return f"vid {_ANCHORS[one.on]}{clock}"
    unit = _UNITS[one.move][abs(one.amount) != 1]
    return f"{abs(one.amount)} {unit} {'efter' if one.amount > 0 else 'före'} {_ANCHORS[one.on]}{clock}"
