"""Doing what a plan says, in the caller's transaction."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, delete, insert, update

from cases import account
from cases import tables as t
from cases.absence import forget_person
from cases.roster_plan import FROM_ROSTER, PEOPLE_OF_CASE, AbsenceKey, Changes, PassKey, Plan, RoleKey, Values
from cases.roster_values import Who

_UNIQUE = ("aad_object_id", "upn")


def write(tx: Connection, plan: Plan, now: datetime) -> None:
    """Rows that refer come after what they refer to, and go before it. `now` is care time (UTC)."""
    _write_units(tx, plan.units)
    numbers = _write_people(tx, plan)
    _write_roles(tx, plan.roles, numbers, now)
    _write_passes(tx, plan.passes, numbers)
    _write_cases(tx, plan.cases, numbers)
    _write_absences(tx, plan.absences, numbers)
    forget_person(tx, [numbers[who] for who in plan.people.gone])
    for who in plan.people.gone:
        tx.execute(delete(t.person).where(t.person.c.id == numbers[who]))
    for unit_id in plan.units.gone:
        tx.execute(delete(t.unit).where(t.unit.c.id == unit_id))


def _write_units(tx: Connection, changes: Changes[str]) -> None:
    _insert(tx, t.unit, [{"id": unit_id, **values} for unit_id, values in changes.new.items()])
    for unit_id, (_, values) in changes.changed.items():
        tx.execute(update(t.unit).where(t.unit.c.id == unit_id).values(**values))


def _write_people(tx: Connection, plan: Plan) -> dict[Who, int]:
    """Everybody's number. Ids that change hands are let go of before anyone takes them."""
    table, changes = t.person, plan.people
    numbers: dict[Who, int] = {number: number for number in plan.names if isinstance(number, int)}
    numbers.update(plan.ids)
    let_go: dict[int, Values] = {
        numbers[who]: _ids_that_change(before, after) for who, (before, after) in changes.changed.items()
    }
    let_go |= {numbers[who]: dict.fromkeys(_UNIQUE) for who in changes.gone}
    for number, values in let_go.items():
        if values:
            tx.execute(update(table).where(table.c.id == number).values(**values))
    for who, (_, values) in changes.changed.items():
        tx.execute(update(table).where(table.c.id == numbers[who]).values(**values))
    if changes.new:
        query = insert(table).returning(table.c.id, sort_by_parameter_order=True)
        given = tx.scalars(query, [dict(values) for values in changes.new.values()])
        numbers |= dict(zip(changes.new, given, strict=True))
    return numbers


def _ids_that_change(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, None]:
    return {name: None for name in _UNIQUE if before[name] != after[name]}


def _write_roles(tx: Connection, changes: Changes[RoleKey], numbers: Mapping[Who, int], now: datetime) -> None:
    table = t.role
    for signal, keys in (("roster_left", changes.gone), ("roster_joined", changes.new)):
        theirs = [(numbers[who], unit_id, role) for who, unit_id, role in keys]
        account.note_roles(tx, now, theirs, signal=signal, channel=account.COMMAND)
    for who, unit_id, role in changes.gone:
        tx.execute(
            delete(table).where(table.c.person_id == numbers[who], table.c.unit_id == unit_id, table.c.role == role)
        )
    for (who, unit_id, role), (_, values) in changes.changed.items():
        of = (table.c.person_id == numbers[who]) & (table.c.unit_id == unit_id) & (table.c.role == role)
        tx.execute(update(table).where(of).values(**values, until=None, thread_id=None))
    rows = [
        {"person_id": numbers[who], "unit_id": unit_id, "role": role, "since": now, **values}
        for (who, unit_id, role), values in changes.new.items()
    ]
    _insert(tx, table, rows)


def _write_absences(tx: Connection, changes: Changes[AbsenceKey], numbers: Mapping[Who, int]) -> None:
    table = t.absence
    for who, starts_at in (*changes.gone, *changes.changed):
        of = (table.c.person_id == numbers[who]) & (table.c.starts_at == starts_at) & (table.c.source == FROM_ROSTER)
        tx.execute(delete(table).where(of))
    found = {**changes.new, **{key: after for key, (_, after) in changes.changed.items()}}
    rows = [
        {"person_id": numbers[who], "starts_at": starts_at, "source": FROM_ROSTER, **values}
        for (who, starts_at), values in found.items()
    ]
    _insert(tx, table, rows)


def _write_passes(tx: Connection, changes: Changes[PassKey], numbers: Mapping[Who, int]) -> None:
    table = t.on_call

    def is_pass(key: PassKey) -> Any:
        who, unit_id, starts_at = key
        return (table.c.person_id == numbers[who]) & (table.c.unit_id == unit_id) & (table.c.starts_at == starts_at)

    for key in changes.gone:
        tx.execute(delete(table).where(is_pass(key)))
    for key, (_, values) in changes.changed.items():
        tx.execute(update(table).where(is_pass(key)).values(**values))
    rows = [
        {"person_id": numbers[who], "unit_id": unit_id, "starts_at": starts_at, **values}
        for (who, unit_id, starts_at), values in changes.new.items()
    ]
    _insert(tx, table, rows)


def _write_cases(tx: Connection, changes: Changes[str], numbers: Mapping[Who, int]) -> None:
    table = t.care_case

    def row(values: Mapping[str, Any]) -> dict[str, Any]:
        people = {one: None if values[one] is None else numbers[values[one]] for one in PEOPLE_OF_CASE}
        return {**values, **people}

    for case_ref in changes.gone:
        tx.execute(delete(table).where(table.c.case_ref == case_ref))
    for case_ref, (_, values) in changes.changed.items():
        tx.execute(update(table).where(table.c.case_ref == case_ref).values(**row(values)))
    _insert(tx, table, [{"case_ref": case_ref, **row(values)} for case_ref, values in changes.new.items()])


def _insert(tx: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    if rows:
        tx.execute(insert(table), rows)
