"""What whoever leads a unit goes through each month: what its people looked at, where it is worth a question.

Codes and references, no content. A look that is listed here is not a wrong one: somebody is to know why it was made.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from sqlalchemy import Connection, select, union

from cases import sealing
from cases import tables as t
from cases.account_list import is_of_any
from cases.directory import Directory
from reminders.localtime import Month, at, to_local

NIGHT_BEGINS, NIGHT_ENDS = time(22), time(6)  # local
MUCH = 10  # looks at one case in the month, by the unit's own people
_TOGETHER = 500
_NO_ACTIONS = frozenset({"view", "search", "denied", "open"})
_RECEIPTS = frozenset({"read", "seen"})  # given by looking

_ROW = t.audit.c


@dataclass(frozen=True, kw_only=True)
class Looked:
    """One look at a thread. `at` is care time (UTC); `role` and `unit_id` as they were then."""

    at: datetime
    person_id: int
    role: str
    unit_id: str
    thread_id: int
    case_ref: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Monthly:
    """A unit's month. `without_action` are looks after which the person did nothing with the thread in that month;
    `opened` are emergency readings; `much_looked` are case, looks and by how many people."""

    unit_id: str
    month: Month
    looks: int
    outside: tuple[Looked, ...]
    without_action: tuple[Looked, ...]
    opened: tuple[Looked, ...]
    at_night: tuple[Looked, ...]
    much_looked: tuple[tuple[str, int, int], ...]


def of(tx: Connection, directory: Directory, unit_id: str, month: Month) -> Monthly:
    """The month of what the unit's own people did."""
    rows = _rows(tx, unit_id, month)
    looks = [row for row in rows if (row.action, row.outcome) == ("view", "shown") and row.thread_id is not None]
    opened = [row for row in rows if row.action == "open" and row.thread_id is not None]
    own = _with_a_part(tx, unit_id, {row.thread_id for row in looks})
    last_done = {
        (row.person_id, row.thread_id): (row.at, row.seq)
        for row in rows
        if row.action not in _NO_ACTIONS and row.signal not in _RECEIPTS
    }
    cases = Counter(row.case_ref for row in looks)
    people = {case: len({row.person_id for row in looks if row.case_ref == case}) for case in cases}
    return Monthly(
        unit_id=unit_id,
        month=month,
        looks=len(looks),
        outside=_told(row for row in looks if row.thread_id not in own),
        without_action=_told(row for row in looks if not _is_followed(row, last_done)),
        opened=_told(opened),
        at_night=_told(row for row in looks if is_night(row.at) and not _is_on_call(directory, row.person_id, row.at)),
        much_looked=tuple((case, n, people[case]) for case, n in cases.most_common() if n >= MUCH),
    )


def is_night(instant: datetime) -> bool:
    """Whether it is night where the care is."""
    clock = to_local(instant).time()
    return clock >= NIGHT_BEGINS or clock < NIGHT_ENDS


def _rows(tx: Connection, unit_id: str, month: Month) -> Sequence[Any]:
    first, last = at(month.day(1), time(0)), at(month.plus(1).day(1), time(0))
    query = (
        select(_ROW.seq, _ROW.at, _ROW.person_id, _ROW.role, _ROW.unit_id, _ROW.thread_id, _ROW.case_ref, _ROW.reason)
        .add_columns(_ROW.action, _ROW.signal, _ROW.outcome)
        .where(_ROW.at >= first, _ROW.at < last)
        .where(_ROW.unit_id == unit_id, _ROW.person_id.is_not(None))
        .order_by(_ROW.at, _ROW.chain, _ROW.seq)
    )
    hidden = sealing.sealed_keys(tx)
    return [row for row in tx.execute(query) if not is_of_any(row, hidden)]


def _is_followed(look: Any, last_done: Mapping[tuple[int, int], tuple[datetime, int]]) -> bool:
    done = last_done.get((look.person_id, look.thread_id))
    return done is not None and done > (look.at, look.seq)


def _with_a_part(tx: Connection, unit_id: str, threads: Iterable[int]) -> set[int]:
    """Those of the threads in which the unit has, or has had, a part; and those that are no longer kept."""
    wanted = sorted(threads)
    party, thread = t.party.c, t.thread.c
    found, kept = set(), set()
    for start in range(0, len(wanted), _TOGETHER):
        some = wanted[start : start + _TOGETHER]
        sent = select(thread.id).where(thread.id.in_(some), thread.sender_unit_id == unit_id)
        seated = select(party.thread_id).where(party.thread_id.in_(some), party.unit_id == unit_id)
        found |= set(tx.scalars(union(sent, seated)))
        kept |= set(tx.scalars(select(thread.id).where(thread.id.in_(some))))
    return found | (set(wanted) - kept)


def _is_on_call(directory: Directory, person_id: int, instant: datetime) -> bool:
    return any(
        one.person_id == person_id and one.covers(instant) for passes in directory.passes.values() for one in passes
    )


def _told(rows: Iterable[Any]) -> tuple[Looked, ...]:
    return tuple(
        Looked(
            at=row.at, person_id=row.person_id, role=row.role, unit_id=row.unit_id, thread_id=row.thread_id,
            case_ref=row.case_ref, reason=row.reason,
        )
        for row in rows
    )  # fmt: skip
