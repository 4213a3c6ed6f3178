"""Recognising the roster's people among those whom the record already has."""

from collections.abc import Iterable, Mapping
from typing import Any

from cases.roster_values import RosterPerson, Who


def match(people: Iterable[RosterPerson], stored: Mapping[int, Mapping[str, Any]]) -> dict[Who, int]:
    """Roster key → the record's number, for those who are known.

    The directory id decides. A sign-in name is given to somebody new when its holder has left, so it counts only where
    the record or the roster has no directory id to say otherwise.
    """
    by_id = {row["aad_object_id"]: number for number, row in stored.items() if row["aad_object_id"]}
    by_upn = {row["upn"]: number for number, row in stored.items() if row["upn"]}
    listed = list(people)
    found: dict[Who, int] = {one.key: by_id[one.aad_object_id] for one in listed if one.aad_object_id in by_id}
    taken = set(found.values())
    for one in listed:
        number = by_upn.get(one.upn) if one.key not in found else None
        if number is None or number in taken:
            continue
        if one.aad_object_id is None or stored[number]["aad_object_id"] is None:
            found[one.key] = number
            taken.add(number)
    return found
