"""Recognising a person who writes, and remembering where to reach them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from cases import tables as t

OPEN, BLOCKED, REMOVED = "open", "blocked", "removed"


@dataclass(frozen=True, kw_only=True)
class Reach:
    """Where a person's conversation with the bot is."""

    conversation_id: str
    service_url: str
    tenant_id: str
    bot_id: str
    locale: str | None


@dataclass(frozen=True, kw_only=True)
class Membership:
    """A role that a person holds in a unit."""

    unit_id: str
    unit_name: str
    unit_kind: str
    profile: str
    role: str


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


def bind(tx: Connection, person_id: int, *, aad_object_id: str | None, channel_user_id: str) -> None:
    """Tie the person to their ids at first contact, once: an id that is there is never overwritten."""
    who = t.person
    row = tx.execute(select(who.c.aad_object_id, who.c.channel_user_id).where(who.c.id == person_id)).one()
    values: dict[str, str] = {}
    if row.channel_user_id is None:
        values["channel_user_id"] = channel_user_id
    if row.aad_object_id is None and aad_object_id:
        values["aad_object_id"] = aad_object_id
    if values:
        tx.execute(update(who).where(who.c.id == person_id).values(**values))


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


def reach_of(tx: Connection, person_id: int) -> Reach | None:
    """Where to reach the person, or None when the bot has no open conversation with them."""
    talk = t.conversation
    row = tx.execute(select(talk).where(talk.c.person_id == person_id, talk.c.status == OPEN)).mappings().first()
    if row is None:
        return None
    return Reach(**{name: row[name] for name in ("conversation_id", "service_url", "tenant_id", "bot_id", "locale")})


def mark(tx: Connection, person_id: int, status: str) -> None:
    """Note that the person has blocked the bot or that it has been removed."""
    tx.execute(update(t.conversation).where(t.conversation.c.person_id == person_id).values(status=status))


def forget_address(tx: Connection, person_id: int) -> None:
    """Drop an address that Teams no longer knows."""
    tx.execute(delete(t.conversation).where(t.conversation.c.person_id == person_id))


def memberships(tx: Connection, person_id: int) -> list[Membership]:
    """The roles a person holds, in roster order."""
    role, unit = t.role, t.unit
    rows = tx.execute(
        select(unit.c.id, unit.c.name, unit.c.kind, unit.c.profile, role.c.role)
        .select_from(role.join(unit, unit.c.id == role.c.unit_id))
        .where(role.c.person_id == person_id)
        .order_by(role.c.id)
    )
    return [
        Membership(unit_id=row.id, unit_name=row.name, unit_kind=row.kind, profile=row.profile, role=row.role)
        for row in rows
    ]


def units_of_kind(tx: Connection, kind: str, profile: str) -> dict[str, str]:
    """Units of a kind in a profile, id → name."""
    unit = t.unit
    rows = tx.execute(
        select(unit.c.id, unit.c.name).where(unit.c.kind == kind, unit.c.profile == profile).order_by(unit.c.name)
    )
    return {row.id: row.name for row in rows}
