"""Who has stepped in for a colleague, so that whoever leads the unit sees it the day after."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from cases import tables as t
from cases.hands import COVER
from cases.thread import SEALED


@dataclass(frozen=True, kw_only=True)
class Covered:
    """One time that somebody stepped in: `covering` for `absent`, whose seat it was. `at` is care time (UTC).

    `reason` is the code of the form's answer.
    """

    thread_id: int
    covering: int
    absent: int | None
    at: datetime
    reason: str


def in_unit(tx: Connection, unit_id: str, people: Collection[int], since: datetime) -> list[Covered]:
    """Where people of a unit have stepped in for a colleague there, the latest first.

    `people` are those who work in the unit: their seats are found by the index of each.
    """
    log, mine, theirs, content = t.log.c, t.party.alias("mine"), t.party.alias("theirs"), t.content.c
    reason = (
        select(content.value)
        .where(content.thread_id == log.thread_id, content.field == "cover_reason")
        .order_by(content.seq.desc())
        .limit(1)
        .scalar_subquery()
    )
    # Whoever steps in gets a seat in the same role: the one who had it is the other person of that role.
    absent = (
        select(theirs.c.person_id)
        .where(theirs.c.thread_id == log.thread_id, theirs.c.unit_id == unit_id, theirs.c.role == mine.c.role)
        .where(theirs.c.person_id != log.person_id)
        .order_by(theirs.c.id)
        .limit(1)
        .scalar_subquery()
    )
    rows = tx.execute(
        select(log.thread_id, log.person_id, absent, log.at, reason)
        .join(t.thread, (t.thread.c.id == log.thread_id) & (t.thread.c.state != SEALED))
        .join(mine, (mine.c.thread_id == log.thread_id) & (mine.c.person_id == log.person_id))
        .where(mine.c.person_id.in_(people), mine.c.unit_id == unit_id, mine.c.because == COVER)
        .where(log.signal == COVER, log.at >= since)
        .order_by(log.at.desc(), log.id.desc())
    )
    names = Covered.__dataclass_fields__
    return [Covered(**dict(zip(names, row, strict=True))) for row in rows]
