"""The on-call passes to come as a form shows them: which ones there are, who may take them, and when one begins."""

from collections.abc import Mapping, Sequence
from typing import Any

from cases import passes
from cases.directory import Directory, Pass
from cases.flow import Field, PassChoice, PassStart, PassTaker
from cases.policy import Act, OfPass, decide
from dialogs.form import Reading
from dialogs.swedish import clock_text, moment_text
from dialogs.visit import Visit
from reminders.localtime import to_local
from reminders.profile import Profile

_MOST = 60  # choices of one form


def pass_text(one: Pass, directory: Directory) -> str:
    """«fre 20 nov kl. 17.00 till lör 21 nov kl. 07.00, Nils Fors, Hemtjänst Norr»"""
    who = directory.people[one.person_id].name if one.person_id in directory.people else ""
    unit = directory.units[one.unit_id].name if one.unit_id in directory.units else ""
    return ", ".join(part for part in (span_text(one), who, unit) if part)


def span_text(one: Pass) -> str:
    """«fre 20 nov kl. 17.00–23.00», or with both days."""
    same_day = to_local(one.starts_at).date() == to_local(one.ends_at).date()
    return moment_text(one.starts_at) + (
        f"–{clock_text(one.ends_at)}" if same_day else f" till {moment_text(one.ends_at)}"
    )


def shown(item: Field, value: str, directory: Directory) -> str:
    """A kept answer as a card tells it; a pass that is no longer in the rota by what its code says."""
    if isinstance(item, PassTaker):
        person = directory.people.get(int(value)) if value.isdecimal() else None
        return person.name if person is not None else "någon som inte längre finns i registret"
    one, parts = passes.found(value, directory), passes.parts_of(value)
    if one is not None:
        return pass_text(one, directory)
    if parts is None:
        return value
    unit_id, person_id, starts_at = parts
    names = [directory.people[person_id].name] if person_id in directory.people else []
    names += [directory.units[unit_id].name] if unit_id in directory.units else []
    return ", ".join([f"från {moment_text(starts_at)}", *names])


def options(visit: Visit, item: Field, profile: Profile) -> dict[str, str]:
    """What may be chosen now, code → words."""
    directory = visit.scene.directory
    every = passes.ahead({one.unit_id for one in visit.held()}, directory, visit.now)
    mine = [one for one in every if decide(visit.who, Act.HAND_ON, OfPass(one=one, profile=profile))][:_MOST]
    if isinstance(item, PassChoice):
        return {passes.code_of(one): pass_text(one, directory) for one in mine}
    people = passes.may_take({one.unit_id for one in mine}, directory)
    return {str(who): directory.people[who].name for who in people}


def complete(fields: Sequence[Field], reading: Reading, directory: Directory) -> None:
    """Add when the chosen pass begins, and refuse a taker who cannot have it."""
    for item in fields:
        if isinstance(item, PassStart) and reading.values.get(item.pass_in):
            told = passes.parts_of(reading.values[item.pass_in])
            if told is not None:
                reading.values[item.name] = told[2].isoformat()
        elif isinstance(item, PassTaker) and reading.ok:
            why = _refused(item, reading.values, directory)
            if why:
                reading.errors[item.name] = why


def _refused(item: PassTaker, values: Mapping[str, Any], directory: Directory) -> str:
    code, taker = values.get(item.pass_in), str(values.get(item.name) or "")
    return passes.refusal(str(code), int(taker), directory) if code and taker.isdecimal() else ""
