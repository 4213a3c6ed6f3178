"""A thread's deadlines as they have run, every round of them, and when each came to its end.

A row says when it was met. One from before that was written down does not, but the log does: such a deadline ended with
the first move that by the flow's table stops its step, with its next round, or with the thread.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import Connection, select

from cases import tables as t
from cases.actions import By, Disarm
from cases.flow import Flow
from cases.thread import Armed

_ROW, _LOG = t.deadline.c, t.log.c
_NAMES = [one.name for one in fields(Armed) if one.init]
_ROWS = select(_ROW.thread_id, _ROW.ended_at, *(_ROW[name] for name in _NAMES)).order_by(_ROW.id)
_MOVES = select(_LOG.thread_id, _LOG.at, _LOG.by, _LOG.signal, _LOG.from_state, _LOG.to_state).order_by(_LOG.id)


@dataclass(frozen=True, kw_only=True)
class Moved:
    """A line of the log. `at` is care time (UTC)."""

    at: datetime
    by: str
    signal: str
    from_state: str
    to_state: str


@dataclass(frozen=True, kw_only=True)
class Ran:
    """One round of a deadline. `ended_at` is None while it runs, or waits for its thread to go on (care time, UTC)."""

    armed: Armed
    ended_at: datetime | None

    @property
    def is_unwritten(self) -> bool:
        """Whether it has ended and its row does not say when."""
        return self.ended_at is None and self.armed.status not in ("armed", "stopped")


def of_threads(tx: Connection, threads: Mapping[int, tuple[Flow, datetime | None]]) -> dict[int, list[Ran]]:
    """Every round of every deadline of these threads, the oldest first. Each thread is given with its flow and when it
    ended."""
    rows: dict[int, list[Ran]] = {number: [] for number in threads}
    for number, ended_at, *facts in tx.execute(_ROWS.where(_ROW.thread_id.in_(threads))):
        armed = Armed(**dict(zip(_NAMES, facts, strict=True)))
        rows[number].append(Ran(armed=armed, ended_at=ended_at))
    unwritten = [number for number, found in rows.items() if any(one.is_unwritten for one in found)]
    moves: dict[int, list[Moved]] = {number: [] for number in threads}
    for row in tx.execute(_MOVES.where(_LOG.thread_id.in_(unwritten))) if unwritten else ():
        moved = Moved(at=row.at, by=row.by, signal=row.signal, from_state=row.from_state, to_state=row.to_state)
        moves[row.thread_id].append(moved)
    return {number: ran(rows[number], moves[number], flow, closed_at) for number, (flow, closed_at) in threads.items()}


def given(armed: Armed) -> frozenset[str]:
    """The steps of the prompts that the clock has given in this round."""
    return frozenset(json.loads(armed.said)) if armed.said else frozenset()


def ran(rows: Sequence[Ran], moves: Sequence[Moved], flow: Flow, closed_at: datetime | None) -> list[Ran]:
    """The rounds with their ends; `moves` is the thread's log in order."""
    return [
        Ran(armed=one.armed, ended_at=_ended_at(one.armed, rows, moves, flow, closed_at)) if one.is_unwritten else one
        for one in rows
    ]


def _ended_at(
    armed: Armed, rows: Iterable[Ran], moves: Iterable[Moved], flow: Flow, closed_at: datetime | None
) -> datetime:
    following = (armed.step, armed.round + 1)
    ends = [one.armed.armed_at for one in rows if (one.armed.step, one.armed.round) == following]
    ends += [one.at for one in moves if one.at >= armed.armed_at and _stops(one, armed.step, flow)][:1]
    if closed_at is not None:
        ends.append(max(closed_at, armed.armed_at))  # one that began in a thread that was taken up again
    return min(ends, default=armed.said_at or armed.armed_at)


def _stops(moved: Moved, step: str, flow: Flow) -> bool:
    """Whether a move that the log tells of stops the step, by some line of the flow's table that fits.

    The clock's moves stand in the log under the names of their prompts."""
    if moved.by == "clock":
        lines = [
            move
            for (state, _), alternatives in flow.moves.items()
            for move in alternatives
            if state == moved.from_state and By.CLOCK in move.by
        ]
    else:
        lines = list(flow.moves.get((moved.from_state, moved.signal), ()))
    return any(
        isinstance(action, Disarm) and action.step == step
        for move in lines
        if move.to == moved.to_state
        for action in move.then
    )
