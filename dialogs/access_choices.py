"""A request for access as a form shows it: for whom, in which unit, which role, and until when."""

from collections.abc import Sequence
from datetime import date, timedelta

from cases import access
from cases.directory import Directory
from cases.flow import AccessChoice, Field
from dialogs.access_section import Access
from dialogs.form import Reading
from dialogs.role_words import role_name
from dialogs.swedish import full_day_text
from dialogs.terms import Terms
from dialogs.visit import Visit
from reminders.localtime import to_local
from reminders.profile import Profile


def options(visit: Visit, item: AccessChoice, profile: Profile) -> dict[str, str]:
    """What may be chosen now, code → words."""
    directory = visit.scene.directory
    if item.of == "who":
        found = access.may_be_for(visit.person_id, directory, profile)
        return {str(who): _name(who, directory, visit.person_id) for who in found}
    units = access.may_be_in(visit.person_id, directory)
    if item.of == "unit":
        return {unit.id: unit.name for unit in units}
    terms: Terms = profile.section("terms")
    roles = dict.fromkeys(role for unit in units for role in access.roles_in(unit))
    return {role: role_name(role, terms).capitalize() for role in roles}


def shown(item: AccessChoice, value: str, directory: Directory, terms: Terms) -> str:
    """A kept answer as a card tells it."""
    if item.of == "role":
        return role_name(value, terms)
    if item.of == "unit":
        return directory.units[value].name if value in directory.units else value
    person = directory.people.get(int(value)) if value.isdecimal() else None
    return person.name if person is not None else "någon som inte längre finns i registret"


def complete(fields: Sequence[Field], reading: Reading, profile: Profile, visit: Visit) -> None:
    """Refuse a role that is not in the unit or that the person has, and a time that is too long."""
    if not reading.ok or not any(isinstance(item, AccessChoice) for item in fields):
        return
    fault = access.refusal(reading.values, visit.scene.directory)
    section: Access = profile.section("access")
    longest = to_local(visit.now).date() + timedelta(days=section.longest_days)
    if fault is not None:
        reading.errors[fault[0]] = fault[1]
    elif date.fromisoformat(str(reading.values[access.LAST_DAY])) > longest:
        reading.errors[access.LAST_DAY] = f"Behörigheten kan gälla längst till {full_day_text(longest)}."


def _name(who: int, directory: Directory, me: int) -> str:
    """«Sara Lind, undersköterska (du själv)»"""
    person = directory.people[who]
    told = f"{person.name}, {person.title}" if person.title else person.name
    return f"{told} (du själv)" if who == me else told
