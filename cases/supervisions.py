"""The supervisions of a time, as their hours are counted: which were held, how long, and which nobody has told of."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, select

from cases import tables as t
from cases.meeting import INVITED, MAIN

HELD = frozenset({"held", "done"})  # the states of a supervision that was
WAITS = "gathering"
LASTED = "lasted"  # the answer that says how long it was, where that differs


@dataclass(frozen=True, kw_only=True)
class Held:
    """One supervision that has begun. `minutes` are those that it took, where it was held."""

    unit_id: str
    organizer_id: int
    starts_at: datetime
    minutes: int
    state: str

    @property
    def is_held(self) -> bool:
        return self.state in HELD

    @property
    def is_open(self) -> bool:
        """Whether nobody has told whether it was held."""
        return self.state == WAITS


def held_in(tx: Connection, kind: str, first: datetime, after: datetime) -> list[Held]:
    """The meetings of a kind that began from `first` until before `after` (UTC), in order."""
    meeting, thread, content = t.meeting.c, t.thread.c, t.content
    lasted = content.alias()
    query = (
        select(
            thread.id,
            thread.sender_unit_id,
            meeting.organizer_id,
            meeting.starts_at,
            meeting.ends_at,
            thread.state,
            lasted.c.value,
        )
        .join(t.thread, thread.id == meeting.thread_id)
        .join(lasted, and_(lasted.c.thread_id == thread.id, lasted.c.field == LASTED), isouter=True)
        .where(meeting.kind == kind, meeting.slot == MAIN, meeting.status == INVITED)
        .where(meeting.starts_at >= first, meeting.starts_at < after)
        .order_by(meeting.starts_at, thread.id, lasted.c.seq)
    )
    found: dict[int, Held] = {}
    for number, unit_id, organizer, starts, ends, state, told in tx.execute(query):
        minutes = int(told) if told else int((ends - starts).total_seconds()) // 60
        found[number] = Held(
            unit_id=unit_id, organizer_id=organizer, starts_at=starts, minutes=minutes, state=state
        )  # fmt: skip
    return list(found.values())
