"""Everything that is kept on one case, as it is taken out for whoever has a right to it (utlämnande, registerutdrag,
partsinsyn).

A party hands out what that party has: only threads in which a unit of the taker's has a part, and never a sealed one.
What is left out is not told of.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select

from cases import history, journal, load
from cases import tables as t
from cases.case_keys import key_of, spellings
from cases.history import History
from cases.journal import Tick
from cases.policy import Act, Who, decide
from cases.record import Scene
from cases.thread import ThreadNow

_THREAD, _ROW = t.thread.c, t.audit.c


@dataclass(frozen=True, kw_only=True)
class Kept:
    """One thread with its story, who has journaled it, and what the account says of it."""

    thread: ThreadNow
    history: History
    ticks: dict[str, Tick]
    account: Sequence[Row[Any]]
    calls: Sequence[Row[Any]]


def kept_of(tx: Connection, scene: Scene, case_ref: str, who: Who) -> list[Kept]:
    """The threads of the case that this person may take out, however the reference was spelled, the oldest first."""
    ways = spellings(tx, _THREAD.case_ref, {key_of(case_ref)})
    found = select(_THREAD.id).where(_THREAD.case_ref.in_(ways)).order_by(_THREAD.opened_at)
    threads = load.threads(tx, list(tx.scalars(found)))
    mine = [one for one in threads.values() if decide(who, Act.EXPORT_CASE, scene.what(one))]
    return [_kept(tx, one) for one in sorted(mine, key=lambda one: (one.opened_at, one.id))]


def _kept(tx: Connection, thread: ThreadNow) -> Kept:
    account = select(t.audit).where(_ROW.thread_id == thread.id).order_by(_ROW.id)
    calls = select(t.phone_call).where(t.phone_call.c.thread_id == thread.id).order_by(t.phone_call.c.id)
    return Kept(
        thread=thread, history=history.of(tx, thread.id), ticks=journal.ticks(tx, thread.id),
        account=tx.execute(account).all(), calls=tx.execute(calls).all(),
    )  # fmt: skip
