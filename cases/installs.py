"""Who lacks the bot, and having it installed for them."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, insert, select

from cases import errands, people
from cases import tables as t

INSTALL = "install"
_TALK, _WHO, _ROLE = t.conversation.c, t.person.c, t.role.c
_PAUSE = timedelta(days=7)  # how often it is tried for the same person
_MOST = 50  # people at a time


def lacks_it(tx: Connection, person_id: int) -> bool:
    """Whether the bot has no chat with this person. Whoever has blocked it has it."""
    status = tx.scalar(select(_TALK.status).where(_TALK.person_id == person_id))
    return status is None or status == people.REMOVED


def ask(tx: Connection, person_id: int, now: datetime) -> bool:
    """Have the bot installed for somebody, at most once a week; `now` is care time (UTC). False when it is asked
    for already."""
    week = now.toordinal() // _PAUSE.days
    return errands.add(tx, kind=INSTALL, key=f"install:{person_id}:{week}", not_before=now, person_id=person_id)


def ask_for_all(tx: Connection, now: datetime) -> int:
    """Have it installed for those with a role who lack it, some at a time; for how many it is newly asked.

    Nobody who takes it away again is given it again by this: only who has never had it.
    """
    has_role = select(_ROLE.person_id).distinct()
    asked = select(t.errand.c.person_id).where(t.errand.c.kind == INSTALL, t.errand.c.not_before > now - _PAUSE)
    query = (
        select(_WHO.id)
        .select_from(t.person.outerjoin(t.conversation, _TALK.person_id == _WHO.id))
        .where(_WHO.active, _TALK.person_id.is_(None), _WHO.id.in_(has_role), _WHO.id.not_in(asked))
        .order_by(_WHO.id)
        .limit(_MOST)
    )
    return sum(ask(tx, who, now) for who in tx.scalars(query).all())


def tell(tx: Connection, person_id: int, change: str, now: datetime) -> None:
    """Keep for whoever answers for the person's units that the bot could not be installed. `now` is care time."""
    for row in tx.execute(select(_ROLE.unit_id, _ROLE.role).where(_ROLE.person_id == person_id)).all():
        values = {"unit_id": row.unit_id, "role": row.role, "change": change, "handed_on": 0}
        tx.execute(insert(t.access_change).values(at=now, person_id=person_id, **values))
