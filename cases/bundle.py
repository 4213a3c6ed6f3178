"""Reminders that wait for one person at the same time, to be told in one card.

Only the clock's reminders that are not urgent, and only of threads whose card the person already has: whoever hears of
a thread for the first time gets its own card, from which it can be acted on.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, exists, literal_column, select

from cases import tables as t
from cases.lanes import URGENT
from cases.outbox import COLUMNS, FREE, Row, rows_of, still_waits
from cases.statements import Statement

_BOX, _CARD = t.outbox.c, t.card.c
_MOST_SEEN = 500

_REMINDERS = Statement(
    select(*COLUMNS, t.thread.c.profile)
    .join(t.thread, t.thread.c.id == _BOX.thread_id)
    .where(
        *FREE,
        _BOX.person_id.in_(bindparam("people", expanding=True)),
        _BOX.lane > URGENT,
        _BOX.kind == "message",
        _BOX.original_due_at.is_not(None),
        exists().where(_CARD.thread_id == _BOX.thread_id, _CARD.person_id == _BOX.person_id),
    )
    .order_by(_BOX.original_due_at, _BOX.id)
    .limit(literal_column(str(_MOST_SEEN)))
)


_LATER = t.outbox.alias("later")
_OUTDATED = Statement(
    select(_BOX.id).where(
        _BOX.id.in_(bindparam("ids", expanding=True)),
        exists().where(
            _LATER.c.thread_id == _BOX.thread_id,
            _LATER.c.person_id == _BOX.person_id,
            _LATER.c.text == _BOX.text,
            _LATER.c.kind == "message",
            still_waits(_LATER),
            _LATER.c.id > _BOX.id,
        ),
    )
)


def outdated(tx: Connection, rows: Collection[Row]) -> set[int]:
    """Urgent reminders of the clock after which the same has been asked again: when Teams has been away, the latest is
    enough."""
    asked = [row.id for row in rows if row.urgent and row.kind == "message" and row.original_due_at is not None]
    return {found for (found,) in _OUTDATED.rows(tx, {"ids": asked})} if asked else set()


def is_reminder(row: Row) -> bool:
    """Whether a row may stand in a card with others."""
    return not row.urgent and row.kind == "message" and row.original_due_at is not None


def companions(tx: Connection, firsts: Collection[Row], now: datetime, most: Mapping[str, int]) -> list[Row]:
    """The reminders that may go with these, each in the card of its person.

    `now` is machine time; `most` says how many one card may hold, by profile: threads of one profile go together.
    """
    asked = {row.person_id: row for row in firsts if is_reminder(row)}
    if not asked or max(most.values(), default=0) < 2:
        return []
    found = _REMINDERS.rows(tx, {"people": sorted(asked), "now": now})
    profiles = {values[0]: str(values[-1]) for values in found}
    waiting: dict[int, list[Row]] = {}
    for row in rows_of([values[:-1] for values in found]):
        waiting.setdefault(row.person_id, []).append(row)
    return [row for first in asked.values() for row in _with(first, waiting.get(first.person_id, []), profiles, most)]


def _with(first: Row, waiting: Sequence[Row], profiles: Mapping[int, str], most: Mapping[str, int]) -> list[Row]:
    """One reminder of each thread is enough in a card; a second one of the same thread waits for its own turn."""
    profile = profiles.get(first.id)
    if profile is None:
        return []  # the first one needs a card of its own
    kept = {first.thread_id: first}
    for row in waiting:
        if profiles[row.id] == profile:
            kept.setdefault(row.thread_id, row)
    return [row for row in kept.values() if row is not first][: max(most.get(profile, 0) - 1, 0)]
