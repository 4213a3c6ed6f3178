"""Legal holds: nothing of a case is disposed of as long as the municipality needs it for something else.

A hold is placed on a case reference, whether the record knows it or not: the answer tells nobody that a case exists.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, insert, select, update

from cases import account
from cases import tables as t
from cases.case_keys import key_of, spellings

# Why a case is held: codes, since words could tell of somebody.
REASONS = {
    "utlamnande": "någon har begärt ut handlingar",
    "tillsyn": "tillsyn eller anmälan utreds",
    "avvikelse": "en avvikelse eller lex Sarah utreds",
    "domstol": "mål i domstol eller krav mot kommunen",
    "forskning": "ska bevaras för forskning eller arkiv",
    "annat": "annat skäl, som står i ärendet",
}
_HOLD = t.legal_hold.c


@dataclass(frozen=True, kw_only=True)
class Hold:
    """A hold that stands. `placed_at` is care time (UTC)."""

    case_ref: str
    reason: str
    placed_at: datetime
    placed_by: int


def place(tx: Connection, case_ref: str, reason: str, person_id: int, now: datetime) -> bool:
    """Hold the case; False when it is held already. It is noted in the account."""
    stands = select(_HOLD.id).where(_HOLD.key == key_of(case_ref), _HOLD.released_at.is_(None))
    if tx.scalar(stands) is not None:
        return False
    row = {
        "key": key_of(case_ref), "case_ref": case_ref, "reason": reason, "placed_at": now, "placed_by": person_id,
    }  # fmt: skip
    tx.execute(insert(t.legal_hold).values(row))
    _note(tx, now, person_id, case_ref, "hold", reason)
    return True


def release(tx: Connection, case_ref: str, person_id: int, now: datetime) -> bool:
    """The case is no longer held; False when it was not. It is noted in the account."""
    change = update(t.legal_hold).where(_HOLD.key == key_of(case_ref), _HOLD.released_at.is_(None))
    if not tx.execute(change.values(released_at=now, released_by=person_id)).rowcount:
        return False
    _note(tx, now, person_id, case_ref, "release", "")
    return True


def standing(tx: Connection) -> Sequence[Hold]:
    """Every hold that stands, the oldest first."""
    rows = tx.execute(
        select(_HOLD.case_ref, _HOLD.reason, _HOLD.placed_at, _HOLD.placed_by)
        .where(_HOLD.released_at.is_(None))
        .order_by(_HOLD.placed_at, _HOLD.id)
    )
    return [Hold(**row._mapping) for row in rows]


def held_spellings(tx: Connection, column: ColumnElement[str]) -> list[str]:
    """How a column of references spells the cases on which a hold stands."""
    keys = set(tx.scalars(select(_HOLD.key).where(_HOLD.released_at.is_(None))))
    return spellings(tx, column, keys)


def _note(tx: Connection, now: datetime, person_id: int, case_ref: str, signal: str, reason: str) -> None:
    account.note(
        tx, now, person_id=person_id, action="config", outcome="done", signal=signal, reason=reason, case_ref=case_ref,
        channel=account.COMMAND,
    )  # fmt: skip
