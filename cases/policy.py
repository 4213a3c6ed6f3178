"""Who may see or do what. One pure function, `decide`: whatever shows or changes something asks it first.

It looks at what the roster makes of a person now (roles, units, the on-call pass), at what they are to a thread, at the
colleague whose place they may take, at a leave to read that they have been given for a time, and at what the
municipality's mode lets be shown. It reads no database and no clock, and it is silent: the caller keeps the account.
"""

from collections.abc import Callable, Mapping

from cases.flow import By
from cases.modes import POINTERS
from cases.policy_relations import covered, relations
from cases.policy_units import ANSWERS, LEADERS, in_unit, with_pass
from cases.policy_words import (
    COVERS,
    GRANTED,
    IS_SEALED,
    NO_RELATION,
    NO_ROLE,
    NOT_PERMITTED,
    POINTERS_ONLY,
    RELATED,
    ROLE,
    Act,
    Grant,
    OfPass,
    OfThread,
    OfUnit,
    Verdict,
    What,
    Who,
    refused,
    roles_in,
)
from cases.route import ON_CALL
from cases.thread import LEFT

__all__ = [
    "LEADERS", "POINTERS", "Act", "Grant", "OfPass", "OfThread", "OfUnit", "Verdict", "What", "Who", "decide",
]  # fmt: skip


def decide(who: Who, act: Act, what: What) -> Verdict:
    """Whether this person may do this now. Raises: KeyError for an act that is not one on such a thing."""
    if isinstance(what, OfThread):
        return _WITH_THREAD[act](who, what)
    if isinstance(what, OfUnit):
        return in_unit(who, act, what)
    return with_pass(who, act, what)


# --- threads -----------------------------------------------------------------------------------------------------


def _see(who: Who, what: OfThread) -> Verdict:
    """Whoever has a part in it; of one that is sealed the card says no more than that it has ended."""
    mine = relations(who.person_id, what.thread, who.directory, what.profile, who.now)
    return Verdict(allowed=True, reason=RELATED, relations=mine) if mine else refused(NO_RELATION)


def _part(who: Who, what: OfThread) -> Verdict:
    """Whoever has a part in it, as long as it is not sealed."""
    seen = _see(who, what)
    return refused(IS_SEALED, seen.relations) if seen and what.thread.is_sealed else seen


def _read(who: Who, what: OfThread) -> Verdict:
    part = _part(who, what)
    if not part and not _is_granted(who, what):
        return part
    if what.mode == POINTERS:
        return refused(POINTERS_ONLY, part.relations)
    return part or Verdict(allowed=True, reason=GRANTED)


def _move(who: Who, what: OfThread) -> Verdict:
    part = _part(who, what)
    if part.relations:
        return part if not part or part.relations & what.by else refused(NOT_PERMITTED, part.relations)
    return _step_in(who, what) if By.COLLEAGUE in what.by else part


def _publish(who: Who, what: OfThread) -> Verdict:
    part = _part(who, what)
    return part if not part or By.SENDER in part.relations else refused(NOT_PERMITTED, part.relations)


def _step_in(who: Who, what: OfThread) -> Verdict:
    """Only for whoever has no part in it: all it lets them see is that it exists and who holds it."""
    thread = what.thread
    if thread.is_closed or thread.is_sealed or thread.state == what.flow.first or _see(who, what):
        return refused(NO_RELATION)
    seat = covered(who.person_id, thread, who.directory, what.profile)
    if seat is None:
        return refused(NO_RELATION)
    return Verdict(allowed=True, reason=COVERS, relations=frozenset({By.COLLEAGUE}), seat=seat)


def _break_glass(who: Who, what: OfThread) -> Verdict:
    """Whoever has no part in it and works in a unit that has it, in a role that the profile names; the jour during the
    pass. To everybody else it does not exist, and a draft is its sender's alone."""
    if what.thread.is_sealed or what.thread.state == what.flow.first or _see(who, what):
        return refused(NO_RELATION)
    named = what.profile.section("roles").break_glass
    for unit_id in _units(what):
        unit = who.directory.units.get(unit_id)
        mine = roles_in(who, unit_id) & set(named.get(unit.kind, ())) if unit is not None else frozenset()
        if mine and (mine != {ON_CALL} or who.person_id in who.directory.on_call(unit_id, who.now)):
            return Verdict(allowed=True, reason=ROLE, unit_id=unit_id)
    return refused(NO_RELATION)


def _export_case(who: Who, what: OfThread) -> Verdict:
    """Whoever answers for a unit that has the thread: a party hands out what that party has."""
    for unit_id in () if what.thread.is_sealed else _units(what):
        if roles_in(who, unit_id) & ANSWERS:
            return Verdict(allowed=True, reason=ROLE, unit_id=unit_id)
    return refused(NO_ROLE)


def _units(what: OfThread) -> list[str]:
    """The units that have the thread; a draft is its sender's alone."""
    sender, thread = what.thread.sender_unit_id, what.thread
    if thread.state == what.flow.first:
        return [sender]
    return list(dict.fromkeys([sender, *(party.unit_id for party in thread.parties if party.side != LEFT)]))


def _is_granted(who: Who, what: OfThread) -> bool:
    grant = what.grant
    if grant is None or (grant.person_id, grant.thread_id) != (who.person_id, what.thread.id):
        return False
    return who.now < grant.until and _break_glass(who, what).allowed


_WITH_THREAD: Mapping[Act, Callable[[Who, OfThread], Verdict]] = {
    Act.SEE: _see, Act.LIST: _part, Act.READ: _read, Act.ASK: _part, Act.MOVE: _move, Act.JOURNAL: _part,
    Act.FETCH: _see, Act.PUBLISH: _publish, Act.STEP_IN: _step_in, Act.BREAK_GLASS: _break_glass,
    Act.EXPORT_CASE: _export_case, Act.SEAL: _part,
}  # fmt: skip
