"""Which open threads concern a person, their units or their cases, what is due soonest first.

References and deadlines only; content is read by nobody here. The caller asks `may` before showing any of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Select, SelectBase, exists, select, union

from cases import tables as t
from cases.directory import Membership
from cases.flow import By
from cases.roles import RoleSection
from cases.route import QUEUE

_THREAD, _PARTY = t.thread.c, t.party.c
HEARTBEAT = "heartbeat"  # the flow that shows that messages get through: no case, and nothing for anybody to do
OPEN = _THREAD.closed_at.is_(None) & (_THREAD.flow != HEARTBEAT)


@dataclass(frozen=True, kw_only=True)
class Page:
    """A stretch of a list. `more` says whether there is more of it after this."""

    ids: tuple[int, ...]
    more: bool


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Whose lists they are: the person, the roles they hold, the role section of each profile, and the units whose
    on-call pass they have now."""

    person_id: int
    held: Sequence[Membership]
    roles: Mapping[str, RoleSection]
    on_duty: Sequence[str] = ()

    def units(self) -> list[str]:
        """The units the person works in, each once."""
        return list(dict.fromkeys(one.unit_id for one in self.held))

    def teams(self) -> list[str]:
        """The units for whose senders the person may act."""
        held = [one for one in self.held if one.role in self.roles[one.profile].sender_team.get(one.unit_kind, ())]
        return list(dict.fromkeys(one.unit_id for one in held))

    def seats(self, one: Membership) -> list[str]:
        """The roles whose shared seats this membership sits in; a unit's queue among them for those who read it."""
        reads = one.role in self.roles[one.profile].queue.get(one.unit_kind, ())
        return [one.role, QUEUE] if reads else [one.role]


def mine(tx: Connection, reader: Reader, *, skip: int = 0, most: int = 25) -> Page:
    """What waits for this person: what they sent, what came to them, and what nobody in their queue has taken yet."""
    # Each way to a thread by its own index; an OR of them would read every open thread of the country.
    return _page(tx, union(*_own(reader)), skip, most)


def of_units(
    tx: Connection, reader: Reader, *, skip: int = 0, most: int = 25, among: Sequence[ColumnElement[bool]] = ()
) -> Page:
    """What the units that the person acts for have sent and what lies in their queues, whoever has it; and what is the
    person's own.

    `among` says which of it, before it is cut into pages.
    """
    queues = [_seats(reader, one) for one in reader.held]
    acts_for = dict.fromkeys((*reader.teams(), *reader.on_duty))
    sent = [select(_THREAD.id).where(OPEN, _THREAD.sender_unit_id == unit) for unit in acts_for]
    return _page(tx, union(*_own(reader), *queues, *sent), skip, most, among)


def of_cases(tx: Connection, reader: Reader, *, skip: int = 0, most: int = 25) -> Page:
    """What is open in the cases that the person is the responsible assessor of."""
    cases = select(t.care_case.c.case_ref).where(t.care_case.c.responsible_id == reader.person_id)
    return _page(tx, select(_THREAD.id).where(OPEN, _THREAD.case_ref.in_(cases)), skip, most)


def urgent(
    tx: Connection, reader: Reader, units: Sequence[str], flows: Sequence[str], *, skip: int = 0, most: int = 25
) -> Page:
    """What is open of these flows: what these units have sent and what waits for this person."""
    sent = select(_THREAD.id).where(OPEN, _THREAD.sender_unit_id.in_(units))
    return _page(tx, union(*_own(reader), sent), skip, most, [_THREAD.flow.in_(flows)])


def unread(tx: Connection, reader: Reader, *, most: int) -> list[int]:
    """Open messages that nobody in the person's seat has read."""
    waiting = _PARTY.side == By.RECEIVER, _PARTY.read_at.is_(None), _PARTY.taken_at.is_(None)
    personal = select(_PARTY.thread_id).where(_PARTY.person_id == reader.person_id, *waiting)
    queues = [_seats(reader, one).where(*waiting) for one in reader.held]
    found = union(personal, *queues).subquery()
    return list(tx.scalars(select(_THREAD.id).where(OPEN, _THREAD.id.in_(select(found))).limit(most)))


def of_case(tx: Connection, refs: Sequence[str], *, most: int) -> list[int]:
    """Every thread of a case that is written in any of these ways, the open ones first, then the latest."""
    found = tx.scalars(
        select(_THREAD.id)
        .where(_THREAD.case_ref.in_(refs))
        .order_by(_THREAD.closed_at.is_not(None), _THREAD.due_soft.is_(None), _THREAD.due_soft, _THREAD.id.desc())
        .limit(most)
    )
    return list(found)


def known_case(tx: Connection, refs: Sequence[str]) -> str | None:
    """The case reference as the roster or a thread has it, or None where nothing in the record is called so."""
    in_roster = select(t.care_case.c.case_ref).where(t.care_case.c.case_ref.in_(refs))
    in_thread = select(_THREAD.case_ref).where(_THREAD.case_ref.in_(refs))
    found: str | None = tx.scalar(union(in_roster, in_thread).limit(1))  # in one: the same for what is there or not
    return found


def _own(reader: Reader) -> list[Select[tuple[int]]]:
    """The ways to what is a person's own: personal seats, their sending, and the seats they share with others."""
    who = reader.person_id
    return [
        select(_PARTY.thread_id).where(_PARTY.person_id == who),
        select(_THREAD.id).where(OPEN, _THREAD.sender_id == who),
        *[_seats(reader, one).where(~_taken_by_another(who)) for one in reader.held],
    ]


def _seats(reader: Reader, one: Membership) -> Select[tuple[int]]:
    """Threads where a shared seat of this membership is."""
    return select(_PARTY.thread_id).where(
        _PARTY.unit_id == one.unit_id, _PARTY.person_id.is_(None), _PARTY.role.in_(reader.seats(one))
    )


def _taken_by_another(person_id: int) -> ColumnElement[bool]:
    """Somebody has taken the thread, and not this person."""
    other = t.party.alias()
    taken = exists().where(other.c.thread_id == _PARTY.thread_id, other.c.taken_by.is_not(None))
    return taken & ~taken.where(other.c.taken_by == person_id)


def _page(
    tx: Connection, concerned: SelectBase, skip: int, most: int, among: Sequence[ColumnElement[bool]] = ()
) -> Page:
    rows = tx.scalars(
        select(_THREAD.id)
        .where(OPEN, _THREAD.id.in_(concerned), *among)
        .order_by(_THREAD.due_soft.is_(None), _THREAD.due_soft, _THREAD.id)
        .offset(skip)
        .limit(most + 1)
    )
    return _cut(list(rows), most)


def _cut(found: list[int], most: int) -> Page:
    return Page(ids=tuple(found[:most]), more=len(found) > most)
