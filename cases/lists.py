"""Which open threads concern a person. References and deadlines only; content is read by nobody here."""

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, Connection, and_, or_, select

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
    thread, party = t.thread, t.party
    mine = or_(party.c.person_id == person_id, *[_seat(one, roles[one.profile]) for one in held])
    seats = select(party.c.thread_id).where(mine)
    teams = [one.unit_id for one in held if one.role in roles[one.profile].sender_team.get(one.unit_kind, ())]
    rows = tx.execute(
        select(thread.c.id)
        .where(
            thread.c.closed_at.is_(None),
            or_(thread.c.id.in_(seats), thread.c.sender_id == person_id, thread.c.sender_unit_id.in_(teams)),
        )
        .order_by(thread.c.due_soft.is_(None), thread.c.due_soft, thread.c.id)
        .limit(limit)
    )
    return [row.id for row in rows]


def _seat(one: Membership, section: RoleSection) -> ColumnElement[bool]:
    seats = [one.role]
    if one.role in section.queue.get(one.unit_kind, ()):
        seats.append(QUEUE)
    party = t.party
    return and_(party.c.unit_id == one.unit_id, party.c.person_id.is_(None), party.c.role.in_(seats))
