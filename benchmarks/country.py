"""The roster of a country's worth of threads: units, people, conversations and cases, numbered after what is there."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Table, func, insert, select

from benchmarks import town
from benchmarks.shapes import TABLES
from cases import tables as t

CASES_OF_ASSESSOR = 5
_AT_ONCE = 50_000


@dataclass(frozen=True, kw_only=True)
class Base:
    """What is there already: new rows are numbered from here."""

    people: int
    units: int
    ids: dict[str, int]

    @classmethod
    def of(cls, tx: Connection) -> "Base":
        """As the record stands."""
        numbered = [table for table in TABLES if "id" in table.c]
        return cls(
            people=_last(tx, t.person) + 1,
            units=int(tx.scalar(select(func.count()).select_from(t.unit)) or 0),
            ids={table.name: _last(tx, table) + 1 for table in numbered},
        )


def _last(tx: Connection, table: Table) -> int:
    return int(tx.scalar(select(func.max(table.c.id))) or 0)


def care(base: Base, number: int) -> str:
    """A home care unit."""
    return f"HT-{base.units}-{number}"


def authority(base: Base, number: int) -> str:
    """The authority unit of a home care unit; two share one."""
    return f"MYND-{base.units}-{number // 2}"


def case_ref(base: Base, care_unit: int, assessor_seat: int, number: int) -> str:
    """One of the cases that an assessor has in a home care unit."""
    return f"M-{base.units}-{care_unit}-{assessor_seat}-{number}"


def care_person(base: Base, unit: int, seat: int) -> int:
    """Who sits in a seat of a home care unit."""
    return base.people + unit * town.WORKERS + seat


def authority_person(base: Base, care_units: int, unit: int, seat: int) -> int:
    """Who sits in a seat of a home care unit's authority."""
    return base.people + care_units * town.WORKERS + unit // 2 * town.ASSESSORS + seat


def roster(tx: Connection, base: Base, care_units: int, service_url: str, now: datetime) -> None:
    """Two home care units to an authority unit, and five cases of each assessor in each of them."""
    authorities = range(0, care_units, 2)
    tx.execute(insert(t.unit), [town.unit_row(authority(base, unit), "authority_unit", None) for unit in authorities])
    homes = [town.unit_row(care(base, unit), "home_care", authority(base, unit)) for unit in range(care_units)]
    tx.execute(insert(t.unit), homes)
    seats = [(unit, seat) for unit in range(care_units) for seat in range(town.WORKERS)]
    staff = [(care_person(base, unit, seat), care(base, unit), town.care_role(seat)) for unit, seat in seats]
    staff += [
        (authority_person(base, care_units, unit, seat), authority(base, unit), town.authority_role(seat))
        for unit in authorities
        for seat in range(town.ASSESSORS)
    ]
    tx.execute(insert(t.person), [town.person_row(who, role) for who, _, role in staff])
    tx.execute(insert(t.role), [{"person_id": who, "unit_id": unit, "role": role} for who, unit, role in staff])
    tx.execute(insert(t.conversation), [town.conversation_row(who, service_url, now) for who, _, _ in staff])
    cases = (
        {
            "case_ref": case_ref(base, unit, seat, number), "unit_id": care(base, unit),
            "responsible_id": authority_person(base, care_units, unit, seat),
        }
        for unit in range(care_units) for seat in range(1, town.ASSESSORS) for number in range(CASES_OF_ASSESSOR)
    )  # fmt: skip
    in_lots(tx, t.care_case, cases)


def in_lots(tx: Connection, table: Table, rows: Iterator[dict[str, Any]]) -> None:
    """Insert very many rows without holding them all."""
    while lot := list(islice(rows, _AT_ONCE)):
        tx.execute(insert(table), lot)
