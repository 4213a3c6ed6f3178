"""The record's side of the proof that messages get through: a thread that falls due, is sent and is acknowledged.

Each is opened under a name of its own, so that replicas that look at the same time open one between them. How far the
latest has come is asked of the outbox: only what Teams has acknowledged counts.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, func, insert, select, update

from cases import lists, people
from cases import tables as t
from cases.outbox import SENT
from cases.record import Opening, Record

FLOW = lists.HEARTBEAT
CAME = "heartbeat_at"  # the setting that says when the latest was acknowledged (machine time, UTC)
_LATEST = "heartbeat_thread"
_SETTING, _BOX, _THREAD = t.setting.c, t.outbox.c, t.thread.c


@dataclass(frozen=True, kw_only=True)
class Beat:
    """The latest that was asked for: its thread and when; None before the first."""

    thread_id: int
    asked_at: datetime


class NobodyToTell(LookupError):
    """The account that heartbeats go to is not in the roster, or has no role in a unit."""


def latest(tx: Connection) -> Beat | None:
    """The heartbeat that was asked for last."""
    found = _value(tx, _LATEST)
    row = tx.execute(select(_THREAD.id, _THREAD.opened_at).where(_THREAD.id == int(found))).first() if found else None
    return Beat(thread_id=row.id, asked_at=row.opened_at) if row is not None else None


def ask(
    tx: Connection, record: Record, account: str, every: timedelta, now: datetime, machine_now: datetime
) -> int:  # fmt: skip
    """Ask for another heartbeat to this account, if it is time (`now` is care time, UTC); its thread.

    Raises: NobodyToTell; IntegrityError where another replica has just asked for the same.
    """
    person_id = people.with_upn(tx, account)
    directory = record.directory(tx)
    held = directory.memberships(person_id) if person_id is not None and directory.is_active(person_id) else []
    if person_id is None or not held:
        raise NobodyToTell
    key = f"heartbeat:{int(now.timestamp() // every.total_seconds())}"
    opening = Opening(flow=FLOW, sender_id=person_id, sender_unit_id=held[0].unit_id, values={}, key=key)
    thread = record.open(tx, opening, now, machine_now)
    _set(tx, _LATEST, str(thread.id))
    return thread.id


def arrived(tx: Connection, beat: Beat) -> datetime | None:
    """When Teams acknowledged it (machine time, UTC), None as long as it has not; noted in the record."""
    query = select(func.max(_BOX.finished_at, type_=_BOX.finished_at.type)).where(
        _BOX.thread_id == beat.thread_id, _BOX.text == FLOW, _BOX.status == SENT
    )
    at: datetime | None = tx.scalar(query)
    if at is not None and at.isoformat() != _value(tx, CAME):
        _set(tx, CAME, at.astimezone(UTC).isoformat())
    return at


def _value(tx: Connection, key: str) -> str | None:
    found: str | None = tx.scalar(select(_SETTING.value).where(_SETTING.key == key))
    return found


def _set(tx: Connection, key: str, value: str) -> None:
    if not tx.execute(update(t.setting).where(_SETTING.key == key).values(value=value)).rowcount:
        tx.execute(insert(t.setting).values(key=key, value=value))
