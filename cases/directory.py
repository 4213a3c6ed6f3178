"""The part of the roster that one transaction needs: units, people, who holds which role, who is on call."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from cases import tables

_TO_WRITE_NOTES = timedelta(hours=12)


@dataclass(frozen=True, kw_only=True)
class Unit:
    id: str
    name: str
    kind: str
    profile: str
    provider_kind: str
    authority_unit_id: str | None
    phone: str
    on_call_phone: str | None
    last_resort_role: str
    last_resort_phone: str


@dataclass(frozen=True, kw_only=True)
class Person:
    id: int
    name: str
    title: str
    phone: str
    active: bool
    reachable: bool  # has an open conversation with the bot


@dataclass(frozen=True, kw_only=True)
class Pass:
    """An on-call pass, in UTC; the end is exclusive."""

    person_id: int
    unit_id: str
    starts_at: datetime
    ends_at: datetime

    def covers(self, now: datetime) -> bool:
        return self.starts_at <= now < self.ends_at


@dataclass(kw_only=True)
class Directory:
    units: dict[str, Unit]
    people: dict[int, Person]
    roles: dict[tuple[str, str], list[int]]  # (unit, role) → people
    passes: dict[str, list[Pass]]

    @classmethod
    def load(cls, tx: Connection, unit_ids: Iterable[str], person_ids: Iterable[int] = ()) -> "Directory":
        """Everything about these units (and the authority units they answer to) and these people."""
        units = _units(tx, set(unit_ids))
        authorities = {unit.authority_unit_id for unit in units.values() if unit.authority_unit_id} - set(units)
        units |= _units(tx, authorities)
        roles: dict[tuple[str, str], list[int]] = {}
        table = tables.role
        for row in tx.execute(
            select(table.c.unit_id, table.c.role, table.c.person_id)
            .where(table.c.unit_id.in_(units))
            .order_by(table.c.id)
        ):
            roles.setdefault((row.unit_id, row.role), []).append(row.person_id)
        passes = _passes(tx, set(units))
        wanted = set(person_ids) | {who for holders in roles.values() for who in holders}
        wanted |= {one.person_id for many in passes.values() for one in many}
        return cls(units=units, people=people(tx, wanted), roles=roles, passes=passes)

    def holders(self, unit_id: str, *roles: str) -> list[int]:
        """Active people who hold any of the roles in the unit, in the order of the roles."""
        found: list[int] = []
        for role in roles:
            found += [who for who in self.roles.get((unit_id, role), ()) if who not in found and self.is_active(who)]
        return found

    def on_call(self, unit_id: str, now: datetime) -> list[int]:
        return [
            one.person_id for one in self.passes.get(unit_id, ()) if one.covers(now) and self.is_active(one.person_id)
        ]

    def may_finish_pass(self, unit_id: str, person_id: int, now: datetime) -> bool:
        """Whether the person is on call for the unit, or ended the pass so lately that the notes may remain to do."""
        mine = [one for one in self.passes.get(unit_id, ()) if one.person_id == person_id]
        return self.is_active(person_id) and any(one.starts_at <= now < one.ends_at + _TO_WRITE_NOTES for one in mine)

    def is_active(self, person_id: int) -> bool:
        return person_id in self.people and self.people[person_id].active

    def roles_of(self, person_id: int, unit_id: str) -> frozenset[str]:
        return frozenset(
            role for (unit, role), holders in self.roles.items() if unit == unit_id and person_id in holders
        )

    def ensure_people(self, tx: Connection, person_ids: Iterable[int]) -> None:
        missing = set(person_ids) - set(self.people)
        if missing:
            self.people |= people(tx, missing)


def people(tx: Connection, ids: set[int]) -> dict[int, Person]:
    if not ids:
        return {}
    who, talk = tables.person, tables.conversation
    rows = tx.execute(
        select(who.c.id, who.c.name, who.c.title, who.c.phone, who.c.active, talk.c.status)
        .select_from(who.outerjoin(talk, talk.c.person_id == who.c.id))
        .where(who.c.id.in_(ids))
    )
    return {
        row.id: Person(
            id=row.id,
            name=row.name,
            title=row.title,
            phone=row.phone,
            active=row.active,
            reachable=row.status == "open",
        )
        for row in rows
    }


def _units(tx: Connection, ids: set[str]) -> dict[str, Unit]:
    if not ids:
        return {}
    table = tables.unit
    return {row.id: Unit(**row._mapping) for row in tx.execute(select(table).where(table.c.id.in_(ids)))}


def _passes(tx: Connection, ids: set[str]) -> dict[str, list[Pass]]:
    found: dict[str, list[Pass]] = {}
    table = tables.on_call
    for row in tx.execute(
        select(table.c.person_id, table.c.unit_id, table.c.starts_at, table.c.ends_at)
        .where(table.c.unit_id.in_(ids))
        .order_by(table.c.starts_at)
    ):
        found.setdefault(row.unit_id, []).append(Pass(**row._mapping))
    return found
