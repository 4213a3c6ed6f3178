"""«Frister»: how many of the routine's limits a unit has kept, for whoever answers for it. Figures and nothing else."""

from collections.abc import Mapping, Sequence
from typing import Any

from cases import on_time
from cases.on_time import Figure, shown
from dialogs import parts
from dialogs.on_time_words import COUNTED, by_rule, rule_title, told_rate
from dialogs.parts import Element
from dialogs.swedish import day_text, month_text
from dialogs.visit import Desked, Visit
from reminders.localtime import Month, to_local

TYPED = ("frister", "i tid", "statistik")
_MONTHS = 3  # back from the present one
_MOST = 12  # limits of one unit
_TO_START = parts.button("Till start", "start")


def show(visit: Visit, data: Mapping[str, Any]) -> Desked:
    return Desked(card=on_time_card(visit))


def on_time_card(visit: Visit) -> Element:
    """The latest months of every unit whose figures are this person's to see."""
    units, counted = on_time.shares(visit.who), on_time.counted_on(visit.tx)
    body = [parts.heading("Frister i tid")]
    if not units:
        body.append(parts.line("Listan är för dig som svarar för en enhet."))
        return parts.card(body, [_TO_START])
    last = Month.of(to_local(visit.now).date())
    for unit_id in units:
        body.append(parts.line(visit.scene.directory.units[unit_id].name, strong=True, space=True))
        body += _unit(visit, on_time.of_unit(visit.tx, unit_id, last.plus(-_MONTHS), last))
    told = f"{COUNTED} Senast räknat {day_text(counted)}." if counted else COUNTED
    return parts.card([*body, parts.line(told, subtle=True, space=True)], [_TO_START])


def _unit(visit: Visit, figures: Sequence[Figure]) -> list[Element]:
    found = by_rule(figures)
    made: list[Element] = []
    for (profile, rule), months in list(found.items())[:_MOST]:
        made += _rule(visit, profile, rule, months)
    if len(found) > _MOST:
        made.append(parts.line(f"… och {len(found) - _MOST} till. Be den som sköter Stafett om hela filen."))
    return made or [parts.line("Ingen frist ur rutinen är räknad de senaste månaderna.")]


def _rule(visit: Visit, profile: str, rule: str, months: Sequence[Figure]) -> list[Element]:
    made = [parts.line(rule_title(visit.record.profiles.get(profile), rule))]
    for one in (shown(figure) for figure in reversed(months)):
        made.append(parts.labelled(month_text(one.month), told_rate(one.in_time, one.total)))
    return made
