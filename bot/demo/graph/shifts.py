"""The answers about Teams Shifts: who works when, and who is off."""

import re

from bot.demo.graph.gate import Asked, Said
from bot.demo.graph.listing import paged
from bot.demo.graph.rota import Shift
from bot.demo.graph.wire import Json, Refusal, invalid, moment, stamp

_CONDITION = re.compile(r"\s*(\w+)/(startDateTime|endDateTime) (ge|gt|le|lt) (\S+)\s*")


async def shifts(asked: Asked) -> Said:
    return _listed(asked, off=False)


async def times_off(asked: Asked) -> Said:
    return _listed(asked, off=True)


def _listed(asked: Asked, *, off: bool) -> Said:
    team = asked.part("id")
    if team not in asked.world.shifts:
        raise Refusal(404, "NotFound", "The team has no schedule.")
    kind = "TimeOff" if off else "Shift"
    conditions = _conditions(asked.option("$filter") or "", f"shared{kind}")
    found = [one for one in asked.world.shifts[team] if one.off is off and _meets(one, conditions)]
    found.sort(key=lambda one: (one.start, one.id))
    return paged(asked, [_row(one, kind) for one in found])


def _conditions(text: str, shared: str) -> list[tuple[str, str, str]]:
    """Raises: Refusal for a filter that Shifts does not take: no property may stand in it twice."""
    parts = [_CONDITION.fullmatch(part) for part in text.split(" and ")] if text else []
    if not all(part and part[1] == shared for part in parts):
        raise invalid(f"Only {shared}/startDateTime and {shared}/endDateTime can be compared here.", "BadRequest")
    found = [(part[2], part[3], part[4]) for part in parts if part]
    if len({name for name, _, _ in found}) < len(found):
        raise invalid("The same property cannot be used more than once in a filter.", "BadRequest")
    return found


def _meets(one: Shift, conditions: list[tuple[str, str, str]]) -> bool:
    for name, sign, text in conditions:
        at, limit = (one.start if name == "startDateTime" else one.end), moment(text)
        ok = {"ge": at >= limit, "gt": at > limit, "le": at <= limit, "lt": at < limit}[sign]
        if not ok or not one.shared:
            return False
    return True


def _row(one: Shift, kind: str) -> Json:
    side: Json = {"startDateTime": stamp(one.start), "endDateTime": stamp(one.end), "theme": "blue"}
    row: Json = {"id": f"{'TOFF' if one.off else 'SHFT'}_{one.id}", "userId": one.person_id}
    if one.off:
        side["timeOffReasonId"] = "TOR_1"
    else:
        row["schedulingGroupId"] = one.group or None
        side |= {"displayName": one.name or None, "notes": one.notes or None, "activities": []}
    name = f"{kind[:1].lower()}{kind[1:]}"
    return row | {f"shared{kind}": side if one.shared else None, f"draft{kind}": None if one.shared else side,
                  "@odata.type": f"#microsoft.graph.{name}"}  # fmt: skip
