"""What it takes to make the database equal to a roster, worked out row by row and not yet done."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, Table, select

from cases import rota
from cases import tables as t
from cases.directory import BY_REQUEST
from cases.group_map import GroupMap
from cases.roster_match import match
from cases.roster_values import Roster, Who

Values = Mapping[str, Any]
RoleKey = tuple[Who, str, str]
PassKey = tuple[Who, str, datetime]
AbsenceKey = tuple[Who, datetime]
K = TypeVar("K")

_CHUNK = 500
PEOPLE_OF_CASE = {"responsible_id": "responsible", "fixed_contact_id": "fixed_contact"}  # column → the roster's name
FROM_ROSTER, FROM_GROUP = "roster", "group"  # where a person, a role or a period of absence comes from
# The plan itself decides about their rows.
_OWN_TABLES = frozenset(one.name for one in (t.role, t.on_call, t.care_case, t.absence, t.absence_check))


@dataclass(frozen=True, kw_only=True)
class Changes(Generic[K]):
    """Rows of one table: to add, to change (before, after), to take away, and those that stay although gone."""

    new: Mapping[K, Values] = field(default_factory=dict)
    changed: Mapping[K, tuple[Values, Values]] = field(default_factory=dict)
    gone: Mapping[K, Values] = field(default_factory=dict)
    kept: Mapping[K, Values] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.new or self.changed or self.gone)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Everything to do. `ids` gives the record's number of the people in the roster who are already known."""

    ids: Mapping[Who, int]
    names: Mapping[Who, str]
    units: Changes[str]
    people: Changes[Who]
    roles: Changes[RoleKey]
    passes: Changes[PassKey]
    cases: Changes[str]
    absences: Changes[AbsenceKey] = field(default_factory=Changes)
    rota_elsewhere: tuple[str, ...] = ()  # units whose passes are in the roster, but are read from another system

    @property
    def given_away(self) -> list[str]:
        """The known cases that get another responsible assessor."""
        name = "responsible_id"
        return [ref for ref, (before, after) in self.cases.changed.items() if before[name] != after[name]]


def plan(tx: Connection, roster: Roster, now: datetime, groups: GroupMap | None = None) -> Plan:
    """Compare the record with the roster. `now` (UTC) parts the passes that are history from those to come. What
    `groups` give, where they overrule the roster, is left to them."""
    stored = {row["id"]: row for row in _rows(tx, t.person)}
    ids = match(roster.people, stored)
    keys: dict[int, Who] = {number: key for key, number in ids.items()}
    wanted_people = _people(roster, stored, ids)
    cases = _cases(tx, roster, keys)
    elsewhere = sorted(rota.elsewhere(tx))
    passes = _passes(tx, roster, keys, now, elsewhere)
    units = _units(tx, roster, cases, passes)
    people = _people_changes(tx, stored, keys, wanted_people, cases, passes, by_groups=groups is not None)
    names: dict[Who, str] = {number: row["name"] for number, row in stored.items()}
    return Plan(
        ids=ids,
        names=names | {one.key: one.name for one in roster.people},
        units=units,
        people=people,
        roles=_roles(tx, roster, keys, groups),
        passes=passes,
        cases=cases,
        absences=_absences(tx, roster, keys, now),
        rota_elsewhere=tuple(unit for unit in elsewhere if any(one.unit_id == unit for one in roster.passes)),
    )


def _compare(stored: Mapping[K, Values], wanted: Mapping[K, Values], keep: Iterable[K] = ()) -> Changes[K]:
    kept = set(keep)
    return Changes(
        new={key: values for key, values in wanted.items() if key not in stored},
        changed={
            key: (stored[key], values) for key, values in wanted.items() if key in stored and stored[key] != values
        },
        gone={key: values for key, values in stored.items() if key not in wanted and key not in kept},
        kept={key: values for key, values in stored.items() if key not in wanted and key in kept},
    )


# --- people ------------------------------------------------------------------------------------------------------

_PERSON_COLUMNS = ("aad_object_id", "upn", "name", "title", "phone", "active", "source")


def _people(roster: Roster, stored: Mapping[int, Values], ids: Mapping[Who, int]) -> dict[Who, Values]:
    """What each person in the roster shall be. An id that the roster does not tell is kept, if no one else has it."""
    said = {one.aad_object_id for one in roster.people} | {one.upn for one in roster.people}
    wanted: dict[Who, Values] = {}
    for one in roster.people:
        values = {name: value for name, value in asdict(one).items() if name != "key"}
        values |= {"active": True, "source": FROM_ROSTER}
        before = stored[ids[one.key]] if one.key in ids else {}
        for name in ("aad_object_id", "upn"):
            known = before.get(name)
            values[name] = values[name] or (None if known in said else known)
        wanted[one.key] = values
    return wanted


def _people_changes(
    tx: Connection,
    stored: Mapping[int, Values],
    keys: Mapping[int, Who],
    wanted: dict[Who, Values],
    cases: Changes[str],
    passes: Changes[PassKey],
    *,
    by_groups: bool,
) -> Changes[Who]:
    """Those who are gone are taken away where nothing refers to them, else made inactive. Whom a group of the directory
    gives a role stays, and is the group's from now on."""
    grouped = {who for who in tx.scalars(select(t.role.c.person_id).where(t.role.c.source == FROM_GROUP)) if by_groups}
    absent = {number for number in stored if number not in keys}
    gone = absent - grouped
    held = _referred(tx, t.person, {number for number in gone if stored[number]["active"]})
    held |= {key[0] for key in passes.kept if isinstance(key[0], int)}
    held |= {row[column] for row in cases.kept.values() for column in PEOPLE_OF_CASE}
    taken = {row[name] for row in wanted.values() for name in ("aad_object_id", "upn")}
    present = {keys.get(number, number): _only(row, _PERSON_COLUMNS) for number, row in stored.items()}
    wanted |= {number: {**present[number], "source": FROM_GROUP} for number in absent & grouped}
    for number in gone:
        row = present[number]
        if not row["active"] or number in held:
            freed = {name: None for name in ("aad_object_id", "upn") if row[name] in taken}
            wanted[number] = {**row, "active": False, **freed}
    return _compare(present, wanted)


# --- units -------------------------------------------------------------------------------------------------------


def _units(tx: Connection, roster: Roster, cases: Changes[str], passes: Changes[PassKey]) -> Changes[str]:
    """Units that are gone stay where something refers to them, and so do the authority units they answer to."""
    stored = {row["id"]: _without(row, "id") for row in _rows(tx, t.unit)}
    wanted = {one.id: _without(asdict(one), "id") for one in roster.units}
    gone = set(stored) - set(wanted)
    held = _referred(tx, t.unit, gone)
    held |= {key[1] for key in passes.kept} | {row["unit_id"] for row in cases.kept.values()}
    held |= {stored[unit_id]["authority_unit_id"] for unit_id in held & gone}
    return _compare(stored, wanted, keep=held)


# --- roles, passes, cases ----------------------------------------------------------------------------------------


def _roles(tx: Connection, roster: Roster, keys: Mapping[int, Who], groups: GroupMap | None) -> Changes[RoleKey]:
    """What a group gives is the group's to take away; a role that both give is the roster's, unless groups overrule.
    Where no groups are used any more, the roster alone says. What somebody has asked for ends by itself, as long as
    they work here; what the roster gives as well is the roster's from then on."""
    rows = tx.execute(select(t.role).order_by(t.role.c.id))
    stored: dict[RoleKey, Values] = {
        (keys.get(row.person_id, row.person_id), row.unit_id, row.role): {"source": row.source} for row in rows
    }
    wanted: dict[RoleKey, Values] = {
        (one.person, one.unit_id, one.role): {"source": FROM_ROSTER}
        for one in roster.roles
        if groups is None or not groups.overrules(one.unit_id, one.role)
    }
    by_group = {key for key, values in stored.items() if groups is not None and values["source"] == FROM_GROUP}
    here = set(keys.values()) | {key[0] for key in by_group}
    asked_for = (key for key, values in stored.items() if values["source"] == BY_REQUEST and key[0] in here)
    return _compare(stored, wanted, keep=(*by_group, *asked_for))


def _absences(tx: Connection, roster: Roster, keys: Mapping[int, Who], now: datetime) -> Changes[AbsenceKey]:
    """The roster's own periods, beside what the mailboxes say. One that is over goes when it has left the roster."""
    query = select(t.absence).where(t.absence.c.source == FROM_ROSTER).order_by(t.absence.c.starts_at)
    stored: dict[AbsenceKey, Values] = {
        (keys.get(row.person_id, row.person_id), row.starts_at): {"ends_at": row.ends_at} for row in tx.execute(query)
    }
    wanted: dict[AbsenceKey, Values] = {
        (one.person, one.starts_at): {"ends_at": one.ends_at}
        for one in roster.absences
        if one.ends_at is None or one.ends_at > now
    }
    return _compare(stored, wanted)


def _passes(
    tx: Connection, roster: Roster, keys: Mapping[int, Who], now: datetime, elsewhere: Collection[str]
) -> Changes[PassKey]:
    """A pass that is over is history and stays, whatever the roster says; so does one that has changed hands, and those
    of a unit whose rota another system has."""
    stored: dict[PassKey, Values] = {
        (keys.get(row.person_id, row.person_id), row.unit_id, row.starts_at): {
            "ends_at": row.ends_at,
            "source": row.source,
        }
        for row in tx.execute(select(t.on_call).order_by(t.on_call.c.starts_at))
    }
    wanted: dict[PassKey, Values] = {
        (one.person, one.unit_id, one.starts_at): {"ends_at": one.ends_at, "source": rota.ROSTER}
        for one in roster.passes
        if one.unit_id not in elsewhere
    }
    stays = (
        key
        for key, values in stored.items()
        if values["ends_at"] <= now or values["source"] != rota.ROSTER or key[1] in elsewhere
    )
    return _compare(stored, wanted, keep=stays)


def _cases(tx: Connection, roster: Roster, keys: Mapping[int, Who]) -> Changes[str]:
    """A case that is gone stays as long as a message about it is open, so that the message keeps its receiver."""
    stored: dict[str, Values] = {}
    for row in _rows(tx, t.care_case):
        people = {column: keys.get(row[column], row[column]) for column in PEOPLE_OF_CASE}
        stored[row["case_ref"]] = {**_without(row, "case_ref"), **people}
    wanted: dict[str, Values] = {}
    for one in roster.cases:
        values = asdict(one)
        people = {column: values.pop(name) for column, name in PEOPLE_OF_CASE.items()}
        wanted[one.case_ref] = {**_without(values, "case_ref"), **people}
    thread = t.thread.c
    still_open: set[str] = set()
    for some in _chunks(set(stored) - set(wanted)):
        query = select(thread.case_ref).where(thread.case_ref.in_(some), thread.closed_at.is_(None)).distinct()
        still_open |= set(tx.scalars(query))
    return _compare(stored, wanted, keep=still_open)


# --- helpers -----------------------------------------------------------------------------------------------------


def _referred(tx: Connection, table: Table, ids: set[Any]) -> set[Any]:
    """Which of the ids some row refers to, in any table but those that the plan itself decides about."""
    found: set[Any] = set()
    for other in t.metadata.sorted_tables:
        if other.name in _OWN_TABLES:
            continue
        for column in [key.parent for key in other.foreign_keys if key.column.table is table]:
            for some in _chunks(ids - found):
                found |= set(tx.scalars(select(column).where(column.in_(some)).distinct()))
    return found


def _rows(tx: Connection, table: Table) -> list[dict[str, Any]]:
    return [dict(row) for row in tx.execute(select(table)).mappings()]


def _chunks(ids: set[K]) -> Iterable[list[K]]:
    listed = list(ids)
    return (listed[start : start + _CHUNK] for start in range(0, len(listed), _CHUNK))


def _only(row: Values, names: Iterable[str]) -> Values:
    return {name: row[name] for name in names}


def _without(row: Values, name: str) -> Values:
    return {key: value for key, value in row.items() if key != name}
