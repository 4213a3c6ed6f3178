"""Who has got or lost a role through the directory's groups, and for whom the bot could not be installed.

For whoever answers for the unit. Staff and roles, and how many threads have gone to somebody else; nothing of a client.
"""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from cases import errands, groups
from cases.errands import LIST
from cases.groups import JOINED, LEFT
from cases.record import Scene
from dialogs import parts
from dialogs.parts import Element
from dialogs.role_words import role_name
from dialogs.swedish import since_text
from dialogs.visit import Visit

ACCESS = "access"
_ANSWERS = ("profile_admin", "unit_manager")
_SHOWN_FOR = timedelta(days=7)
_MOST = 30


def tell(tx: Connection, scene: Scene, units: set[str], now: datetime) -> int:
    """Have whoever answers for each of these units told, once for each time it was found out (care time, UTC)."""
    told = 0
    for unit_id in sorted(units):
        for who in answers_for(scene, unit_id):
            key = f"list:{ACCESS}:{unit_id}:{who}:{now:%Y%m%dT%H%M%S}"
            told += errands.add(
                tx, kind=LIST, key=key, not_before=now, person_id=who, unit_id=unit_id, what=ACCESS
            )  # fmt: skip
    return told


def answers_for(scene: Scene, unit_id: str) -> list[int]:
    """The profile's administrator and the unit's manager; where there is neither, whoever leads the unit."""
    directory = scene.directory
    unit = directory.units.get(unit_id)
    if unit is None:
        return []
    places = [unit_id, *([unit.authority_unit_id] if unit.authority_unit_id else [])]
    found = [who for place in places for who in directory.holders(place, "profile_admin")]
    found += directory.holders(unit_id, *_ANSWERS)
    roles = scene.profile_of_unit(unit_id).section("roles").superiors.get(unit.kind, ())
    return list(dict.fromkeys(found or directory.holders(unit_id, *roles)))


def card(visit: Visit, unit_id: str | None, due_at: datetime) -> Element | None:
    """What has changed in the unit lately, the latest first; None when there is nothing."""
    unit = visit.scene.directory.units.get(unit_id or "")
    if unit is None or visit.person_id not in answers_for(visit.scene, unit.id):
        return None
    rows = groups.latest(visit.tx, unit.id, visit.now - _SHOWN_FOR, _MOST)
    if not rows:
        return None
    body = [parts.heading("Behörigheter har ändrats"), parts.line(unit.name, strong=True)]
    body.append(parts.line("Enligt kommunens grupper (Entra ID), de senaste sju dagarna.", subtle=True))
    terms = visit.scene.profile_of_unit(unit.id).section("terms")
    for row in rows:
        person = visit.scene.directory.people.get(row.person_id)
        name = person.name if person else "någon som inte längre finns i registret"
        role = role_name(row.role, terms)
        body.append(parts.labelled(since_text(row.at, visit.now), _said(name, role, row.change, row.handed_on)))
    return parts.card(body, [parts.button("Till start", "start")])


def _said(name: str, role: str, change: str, handed_on: int) -> str:
    if change == JOINED:
        return f"{name} är nu {role}."
    if change != LEFT:
        return f"{name} saknar Stafett i Teams. Det gick inte att installera. Be personen lägga till appen."
    if not handed_on:
        return f"{name} är inte längre {role} och har inte tillgång."
    count = "Ett öppet meddelande" if handed_on == 1 else f"{handed_on} öppna meddelanden"
    return f"{name} är inte längre {role} och har inte tillgång. {count} har gått vidare till enheten."
