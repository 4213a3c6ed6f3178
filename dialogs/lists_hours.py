"""The month's comparison for an assessor: performed time against ordered (Stockholm, `D22`). A suggestion, no case."""

from datetime import datetime
from decimal import Decimal

from cases import hours
from cases.hours import Compared
from dialogs import parts
from dialogs.parts import Element
from dialogs.terms import Terms
from dialogs.visit import Visit

_SHOWN = 20
_HOUR = 3600
_MONTHS = (
    "januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober", "november",
    "december",
)  # fmt: skip


def hours_card(visit: Visit, unit_id: str | None, _due_at: datetime) -> Element | None:
    """The latest month of a unit as this assessor is to see it; None when none of its cases are theirs any longer."""
    unit = visit.scene.directory.units.get(unit_id or "")
    month = hours.newest_month(visit.tx, unit.id) if unit else None
    if unit is None or month is None:
        return None
    found = hours.compare(visit.tx, visit.scene, unit.id, month, visit.person_id)
    if not found:
        return None
    profile = visit.scene.profile_of_unit(unit.id)
    rule, terms = profile.rule(hours.RULE), profile.section("terms")
    suggested = [one for one in found if one.review.suggest]
    once = [one for one in found if one.direction and not one.review.suggest]
    body = [
        parts.heading("Utförd tid mot beställd tid"),
        parts.line(f"{unit.name}, {_MONTHS[month.month - 1]} {month.year}. {len(found)} ärenden jämförda."),
        *_group("Flera månader åt samma håll – överväg en individuppföljning", suggested, terms),
        *_group("Avviker den här månaden", once, terms),
    ]
    if not suggested and not once:
        body.append(parts.line("Inget ärende avviker.", strong=True, space=True))
    body.append(parts.line("Stafett startar ingen uppföljning. Du bedömer om den behövs.", space=True))
    body.append(parts.line(f"{terms.put(rule.why)} ({rule.source})", subtle=True))
    return parts.card(body, [parts.button("Till start", "start")])


def _group(title: str, found: list[Compared], terms: Terms) -> list[Element]:
    if not found:
        return []
    made = [parts.line(title, strong=True, space=True)]
    made += [parts.labelled(one.case_ref, _told(one)) for one in found[:_SHOWN]]
    if len(found) > _SHOWN:
        made.append(parts.line(f"… och {len(found) - _SHOWN} till. Se dem i {terms.case_system}."))
    return made


def _told(one: Compared) -> str:
    """«+12,3 % (beställt 30 h, utfört 33,7 h)»."""
    ordered, performed = Decimal(one.latest.ordered), Decimal(one.latest.performed)
    percent = (performed - ordered) * 100 / ordered
    return f"{_swedish(percent, sign=True)} % (beställt {_hours(ordered)} h, utfört {_hours(performed)} h)"


def _hours(seconds: Decimal) -> str:
    return _swedish(seconds / _HOUR)


def _swedish(number: Decimal, *, sign: bool = False) -> str:
    """At most two decimals, with a comma; what is shown is rounded, what is compared never is."""
    text = f"{number:+.2f}" if sign else f"{number:.2f}"
    return text.rstrip("0").rstrip(".").replace(".", ",").replace("-", "−")
