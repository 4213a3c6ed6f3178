"""The profile's own section on roles: who reads a unit's function mailbox, who answers for it, who gives access."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from reminders.profile_schema import Complain, Table, register_section

Role = Literal[
    "care_worker", "fixed_care_contact", "team_lead", "unit_administrator", "unit_manager", "deputy_unit_manager",
    "planner", "coordinator", "needs_assessor", "lead_needs_assessor", "on_call_supervisor", "return_home_team",
    "nurse", "occupational_therapist", "physiotherapist", "profile_admin", "auditor",
]  # fmt: skip
ROLES: tuple[str, ...] = get_args(Role)
# They see the configuration and the account, and never a case: no profile and no flow can give them a part in one.
WITHOUT_CASES = frozenset({"profile_admin", "auditor"})
CASE_ROLES = tuple(one for one in ROLES if one not in WITHOUT_CASES)
UNIT_KINDS = ("home_care", "authority_unit", "return_home_team", "alarm_team", "night_district", "health_care")


@dataclass(frozen=True, kw_only=True)
class RoleSection:
    """Per unit kind: who reads its queue, who acts for a sender of the unit, who is next in line, in order, who
    may step in for a colleague, who may open what is a colleague's in an emergency, and who approves access, in order.
    """

    queue: Mapping[str, tuple[str, ...]]
    sender_team: Mapping[str, tuple[str, ...]]
    superiors: Mapping[str, tuple[str, ...]]
    cover: Mapping[str, tuple[str, ...]]
    break_glass: Mapping[str, tuple[str, ...]]
    approvers: Mapping[str, tuple[str, ...]]


def read_roles(values: Mapping[str, Any], complain: Complain) -> RoleSection:
    """The table `[roles]` of a profile: `queue`, `sender_team`, `superiors`, `cover`, `break_glass` and `approvers`,
    each per kind of unit."""
    root = Table(values=values, complain=complain)
    section = RoleSection(
        queue=_per_kind(root.table("queue")),
        sender_team=_per_kind(root.table("sender_team")),
        superiors=_per_kind(root.table("superiors")),
        cover=_per_kind(root.table("cover")),
        break_glass=_per_kind(root.table("break_glass")),
        approvers=_per_kind(root.table("approvers")),
    )
    root.done()
    return section


def _per_kind(table: Table) -> dict[str, tuple[str, ...]]:
    found = {kind: table.names(kind, CASE_ROLES, default=()) for kind in UNIT_KINDS}
    table.done()
    return found


def register() -> None:
    """Own the table `[roles]` of every profile."""
    register_section("roles", read_roles)
