"""A record with very many open threads, made in a minute or two: shapes that the engine made, copied inside it.

    python -m benchmarks.many DATABASE_URL THREADS [BURST]

The roster grows with the threads, so that nobody has more on their desk than a person can: about forty open threads
each. All deadlines lie in the coming year, from the day after tomorrow, except those of a burst.
"""

import argparse
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from datetime import time as clock_time
from random import Random
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Integer,
    MetaData,
    String,
    Table,
    bindparam,
    case,
    cast,
    func,
    insert,
    literal,
    null,
    select,
    update,
)  # fmt: skip

from benchmarks import shapes, town
from benchmarks.bulk import filling, indexes_away, sequences_follow
from benchmarks.country import (
    CASES_OF_ASSESSOR,
    Base,
    authority,
    authority_person,
    care,
    care_person,
    case_ref,
    in_lots,
    roster,
)
from benchmarks.shapes import DUE, TABLES, WAITING, Led, Shape, Stage, office_moment
from bot.clock import Clock
from bot.house import build_record
from cases import on_time
from cases import tables as t
from cases.anchors import digest
from cases.chain import START
from cases.directory import roster_changed
from cases.recompute import note_profiles
from cases.record import Record
from cases.store import Store
from reminders.localtime import at, to_local
from reminders.rule_kinds import MinutesAfter, OfficeMinutesAfter

PER_CARE_UNIT = 400  # open threads, of twenty people
_WAITING_SHAPES, _DUE_SHAPES = 196, 100
_MANY = 100_000  # from here on it pays to sort the indexes once
_PEOPLE = frozenset({"person_id", "sender_id", "read_by", "taken_by"})
_UNITS = frozenset({"unit_id", "sender_unit_id"})
NOWHERE = "http://127.0.0.1:9/teams/"


@dataclass(frozen=True, kw_only=True)
class Burst:
    """So many threads with a rung due from `at` (care time, in office hours), evenly within `spread`."""

    threads: int
    at: datetime
    spread: timedelta = timedelta(seconds=1)
    ways: tuple[Led, ...] = DUE

    def moments(self) -> list[datetime]:
        return [self.at + self.spread * number / _DUE_SHAPES for number in range(_DUE_SHAPES)]


def fill(url: str, threads: int, *, now: datetime, burst: Burst | None = None, service_url: str = NOWHERE) -> None:
    """Put `threads` more open threads, with roster, into a migrated database that nobody else has open.

    `now` is care time. On SQLite the file is left in rollback mode; the store sets it back to WAL when it opens it.
    """
    record = build_record()
    found = _shapes(record, now, burst)
    with filling(url) as engine, engine.begin() as tx, indexes_away(tx, TABLES if threads >= _MANY else ()):
        base = Base.of(tx)
        care_units = -(-threads // PER_CARE_UNIT)
        roster(tx, base, care_units, service_url, now)
        _copy(tx, base, found, _clones(base, found, threads, burst, care_units))
        if burst:
            _each_its_own_moment(tx, record, base, threads, burst)
        sequences_follow(tx, (t.person, t.role, *TABLES))
        roster_changed(tx)
        _served_for_a_while(tx, record, now)


def _served_for_a_while(tx: Connection, record: Record, now: datetime) -> None:
    """What a start would do first of all has been done: every deadline follows the profiles, what has ended is counted,
    and the account is anchored."""
    note_profiles(tx, record.profiles, now)
    on_time.finish(tx, Counter(), to_local(now).date())
    until = tx.scalar(select(func.max(t.audit.c.id))) or 0
    n = (tx.scalar(select(func.max(t.anchor.c.n))) or 0) + 1
    facts = {"n": n, "at": now, "until_id": until, "chains": 0, "prev": START}
    tx.execute(insert(t.anchor).values(facts | {"hash": digest(n, now, until, START, [])}))


def _shapes(record: Record, now: datetime, burst: Burst | None) -> list[Shape]:
    """The waiting ones, then those of the burst."""
    rng, stage = Random(7), Stage(record)
    days = [now + timedelta(days=3 + 362 * number / _WAITING_SHAPES) for number in range(_WAITING_SHAPES)]
    try:
        found = [
            stage.shape(WAITING[number % len(WAITING)], office_moment(day, rng)) for number, day in enumerate(days)
        ]
        for number, moment in enumerate(burst.moments() if burst else []):
            assert burst is not None
            found.append(stage.shape(burst.ways[number % len(burst.ways)], moment))
    finally:
        stage.close()
    return found


# --- the copies ---------------------------------------------------------------------------------------------------

# What is named by the thread's number. The hashes of the account's chains stay the shapes' own: nobody checks them.
_NAMED = {"key": "c:", "chain": "t:"}
_CLONE = Table(
    "clone",
    MetaData(),
    Column("n", Integer, primary_key=True),
    Column("shape", Integer),
    Column("care_shift", Integer),  # from a seat of the little town to the person in the same seat of the copy's
    Column("authority_shift", Integer),
    Column("care_unit", String(40)),
    Column("authority_unit", String(40)),
    Column("case_ref", String(40)),
    prefixes=["TEMPORARY"],
)


def _clones(
    base: Base, found: Sequence[Shape], threads: int, burst: Burst | None, care_units: int
) -> Iterator[dict[str, Any]]:
    due = burst.threads if burst else 0
    every = threads // due if due else threads + 1
    for number in range(threads):
        falls_due = number % every == every - 1 and number // every < due
        shape = _WAITING_SHAPES + number // every % _DUE_SHAPES if falls_due else number % _WAITING_SHAPES
        unit = number // PER_CARE_UNIT
        yield {
            "n": number, "shape": shape, "care_unit": care(base, unit), "authority_unit": authority(base, unit),
            "care_shift": care_person(base, unit, 0) - town.worker_id(0, 0),
            "authority_shift": authority_person(base, care_units, unit, 0) - shapes.assessor_id(0),
            "case_ref": case_ref(base, unit, found[shape].assessor_seat, number % CASES_OF_ASSESSOR),
        }  # fmt: skip


def _copy(tx: Connection, base: Base, found: Sequence[Shape], clones: Iterator[dict[str, Any]]) -> None:
    _CLONE.create(tx)
    in_lots(tx, _CLONE, clones)
    widest = {table.name: max(len(shape.rows[table.name]) for shape in found) for table in TABLES}
    for table in TABLES:
        _copy_rows(tx, table, base, found, widest)
    _CLONE.drop(tx)


def _copy_rows(tx: Connection, table: Table, base: Base, found: Sequence[Shape], widest: dict[str, int]) -> None:
    shaped = Table(
        f"shaped_{table.name}",
        MetaData(),
        Column("shape", Integer, index=True),
        Column("k", Integer),
        *(Column(f"of_{one.name}", one.type) for one in table.c),
        prefixes=["TEMPORARY"],
    )
    shaped.create(tx)
    rows = [
        {"shape": number, "k": k} | {f"of_{name}": value for name, value in _ordinal(row, shape).items()}
        for number, shape in enumerate(found)
        for k, row in enumerate(shape.rows[table.name])
    ]
    tx.execute(insert(shaped), rows)
    columns = {one.name: _copied(one, table, shaped, base, widest) for one in table.c}
    copies = select(*columns.values()).select_from(_CLONE.join(shaped, shaped.c.shape == _CLONE.c.shape))
    tx.execute(insert(table).from_select(list(columns), copies.order_by(_CLONE.c.n, shaped.c.k)))
    shaped.drop(tx)


def _ordinal(row: Any, shape: Shape) -> dict[str, Any]:
    """The row, with its owner's seat told by its number among the thread's."""
    copied = dict(row)
    if copied.get("owner_party_id") is not None:
        seats = [party["id"] for party in shape.rows[t.party.name]]
        copied["owner_party_id"] = seats.index(copied["owner_party_id"])
    return copied


def _copied(column: Column[Any], table: Table, shaped: Table, base: Base, widest: dict[str, int]) -> ColumnElement[Any]:
    """What a column of a copy holds: the shape's value, with numbers, people, units and references of the copy."""
    own, name = shaped.c[f"of_{column.name}"], column.name
    thread_id = _CLONE.c.n + base.ids[t.thread.name]
    if name == "thread_id" or (name == "id" and table is t.thread):
        return thread_id
    if name == "id":
        return _CLONE.c.n * widest[table.name] + shaped.c.k + base.ids[table.name]
    if name == "owner_party_id":
        return _CLONE.c.n * widest[t.party.name] + own + base.ids[t.party.name]
    if name in _PEOPLE:
        return _person(own)
    if name in _UNITS:
        return case((own == shapes.CARE_UNIT, _CLONE.c.care_unit), else_=_CLONE.c.authority_unit)
    if name == "case_ref":
        return _CLONE.c.case_ref
    if name == "opening_key":
        return null()
    if name == "conversation_id":
        return literal(town.conversation_of(0).rstrip("0")) + cast(_person(shaped.c.of_person_id), String)
    if name in _NAMED:
        number = literal(_NAMED[name]) + cast(thread_id, String)
        return number + ":" + cast(shaped.c.k, String) if name == "key" else number
    return own


def _person(own: ColumnElement[Any]) -> ColumnElement[Any]:
    return case((own <= town.WORKERS, own + _CLONE.c.care_shift), else_=own + _CLONE.c.authority_shift)


def _each_its_own_moment(tx: Connection, record: Record, base: Base, threads: int, burst: Burst) -> None:
    """No two people send in the same microsecond: each deadline of the burst counts from a moment of its own."""
    own, every = t.deadline.c, threads // burst.threads
    first, until = base.ids[t.thread.name], burst.at + burst.spread
    due = select(t.deadline).where(own.status == "armed", own.due_at >= burst.at, own.due_at <= until)
    rules = record.profiles[town.PROFILE].rules
    changed = []
    for row in tx.execute(due.where(own.thread_id >= first)):
        later = burst.spread / _DUE_SHAPES * ((row.thread_id - first) // every // _DUE_SHAPES) / _rounds(burst)
        moves = later if isinstance(rules[row.rule].kind, MinutesAfter | OfficeMinutesAfter) else timedelta()
        changed.append({
            "of": row.id, "to_basis": (datetime.fromisoformat(row.basis) + later).isoformat(),
            "to_armed": row.armed_at + later, "to_due": row.due_at + moves, "to_soft": row.soft_at + moves,
        })  # fmt: skip
    values = {"basis": "to_basis", "armed_at": "to_armed", "due_at": "to_due", "soft_at": "to_soft"}
    moved = update(t.deadline).where(own.id == bindparam("of")).values({of: bindparam(to) for of, to in values.items()})
    tx.execute(moved, changed)


def _rounds(burst: Burst) -> int:
    return -(-burst.threads // _DUE_SHAPES)


def main() -> int:
    """Fill a database that has been migrated, or is yet empty."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.many", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("url")
    parser.add_argument("threads", type=int)
    parser.add_argument("burst", type=int, nargs="?", default=0, help="threads due next Monday at 09:00")
    chosen = parser.parse_args()
    store = Store(chosen.url)
    store.migrate()
    store.close()
    monday = next_monday(Clock().care())
    begin = time.monotonic()
    burst = Burst(threads=chosen.burst, at=monday) if chosen.burst else None
    fill(chosen.url, chosen.threads, now=monday, burst=burst)
    print(f"{chosen.threads} threads in {time.monotonic() - begin:.1f} s")
    return 0


def next_monday(now: datetime) -> datetime:
    """The coming working Monday at 09:00 local time: care time is set there, for the rules need office hours."""
    profile = build_record().profiles[town.PROFILE]
    day = to_local(now).date()
    day += timedelta(days=7 - day.weekday())
    while not profile.calendar.is_workday(day):
        day += timedelta(days=7)
    return at(day, clock_time(9))


if __name__ == "__main__":
    raise SystemExit(main())
