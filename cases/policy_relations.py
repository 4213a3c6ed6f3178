"""What a person is to a thread, by their seats at it, by what they sent and by the pass they have. Pure.

For `cases.policy`, which decides by it, and for whoever works out which side of a thread is told what.
"""

from datetime import datetime

from cases.directory import Directory
from cases.flow import By
from cases.route import ON_CALL, members
from cases.thread import NO_CASE, OWN_DRAFT, RETURNED, Party, ThreadNow
from reminders.profile import Profile

_SIDES = {side.value: side for side in By if side != By.SENDER}  # a seat there acts as what the thread says of it
_WITHOUT_CASES = frozenset({"profile_admin", "auditor"})  # roles that open no thread


def relations(
    person_id: int, thread: ThreadNow, directory: Directory, profile: Profile, now: datetime
) -> frozenset[By]:
    """The person's relations to the thread; empty means that not even its existence may be told."""
    found: set[By] = set()
    for party in thread.parties:
        if party.person_id is not None and party.person_id != person_id:
            continue
        side = side_of(party, thread)
        if side is None or side in found or person_id not in members(party, directory, profile, now):
            continue
        if _may_sit(person_id, party, thread, directory, now):
            found.add(side)
    if By.SENDER not in found and (
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
        party
        for party in thread.parties
        if party.side == side
        and party.person_id in (None, person_id)
        and person_id in members(party, directory, profile, now)
    ]
    return min(seats, key=lambda party: party.person_id is None, default=None)


def side_of(party: Party, thread: ThreadNow) -> By | None:
    """What a seat lets its members do. Whoever the sender's own unit calls in acts for the sender, not as receiver."""
    if party.side == By.INFORMED and party.unit_id == thread.sender_unit_id:
        return By.SENDER
    if party.side == RETURNED:
        return By.INFORMED
    return _SIDES.get(party.side)


def covered(person_id: int, thread: ThreadNow, directory: Directory, profile: Profile) -> Party | None:
    """The seat of a colleague in the same unit that this person may step in for, the owner's before others; else None.

    It is for whoever has no part in the thread: all it lets them see is that it exists and who holds it.
    """
    if thread.is_sealed or not directory.is_active(person_id):
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


def _may_sit(person_id: int, party: Party, thread: ThreadNow, directory: Directory, now: datetime) -> bool:
    """Whether a seat of one's own still is one: it may have come with a role that is no longer held."""
    if party.person_id is None or party.role == ON_CALL:
        return True
    return _works_with_cases(person_id, party.unit_id, thread, directory, now)


def _works_with_cases(person_id: int, unit_id: str, thread: ThreadNow, directory: Directory, now: datetime) -> bool:
    """Whether the person's roles in the unit open threads to them; whoever only has the jour, until the pass and its
    notes are over."""
    roles = directory.roles_of(person_id, unit_id) - _WITHOUT_CASES
    if roles == {ON_CALL} and NO_CASE not in thread.marks:
        return directory.may_finish_pass(unit_id, person_id, now)
    return bool(roles)


def _is_sender(person_id: int, thread: ThreadNow, directory: Directory, now: datetime) -> bool:
    """The sender, while they work in the unit; who sent it on call alone, until the pass and its notes are over."""
    if person_id != thread.sender_id or not directory.is_active(person_id):
        return False
    return _works_with_cases(person_id, thread.sender_unit_id, thread, directory, now)


def _is_on_call_for(person_id: int, thread: ThreadNow, directory: Directory, now: datetime) -> bool:
    """Whoever is on call for the sender's unit acts for it while the pass lasts: what one pass leaves open, the next
    one sees."""
    if thread.is_closed or NO_CASE in thread.marks:  # so neither anybody's draft of one's own
        return False
    return person_id in directory.on_call(thread.sender_unit_id, now)


def _is_sender_team(person_id: int, thread: ThreadNow, directory: Directory, profile: Profile) -> bool:
    unit = directory.units.get(thread.sender_unit_id)
    if unit is None or OWN_DRAFT in thread.marks:
        return False
    team = profile.section("roles").sender_team.get(unit.kind, ())
    return bool(directory.roles_of(person_id, unit.id) & set(team)) and directory.is_active(person_id)
