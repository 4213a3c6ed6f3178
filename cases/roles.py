"""The profile's own section on roles: who reads a unit's function mailbox, and who answers for the unit."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from reminders.profile_schema import Complain, Table, register_section

Role = Literal[
    "care_worker", "fixed_care_contact", "team_lead", "unit_administrator", "unit_manager", "deputy_unit_manager",
    "planner", "coordinator", "needs_assessor", "lead_needs_assessor", "on_call_supervisor", "return_home_team",
    "nurse", "occupational_therapist", "physiotherapist", "profile_admin",
]  # fmt: skip
ROLES: tuple[str, ...] = get_args(Role)
UNIT_KINDS = ("home_care", "authority_unit", "return_home_team", "alarm_team", "night_district", "health_care")


@dataclass(frozen=True, kw_only=True)
class RoleSection:
    """Per unit kind: who reads its queue, who acts for a sender of the unit, who is next in line, in order, and who
    may step in for a colleague."""

    queue: Mapping[str, tuple[str, ...]]
    sender_team: Mapping[str, tuple[str, ...]]
    superiors: Mapping[str, tuple[str, ...]]
    cover: Mapping[str, tuple[str, ...]]


def read_roles(values: Mapping[str, Any], complain: Complain) -> RoleSection:
    """The table `[roles]` of a profile: `queue`, `sender_team`, `superiors` and `cover`, each per kind of unit."""
    root = Table(values=values, complain=complain)
    section = RoleSection(
        queue=_per_kind(root.table("queue")),
        sender_team=_per_kind(root.table("sender_team")),
        superiors=_per_kind(root.table("superiors")),
        cover=_per_kind(root.table("cover")),
    )
    root.done()
    return section


def _per_kind(table: Table) -> dict[str, tuple[str, ...]]:
    found = {kind: table.names(kind, ROLES, default=()) for kind in UNIT_KINDS}
    table.done()
    return found


def register() -> None:
    """Own the table `[roles]` of every profile."""
    register_section("roles", read_roles)
