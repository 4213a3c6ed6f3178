"""Which card a person has of a thread, and whether they are just filling in a form in it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite

from cases import tables as t


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
_OF_THREADS = select(
    _CARD.thread_id, _CARD.person_id, _CARD.conversation_id, _CARD.activity_id, _CARD.shown_version, _CARD.busy_until
).where(_CARD.thread_id.in_(bindparam("ids", expanding=True)))
_FACTS = ("conversation_id", "activity_id", "shown_version", "busy_until")


def _upsert(dialect: Any) -> Any:
    new = dialect.insert(t.card)
    return new.on_conflict_do_update(
        index_elements=["thread_id", "person_id"], set_={name: new.excluded[name] for name in _FACTS}
    )


_SHOWN = {"sqlite": _upsert(sqlite), "postgresql": _upsert(postgresql)}


def cards_of(tx: Connection, thread_ids: set[int]) -> dict[tuple[int, int], CardRow]:
    """Everybody's card of these threads, by thread and person."""
    return {
        (row.thread_id, row.person_id): CardRow(
            conversation_id=row.conversation_id,
            activity_id=row.activity_id,
            shown_version=row.shown_version,
            busy_until=row.busy_until,
        )
        for row in tx.execute(_OF_THREADS, {"ids": list(thread_ids)})
    }


def shown(
    tx: Connection, thread_id: int, person_id: int, conversation_id: str, activity_id: str, version: int, now: datetime
) -> None:
    """Remember that this message is now the person's card of the thread. `now` is care time."""
    row = {
        "thread_id": thread_id, "person_id": person_id, "conversation_id": conversation_id, "activity_id": activity_id,
        "shown_version": version, "busy_until": None, "delivered_at": now,
    }  # fmt: skip
    tx.execute(_SHOWN[tx.dialect.name], row)


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
