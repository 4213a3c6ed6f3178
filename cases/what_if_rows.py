"""The deadlines of a year as the record has them, to be replayed by another profile: rules and times, never content."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from sqlalchemy import Connection, select

from cases import deadline_ends
from cases import tables as t
from cases.flow import Flow
from cases.replay import Run
from cases.restore import RESTORED
from cases.thread import SEALED

_BATCH = 500
_THREAD, _ROW = t.thread.c, t.deadline.c


def runs_of(tx: Connection, flows: Mapping[str, Flow], profile: str, begin: datetime, end: datetime) -> Iterator[Run]:
    """Every deadline that began from `begin` and before `end` (UTC) in a thread of this profile. What has been sealed,
    and what only stands for something that was there before a restore, is left out."""
    query = (
        select(_THREAD.id, _THREAD.flow, _THREAD.closed_at)
        .where(_THREAD.profile == profile, _THREAD.state.not_in((SEALED, RESTORED)))
        .where(_THREAD.id.in_(select(_ROW.thread_id).where(_ROW.armed_at >= begin, _ROW.armed_at < end)))
        .order_by(_THREAD.id)
    )
    rows = [row for row in tx.execute(query) if row.flow in flows]
    for first in range(0, len(rows), _BATCH):
        known = {row.id: (flows[row.flow], row.closed_at) for row in rows[first : first + _BATCH]}
        for number, ran in deadline_ends.of_threads(tx, known).items():
            for one in ran:
                if begin <= one.armed.armed_at < end:
                    yield Run(
                        thread=number, flow=known[number][0].name, step=one.armed.step, rule=one.armed.rule,
                        basis=one.armed.basis, armed_at=one.armed.armed_at, ended_at=one.ended_at,
                    )  # fmt: skip
