"""Who may do what in a unit, and with an on-call pass: by the roles they hold there now."""

from collections.abc import Callable, Mapping

from cases.policy_words import (
    NO_ROLE,
    NOT_IN_USE,
    OFF_DUTY,
    ROLE,
    Act,
    OfPass,
    OfUnit,
    Verdict,
    Who,
    refused,
    roles_in,
)
from cases.route import AUTHORITY, ON_CALL

LEADERS = frozenset({"unit_manager", "deputy_unit_manager", "lead_needs_assessor"})
ANSWERS = frozenset({"unit_manager", "lead_needs_assessor"})
_AUDITOR, _ADMIN = "auditor", "profile_admin"
_HELD: Mapping[Act, frozenset[str]] = {  # which roles let, wherever nothing more is looked at
    Act.LEAD: LEADERS,
    Act.REVIEW: frozenset({"unit_manager", _ADMIN}),
    Act.STATISTICS: ANSWERS | {_ADMIN, _AUDITOR},
    Act.CONFIGURE: frozenset({_ADMIN}),
    Act.AUDIT: frozenset({_AUDITOR}),
    Act.QUALITY: ANSWERS,
    Act.BOARD: ANSWERS,
    Act.NOT_STARTED: ANSWERS,
}
_OWN = frozenset({Act.BOARD, Act.NOT_STARTED})  # of which an assessor has what is their own
_OF_AUTHORITY = frozenset({Act.QUALITY, Act.BOARD})
_ASSESSOR = "needs_assessor"


def _start(who: Who, _act: Act, what: OfUnit) -> Verdict:
    """Whoever the flow lets send; the jour only during the pass, but for what is about no case."""
    flow, profile = what.flow, what.profile
    if flow is None or profile is None or flow.name not in profile.section("flows").on:
        return refused(NOT_IN_USE)
    mine = roles_in(who, what.unit_id) & flow.senders
    if not mine:
        return refused(NO_ROLE)
    on_duty = mine != {ON_CALL} or flow.caseless or who.person_id in who.directory.on_call(what.unit_id, who.now)
    return Verdict(allowed=True, reason=ROLE) if on_duty else refused(OFF_DUTY)


def _in_unit(who: Who, act: Act, what: OfUnit) -> Verdict:
    mine, unit = roles_in(who, what.unit_id), who.directory.units.get(what.unit_id)
    if act in _OF_AUTHORITY and (unit is None or unit.kind != AUTHORITY):
        return refused(NO_ROLE)
    if mine & _HELD[act]:
        return Verdict(allowed=True, reason=ROLE)
    if act in _OWN and _ASSESSOR in mine:
        return Verdict(allowed=True, reason=ROLE, only=who.person_id)
    return refused(NO_ROLE)


def _work(who: Who, _act: Act, what: OfUnit) -> Verdict:
    return Verdict(allowed=True, reason=ROLE) if roles_in(who, what.unit_id) else refused(NO_ROLE)


def _take_duty(who: Who, _act: Act, what: OfUnit) -> Verdict:
    """During the pass, and not a minute more."""
    is_on = who.person_id in who.directory.on_call(what.unit_id, who.now)
    return Verdict(allowed=True, reason=ROLE) if is_on else refused(OFF_DUTY)


def _hold(who: Who, _act: Act, what: OfUnit) -> Verdict:
    """Whoever answers for an authority unit, administers or audits: no provider lets go of another's case."""
    held = [one for one in who.directory.memberships(who.person_id) if what.unit_id in ("", one.unit_id)]
    may = any(one.role in (_ADMIN, _AUDITOR) or (one.role in ANSWERS and one.unit_kind == AUTHORITY) for one in held)
    return Verdict(allowed=True, reason=ROLE) if may and who.directory.is_active(who.person_id) else refused(NO_ROLE)


_IN_UNIT: Mapping[Act, Callable[[Who, Act, OfUnit], Verdict]] = {
    Act.START: _start, Act.WORK: _work, Act.TAKE_DUTY: _take_duty, Act.HOLD: _hold,
}  # fmt: skip


def _hand_on(who: Who, what: OfPass) -> Verdict:
    """Their own, or one of a unit that they answer for."""
    unit, mine = who.directory.units.get(what.one.unit_id), roles_in(who, what.one.unit_id)
    if unit is None or not mine:
        return refused(NO_ROLE)
    leads = mine & set(what.profile.section("roles").superiors.get(unit.kind, ()))
    return Verdict(allowed=True, reason=ROLE) if leads or what.one.person_id == who.person_id else refused(NO_ROLE)


def in_unit(who: Who, act: Act, what: OfUnit) -> Verdict:
    """Whether this person may do this in the unit. Raises: KeyError for an act that is not one in a unit."""
    return _IN_UNIT.get(act, _in_unit)(who, act, what)


def with_pass(who: Who, act: Act, what: OfPass) -> Verdict:
    """The same with a pass."""
    return {Act.HAND_ON: _hand_on}[act](who, what)
