"""A word in the activity feed of somebody whose chat is closed to the bot: what waits for them stands in Tavlan."""

from datetime import datetime

from sqlalchemy import Connection, select

from cases import errands, people
from cases import tables as t

NOTICE = "notice"


def ask(tx: Connection, person_id: int, now: datetime) -> bool:
    """Have somebody told, once a day at the most; `now` is care time (UTC). False when it is asked for already."""
    return errands.add(tx, kind=NOTICE, key=f"notice:{person_id}:{now:%Y-%m-%d}", not_before=now, person_id=person_id)


def account_of(tx: Connection, person_id: int) -> str | None:
    """The directory's name for an active person whose chat is closed to the bot; None for anybody else."""
    who, talk = t.person.c, t.conversation.c
    query = (
        select(who.aad_object_id, who.upn)
        .join_from(t.person, t.conversation, talk.person_id == who.id)
        .where(who.id == person_id, who.active, talk.status == people.BLOCKED)
    )
    row = tx.execute(query).first()
    return (row.aad_object_id or row.upn) if row is not None else None
