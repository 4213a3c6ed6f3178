"""The on-call passes to come, as a form's answers: which one, who may take it, and who may approve that it changes
hands. Pure: it reads the directory."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from cases.actions import Audience
from cases.directory import Directory, Pass, Unit
from cases.errors import PassChanged
from reminders.profile import Profile

if TYPE_CHECKING:
    from cases.telling import Change, Teller

_ROLE = "on_call_supervisor"
PASS, TAKER, STARTS = "on_call_pass", "pass_taker", "pass_starts"  # the questions of a pass that changes hands
AUDIENCES = (Audience.PASS_GIVER, Audience.PASS_TAKER, Audience.PASS_APPROVERS)
_STAMP = "%Y%m%dT%H%M%S"
_AHEAD = timedelta(days=120)
_OWN = "egen_regi"


@dataclass(frozen=True, kw_only=True)
class Handing:
    """A pass that goes from one person to another, by this thread."""

    thread_id: int
    one: Pass
    taker_id: int


def code_of(one: Pass) -> str:
    """The pass as a form's answer, such as "HT-NORR:9:20261116T160000"; the time is UTC."""
    return f"{one.unit_id}:{one.person_id}:{one.starts_at.astimezone(UTC):{_STAMP}}"


def parts_of(code: str) -> tuple[str, int, datetime] | None:
    """The unit, the person and the start of a code, or None where it is none."""
    rest, _, stamp = str(code).rpartition(":")
    unit_id, _, person = rest.rpartition(":")
    try:
        starts_at = datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None
    return (unit_id, int(person), starts_at) if unit_id and person.isdecimal() else None


def found(code: str, directory: Directory) -> Pass | None:
    """The pass of a code as the rota has it now; None when it is no longer there."""
    parts = parts_of(code)
    if parts is None:
        return None
    unit_id, person_id, starts_at = parts
    return next(
        (
            one
            for one in directory.passes.get(unit_id, ())
            if (one.person_id, one.starts_at) == (person_id, starts_at)
        ),
        None,
    )  # fmt: skip


def ahead(unit_ids: Collection[str], directory: Directory, now: datetime) -> list[Pass]:
    """The passes to come of these units, the first first."""
    offered = [
        one
        for unit_id in sorted(unit_ids)
        for one in directory.passes.get(unit_id, ())
        if now < one.starts_at < now + _AHEAD
    ]
    return sorted(offered, key=lambda one: one.starts_at)


def may_take(unit_ids: Collection[str], directory: Directory) -> list[int]:
    """Everybody who may be on call in any of these units."""
    people = [who for unit_id in sorted(unit_ids) for who in directory.holders(unit_id, _ROLE)]
    return sorted(dict.fromkeys(people), key=lambda who: directory.people[who].name)


def refusal(code: str, taker_id: int, directory: Directory) -> str:
    """Why this person cannot take this pass, in Swedish; empty when they can."""
    one = found(code, directory)
    if one is None:
        return "Passet har ändrats i schemat. Välj pass på nytt."
    if taker_id == one.person_id:
        return "Den personen har redan passet. Välj någon annan."
    if taker_id not in directory.holders(one.unit_id, _ROLE):
        return f"Den personen har inte jour i {directory.units[one.unit_id].name}. Välj någon annan."
    if any(
        other.person_id == taker_id and other.starts_at < one.ends_at and one.starts_at < other.ends_at
        for other in directory.passes.get(one.unit_id, ())
    ):
        return "Den personen har redan jour då. Välj någon annan."
    return ""


def may_approve(besides: Collection[int], unit: Unit, directory: Directory, profile: Profile) -> list[tuple[str, int]]:
    """Who may approve that a pass of this unit changes hands, with the role: whoever answers for the unit and is none
    of `besides`; where there is nobody, whoever answers for another unit of the same kind and authority, as long as
    both are the municipality's own: another provider is not even to know."""
    near = [unit]
    far = [
        one
        for one in sorted(directory.units.values(), key=lambda one: one.id)
        if (one.kind, one.authority_unit_id) == (unit.kind, unit.authority_unit_id)
        and one.id != unit.id
        and one.provider_kind == unit.provider_kind == _OWN
    ]
    for units in (near, far):
        for role in profile.section("roles").superiors.get(unit.kind, ()):
            who = [(one.id, person) for one in units for person in directory.holders(one.id, role)]
            who = [seat for seat in who if seat[1] not in besides]
            if who:
                return who
    return []


def people(
    who: Audience, values: Mapping[str, Any], sender_id: int, sender_unit: Unit, directory: Directory, profile: Profile
) -> list[tuple[str, int]]:
    """The people of an audience of a pass that changes hands, each with the unit; none before it has been chosen."""
    parts, taker = parts_of(values.get(PASS) or ""), str(values.get(TAKER) or "")
    if parts is None or not taker.isdecimal():
        return []
    unit_id, giver_id, _ = parts
    if who == Audience.PASS_GIVER:
        return [(unit_id, giver_id)]
    if who == Audience.PASS_TAKER:
        return [(unit_id, int(taker))]
    unit = directory.units.get(unit_id, sender_unit)
    return may_approve({giver_id, int(taker), sender_id}, unit, directory, profile)


def handed(teller: "Teller", change: "Change") -> Handing:
    """The pass that this thread is about, on its way to its taker. Raises: PassChanged when it can no longer go."""
    values, directory = teller.thread.values, teller.directory
    code, taker = str(values.get(PASS) or ""), str(values.get(TAKER) or "")
    one = found(code, directory)
    if one is None or not taker.isdecimal() or one.starts_at <= teller.now or refusal(code, int(taker), directory):
        raise PassChanged(teller.thread.flow, change.from_state, change.signal.name)
    return Handing(thread_id=teller.thread.id, one=one, taker_id=int(taker))
