"""Writing the on-call rota: a pass that changes hands, and the passes that another system has.

Each row knows its source. One unit has its passes from one place: the roster's sheet, or, once they have been read
from Teams Shifts, from there. What has changed hands by a swap stays changed whoever brings the rest anew.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select, update

from cases import account
from cases import tables as t
from cases.directory import roster_changed
from cases.passes import Handing
from cases.telling import Change

ROSTER, SHIFTS, SWAP = "roster", "shifts", "swap"
_ROW, _ROTA = t.on_call.c, t.rota.c


@dataclass(frozen=True, kw_only=True)
class Brought:
    """What came of bringing a unit's passes: how many rows are new, changed and gone."""

    new: int = 0
    changed: int = 0
    gone: int = 0

    def __bool__(self) -> bool:
        return bool(self.new or self.changed or self.gone)


def give(tx: Connection, changes: Sequence[Change], now: datetime) -> None:
    """The passes that change hands by these changes, in the transaction that writes them; one audit row for each."""
    for change in changes:
        for one in change.handings:
            _give(tx, one)
            account.note(
                tx, now, person_id=change.signal.by.person_id, action="rota", signal="swap", outcome="done",
                thread=change.thread, reason=one.one.unit_id, about_id=one.taker_id,
            )  # fmt: skip
            roster_changed(tx)


def _give(tx: Connection, handing: Handing) -> None:
    """The row of whoever had it stays as the rota's own, and is nobody's; one that was itself a swap goes."""
    one = handing.one
    same = (_ROW.unit_id == one.unit_id, _ROW.starts_at == one.starts_at)
    giver = (*same, _ROW.person_id == one.person_id)
    tx.execute(delete(t.on_call).where(*giver, _ROW.source == SWAP))
    tx.execute(update(t.on_call).where(*giver).values(swapped_by=handing.thread_id))
    taker = (*same, _ROW.person_id == handing.taker_id)
    if tx.execute(update(t.on_call).where(*taker).values(swapped_by=None, ends_at=one.ends_at)).rowcount:
        return  # it comes back to whom the rota says
    tx.execute(
        insert(t.on_call).values(
            person_id=handing.taker_id, unit_id=one.unit_id, starts_at=one.starts_at, ends_at=one.ends_at, source=SWAP
        )
    )


def bring(
    tx: Connection, unit_id: str, wanted: Collection[tuple[int, datetime, datetime]], now: datetime, until: datetime
) -> Brought:
    """Make the unit's passes that are not over and begin before `until` those that Shifts has: (person, start, end).

    A pass that is over is history. `now` is care time; all UTC. In the caller's transaction.
    """
    ends = {(person_id, starts_at): ends_at for person_id, starts_at, ends_at in wanted}
    rows = tx.execute(
        select(_ROW.id, _ROW.person_id, _ROW.starts_at, _ROW.ends_at, _ROW.source).where(
            _ROW.unit_id == unit_id, _ROW.ends_at > now, _ROW.starts_at < until
        )
    ).all()
    new = dict(ends)
    changed = gone = 0
    for row in rows:
        end = new.pop((row.person_id, row.starts_at), None)
        if end is None:
            if row.source != SWAP:
                tx.execute(delete(t.on_call).where(_ROW.id == row.id))
                gone += 1
        elif (row.ends_at, row.source) != (end, SHIFTS):
            tx.execute(update(t.on_call).where(_ROW.id == row.id).values(ends_at=end, source=SHIFTS))
            changed += 1
    fresh = [
        {"person_id": who, "unit_id": unit_id, "starts_at": start, "ends_at": end, "source": SHIFTS}
        for (who, start), end in new.items()
    ]
    if fresh:
        tx.execute(insert(t.on_call), fresh)
    _has_shifts(tx, unit_id, now)
    done = Brought(new=len(fresh), changed=changed, gone=gone)
    if done:
        roster_changed(tx)
        reason = f"new={done.new} changed={done.changed} gone={done.gone}"
        account.note(
            tx, now, person_id=None, action="rota", signal="shifts", outcome="done", reason=reason, unit_id=unit_id,
            channel=account.SHIFTS,
        )  # fmt: skip
    return done


def _has_shifts(tx: Connection, unit_id: str, now: datetime) -> None:
    values = {"source": SHIFTS, "fetched_at": now}
    if not tx.execute(update(t.rota).where(_ROTA.unit_id == unit_id).values(values)).rowcount:
        tx.execute(insert(t.rota).values(unit_id=unit_id, **values))


def let_go(tx: Connection, kept: Collection[str], now: datetime) -> list[str]:
    """Units that no longer have their passes from Shifts: those to come are taken away, and the roster's sheet counts
    from the next import on. Which units they were."""
    gone = [unit for unit in tx.scalars(select(_ROTA.unit_id)) if unit not in kept]
    for unit_id in gone:
        tx.execute(delete(t.rota).where(_ROTA.unit_id == unit_id))
        tx.execute(
            delete(t.on_call).where(_ROW.unit_id == unit_id, _ROW.source == SHIFTS, _ROW.starts_at > now)
        )  # fmt: skip
        roster_changed(tx)
    return gone


def elsewhere(tx: Connection) -> dict[str, datetime]:
    """The units that have their passes from Shifts, and when these were last read (care time, UTC)."""
    return {row.unit_id: row.fetched_at for row in tx.execute(select(_ROTA.unit_id, _ROTA.fetched_at))}


def is_stale(fetched_at: datetime | None, now: datetime, longest: timedelta) -> bool:
    """Whether what was read is too old to be trusted; a unit that reads nothing is never stale."""
    return fetched_at is not None and now - fetched_at > longest
