"""Recognising a person who writes, and remembering where to reach them."""

import logging
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from cases import tables as t
from cases.statements import Statement

_LOG = logging.getLogger("stafett.people")

OPEN, BLOCKED, REMOVED = "open", "blocked", "removed"


@dataclass(frozen=True, kw_only=True)
class Reach:
    """Where a person's conversation with the bot is."""

    conversation_id: str
    service_url: str
    tenant_id: str
    bot_id: str
    locale: str | None


def find(
    tx: Connection, *, aad_object_id: str | None, channel_user_id: str | None, upn: str | None = None
) -> int | None:
    """The active person in the roster: by directory id first, then by the bound channel id, then by user name."""
    who = t.person
    for column, value in (
        (who.c.aad_object_id, aad_object_id),
        (who.c.channel_user_id, channel_user_id),
        (who.c.upn, upn.lower() if upn else None),
    ):
        if value:
            found = tx.scalar(select(who.c.id).where(column == value, who.c.active))
            if found is not None:
                return int(found)
    return None


@dataclass(frozen=True, kw_only=True)
class Known:
    """A person who has been recognised, and what is remembered of their chat with the bot."""

    person_id: int
    channel_user_id: str | None
    aad_object_id: str | None
    reach: Reach | None
    status: str | None
    seen_at: datetime | None


_WHO, _TALK = t.person.c, t.conversation.c
_KNOWN = select(
    _WHO.id, _WHO.channel_user_id, _WHO.aad_object_id, _TALK.conversation_id, _TALK.service_url, _TALK.tenant_id,
    _TALK.bot_id, _TALK.locale, _TALK.status, _TALK.seen_at,
).select_from(t.person.outerjoin(t.conversation, _TALK.person_id == _WHO.id))  # fmt: skip
_BY_DIRECTORY_ID = Statement(_KNOWN.where(_WHO.active, _WHO.aad_object_id == bindparam("id")))
_BY_CHANNEL_ID = Statement(_KNOWN.where(_WHO.active, _WHO.channel_user_id == bindparam("id")))

_REACHES = Statement(
    select(_TALK.person_id, _TALK.conversation_id, _TALK.service_url, _TALK.tenant_id, _TALK.bot_id, _TALK.locale)
    .where(_TALK.person_id.in_(bindparam("ids", expanding=True)), _TALK.status == "open")
)  # fmt: skip


def recognise(tx: Connection, *, aad_object_id: str | None, channel_user_id: str | None) -> Known | None:
    """The active person who writes: by directory id first, then by the bound channel id."""
    row = _BY_DIRECTORY_ID.first(tx, {"id": aad_object_id}) if aad_object_id else None
    if row is None and channel_user_id:
        row = _BY_CHANNEL_ID.first(tx, {"id": channel_user_id})
    if row is None:
        return None
    person_id, bound_channel, bound_aad, *reach, status, seen_at = row
    return Known(
        person_id=person_id, channel_user_id=bound_channel, aad_object_id=bound_aad,
        reach=None if reach[0] is None else _reach(*reach), status=status, seen_at=seen_at,
    )  # fmt: skip


def _reach(conversation_id: str, service_url: str, tenant_id: str, bot_id: str, locale: str | None) -> Reach:
    return Reach(
        conversation_id=conversation_id, service_url=service_url, tenant_id=tenant_id, bot_id=bot_id, locale=locale
    )


def bind(tx: Connection, person_id: int, *, aad_object_id: str | None, channel_user_id: str) -> None:
    """Tie the person to their ids at first contact, once: an id that is there is never overwritten.

    Whoever gets a new user name is a new row in the roster; the old row, no longer active, lets go of the ids first.
    An id that another active person has stays theirs, and whoever writes is left unbound.
    """
    who = t.person
    row = tx.execute(select(who.c.aad_object_id, who.c.channel_user_id).where(who.c.id == person_id)).one()
    values: dict[str, str] = {}
    if row.channel_user_id is None:
        values["channel_user_id"] = channel_user_id
    if row.aad_object_id is None and aad_object_id:
        values["aad_object_id"] = aad_object_id
    for name in [name for name, value in values.items() if not _let_go(tx, name, value)]:
        del values[name]
    if not values:
        return
    try:
        with tx.begin_nested():
            tx.execute(update(who).where(who.c.id == person_id).values(**values))
    except IntegrityError:  # bound by another process at this very moment
        _LOG.warning("person %s not bound: the id was taken meanwhile", person_id)


def _let_go(tx: Connection, name: str, value: str) -> bool:
    """Whether the id is free, after an inactive holder has let go of it."""
    column = t.person.c[name]
    if tx.scalar(select(t.person.c.id).where(column == value, t.person.c.active)) is not None:
        _LOG.warning("a person is not bound: their %s belongs to another active person", name)
        return False
    tx.execute(update(t.person).where(column == value).values({name: None}))
    return True


def remember(tx: Connection, person_id: int, reach: Reach, now: datetime) -> None:
    """Keep where the person was last heard from. Whoever writes is reachable again, also after a block."""
    talk = t.conversation
    values = {
        "conversation_id": reach.conversation_id, "service_url": reach.service_url, "tenant_id": reach.tenant_id,
        "bot_id": reach.bot_id, "locale": reach.locale, "status": OPEN, "seen_at": now,
    }  # fmt: skip
    done = tx.execute(update(talk).where(talk.c.person_id == person_id).values(**values))
    if done.rowcount == 0:
        tx.execute(insert(talk).values(person_id=person_id, **values))


def reaches(tx: Connection, person_ids: set[int]) -> dict[int, Reach]:
    """Where to reach these people; those with whom the bot has no open conversation are left out."""
    found = _REACHES.rows(tx, {"ids": list(person_ids)}) if person_ids else []
    return {person_id: _reach(*reach) for person_id, *reach in found}


def statuses(tx: Connection, person_ids: Collection[int]) -> dict[int, str]:
    """How it stands with each one's chat: open, blocked or removed. Whoever has never had one is left out."""
    rows = tx.execute(select(_TALK.person_id, _TALK.status).where(_TALK.person_id.in_(person_ids)))
    return {row.person_id: row.status for row in rows}


def channel_id(tx: Connection, person_id: int) -> str | None:
    """The id by which the channel knows the person, once they have been in touch."""
    found: str | None = tx.scalar(select(t.person.c.channel_user_id).where(t.person.c.id == person_id))
    return found


def mark(tx: Connection, person_id: int, status: str) -> None:
    """Note that the person has blocked the bot or that it has been removed."""
    tx.execute(update(t.conversation).where(t.conversation.c.person_id == person_id).values(status=status))


def forget_address(tx: Connection, person_id: int) -> None:
    """Drop an address that Teams no longer knows."""
    tx.execute(delete(t.conversation).where(t.conversation.c.person_id == person_id))


def with_upn(tx: Connection, upn: str) -> int | None:
    """The person with this account name, in whatever case it was typed."""
    found: int | None = tx.scalar(select(t.person.c.id).where(func.lower(t.person.c.upn) == upn.strip().lower()))
    return found
