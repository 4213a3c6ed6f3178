"""Which group of the directory (Entra ID) gives which role in which unit, as the municipality's file declares it.

    precedence = "groups"

    [[group]]
    id = "0f6a2c1e-…"          # the group's object id
    unit = "MYND"
    role = "biståndshandläggare"

Where a group gives a role, `precedence` says whose word counts: with "groups" only members of the group have the role
there, whatever the roster says; with "roster" whom the roster gives it has it too.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cases.roster_cells import is_uuid, shown
from cases.roster_words import ROLE_WORDS, role_of

GROUPS, ROSTER = "groups", "roster"
_KEYS = ("id", "unit", "role")


class GroupMapError(ValueError):
    """The file cannot be used: every fault with its place, in Swedish, and what to write instead."""


@dataclass(frozen=True, kw_only=True)
class Mapped:
    """One line: the members of a group have a role in a unit."""

    group_id: str
    unit_id: str
    role: str


@dataclass(frozen=True, kw_only=True)
class GroupMap:
    """The whole file. `governed` are the roles that groups give, by unit."""

    precedence: str
    mapped: tuple[Mapped, ...]

    @property
    def governed(self) -> frozenset[tuple[str, str]]:
        return frozenset((one.unit_id, one.role) for one in self.mapped)

    @property
    def group_ids(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one.group_id for one in self.mapped))

    def overrules(self, unit_id: str, role: str) -> bool:
        """Whether the roster has no say about this role."""
        return self.precedence == GROUPS and (unit_id, role) in self.governed


def read_group_map(path: Path) -> GroupMap:
    """The file's map. Raises: GroupMapError."""
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as fault:
        raise GroupMapError(f"{path}: filen går inte att läsa ({fault.strerror}).") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise GroupMapError(f"{path}: filen är inte rätt TOML. {fault}") from None
    faults = list(_faults(told))
    if faults:
        raise GroupMapError("\n".join(f"{path}: {fault}" for fault in faults))
    rows = [_mapped(row) for row in told["group"]]
    return GroupMap(precedence=told["precedence"], mapped=tuple(dict.fromkeys(rows)))


def _mapped(row: Mapping[str, Any]) -> Mapped:
    return Mapped(group_id=row["id"].strip().lower(), unit_id=row["unit"].strip(), role=role_of(row["role"]) or "")


def _faults(told: Mapping[str, Any]) -> Iterator[str]:
    for key in told.keys() - {"precedence", "group"}:
        yield f"{key} känns inte igen. Det som finns är precedence och [[group]]."
    if told.get("precedence") not in (GROUPS, ROSTER):
        yield 'precedence ska vara "groups" (grupperna avgör) eller "roster" (rostern ger också roller).'
    rows = told.get("group")
    if not isinstance(rows, list) or not rows:
        yield "ingen [[group]] finns. Skriv en för varje grupp, med id, unit och role."
        return
    for number, row in enumerate(rows, start=1):
        yield from (f"[[group]] nummer {number}, {fault}" for fault in _row_faults(row))


def _row_faults(row: Any) -> Iterator[str]:
    if not isinstance(row, dict):
        yield "ska vara en tabell med id, unit och role."
        return
    for key in row.keys() - set(_KEYS):
        yield f"{key}: känns inte igen. Det som finns är id, unit och role."
    for key in [one for one in _KEYS if not isinstance(row.get(one), str) or not row[one].strip()]:
        yield f"{key}: saknas."
    if isinstance(row.get("id"), str) and row["id"].strip() and not is_uuid(row["id"]):
        yield f"id: «{shown(row['id'])}» är inget objekt-id. Kopiera gruppens från katalogen (Entra ID)."
    if isinstance(row.get("role"), str) and row["role"].strip() and role_of(row["role"]) is None:
        yield f"role: «{shown(row['role'])}» känns inte igen. Skriv något av {', '.join(ROLE_WORDS.values())}."
