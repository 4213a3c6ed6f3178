"""Who has which role in a unit, since when and by what, for whoever goes through it; and that it has been gone through.

Nobody goes through their own: of a manager another one is asked.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from cases import account
from cases import tables as t
from cases.access import answers_for
from cases.directory import Directory
from cases.policy import Act, OfUnit, Who, decide
from reminders.profile import Profile

_ROLE, _DONE = t.role.c, t.access_review.c
_TICK = {
    name: dialect.insert(t.access_review).on_conflict_do_nothing(index_elements=["unit_id", "period", "person_id"])
    for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))
}


_NOBODY = 0  # no person has this number


@dataclass(frozen=True, kw_only=True)
class Held:
    """A role that somebody has in a unit. `source` is roster, group or request. `since` (care time, UTC) is None for
    what was there before it was kept. `seen_at` (machine time) is when they were last in touch with the bot.
    `administers` says that they also see to the register, so that nobody else may have given them the role.
    """

    person_id: int
    role: str
    source: str
    since: datetime | None
    until: datetime | None
    thread_id: int | None
    seen_at: datetime | None
    administers: bool


def held_in(tx: Connection, directory: Directory, unit_id: str) -> list[Held]:
    """The roles of those who work in the unit, in the order of the roster."""
    admins = {who for (_, role), held in directory.roles.items() if role == "profile_admin" for who in held}
    query = (
        select(
            _ROLE.person_id, _ROLE.role, _ROLE.source, _ROLE.since, _ROLE.until, _ROLE.thread_id,
            t.conversation.c.seen_at,
        )
        .select_from(t.role.outerjoin(t.conversation, t.conversation.c.person_id == _ROLE.person_id))
        .where(_ROLE.unit_id == unit_id)
        .order_by(_ROLE.role, _ROLE.id)
    )  # fmt: skip
    return [
        Held(**row._mapping, administers=row.person_id in admins and row.role != "profile_admin")
        for row in tx.execute(query)
        if directory.works(row.person_id)
    ]


def goes_through(unit_id: str, person_id: int, directory: Directory, profile: Profile) -> list[int]:
    """Who goes through what this person has, or does, in the unit: never they themselves."""
    return [who for _, who in answers_for(directory.units[unit_id], {person_id}, directory, profile)]


def reviewers(unit_id: str, directory: Directory, profile: Profile) -> list[int]:
    """Everybody who goes through something of what those who work in the unit have, or do, there."""
    first = goes_through(unit_id, _NOBODY, directory, profile)
    of_them = [
        who
        for one in first
        if directory.roles_of(one, unit_id)
        for who in goes_through(unit_id, one, directory, profile)
    ]
    return list(dict.fromkeys([*first, *of_them]))


def goes_through_all(unit_id: str, person_id: int, directory: Directory, profile: Profile) -> bool:
    """Whether this person goes through what the unit's people have and do, and not only what its manager does."""
    return person_id in goes_through(unit_id, _NOBODY, directory, profile)


def may_list(who: Who, unit_id: str) -> bool:
    """Whether somebody may have the whole list: whoever leads the unit, or sees to the register or the account."""
    unit = who.directory.units.get(unit_id)
    if unit is None:
        return False
    places = [unit.id, *([unit.authority_unit_id] if unit.authority_unit_id else [])]
    asked = [(Act.REVIEW, unit.id), *((act, place) for act in (Act.CONFIGURE, Act.AUDIT) for place in places)]
    return any(decide(who, act, OfUnit(unit_id=place)) for act, place in asked)


def tick(tx: Connection, who: Who, unit_id: str, period: str) -> bool:
    """This person has gone through the unit's list of that period. False when they had already."""
    row = {"unit_id": unit_id, "period": period, "person_id": who.person_id, "at": who.now}
    if tx.execute(_TICK[tx.dialect.name], row).rowcount == 0:
        return False
    account.note(
        tx, who.now, person_id=who.person_id, action="permission", signal="reviewed", outcome="done",
        reason=f"{unit_id} {period}", directory=who.directory, unit_id=unit_id,
    )  # fmt: skip
    return True


def ticked(tx: Connection, unit_id: str, period: str) -> set[int]:
    """Who has gone through the unit's list of that period."""
    return set(tx.scalars(select(_DONE.person_id).where(_DONE.unit_id == unit_id, _DONE.period == period)))
