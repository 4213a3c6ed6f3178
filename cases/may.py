"""Who may see or do what. One pure function; every view, signal and list asks it."""

from datetime import datetime

from cases.directory import Directory
from cases.flow import By
from cases.route import ON_CALL, members
from cases.thread import LEFT, NO_CASE, RETURNED, Party, ThreadNow
from reminders.profile import Profile


def relations(
    person_id: int, thread: ThreadNow, directory: Directory, profile: Profile, now: datetime
) -> frozenset[By]:
    """The person's relations to the thread; empty means that not even its existence may be told."""
    seats = [party for party in thread.parties if person_id in members(party, directory, profile, now)]
    found = {side for side in (side_of(party, thread) for party in seats) if side is not None}
    if (
        _is_sender(person_id, thread, directory, now)
        or _is_sender_team(person_id, thread, directory, profile)
        or _is_on_call_for(person_id, thread, directory, now)
    ):
        found.add(By.SENDER)
    return frozenset(found)


def seat_of(
    person_id: int, thread: ThreadNow, directory: Directory, profile: Profile, now: datetime, side: By
) -> Party | None:
    """The seat on that side from which the person acts: a personal seat before a queue."""
    seats = [
        party for party in thread.parties if party.side == side and person_id in members(party, directory, profile, now)
    ]
    return min(seats, key=lambda party: party.person_id is None, default=None)


def may_see(person_id: int, thread: ThreadNow, directory: Directory, profile: Profile, now: datetime) -> bool:
    """Whether the thread exists at all for this person. A draft exists only for the sender's side."""
    return bool(relations(person_id, thread, directory, profile, now))


def side_of(party: Party, thread: ThreadNow) -> By | None:
    """What a seat lets its members do. Whoever the sender's own unit calls in acts for the sender, not as receiver."""
    if party.side == By.INFORMED and party.unit_id == thread.sender_unit_id:
        return By.SENDER
    if party.side == RETURNED:
        return By.INFORMED
    return None if party.side in (By.SENDER, LEFT) else By(party.side)


def could_cover(person_id: int, thread: ThreadNow, directory: Directory, profile: Profile) -> Party | None:
    """The seat of a colleague in the same unit that this person may step in for, the owner's before others; else None.

    It is for whoever has no part in the thread: all it lets them see is that it exists and who holds it.
    """
    if not directory.is_active(person_id):
        return None
    cover = profile.section("roles").cover
    found = [
        party
        for party in thread.parties
        if party.person_id not in (None, person_id)
        and party.side in (By.RECEIVER, By.SENDER)
        and party.unit_id in directory.units
        and directory.roles_of(person_id, party.unit_id) & set(cover.get(directory.units[party.unit_id].kind, ()))
    ]
    return min(found, key=lambda party: (party is not thread.owner, party.side != By.RECEIVER), default=None)


def _is_sender(person_id: int, thread: ThreadNow, directory: Directory, now: datetime) -> bool:
    """The sender, while they work in the unit; who sent it on call alone, until the pass and its notes are over."""
    if person_id != thread.sender_id or not directory.is_active(person_id):
        return False
    roles = directory.roles_of(person_id, thread.sender_unit_id)
    if roles == {ON_CALL} and NO_CASE not in thread.marks:
        return directory.may_finish_pass(thread.sender_unit_id, person_id, now)
    return bool(roles)


def _is_on_call_for(person_id: int, thread: ThreadNow, directory: Directory, now: datetime) -> bool:
    """Whoever is on call for the sender's unit acts for it while the pass lasts: what one pass leaves open, the next
    one sees."""
    if thread.is_closed or NO_CASE in thread.marks:
        return False
    return person_id in directory.on_call(thread.sender_unit_id, now)


def _is_sender_team(person_id: int, thread: ThreadNow, directory: Directory, profile: Profile) -> bool:
    unit = directory.units.get(thread.sender_unit_id)
    if unit is None:
        return False
    team = profile.section("roles").sender_team.get(unit.kind, ())
    return bool(directory.roles_of(person_id, unit.id) & set(team)) and directory.is_active(person_id)
