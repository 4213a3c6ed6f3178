"""Checking the sheets `personer`, `roller` and `jour`."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from cases import tables as t
from cases.roster_cells import NEVER, Line, is_upn, is_uuid, shown, width_of
from cases.roster_values import RosterPass, RosterPerson, RosterRole, RosterUnit
from cases.roster_words import KIND_WORDS, ROLE_WORDS, ROLES_IN, role_of

_PERSON = t.person.c
_KEY_WIDTH = 120
_LONGEST_PASS = timedelta(days=31)


def read_people(lines: Iterable[Line]) -> dict[str, RosterPerson]:
    """People by their key in folded case, also those with faults."""
    found: dict[str, RosterPerson] = {}
    taken: dict[tuple[str, str], int] = {}
    for line in lines:
        person = _person(line)
        for column, value in (
            ("person", person.key.casefold()),
            ("aad_object_id", person.aad_object_id),
            ("upn", person.upn),
        ):
            if value and taken.setdefault((column, value), line.number) != line.number:
                line.refuse(column, f"samma person står redan på rad {taken[column, value]}. Ta bort den ena.")
                break
        if person.key:
            found.setdefault(person.key.casefold(), person)
    return found


def _person(line: Line) -> RosterPerson:
    person = RosterPerson(
        key=line.text("person", _KEY_WIDTH),
        aad_object_id=line.uuid("aad_object_id"),
        upn=line.upn("upn"),
        name=line.text("namn", width_of(_PERSON.name)),
        title=line.text("titel", width_of(_PERSON.title), needed=False),
        phone=line.phone("telefon", needed=False),
    )
    if is_uuid(person.key) and not person.aad_object_id:
        person = replace(person, aad_object_id=person.key.lower())
    if person.aad_object_id or person.upn or not person.key:
        return person
    if is_upn(person.key):
        return replace(person, upn=person.key.lower())
    if not any(line.cells.get(column, "").strip() for column in ("aad_object_id", "upn")):
        line.refuse("person", "personen går inte att känna igen i Teams. Fyll i upn eller aad_object_id.")
    return person


def read_roles(
    lines: Iterable[Line], people: Mapping[str, RosterPerson], units: Mapping[str, RosterUnit]
) -> list[RosterRole]:
    found: dict[RosterRole, int] = {}
    for line in lines:
        person, unit_id = _holder(line, people, units)
        role = line.word("roll", role_of, "något av " + ", ".join(ROLE_WORDS.values()))
        kind = units[unit_id].kind if unit_id else ""
        if role and kind and role not in ROLES_IN[kind]:
            allowed = ", ".join(word for name, word in ROLE_WORDS.items() if name in ROLES_IN[kind])
            line.refuse(
                "roll", f"{ROLE_WORDS[role]} finns inte i en enhet av slaget {KIND_WORDS[kind]}. Där finns {allowed}."
            )
        one = RosterRole(person=person, unit_id=unit_id, role=role)
        if person and unit_id and role and found.setdefault(one, line.number) != line.number:
            line.refuse("roll", f"samma roll står redan på rad {found[one]}. Ta bort den ena.")
    return list(found)


def read_passes(
    lines: Iterable[Line],
    people: Mapping[str, RosterPerson],
    units: Mapping[str, RosterUnit],
    roles: Sequence[RosterRole],
) -> list[RosterPass]:
    supervisors = {(one.person, one.unit_id) for one in roles if one.role == "on_call_supervisor"}
    found: list[tuple[Line, RosterPass]] = []
    for line in lines:
        person, unit_id = _holder(line, people, units)
        if person and unit_id and (person, unit_id) not in supervisors:
            line.refuse(
                "person",
                f"personen har inte rollen jourhavande arbetsledare i {shown(unit_id)}. Lägg till den i bladet roller.",
            )
        one = RosterPass(person=person, unit_id=unit_id, starts_at=line.moment("fran"), ends_at=line.moment("till"))
        if _has_sound_length(line, one) and person and unit_id:
            found.append((line, one))
    _refuse_overlaps(found)
    return [one for _, one in found]


def _has_sound_length(line: Line, one: RosterPass) -> bool:
    if NEVER in (one.starts_at, one.ends_at):
        return False
    if one.ends_at <= one.starts_at:
        line.refuse("till", "passet slutar innan det börjar. Rätta till eller fran.")
        return False
    if one.ends_at - one.starts_at > _LONGEST_PASS:
        line.refuse("till", f"passet är längre än {_LONGEST_PASS.days} dagar. Rätta till, eller dela upp passet.")
        return False
    return True


def _refuse_overlaps(found: Sequence[tuple[Line, RosterPass]]) -> None:
    """Two people may share a unit's on-call; one person cannot have two passes there at once."""
    latest: dict[tuple[str, str], tuple[Line, RosterPass]] = {}
    for line, one in sorted(found, key=lambda pair: (pair[1].starts_at, pair[0].number)):
        before = latest.get((one.person, one.unit_id))
        if before is not None and before[1].ends_at > one.starts_at:
            line.refuse("fran", f"passet går in i passet på rad {before[0].number}. Rätta det ena.")
        if before is None or before[1].ends_at < one.ends_at:
            latest[one.person, one.unit_id] = (line, one)


def _holder(line: Line, people: Mapping[str, RosterPerson], units: Mapping[str, RosterUnit]) -> tuple[str, str]:
    """The person's key and the unit's id; empty where they are wrong."""
    written = line.text("person", _KEY_WIDTH)
    person = people.get(written.casefold())
    if written and person is None:
        line.refuse("person", f"personen {shown(written)} finns inte i bladet personer. Rätta eller lägg till.")
    unit_id = line.text("enhet", width_of(t.unit.c.id))
    if unit_id and unit_id not in units:
        line.refuse("enhet", f"enheten {shown(unit_id)} finns inte i bladet enheter. Rätta eller lägg till.")
        unit_id = ""
    return (person.key if person else ""), unit_id
