"""What stands in the account, for an auditor: who did what when and how it went. No content is in it to be read."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, or_, select

from cases import sealing
from cases import tables as t
from cases.directory import Directory
from cases.policy import Act, OfUnit, Who, decide

_OWN = "egen_regi"
_ROW = t.audit.c


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is asked for. `first` is inclusive, `last` exclusive (UTC); nothing that is left out limits."""

    case_ref: str = ""
    person_id: int | None = None
    first: datetime | None = None
    last: datetime | None = None


def scope(directory: Directory, person_id: int, now: datetime) -> set[str]:
    """The units whose people's actions this person may read of; empty for whoever may not.

    An auditor of the municipality's own reads of all its own units of the same profile, and an auditor of another
    provider of their own unit: each answers for what its own people do.
    """
    who = Who(person_id=person_id, directory=directory, now=now)
    units: set[str] = set()
    for one in directory.memberships(person_id):
        unit = directory.units[one.unit_id]
        if not decide(who, Act.AUDIT, OfUnit(unit_id=unit.id)):
            continue
        units.add(unit.id)
        if unit.provider_kind == _OWN:
            units |= {
                other.id
                for other in directory.units.values()
                if (other.provider_kind, other.profile) == (_OWN, unit.profile)
            }
    return units


def rows(tx: Connection, directory: Directory, units: set[str], asked: Asked) -> Sequence[Any]:
    """The rows, in the order of their times. What Stafett did by itself is in it for the municipality's
    own auditor. Sealed cases are left out."""
    query = select(t.audit).order_by(_ROW.at, _ROW.chain, _ROW.seq)
    mine = _ROW.unit_id.in_(units)
    is_own = any(directory.units[one].provider_kind == _OWN for one in units)
    query = query.where(or_(mine, _ROW.unit_id == "") if is_own else mine)
    if asked.case_ref:
        ways = {asked.case_ref, asked.case_ref.upper(), asked.case_ref.lower()}
        query = query.where(or_(_ROW.case_ref.in_(ways), and_(_ROW.action == "search", _ROW.reason.in_(ways))))
    if asked.person_id is not None:
        query = query.where(or_(_ROW.person_id == asked.person_id, _ROW.about_id == asked.person_id))
    if asked.first is not None:
        query = query.where(_ROW.at >= asked.first)
    if asked.last is not None:
        query = query.where(_ROW.at < asked.last)
    hidden = sealing.sealed_keys(tx)
    return [row for row in tx.execute(query) if not is_of_any(row, hidden)]


def is_of_any(row: Any, keys: Collection[str]) -> bool:
    """Whether the row is of one of these cases (`sealing.key_of`). An old row of a search has it as its reason."""
    ref = row.case_ref or (row.reason if row.action == "search" else "")
    return bool(ref) and sealing.key_of(ref) in keys
