"""Which card a person has of a thread, and whether they are just filling in a form in it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from cases import tables as t


@dataclass(frozen=True, kw_only=True)
class CardRow:
    conversation_id: str
    activity_id: str
    shown_version: int
    busy_until: datetime | None


def card_of(tx: Connection, thread_id: int, person_id: int) -> CardRow | None:
    table = t.card
    row = tx.execute(
        select(table.c.conversation_id, table.c.activity_id, table.c.shown_version, table.c.busy_until).where(
            table.c.thread_id == thread_id, table.c.person_id == person_id
        )
    ).first()
    return CardRow(**row._mapping) if row else None


def shown(
    tx: Connection, thread_id: int, person_id: int, conversation_id: str, activity_id: str, version: int, now: datetime
) -> None:
    """Remember that this message is now the person's card of the thread. `now` is care time."""
    table = t.card
    values = {
        "conversation_id": conversation_id, "activity_id": activity_id, "shown_version": version, "busy_until": None,
    }  # fmt: skip
    mine = (table.c.thread_id == thread_id, table.c.person_id == person_id)
    if tx.execute(update(table).where(*mine).values(**values)).rowcount == 0:
        tx.execute(insert(table).values(thread_id=thread_id, person_id=person_id, delivered_at=now, **values))


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
