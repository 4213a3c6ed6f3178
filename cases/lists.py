"""Which open threads concern a person. References and deadlines only; content is read by nobody here."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, Select, select, union

from cases import tables as t
from cases.directory import Membership
from cases.roles import RoleSection
from cases.route import QUEUE

FULL = 25  # a list this long may be longer


def open_thread_ids(
    tx: Connection, person_id: int, held: Sequence[Membership], roles: Mapping[str, RoleSection], limit: int = FULL
) -> list[int]:
    """Open threads where the person has a seat, reads the queue or belongs to the sender's team; nearest limit first.

    `roles` is the role section of each profile. The caller still asks `may` before showing any of them.
    """
    thread, open_ = t.thread, t.thread.c.closed_at.is_(None)
    teams = [one.unit_id for one in held if one.role in roles[one.profile].sender_team.get(one.unit_kind, ())]
    # Each way to a thread by its own index; an OR of them would read every open thread of the country.
    concerned = union(
        select(t.party.c.thread_id).where(t.party.c.person_id == person_id),
        *[_seats(one, roles[one.profile]) for one in held],
        select(thread.c.id).where(open_, thread.c.sender_id == person_id),
        *[select(thread.c.id).where(open_, thread.c.sender_unit_id == team) for team in dict.fromkeys(teams)],
    )
    rows = tx.execute(
        select(thread.c.id)
        .where(open_, thread.c.id.in_(concerned))
        .order_by(thread.c.due_soft.is_(None), thread.c.due_soft, thread.c.id)
        .limit(limit)
    )
    return [row.id for row in rows]


def _seats(one: Membership, section: RoleSection) -> Select[tuple[int]]:
    """Threads where a unit's queue in a role of this person has a seat."""
    seats = [one.role]
    if one.role in section.queue.get(one.unit_kind, ()):
        seats.append(QUEUE)
    party = t.party.c
    return select(party.thread_id).where(party.unit_id == one.unit_id, party.person_id.is_(None), party.role.in_(seats))
