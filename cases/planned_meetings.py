"""Which units have a meeting of a kind in some stretch of time: what is called, and neither drafted nor called off."""

from datetime import datetime

from sqlalchemy import Connection, select

from cases import load
from cases import tables as t
from cases.meeting import INVITED, MAIN
from cases.route import RECEIVING_UNIT

_MEETING = t.meeting.c


def units_with(tx: Connection, kind: str, begins: datetime, ends: datetime) -> set[str]:
    """The units that have been chosen for meetings of this kind whose first day begins from `begins` and before `ends`
    (UTC)."""
    query = select(_MEETING.thread_id).where(
        _MEETING.kind == kind, _MEETING.slot == MAIN, _MEETING.status == INVITED,
        _MEETING.starts_at >= begins, _MEETING.starts_at < ends,
    )  # fmt: skip
    found = tx.scalars(query).all()
    return {str(thread.values.get(RECEIVING_UNIT)) for thread in load.threads(tx, found).values()} if found else set()
