"""People and roles from the directory's groups: what was read of each group, and what follows of it for the record.

Whoever leaves a group loses the role in the very transaction that learns of it, at any hour. What they held goes to the
unit's queue, and a row tells whoever answers for the unit.
"""

import logging
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from cases import account
from cases import tables as t
from cases.directory import BY_REQUEST, roster_changed
from cases.group_map import GroupMap, Mapped
from cases.roster_words import ROLES_IN
from cases.write import new_id

_LOG = logging.getLogger("stafett.groups")

GROUP, ROSTER = "group", "roster"  # where a person or a role comes from
JOINED, LEFT, NOT_INSTALLED = "joined", "left", "not_installed"
_STATE, _MEMBER, _WHO, _ROLE = t.group_state.c, t.group_member.c, t.person.c, t.role.c


@dataclass(frozen=True, kw_only=True)
class Member:
    """Somebody in a group. Without `name` the app may not read names, and nobody new can be made of it."""

    aad_object_id: str
    upn: str | None = None
    name: str | None = None


@dataclass(frozen=True, kw_only=True)
class Changed:
    """A role that somebody got or lost."""

    person_id: int
    unit_id: str
    role: str
    change: str


def keep(tx: Connection, group_id: str, members: Iterable[Member], nested: Collection[str], now: datetime) -> None:
    """What a group holds now, read whole, with the groups inside it. `now` is machine time (UTC)."""
    tx.execute(delete(t.group_member).where(_MEMBER.group_id == group_id))
    rows = {one.aad_object_id.lower(): one for one in members}
    if rows:
        tx.execute(
            insert(t.group_member),
            [
                {"group_id": group_id, "aad_object_id": key, "upn": one.upn and one.upn.lower(), "name": one.name}
                for key, one in rows.items()
            ],
        )
    note_state(tx, group_id, nested=sorted(nested), read_at=now)


def note_state(tx: Connection, group_id: str, **values: Any) -> None:
    """Keep where the next question about this group goes on, or what was read of it."""
    if tx.execute(update(t.group_state).where(_STATE.group_id == group_id).values(**values)).rowcount == 0:
        tx.execute(insert(t.group_state).values(**{"group_id": group_id, "nested": [], **values}))


def forget(tx: Connection, kept: Collection[str]) -> None:
    """Let go of every group but these."""
    tx.execute(delete(t.group_member).where(_MEMBER.group_id.not_in(kept)))
    tx.execute(delete(t.group_state).where(_STATE.group_id.not_in(kept)))


def reconcile(tx: Connection, groups: GroupMap, now: datetime) -> list[Changed]:
    """Make the record's roles what the groups, as last read, and the roster say together. `now` is care time (UTC).

    A group that has never been read decides nothing yet. What they held is handed on by the caller.
    """
    read = set(tx.scalars(select(_STATE.group_id).where(_STATE.read_at.is_not(None))))
    lines = [one for one in groups.mapped if _is_sound(tx, one)]
    unread = {(one.unit_id, one.role) for one in lines if one.group_id not in read}
    governed = {(one.unit_id, one.role) for one in lines} - unread
    people = _people(tx, {one.group_id for one in lines} & read)
    wanted = {
        (people[aad], one.unit_id, one.role)
        for one in lines
        if (one.unit_id, one.role) in governed
        for aad in tx.scalars(select(_MEMBER.aad_object_id).where(_MEMBER.group_id == one.group_id))
        if aad in people
    }
    stored = {
        (row.person_id, row.unit_id, row.role): row.source
        for row in tx.execute(select(_ROLE.person_id, _ROLE.unit_id, _ROLE.role, _ROLE.source))
    }
    theirs = {
        key: source
        for key, source in stored.items()
        if key[1:] in governed or (source == GROUP and key[1:] not in unread)
    }
    gone = [
        key
        for key, source in theirs.items()
        if key not in wanted and (source == GROUP or (source == ROSTER and groups.overrules(*key[1:])))
    ]
    new = [key for key in sorted(wanted) if key not in stored]
    taken_over = [
        key
        for key in wanted
        if stored.get(key) == BY_REQUEST or (stored.get(key) == ROSTER and groups.overrules(*key[1:]))
    ]
    for key in gone:
        tx.execute(delete(t.role).where(*_is(key)))
    for key in taken_over:
        tx.execute(update(t.role).where(*_is(key)).values(source=GROUP, until=None, thread_id=None))
    if new:
        tx.execute(insert(t.role), [dict(zip(_KEY, key, strict=True)) | {"source": GROUP, "since": now} for key in new])
    changed = [_changed(key, LEFT) for key in gone] + [_changed(key, JOINED) for key in new]
    slept = _let_sleep(tx, {key[0] for key in gone})
    if changed or slept:
        roster_changed(tx)
    for one in changed:
        account.note(
            tx, now, person_id=None, about_id=one.person_id, action="permission", signal=f"group_{one.change}",
            outcome="done", reason=f"{one.unit_id} {one.role}", channel=account.GROUPS,
        )  # fmt: skip
    return changed


def tell(tx: Connection, changed: Sequence[Changed], handed_on: int, now: datetime) -> None:
    """Keep for whoever answers for the units what has changed, and how many threads went to somebody else."""
    rows = [
        {"at": now, "person_id": one.person_id, "unit_id": one.unit_id, "role": one.role, "change": one.change,
         "handed_on": handed_on}
        for one in changed
    ]  # fmt: skip
    if rows:
        tx.execute(insert(t.access_change), rows)


@dataclass(frozen=True, kw_only=True)
class Told:
    """What has been kept for whoever answers for a unit. `at` is care time (UTC)."""

    at: datetime
    person_id: int
    role: str
    change: str
    handed_on: int


def latest(tx: Connection, unit_id: str, since: datetime, most: int) -> list[Told]:
    """The latest changes in a unit, the newest first."""
    row = t.access_change.c
    query = select(*(row[name] for name in Told.__dataclass_fields__)).where(row.unit_id == unit_id, row.at > since)
    rows = tx.execute(query.order_by(row.at.desc(), row.id.desc()).limit(most))
    return [Told(**one._mapping) for one in rows]


# --- pieces ------------------------------------------------------------------------------------------------------

_KEY = ("person_id", "unit_id", "role")


def _is(key: tuple[int, str, str]) -> tuple[Any, ...]:
    return tuple(_ROLE[name] == value for name, value in zip(_KEY, key, strict=True))


def _changed(key: tuple[int, str, str], change: str) -> Changed:
    return Changed(person_id=key[0], unit_id=key[1], role=key[2], change=change)


def _is_sound(tx: Connection, one: Mapped) -> bool:
    """Whether the unit is there and has such roles; a line that is wrong gives nobody anything, and is told of."""
    kind = tx.scalar(select(t.unit.c.kind).where(t.unit.c.id == one.unit_id))
    if kind is None or one.role not in ROLES_IN.get(kind, frozenset()):
        _LOG.error("a group gives %s in %s, which the roster has no such unit or role for", one.role, one.unit_id)
        return False
    return True


def _people(tx: Connection, group_ids: Collection[str]) -> dict[str, int]:
    """Who the members are in the record, by directory id; those who are new are put there."""
    rows = tx.execute(
        select(_MEMBER.aad_object_id, func.max(_MEMBER.upn).label("upn"), func.max(_MEMBER.name).label("name"))
        .where(_MEMBER.group_id.in_(group_ids))
        .group_by(_MEMBER.aad_object_id)
    ).all()
    known = {row.aad_object_id: row for row in tx.execute(select(t.person).where(_WHO.aad_object_id.is_not(None)))}
    found: dict[str, int] = {}
    for row in rows:
        person = known.get(row.aad_object_id)
        if person is None:
            number = _by_upn(tx, row) or _made(tx, row)
            if number is None:
                _LOG.error("a member of a group has no name that the app may read, and is not in the roster")
                continue
            found[row.aad_object_id] = number
            continue
        if not person.active:
            tx.execute(update(t.person).where(_WHO.id == person.id).values(active=True, source=GROUP))
        found[row.aad_object_id] = person.id
    return found


def _by_upn(tx: Connection, row: Any) -> int | None:
    """Somebody in the roster by user name alone gets their directory id here."""
    if not row.upn:
        return None
    number: int | None = tx.scalar(select(_WHO.id).where(_WHO.upn == row.upn, _WHO.aad_object_id.is_(None)))
    if number is not None:
        tx.execute(update(t.person).where(_WHO.id == number).values(aad_object_id=row.aad_object_id, active=True))
    return number


def _made(tx: Connection, row: Any) -> int | None:
    if not row.name:
        return None
    holder = tx.execute(select(_WHO.id, _WHO.active).where(_WHO.upn == row.upn)).first() if row.upn else None
    if holder is not None and not holder.active:  # a name is given to somebody new when its holder has left
        tx.execute(update(t.person).where(_WHO.id == holder.id).values(upn=None))
    upn = row.upn if holder is None or not holder.active else None
    return new_id(
        tx.execute(
            insert(t.person).values(
                aad_object_id=row.aad_object_id, upn=upn, name=row.name, title="", phone="", active=True, source=GROUP
            )
        )
    )


def _let_sleep(tx: Connection, people: Collection[int]) -> bool:
    """Those who came of a group and have no role left are not active any more; whether there were any."""
    given = select(_ROLE.person_id).where(_ROLE.person_id.in_(people), _ROLE.source != BY_REQUEST)
    with_role = set(tx.scalars(given))
    idle = set(people) - with_role
    if not idle:
        return False
    done = tx.execute(update(t.person).where(_WHO.id.in_(idle), _WHO.source == GROUP, _WHO.active).values(active=False))
    return bool(done.rowcount)
