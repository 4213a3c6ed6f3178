"""A change of one thread that is passed to those that hang together with it: a new time, a calling off."""

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from datetime import datetime

from sqlalchemy import Connection

from cases import load
from cases.errors import IllegalMove, RecordError, RelatedFault
from cases.plan import Planner
from cases.telling import Change, Passed, Related
from cases.thread import Signal, ThreadNow
from cases.write import write

Plan = Callable[[ThreadNow, datetime], Planner]


def relay(
    tx: Connection, plan: Plan, change: Change, now: datetime, machine_now: datetime, *,
    reached: AbstractSet[int], carry: Callable[[Change], None],
) -> list[Related]:  # fmt: skip
    """Give what the change passes on, in the caller's transaction, by whoever made it and in each sender's name.

    What one that was reached passes on itself is carried on before it is written; those in `reached` are in the midst
    of it and get nothing back. Returns what is to be opened because nothing that it could be passed to is still open.
    Raises: RelatedFault when one refuses it in another way than by being past it; then nothing of it is written.
    """
    instead: list[Related] = []
    for passed in change.passes:
        found = load.threads(tx, change.thread.related, lock=True).values()
        still_open = [one for one in found if one.flow == passed.flow and not one.is_closed]
        for thread in [one for one in still_open if one.id not in reached]:
            given = _given(plan, change, passed, thread, now)
            if given is not None:
                carry(given)
                write(tx, [given], now, machine_now)
        if passed.otherwise is not None and not still_open:
            instead.append(passed.otherwise)
    return instead


def _given(plan: Plan, change: Change, passed: Passed, thread: ThreadNow, now: datetime) -> Change | None:
    """What the signal changes there; None where it is past that."""
    signal = Signal(
        thread_id=thread.id, name=passed.signal, by=change.signal.by, values=dict(passed.values),
        on_behalf=thread.sender_id,
    )  # fmt: skip
    try:
        return plan(thread, now).by_person(signal)
    except IllegalMove:
        return None
    except RecordError as fault:  # as a person's own it would be answered with a form, and half of the change be kept
        raise RelatedFault(f"{change.thread.flow} kan inte ge {passed.signal} till {thread.flow}: {fault}") from fault
