"""The roster as one transaction needs it: units, people, who holds which role, who is on call, whose case it is.

It is read whole, but for the cases, and kept by the process until the roster changes: one small read tells whether it
has.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from secrets import token_hex
from threading import Lock

from sqlalchemy import Connection, bindparam, insert, select, update

from cases import away
from cases import tables as t
from cases.away import Absences
from cases.statements import Statement

_TO_WRITE_NOTES = timedelta(hours=12)
_VERSION = "roster_version"
BY_REQUEST = "request"  # the source of a role that somebody has asked for, and that ends
_ASSESSORS = frozenset({"needs_assessor", "lead_needs_assessor"})


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
    mailbox: str | None = None
    disclosure_basis: str | None = None
    disclosure_ref: str | None = None
    mode_cap: str | None = None


@dataclass(frozen=True, kw_only=True)
class Person:
    id: int
    name: str
    title: str
    phone: str
    active: bool


@dataclass(frozen=True, kw_only=True)
class Pass:
    """An on-call pass, in UTC; the end is exclusive."""

    person_id: int
    unit_id: str
    starts_at: datetime
    ends_at: datetime

    def covers(self, now: datetime) -> bool:
        return self.starts_at <= now < self.ends_at


@dataclass(frozen=True, kw_only=True)
class CaseFacts:
    """What the roster knows of a case; all None for a reference it does not know."""

    unit_id: str | None = None
    responsible_id: int | None = None
    responsible_unit_id: str | None = None
    fixed_contact_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class Membership:
    """A role that a person holds in a unit."""

    unit_id: str
    unit_name: str
    unit_kind: str
    profile: str
    role: str


@dataclass(kw_only=True)
class Directory:
    """The roster at one version, without its cases. Never changed once it is read."""

    version: str
    units: dict[str, Unit]
    people: dict[int, Person]
    roles: dict[tuple[str, str], list[int]]  # (unit, role) → people
    passes: dict[str, list[Pass]]
    works_at: dict[int, str]  # assessor → the unit they answer for cases in
    held: dict[int, list[Membership]] = field(default_factory=dict)
    absence: Absences = field(default_factory=Absences)

    def case(self, tx: Connection, case_ref: str) -> CaseFacts | None:
        """A case that no thread has been read with. The cases are not kept: a county has hundreds of thousands."""
        row = _CASE.first(tx, {"ref": case_ref})
        return None if row is None else self.facts(*row)

    def spelled(self, tx: Connection, case_ref: str) -> str:
        """A typed case reference as the roster has it; a reference that it does not know in capitals, as it has all."""
        ways = dict.fromkeys((case_ref, case_ref.upper(), case_ref.lower()))
        return next((way for way in ways if _CASE.first(tx, {"ref": way}) is not None), case_ref.upper())

    def facts(self, unit_id: str | None, responsible_id: int | None, fixed_contact_id: int | None = None) -> CaseFacts:
        """What the roster says of a case with this unit, this responsible assessor and this fixed care contact."""
        return CaseFacts(
            unit_id=unit_id, responsible_id=responsible_id, responsible_unit_id=self.works_at.get(responsible_id or 0),
            fixed_contact_id=fixed_contact_id,
        )  # fmt: skip

    def memberships(self, person_id: int) -> list[Membership]:
        """The roles a person holds, in roster order."""
        return self.held.get(person_id, [])

    def units_of_kind(self, kind: str, profile: str) -> dict[str, str]:
        """Units of a kind in a profile that somebody works in, id → name."""
        staffed = {unit for unit, _ in self.roles}
        found = [
            unit for unit in self.units.values() if (unit.kind, unit.profile) == (kind, profile) and unit.id in staffed
        ]
        return {unit.id: unit.name for unit in sorted(found, key=lambda unit: unit.name)}

    def holders(self, unit_id: str, *roles: str) -> list[int]:
        """Active people who hold any of the roles in the unit, in the order of the roles."""
        found: list[int] = []
        for role in roles:
            found += [who for who in self.roles.get((unit_id, role), ()) if who not in found and self.is_active(who)]
        return found

    def on_call(self, unit_id: str, now: datetime) -> list[int]:
        """Who has the unit's pass now; one jour may have that of several units. Whoever no longer holds any role has
        lost it."""
        return [one.person_id for one in self.passes.get(unit_id, ()) if one.covers(now) and self.works(one.person_id)]

    def may_finish_pass(self, unit_id: str, person_id: int, now: datetime) -> bool:
        """Whether the person is on call for the unit, or ended the pass so lately that the notes may remain to do."""
        mine = [one for one in self.passes.get(unit_id, ()) if one.person_id == person_id]
        lasts = any(one.starts_at <= now < one.ends_at + _TO_WRITE_NOTES for one in mine)
        return lasts and self.works(person_id)

    def works(self, person_id: int) -> bool:
        """Whether the person is there and holds any role at all: a pass is worth nothing without."""
        return self.is_active(person_id) and bool(self.memberships(person_id))

    def is_active(self, person_id: int) -> bool:
        return person_id in self.people and self.people[person_id].active

    def roles_of(self, person_id: int, unit_id: str) -> frozenset[str]:
        return frozenset([one.role for one in self.held.get(person_id, ()) if one.unit_id == unit_id])


class Directories:
    """Keeps the newest directory of this process; every transaction asks here."""

    def __init__(self) -> None:
        self._kept: Directory | None = None
        self._reading = Lock()

    def current(self, tx: Connection) -> Directory:
        """The directory as the transaction sees it."""
        version = _READ_VERSION.scalar(tx, {"key": _VERSION}) or ""
        kept = self._kept
        if kept is None or kept.version != version:
            with self._reading:
                # Nobody changes the roster while it is read: what is kept is one roster, and not parts of two.
                version = _HOLD_VERSION.scalar(tx, {"key": _VERSION}) or ""
                kept = self._kept = read(tx, version)
        return kept


def roster_changed(tx: Connection) -> None:
    """Tell every process, in the transaction that changes the roster, that what they keep is old."""
    table = t.setting
    number = int((_READ_VERSION.scalar(tx, {"key": _VERSION}) or "0").partition(".")[0]) + 1
    # Numbers alone come again after a restore, and would then stand for another roster than the one that is kept.
    version = f"{number}.{token_hex(4)}"
    if tx.execute(update(table).where(table.c.key == _VERSION).values(value=version)).rowcount == 0:
        tx.execute(insert(table).values(key=_VERSION, value=version))


_WHO, _ROLE = t.person.c, t.role.c
_PEOPLE = Statement(select(_WHO.id, _WHO.name, _WHO.title, _WHO.phone, _WHO.active))
_ROLES = Statement(select(_ROLE.person_id, _ROLE.unit_id, _ROLE.role, _ROLE.source).order_by(_ROLE.id))
_CASE = Statement(
    select(t.care_case.c.unit_id, t.care_case.c.responsible_id, t.care_case.c.fixed_contact_id).where(
        t.care_case.c.case_ref == bindparam("ref")
    )
)
_OF_ROSTER = select(t.setting.c.value).where(t.setting.c.key == bindparam("key"))
_READ_VERSION, _HOLD_VERSION = Statement(_OF_ROSTER), Statement(_OF_ROSTER.with_for_update(read=True))


def read(tx: Connection, version: str) -> Directory:
    """The roster, in one statement per table."""
    units = {row.id: Unit(**row._mapping) for row in tx.execute(select(t.unit))}
    people = {
        number: Person(id=number, name=name, title=title, phone=phone, active=active)
        for number, name, title, phone, active in _PEOPLE.rows(tx, {})
    }
    roles: dict[tuple[str, str], list[int]] = {}
    held: dict[int, list[Membership]] = {}
    works_at: dict[int, str] = {}
    kept: dict[tuple[str, str], Membership] = {}  # one for all who hold the role in the unit
    for person_id, unit_id, role in _held(tx):
        seat = unit_id, role
        roles.setdefault(seat, []).append(person_id)
        if seat not in kept:
            kept[seat] = _membership(units[unit_id], role)
        held.setdefault(person_id, []).append(kept[seat])
        if role in _ASSESSORS:
            works_at[person_id] = unit_id
    passes: dict[str, list[Pass]] = {}
    columns = t.on_call.c
    for row in tx.execute(
        select(columns.person_id, columns.unit_id, columns.starts_at, columns.ends_at)
        .where(columns.swapped_by.is_(None))
        .order_by(columns.starts_at)
    ):
        passes.setdefault(row.unit_id, []).append(Pass(**row._mapping))
    return Directory(
        version=version, units=units, people=people, roles=roles, passes=passes, works_at=works_at, held=held,
        absence=away.read(tx),
    )  # fmt: skip


def _held(tx: Connection) -> list[tuple[int, str, str]]:
    """Who holds which role. One that has been asked for is worth nothing without another: whoever is no longer in the
    roster, nor in a group, has left."""
    rows = _ROLES.rows(tx, {})
    there = {person_id for person_id, _, _, source in rows if source != BY_REQUEST}
    return [(person_id, unit_id, role) for person_id, unit_id, role, _ in rows if person_id in there]


def _membership(unit: Unit, role: str) -> Membership:
    return Membership(unit_id=unit.id, unit_name=unit.name, unit_kind=unit.kind, profile=unit.profile, role=role)
