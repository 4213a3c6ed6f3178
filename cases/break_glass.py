"""What somebody has opened in an emergency that is a colleague's: for how long, why, and who is told of it.

Who may is the policy's to decide. A grant lets one person read one thread until it runs out, and nothing more.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from cases import tables as t
from cases.policy import Grant
from cases.statements import Statement, new_row

_ROW = t.break_glass.c
_NEW = Statement(new_row(t.break_glass, "at", "until", "person_id", "unit_id", "thread_id", "reason"))


@dataclass(frozen=True, kw_only=True)
class Opened:
    """One time that the glass was broken. `reason` is the code of the form's answer; times are care time (UTC)."""

    thread_id: int
    person_id: int
    at: datetime
    until: datetime
    reason: str


def open_for(
    tx: Connection, person_id: int, thread_id: int, unit_id: str, reason: str, now: datetime, lasts: timedelta
) -> Grant:
    """Let somebody read a thread for a while, by their role in a unit. `now` is care time (UTC)."""
    until = now + lasts
    row = {
        "at": now, "until": until, "person_id": person_id, "unit_id": unit_id, "thread_id": thread_id, "reason": reason
    }  # fmt: skip
    _NEW.run(tx, row)
    return Grant(person_id=person_id, thread_id=thread_id, until=until)


def grant_of(tx: Connection, person_id: int, thread_id: int, now: datetime) -> Grant | None:
    """The grant that this person has for the thread now, if any."""
    query = (
        select(_ROW.until)
        .where(_ROW.person_id == person_id, _ROW.thread_id == thread_id, _ROW.until > now)
        .order_by(_ROW.until.desc())
        .limit(1)
    )
    until = tx.scalar(query)
    return Grant(person_id=person_id, thread_id=thread_id, until=until) if until is not None else None


def in_unit(tx: Connection, unit_id: str, since: datetime, until: datetime) -> list[Opened]:
    """What has been opened by a role in this unit from `since` and before `until` (UTC), the latest first."""
    names = tuple(Opened.__dataclass_fields__)
    query = (
        select(*(_ROW[name] for name in names))
        .where(_ROW.unit_id == unit_id, _ROW.at >= since, _ROW.at < until)
        .order_by(_ROW.at.desc(), _ROW.id.desc())
    )
    return [Opened(**row._mapping) for row in tx.execute(query)]
