"""Which card a person has of a thread, and whether they are just filling in a form in it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from cases import tables as t
from cases.statements import Statement, values_of


@dataclass(frozen=True, kw_only=True)
class CardRow:
    conversation_id: str
    activity_id: str
    shown_version: int
    busy_until: datetime | None

    def is_busy(self, now: datetime) -> bool:
        """Whether the person is filling in a form in the card. `now` is machine time."""
        return self.busy_until is not None and self.busy_until > now


_CARD = t.card.c
_OF_THREADS = Statement(
    select(
        _CARD.thread_id, _CARD.person_id, _CARD.conversation_id, _CARD.activity_id, _CARD.shown_version,
        _CARD.busy_until,
    ).where(_CARD.thread_id.in_(bindparam("ids", expanding=True)))
)  # fmt: skip
_FACTS = ("conversation_id", "activity_id", "shown_version", "busy_until")
_VALUES = values_of(t.card, *_CARD.keys())


def _upsert(dialect: Any) -> Any:
    new = dialect.insert(t.card).values(_VALUES)
    return new.on_conflict_do_update(
        index_elements=["thread_id", "person_id"], set_={name: new.excluded[name] for name in _FACTS}
    )


_STANDING = Statement(
    select(
        select(func.max(t.log.c.version)).where(t.log.c.thread_id == t.thread.c.id).scalar_subquery(),
        select(_CARD.activity_id)
        .where(_CARD.thread_id == t.thread.c.id, _CARD.person_id == bindparam("person"))
        .scalar_subquery(),
    ).where(t.thread.c.id == bindparam("thread"))
)
_HOLD = Statement(select(t.thread.c.id).where(t.thread.c.id == bindparam("thread")).with_for_update())
_SHOWN = Statement({"sqlite": _upsert(sqlite), "postgresql": _upsert(postgresql)})


def cards_of(tx: Connection, thread_ids: set[int]) -> dict[tuple[int, int], CardRow]:
    """Everybody's card of these threads, by thread and person."""
    found = _OF_THREADS.rows(tx, {"ids": list(thread_ids)}) if thread_ids else []
    return {
        (thread_id, person_id): CardRow(
            conversation_id=conversation_id, activity_id=activity_id, shown_version=version, busy_until=busy_until
        )
        for thread_id, person_id, conversation_id, activity_id, version, busy_until in found
    }


def standing(tx: Connection, thread_id: int, person_id: int) -> tuple[int, str | None]:
    """The version of the thread's latest signal, which stays until the caller's transaction ends, and the message that
    is this person's card of it."""
    if tx.dialect.name == "postgresql":
        # By itself: a statement that has waited for a row still sees every other table as it was before the wait.
        _HOLD.rows(tx, {"thread": thread_id})
    version, activity_id = _STANDING.rows(tx, {"thread": thread_id, "person": person_id})[0]
    return version, activity_id


def shown(
    tx: Connection, thread_id: int, person_id: int, conversation_id: str, activity_id: str, version: int, now: datetime
) -> None:
    """Remember that this message is now the person's card of the thread. `now` is care time."""
    row = {
        "thread_id": thread_id, "person_id": person_id, "conversation_id": conversation_id, "activity_id": activity_id,
        "shown_version": version, "busy_until": None, "delivered_at": now,
    }  # fmt: skip
    _SHOWN.run(tx, row)


def busy(tx: Connection, thread_id: int, person_id: int, until: datetime) -> None:
    """The person has a form open in the card: no update may wipe what they are typing. `until` is machine time."""
    table = t.card
    tx.execute(
        update(table).where(table.c.thread_id == thread_id, table.c.person_id == person_id).values(busy_until=until)
    )


def forget(tx: Connection, thread_id: int, person_id: int) -> None:
    """The message no longer exists in Teams."""
    table = t.card
    tx.execute(table.delete().where(table.c.thread_id == thread_id, table.c.person_id == person_id))
