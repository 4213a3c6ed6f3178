"""The profile's own section on meetings: what kinds there are, who convenes them, who is invited, and the agenda."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cases.roles import CASE_ROLES
from reminders.profile import Profile
from reminders.profile_schema import Complain, Table, register_section

SECTION = "meetings"
MODES = ("on_site", "digital", "phone", "home_visit")
# Where an invited role sits: at the provider, the authority, the municipality's health care, in the convener's own
# unit, at every provider that the authority answers for, or with the case itself.
WHERE = ("provider", "authority", "health_care", "own", "providers", "case")
_OF_CASE = ("responsible_assessor", "fixed_care_contact")
_QUEUE = "function_mailbox"
_PLACES = ("provider", "authority", "own")
_LONGEST_TITLE = 60


@dataclass(frozen=True, kw_only=True)
class InvitedRole:
    """A role that is invited, and `of` which unit: `WHERE`."""

    role: str
    of: str
    optional: bool = False


@dataclass(frozen=True, kw_only=True)
class MeetingKind:
    """One kind of meeting. `title` is its subject in a calendar, so it is neutral: never a case, never a client.

    `gather` are the roles of the convener's own unit that say beforehand which cases are to be taken up.
    `place` says whose unit it is held at. With `digital_months` it is held digitally in the months of that rule
    (`D27`).
    """

    name: str
    title: str
    minutes: int
    convener: tuple[str, ...]
    chair: tuple[str, ...]
    gather: tuple[str, ...]
    invited: tuple[InvitedRole, ...]
    agenda: tuple[str, ...]
    place: str
    mode: str
    digital_months: bool
    source: str


def read_meetings(values: Mapping[str, Any], complain: Complain) -> dict[str, MeetingKind]:
    """Read `[meetings]`: a table for each kind."""
    root = Table(values=values, complain=complain)
    found = {name: _kind(name, root.table(name)) for name in values}
    root.done()
    return found


def _kind(name: str, table: Table) -> MeetingKind:
    title = table.text("title")
    if len(title) > _LONGEST_TITLE:
        table.refuse("title", f"en text med högst {_LONGEST_TITLE} tecken")
    kind = MeetingKind(
        name=name,
        title=title,
        minutes=table.integer("minutes", low=5, high=600),
        convener=table.names("convener", CASE_ROLES),
        chair=table.names("chair", CASE_ROLES, default=()),
        gather=table.names("gather", CASE_ROLES, default=()),
        invited=tuple(_invited(one) for one in table.tables("invited")),
        agenda=table.names("agenda", default=()),
        place=table.choice("place", _PLACES, "own"),
        mode=table.choice("mode", MODES, "on_site"),
        digital_months=table.flag("digital_months", False),
        source=table.text("source", "Stafett"),
    )
    table.done()
    return kind


def _invited(table: Table) -> InvitedRole:
    of = table.choice("of", WHERE)
    one = InvitedRole(
        role=table.choice("role", _OF_CASE if of == "case" else (*CASE_ROLES, _QUEUE)),
        of=of,
        optional=table.flag("optional", False),
    )
    table.done()
    return one


def kinds(profile: Profile) -> Mapping[str, MeetingKind]:
    """The kinds of meeting of a profile, by name."""
    section: Mapping[str, MeetingKind] = profile.section(SECTION)
    return section


def register() -> None:
    """Own the table `[meetings]` of every profile."""
    register_section(SECTION, read_meetings)
